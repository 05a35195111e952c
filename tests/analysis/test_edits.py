"""Setting, removing and replacing models: whatever stands there, and with nothing else touched."""

from textwrap import dedent

import pytest
import yaml
from tests.analysis.support import applied

from stagewright.analysis.edits import refusal, replace_model, set_model
from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document

GPT = ModelReference("openai", "gpt-5")


def after(
    text: str, reference: ModelReference | None, index: int = 0, kind: Dialect = choragen.TEMPLATE
) -> str:
    document = Document(dedent(text).lstrip("\n"), kind)
    return applied(document, set_model(document, index, reference))


def assert_edited(
    before: str,
    expected: str,
    reference: ModelReference | None = GPT,
    *,
    kind: Dialect = choragen.TEMPLATE,
) -> None:
    assert after(before, reference, kind=kind) == dedent(expected).lstrip("\n")
    if reference is not None:
        entry = Document(dedent(expected).lstrip("\n"), kind).entries()[0]
        assert entry.model is not None
        assert entry.model.reference == reference


def test_inserted_behind_the_keys_that_come_before_it() -> None:
    assert_edited(
        """
        stages:
          - name: "design"  # first
            type: design
            # how it ends
            gate:
              type: auto
          - name: other
        """,
        """
        stages:
          - name: "design"  # first
            type: design
            defaultModel:
              provider: openai
              model: gpt-5
            # how it ends
            gate:
              type: auto
          - name: other
        """,
    )


def test_inserted_at_the_files_own_indentation_and_line_ends() -> None:
    before = "stages:\r\n-   name: a\r\n    gate:\r\n        type: auto\r\n"
    inserted = "    defaultModel:\r\n        provider: openai\r\n        model: gpt-5\r\n"
    first = "stages:\r\n-   name: a\r\n"
    assert after(before, GPT) == first + inserted + before.removeprefix(first)


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (
            "  - gate: {}",
            "  - defaultModel:\n      provider: openai\n      model: gpt-5\n    gate: {}",
        ),
        (
            "  - name: a",
            "  - name: a\n    defaultModel:\n      provider: openai\n      model: gpt-5",
        ),
        (
            "  - name: a\n    initPrompt: |\n      one\n\n      two\n\n    gate: {}",
            "  - name: a\n    initPrompt: |\n      one\n\n      two\n"
            "    defaultModel:\n      provider: openai\n      model: gpt-5\n\n    gate: {}",
        ),
        ("  - {name: a}", "  - {name: a, defaultModel: {provider: openai, model: gpt-5}}"),
        ("  - {}", "  - {defaultModel: {provider: openai, model: gpt-5}}"),
    ],
)
def test_inserted_wherever_a_stage_begins_and_ends(stage: str, expected: str) -> None:
    assert_edited(f"stages:\n{stage}\n", f"stages:\n{expected}\n")


def test_what_is_no_mapping_takes_no_model() -> None:
    for stage in ("  -", "  - text", "  - - a"):
        document = Document(f"stages:\n{stage}\n")
        assert set_model(document, 0, GPT) == ()
        assert set_model(document, 0, None) == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "\n      provider: a\n      model: b  # why",
            "\n      provider: openai\n      model: gpt-5  # why",
        ),
        (
            "\n      # why\n      provider: \"a\"\n      model: 'b'",
            "\n      # why\n      provider: \"openai\"\n      model: 'gpt-5'",
        ),
        ("\n      model: b\n      provider: a", "\n      model: gpt-5\n      provider: openai"),
        ("\n      provider:\n      model:", "\n      provider: openai\n      model: gpt-5"),
        (
            "\n      provider:  # soon\n      model: b",
            "\n      provider: openai  # soon\n      model: gpt-5",
        ),
        ("\n      provider: a # soon", "\n      provider: openai # soon\n      model: gpt-5"),
        ("\n      model: b # soon", "\n      provider: openai\n      model: gpt-5 # soon"),
        ("\n      other: 1", "\n      provider: openai\n      model: gpt-5\n      other: 1"),
        (
            "\n      provider: *p\n      model: &m b",
            "\n      provider: openai\n      model: &m gpt-5",
        ),
        (
            "\n      provider: {a: b} # why\n      model: b",
            "\n      # why\n      provider: openai\n      model: gpt-5",
        ),
        (
            "\n      provider:\n        - a # why\n      model: b",
            "\n      # why\n      provider: openai\n      model: gpt-5",
        ),
        ("", "\n      provider: openai\n      model: gpt-5"),
        (" ~", "\n      provider: openai\n      model: gpt-5"),
        (" gpt-4", "\n      provider: openai\n      model: gpt-5"),
        (" *m", "\n      provider: openai\n      model: gpt-5"),
        (" []", "\n      provider: openai\n      model: gpt-5"),
        (" {}", "\n      provider: openai\n      model: gpt-5"),
        ("\n      - a\n      - b", "\n      provider: openai\n      model: gpt-5"),
        (" {provider: a, model: b}", "\n      provider: openai\n      model: gpt-5"),
        (
            " {provider: a, model: b, x: [1, 2]}",
            "\n      provider: openai\n      model: gpt-5\n      x: [1, 2]",
        ),
    ],
)
def test_whatever_stands_there_a_block_follows(value: str, expected: str) -> None:
    if (
        expected.startswith("\n      # why")
        and "# why" in value
        and not value.startswith("\n      # why")
    ):
        expected = expected.replace("\n      # why", "\n      # why")
    frame = "stages:\n  - name: a\n    defaultModel:{}\n    gate: x # kept\n  - name: b\n"
    assert_edited(frame.replace("{}", value), frame.replace("{}", expected))


