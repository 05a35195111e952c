"""Aliases that stand for nothing: a file with one is no YAML, and that is said at the alias."""

from textwrap import dedent

import pytest
import yaml
from tests.analysis.support import CATALOG, OPTIONS, unmarked, with_marks

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document


def syntax_diagnostics(document: Document) -> list[Diagnostic]:
    found = diagnose(document, CATALOG, OPTIONS)
    return [one for one in found if one.code == "template-syntax"]


def why(name: str) -> str:
    return (
        f"template-syntax: Undefined alias `*{name}`: no value above is marked `&{name}`. "
        "Write the value out, or mark the one that is meant."
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            choragen.TEMPLATE,
            f"""
            name: t
            stages:
              - name: a
                gate: *nope
                      ^^^^^ {why("nope")}
              - name: b
                defaultModel: *gone # why
                              ^^^^^ {why("gone")}
                gate:
                  <<: *base
                      ^^^^^ {why("base")}
            """,
        ),
        (
            choragen.TEMPLATE,
            f"""
            name: t
            stages: *k
                    ^^ {why("k")}
            """,
        ),
        (
            choragen.TEMPLATE,
            f"""
            stages:
              - *k
                ^^ {why("k")}
              - &k {{name: a}}
              - *k
            """,
        ),
        (
            choragen.TEMPLATE,
            f"""
            name: *a
                  ^^ {why("a")}
            stages:
              - name: &a b
            description: *a
            version: *v
                     ^^ {why("v")}
            """,
        ),
        (
            choragen.TEMPLATE,
            f"""
            {{name: &n t, stages: [{{name: *n, gate: *g}}], description: *n}}
                                                   ^^ {why("g")}
            """,
        ),
        (
            choragen.ROLES,
            f"""
            roles:
              - id: a
                model: *nope
                       ^^^^^ {why("nope")}
              - id: b
                model: &own
                  provider: openai
                  model: gpt-5
              - id: c
                model:
                  <<: *gone
                      ^^^^^ {why("gone")}
                  model: gpt-5
              - id: d
                model: *own
            """,
        ),
    ],
)
def test_an_alias_of_nothing_is_marked(kind: Dialect, text: str) -> None:
    document = Document(unmarked(text), kind)
    found = syntax_diagnostics(document)
    assert with_marks(document, found) == dedent(text).lstrip("\n")
    assert {one.severity for one in found} == {Severity.ERROR}
    with pytest.raises(yaml.YAMLError, match="undefined alias"):
        yaml.safe_load(document.text)


@pytest.mark.parametrize(
    "text",
    [
        "x-gate: &g {type: auto}\nstages:\n  - name: a\n    gate: *g\n  - name: b\n    gate: *g\n",
        "stages:\n  - name: &n a\n    type: *n\n  - name: *n\n",
        "stages: &s\n  - name: a\nx-more: *s\n",
        "stages:\n  - &s\n    name: a\n  - <<: *s\n",
        "stages:\n- name: a *b*\n  initPrompt: '*c'  # *d\n",
        "stages:\n- name: &a a\n- name: &a b\n  type: *a\n",
    ],
)
def test_what_is_marked_above_may_be_meant(text: str) -> None:
    assert syntax_diagnostics(Document(text)) == []


def test_nothing_is_missed_that_may_stand_in_what_cannot_be_read() -> None:
    text = "stages:\n  - name: a\n    gate: &g 'auto\n  - name: b\n    gate: *g\n    type: *t\n"
    found = syntax_diagnostics(Document(text))
    assert [(one.span.start.line, one.message[:6]) for one in found] == [
        (2, "Unclos"),
        (5, "Undefi"),
    ]


def test_a_transcript_says_it_once() -> None:
    text = "---\nworkflow: w\nstage: a\nmodel: *m\n---\n\n# x\n"
    (found,) = syntax_diagnostics(Document(text, choragen.TRANSCRIPT))
    assert (found.span.start, found.span.end) == ((3, 7), (3, 9))


def test_an_alias_is_judged_anew_when_its_anchor_goes() -> None:
    document = Document("stages:\n  - name: &n a\n  - name: *n\n")
    assert syntax_diagnostics(document) == []
    document.edit(document.entries()[0].span.shifted(1), "name: a")
    (found,) = syntax_diagnostics(document)
    assert found.span.start == (2, 10)
    assert found.stage is None
    assert found.entry == 1
