"""Models replaced everywhere: in stages that name two, and behind aliases."""

from __future__ import annotations

from textwrap import dedent

import pytest
import yaml
from tests.analysis.setting import GPT, after, assert_edited
from tests.analysis.support import applied

from stagewright.analysis.edits import refusal, replace_model, set_model
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document


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


def test_each_of_two_references_of_a_stage_is_fixed() -> None:
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
