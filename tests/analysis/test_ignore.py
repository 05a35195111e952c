"""Comments that silence a code: where they count, and where they do not."""

from textwrap import dedent

import pytest
from tests.analysis.support import CATALOG, OPTIONS, applied, catalog, without_key

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.fixes.actions import fixes
from stagewright.catalog.model import Model
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document


def found(text: str, kind: Dialect = choragen.TEMPLATE) -> list[str]:
    """The codes that are left, with their lines, which count from 1."""
    document = Document(dedent(text).lstrip("\n"), kind)
    diagnostics = diagnose(document, CATALOG, OPTIONS)
    return [f"{diagnostic.span.start.line + 1} {diagnostic.code}" for diagnostic in diagnostics]


IGNORED = "# stagewright: ignore"
STRUCTURE, UNKNOWN = f"{IGNORED}[template-structure]", f"{IGNORED}[key-unknown]"
STAGE = "stages:\n  - name: a\n    type: review\n    gate:\n      type: auto\n"
SILENCED = [
    # above an item in flow style, for what begins on its line
    (
        f"""
        name: t
        {IGNORED}[choragen-reads-differently]
        stages: [
          {STRUCTURE}
          {{name: a, type: x}},
          {{name: b, type: review}}]
        """,
        ["6 template-structure"],
    ),
    # above the dash of a stage; several codes in one, or one on each line
    (
        f"""
        name: t
        stages:
          {IGNORED}[template-structure, stage-duplicate]
          - name: a
            type: review
          {IGNORED}[stage-duplicate ,template-structure] because
          - name: a
            type: review
          {UNKNOWN}
          {STRUCTURE}
          # and why
          - name: c
            typ: review
            type: review
        """,
        ["13 key-unknown"],
    ),
    # above an item of a list
    (
        f"""
        name: t
        stages:
          - name: a
            type: review
            gate:
              type: verification_pass
              commands:
                {IGNORED}[choragen-reads-differently]
                - make # one
                - make # two
        """,
        ["10 choragen-reads-differently"],
    ),
    # at the beginning of the file
    (f"{STRUCTURE}\nstages:\n  {STRUCTURE}\n  - name: a\n", []),
    (f"\ufeff{UNKNOWN}\nnam: t\nname: t\n{STAGE}", ["1 choragen-reads-differently"]),
    (f"---\n{UNKNOWN}\nnam: t\nname: t\n{STAGE}", []),
]
SAID = [
    f"{UNKNOWN}\n  - name: a",  # another code
    f"{IGNORED}[]\n  - name: a",
    f"{IGNORED}[template]\n  - name: a",  # no code at all
    f"{STRUCTURE}\n\n  - name: a",  # away from it
    f"- name: a {STRUCTURE}",  # behind it, where Choragen takes it for a part of the text
]


@pytest.mark.parametrize(("text", "left"), SILENCED)
def test_a_comment_counts_for_what_begins_below_it(text: str, left: list[str]) -> None:
    assert found(text) == left


@pytest.mark.parametrize("stage", SAID)
def test_other_comments_silence_nothing(stage: str) -> None:
    codes = found(f"name: t\nstages:\n  {stage}\n    type: review\n")
    assert any(one.endswith(" template-structure") for one in codes)


FILE = "# stagewright: ignore-file"


@pytest.mark.parametrize("head", [FILE, f"{FILE}[template-structure]", f"# c\n\n{FILE}: of old"])
def test_a_comment_at_the_head_counts_for_the_file(head: str) -> None:
    assert found(f"{head}\nname: t\nstages:\n  - name: a\n  - name: b\n") == []


@pytest.mark.parametrize(
    "head",
    [
        f"{FILE}[key-unknown]",
        f"{FILE}[no-code]",
        f"{FILE}s",
        f"description: '{FILE[2:]}'",
        f"description: |\n  {FILE}",
        "# a\n" * 20 + FILE,
    ],
)
def test_what_else_stands_at_the_head_silences_nothing(head: str) -> None:
    left = found(f"{head}\nname: t\nstages:\n  - name: a\n")
    assert [one for one in left if one.endswith(" template-structure")]


def test_a_text_is_no_comment() -> None:
    text = f"""
        name: t
        stages:
          - name: a
            type: review
            {IGNORED}[choragen-reads-differently]
            initPrompt: |
              {STRUCTURE}
            gate: x
        """
    assert found(text) == ["8 template-structure"]


def test_roles_take_them_too() -> None:
    text = f"""
        roles:
          {STRUCTURE}
          - name: a
          - id: b
            {IGNORED}[model-not-chat]
            model: {{provider: openai, model: text-embedding-3-large}}
        """
    assert found(text, choragen.ROLES) == []


def test_what_is_said_once_per_file_is_said_at_the_next_place() -> None:
    known = catalog(without_key("mistral", Model("m")))
    code = "provider-not-configured"
    reference = "    defaultModel:\n      provider: mistral\n      model: m\n"
    for silenced in (
        reference.replace("    defaultModel", f"    {IGNORED}[{code}]\n    defaultModel"),
        reference.replace("      provider", f"      {IGNORED}[{code}]\n      provider"),
    ):
        text = f"stages:\n  - name: a\n{silenced}  - name: b\n{reference}  - name: c\n{reference}"
        diagnostics = diagnose(Document(text), known, OPTIONS)
        assert [one.stage for one in diagnostics if one.code == code] == ["b"]


@pytest.mark.parametrize(
    ("text", "code", "below"),
    [
        ("        - make # x", "choragen-reads-differently", "        - make # x"),
        ('        - "a\\ab"', "choragen-reads-differently", None),
        ("      x: 1", "template-structure", None),
    ],
)
def test_the_fix_puts_it_above_the_line(text: str, code: str, below: str | None) -> None:
    head = "name: t\nstages:\n  - name: a\n    type: review\n    gate:\n"
    text = f"{head}      type: verification_pass\n      commands:\n{text}\n"
    document = Document(text)
    (diagnostic,) = [one for one in diagnose(document, CATALOG, OPTIONS) if one.code == code]
    fix = fixes(document, diagnostic, CATALOG, OPTIONS)[-1]
    assert fix.title == f"Ignore {code} here"
    after = applied(document, fix.edits)
    assert f"{IGNORED}[{code}]\n{below or ''}" in after
    assert code not in [one.code for one in diagnose(Document(after), CATALOG, OPTIONS)]


def test_no_fix_breaks_a_text_of_several_lines() -> None:
    text = 'name: t\nstages: [{name: "a\n  b: c", type: x}]\n'
    document = Document(text)
    diagnostic = next(
        one for one in diagnose(document, CATALOG, OPTIONS) if one.message.startswith("`x` is not")
    )
    assert diagnostic.span.start.line == 2
    assert not any(fix.silences for fix in fixes(document, diagnostic, CATALOG, OPTIONS))