def test_comments_of_a_flow_reference_move_above_it() -> None:
    assert_edited(
        """
        stages:
          - name: a
            defaultModel: {provider: "#1", # first
              model: b} # second
          - name: b
        """,
        """
        stages:
          - name: a
            # first
            # second
            defaultModel:
              provider: openai
              model: gpt-5
          - name: b
        """,
    )


def test_in_a_flow_stage_only_the_values_change() -> None:
    assert_edited(
        "stages: [{name: a, defaultModel: {provider: x, model: y}}, {name: b}]",
        "stages: [{name: a, defaultModel: {provider: openai, model: gpt-5}}, {name: b}]",
    )
    assert_edited(
        "stages: [{name: a, defaultModel: }]",
        "stages: [{name: a, defaultModel: {provider: openai, model: gpt-5}}]",
    )


def test_a_role_keeps_its_other_settings_and_its_flow_style() -> None:
    assert_edited(
        """
        roles:
          - id: a
            model:
              provider: anthropic
              model: claude  # fast
              temperature: 0.3
        """,
        """
        roles:
          - id: a
            model:
              provider: openai
              model: gpt-5  # fast
              temperature: 0.3
        """,
        kind=choragen.ROLES,
    )
    assert_edited(
        "roles:\n  - id: a\n    model: {provider: x, temperature: 0.3}\n",
        "roles:\n  - id: a\n    model: {provider: openai, model: gpt-5, temperature: 0.3}\n",
        kind=choragen.ROLES,
    )


def test_an_id_that_only_a_role_index_takes_for_a_number_is_quoted_there() -> None:
    four = ModelReference("local", "4")
    for kind, entries, key, written in (
        (choragen.TEMPLATE, "stages", "defaultModel", "4"),
        (choragen.ROLES, "roles", "model", '"4"'),
    ):
        text = f"{entries}:\n  - id: a\n    {key}:\n      provider: x\n      model: y\n"
        assert f"model: {written}\n" in after(text, four, kind=kind)  # type: ignore[arg-type]


def test_setting_what_stands_there_touches_nothing() -> None:
    text = "stages:\n  - name: a\n    defaultModel:\n      provider: openai\n      model: gpt-5\n"
    document = Document(text)
    assert set_model(document, 0, GPT) == ()
    assert set_model(Document("stages:\n  - name: a\n"), 0, None) == ()


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (
            "  - name: a\n    defaultModel:\n      provider: x\n      model: y\n    gate: {}\n",
            "  - name: a\n    gate: {}\n",
        ),
        (
            "  - name: a\n    # above\n    defaultModel: # on it\n      # in it\n"
            "      provider: x # beside\n      model: 'y # no'\n      # below\n    gate: {}\n",
            "  - name: a\n    # above\n    # on it\n    # in it\n    # beside\n"
            "      # below\n    gate: {}\n",
        ),
        ("  - name: a\n    defaultModel: {provider: x, model: y}", "  - name: a"),
        (
            "  - name: a\n    defaultModel: {provider: x, # c\n      model: y}",
            "  - name: a\n    # c",
        ),
        (
            "  - defaultModel:\n      provider: x # c\n      model: y\n\n    name: a\n",
            "  # c\n  - name: a\n",
        ),
        ("  - {name: a, defaultModel: {provider: x, model: y}}\n", "  - {name: a}\n"),
        ("  - {defaultModel: {provider: x, model: y}, name: a}\n", "  - {name: a}\n"),
        ("  - {defaultModel: {provider: x, model: y}}\n", "  - {}\n"),
        ("  - name: a\n    defaultModel:\n", "  - name: a\n"),
    ],
)
def test_removed_with_every_comment_kept(before: str, expected: str) -> None:
    assert after(f"stages:\n{before}", None) == f"stages:\n{expected}"


