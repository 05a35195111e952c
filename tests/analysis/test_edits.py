"""Setting and removing models: whatever stands there, and with nothing else touched."""

from __future__ import annotations

import pytest
from tests.analysis.setting import GPT, after, assert_edited

from stagewright.analysis.edits import set_model
from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.document import Document


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
