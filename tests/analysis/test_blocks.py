"""From flow style to block style: what Choragen reads, whatever was hidden inside; or no fix."""

from textwrap import dedent, indent

import pytest
import yaml
from tests.analysis.support import CATALOG, OPTIONS, applied

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.fixes.actions import fix_all, fixes
from stagewright.dialects.document import Document


def stage(body: str) -> str:
    lines = indent(dedent(body).strip("\n"), "    ")
    return f"name: t\nstages:\n  - name: a\n    type: review\n{lines}\n"


def all_fixed(text: str) -> str:
    """The text after all its fixes at once, of which nothing is left to be read differently."""
    document = Document(text)
    diagnostics = diagnose(document, CATALOG, OPTIONS)
    return applied(document, fix_all(document, diagnostics, CATALOG, OPTIONS))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "gate: {type: human_approval, prompt: null, satisfied: No, chainId: ~, options: []}",
            """
            gate:
              type: human_approval
              prompt:
              satisfied: false
              chainId:
              options:
            """,
        ),
        (
            """
            gate: {type: auto}
            hooks: {onExit: [{type: file_move, fileMove: {from: a, to: b}, blocking: yes}]}
            """,
            """
            gate:
              type: auto
            hooks:
              onExit:
                - type: file_move
                  blocking: true
                  fileMove:
                    from: a
                    to: b
            """,
        ),
        (
            "gate: {\"type\": !!str auto, prompt: &p 'it''s', \"satisfied\": &s true}",
            """
            gate:
              type: auto
              prompt: it's
              satisfied: true
            """,
        ),
        (
            'gate: {type: human_approval, prompt: "one\n      two", chainId: one\n      two}',
            """
            gate:
              type: human_approval
              prompt: one two
              chainId: one two
            """,
        ),
    ],
)
def test_what_was_hidden_is_written_right(before: str, after: str) -> None:
    assert all_fixed(stage(before)) == stage(after)


def test_hooks_come_before_a_gate_that_ends_in_options() -> None:
    option = "options: [{label: a, action: advance}]"
    gate = f"gate: {{type: human_approval, {option}}}"
    text = f"name: t\nstages: [{{name: a, type: review, {gate}, hooks: {{onExit: []}}}}]\n"
    assert all_fixed(text) == dedent(
        """\
        name: t
        stages:
          - name: a
            type: review
            hooks:
              onExit:
            gate:
              type: human_approval
              options:
                - label: a
                  action: advance
        """
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("name: t\nstages: [{}]\n", "stages: [{"),
        ("name: t\nstages:\n  - {}\n", "- {"),
        ("name: t\nstages: [text, {name: a, type: review}]\n", "[text, {"),
        (stage("gate: {type: human_approval, options: [{}]}"), "options: [{}]"),
        (stage("gate: {type: human_approval, options: [[]]}"), "options: [[]]"),
        (stage("gate: {type: auto, chainId: &a x}\nsessionId: *a"), "chainId: &a x}"),
        (stage("extra: [*a]").replace("name: t", "name: &a t"), "[*a]"),
        (stage('gate: {type: human_approval, prompt: "bell\\a"}'), 'prompt: "bell\\a"}'),
        (stage("hooks: {onExit: [{type: spawn_agent, role: r}]}"), "role: r}"),
        (stage("gate: {? [a] : b, type: auto}"), "? [a] : b, "),
        (stage("gate: {type: auto, a\u2028b: c}"), "{type: auto, a\u2028"),
    ],
)
def test_no_fix_is_offered_where_block_style_cannot_say_it(text: str, kept: str) -> None:
    document = Document(text)
    for diagnostic in diagnose(document, CATALOG, OPTIONS):
        offered = {fix.title for fix in fixes(document, diagnostic, CATALOG, OPTIONS)}
        assert "Convert to block style" not in offered
    assert kept in all_fixed(text)


def test_a_list_of_anything_below_a_key_that_is_not_known() -> None:
    text = stage(
        """
        gate: {type: auto}
        extra:
          - gate: &id001 {type: auto}
            more: ~
          - gate: *id001
        """
    )
    assert all_fixed(text) == text.replace(
        "\n    gate: {type: auto}", "\n    gate:\n      type: auto"
    ).replace("~", "").replace("more: ", "more:")


def test_what_hides_behind_an_anchor_or_a_tag_is_found_with_it() -> None:
    text = stage("gate:\n  type: auto\n  satisfied: &s No # why\n  prompt: !!str |\n    x\n")
    assert all_fixed(all_fixed(text)) == stage(
        """
        gate:
          type: auto
          # why
          satisfied: false
          prompt: "x\\n"
        """
    )


def test_fixes_that_only_bring_something_else_to_light_are_not_preferred() -> None:
    text = stage(
        """
        gate:
          type: auto
        hooks:
          onExit:
            - type: spawn_agent
              role: r
              contxt: x
        """
    )
    document = Document(text)
    unknown = next(one for one in diagnose(document, CATALOG, OPTIONS) if one.code == "key-unknown")
    rename = fixes(document, unknown, CATALOG, OPTIONS)[0]
    assert rename.title == "Rename to `context`"
    assert not rename.preferred  # Choragen would not read it back either
    assert fix_all(document, [unknown], CATALOG, OPTIONS) == ()


def test_lists_below_bare_dashes_are_moved_with_them() -> None:
    text = dedent(
        """\
        name: t
        stages:
            -
              name: a
              type: review
              gate:
                  type: verification_pass
                  commands:
                  -
                    make
        """
    )
    assert all_fixed(all_fixed(text)) == dedent(
        """\
        name: t
        stages:
          - name: a
            type: review
            gate:
              type: verification_pass
              commands:
                - make
        """
    )


@pytest.mark.parametrize(
    "text",
    [
        "name: t\nstages:\n-\n    name: a\n    type: review\n",
        "name: t\nstages:\n-   # c\n    name: a\n    type: review\n",
        "name: t\nstages:\n- name: a\n  type: review\n  gate:\n      satisfed: No\n",
    ],
)
def test_the_dashes_of_all_stages_are_moved_first(text: str) -> None:
    before, after = Document(text), Document(all_fixed(text))
    assert yaml.safe_load(after.text)["name"] == "t"
    (stage_before,), (stage_after,) = (
        yaml.safe_load(one.text)["stages"] for one in (before, after)
    )
    assert stage_before.items() <= stage_after.items()
    assert len(diagnose(after, CATALOG, OPTIONS)) < len(diagnose(before, CATALOG, OPTIONS))