def test_replacing_everywhere_counts_by_stage_and_knows_other_names() -> None:
    document = Document(
        dedent(
            """
            stages:
              - name: a
                defaultModel: {provider: google, model: gemini-2}
              - name: b
                defaultModel:
                  provider: gemini
                  model: gemini-2 # fast
              - name: c
                defaultModel:
                  provider: gemini
                  model: gemini-2.5
            """
        )
    )
    found = replace_model(
        document, ModelReference("gemini", "gemini-2"), ModelReference("gemini", "gemini-3")
    )
    assert len(found) == 2
    text = applied(document, [edit for edits in found for edit in edits])
    assert [entry.model and entry.model.reference for entry in Document(text).entries()] == [
        ModelReference("gemini", "gemini-3"),
        ModelReference("gemini", "gemini-3"),
        ModelReference("gemini", "gemini-2.5"),
    ]
    assert "model: gemini-3 # fast" in text


def test_each_of_two_references_of_a_stage_is_made_right() -> None:
    text = dedent(
        """\
        stages:
          - name: a
            defaultModel: {provider: x, model: y} # one
            type: review
            defaultModel:
              provider: openai # two
              model: gpt-4
        """
    )
    changed = after(text, GPT)
    assert changed == text.replace("gpt-4", "gpt-5").replace(
        "    defaultModel: {provider: x, model: y} # one\n",
        "    # one\n    defaultModel:\n      provider: openai\n      model: gpt-5\n",
    )
    assert yaml.safe_load(changed)["stages"][0]["defaultModel"]["model"] == "gpt-5"
    gone = "stages:\n  - name: a\n    # one\n    type: review\n    # two\n"
    assert after(text, None) == gone


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (
            "- defaultModel: a # one\n  defaultModel: b # two\n  # three\n  name: a\n",
            "# one\n# two\n# three\n- name: a\n",
        ),
        ("- name: a\n  defaultModel: a\n  defaultModel: b", "- name: a"),
        ("- {defaultModel: a, defaultModel: b, name: a}\n", "- {name: a}\n"),
        ("- {name: a, defaultModel: a, defaultModel: b}\n", "- {name: a}\n"),
        ("- {defaultModel: a, name: a, defaultModel: b}\n", "- {name: a}\n"),
    ],
)
def test_all_references_of_a_stage_are_removed(before: str, expected: str) -> None:
    assert after(f"stages:\n{before}", None) == f"stages:\n{expected}"


def test_a_half_that_stands_twice_is_left_once() -> None:
    before = "\n      provider: x\n      model: a # one\n      model: b # two\n"
    expected = "\n      provider: openai\n      model: gpt-5 # one\n      # two\n"
    frame = "stages:\n  - name: a\n    defaultModel:{}"
    assert_edited(frame.replace("{}", before), frame.replace("{}", expected))


def test_replacing_finds_the_second_reference_of_a_stage_too() -> None:
    text = (
        "stages:\n  - name: a\n    defaultModel:\n      provider: x\n      model: y\n"
        "    defaultModel:\n      provider: x\n      model: old\n"
    )
    (edits,) = replace_model(Document(text), ModelReference("x", "old"), GPT)
    assert applied(Document(text), edits) == text.replace(
        "x\n      model: old", "openai\n      model: gpt-5"
    )


SHARED = "stages:\n  - name: a\n    defaultModel: {}\n  - name: b\n    x: *m\n"


@pytest.mark.parametrize(
    "value", ["&m gpt-5", "&m\n      provider: x\n      model: y", "{provider: &m x, model: y}"]
)
def test_what_an_alias_stands_for_is_not_removed(value: str) -> None:
    document = Document(SHARED.replace("{}", value))
    assert set_model(document, 0, None) == ()
    assert refusal(document, 0, None) == (
        "This `defaultModel` is used elsewhere in this file as `*m`. Write the value out there, "
        "then change it."
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("&m {provider: x, model: y}", "&m {provider: openai, model: gpt-5}"),
        ("{provider: &m x, model: y}", "{provider: &m openai, model: gpt-5}"),
        (
            "&m # why\n      provider: x\n      model: y",
            "&m # why\n      provider: openai\n      model: gpt-5",
        ),
        ("&m gpt-5", None),
        ("{provider: &m {a: b}, model: y}", None),
        ("\n      provider: &m >\n        x\n      model: y", None),
    ],
)
def test_what_an_alias_stands_for_is_changed_where_it_stands(
    value: str, expected: str | None
) -> None:
    document = Document(SHARED.replace("{}", value))
    changed = applied(document, set_model(document, 0, GPT))
    assert changed == SHARED.replace("{}", expected or value)
    assert bool(refusal(document, 0, GPT)) is (expected is None)


def test_nothing_is_refused_that_is_done_or_need_not_be() -> None:
    document = Document(stage := "stages:\n  - name: a\n")
    assert refusal(document, 0, None) is None
    assert refusal(document, 0, GPT) is None
    assert refusal(Document(after(stage, GPT)), 0, GPT) is None
    assert refusal(Document("stages:\n  - text\n"), 0, GPT) == (
        "This is not a mapping, so it cannot have a model."
    )
