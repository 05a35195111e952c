"""The schema decides what a workflow cannot be created from, and what it keeps of its template."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.workflows.workspace import contents, manager_of, template

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.options import Options
from stagewright.analysis.results import Severity
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.choragen.schema import ACTION, ACTION_TYPES, GATE, STAGE
from stagewright.dialects.choragen.shapes import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Key,
    Kind,
    Shape,
    keys_for,
    list_of,
    mapping,
)
from stagewright.workflows import creation
from stagewright.workflows.creation import kept
from stagewright.workflows.errors import WorkflowError

STAGE_TEXT = "name: t\nstages:\n  - name: a\n    type: design\n"

REFUSED = [
    ("", "line 1: Missing `name` and `stages` in this template."),
    ("stages:\n  - name: a\n    type: design\n", "line 1: Missing `name` in this template."),
    ("name: t\n", "line 1: Missing `stages` in this template."),
    ("name: t\nstages: none\n", "line 2: `stages` must be a list, not a string"),
    ("name: t\nstages: []\n", "line 2: `stages` is empty: it needs at least one item."),
    ("name: []\nstages:\n  - name: a\n    type: design\n", "line 1: `name` must be a string, not"),
    ("name: t\nstages:\n  - type: design\n", "line 3: Missing `name` in this stage."),
    ("name: t\nstages:\n  - name: a\n", "line 3: Missing `type` in this stage."),
    (STAGE_TEXT.replace("design", "desing"), "line 4: `desing` is not a stage type. Did you mean"),
    (STAGE_TEXT + "    name: b\n", "line 5: Duplicate key `name` in this stage. Remove one"),
    (
        STAGE_TEXT + "    gate: auto\n",
        "line 5: `gate` must be a mapping, not a string.",
    ),
    (
        STAGE_TEXT + "    gate: []\n",
        "line 5: `gate` must be a mapping, not a list.",
    ),
    (STAGE_TEXT + "    gate: {type: manual}\n", "`manual` is not a gate type. Expected `auto`, `h"),
    (
        STAGE_TEXT + "    gate: {type: verification_pass}\n",
        "line 5: Missing `commands` in this gate.",
    ),
    (
        STAGE_TEXT + "    gate: {commands: make}\n",
        "line 5: `commands` must be a list, not a string",
    ),
    (
        STAGE_TEXT + "    gate: {commands: [make, '']}\n",
        "line 5: This item of `commands` is empty.",
    ),
    (
        STAGE_TEXT + "    gate: {options: [{label: x}]}\n",
        "line 5: Missing `action` in this option.",
    ),
    (STAGE_TEXT + "    gate: {satisfied: perhaps}\n", "line 5: `satisfied` must be true or false."),
    (
        STAGE_TEXT + "    defaultModel: {provider: openai}\n",
        "line 5: Missing `model`",
    ),
    (
        STAGE_TEXT + "    defaultModel: {provider: ' ', model: m}\n",
        "line 5: `provider` is empty",
    ),
    (
        STAGE_TEXT + "    defaultModel: openai/gpt-5\n",
        "line 5: `defaultModel` must be a mapping",
    ),
    (
        STAGE_TEXT + "    hooks: [a]\n",
        "line 5: `hooks` must be a mapping, not a list.",
    ),
    (
        STAGE_TEXT + "    hooks: {onExit: make}\n",
        "line 5: `onExit` must be a list, not a string",
    ),
    (
        STAGE_TEXT + "    hooks: {onExit: [make]}\n",
        "line 5: This item of `onExit` must be a mapping, not a string",
    ),
    (
        STAGE_TEXT + "    hooks: {onExit: [{type: validation}]}\n",
        "line 5: Actions of type `validation` are not allowed in templates.",
    ),
    (
        STAGE_TEXT + "    hooks: {onExit: [{type: command}]}\n",
        "line 5: Missing `command` in this action.",
    ),
    (
        STAGE_TEXT + "    hooks: {onExit: [{type: task_transition, taskTransition: end}]}\n",
        "line 5: `end` is not a task transition. Expected `start`, `complete` or `approve`.",
    ),
    (
        STAGE_TEXT + "    hooks: {onEnter: [{type: file_move, fileMove: {from: a}}]}\n",
        "line 5: Missing `to` in this file move.",
    ),
]


def refused(root: Path, text: str) -> str:
    """Why a template is refused; nothing may have been written."""
    before = contents(root)
    with pytest.raises(WorkflowError) as refusal:
        manager_of(root).create(template(text))
    assert refusal.value.code == "template-invalid"
    assert contents(root) == before
    return refusal.value.message


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_a_template_that_choragen_refuses_is_refused_with_the_line(
    root: Path, text: str, sentence: str
) -> None:
    assert sentence in refused(root, text)


@pytest.mark.parametrize("text", [text for text, _ in REFUSED if text])
def test_the_editor_says_the_same_of_the_same_line(root: Path, text: str) -> None:
    options = Options(now=datetime(2026, 11, 24, tzinfo=UTC))
    diagnostics = diagnose(template(text), Catalog({}), options)
    errors = [one for one in diagnostics if one.severity is Severity.ERROR]
    said = {f"The template, line {one.span.start.line + 1}: {one.message}" for one in errors}
    assert refused(root, text) in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "name: t\nstages:\n  - just text\n",
            "line 3: This item of `stages` must be a mapping, not a string",
        ),
        (
            "name: t\nstages:\n  - [a]\n",
            "line 3: This item of `stages` must be a mapping, not a list",
        ),
        ("name: t\nstages:\n  -\n", "line 3: This item of `stages` is empty."),
        ("name: t\nstages: [~]\n", "line 2: This item of `stages` is empty."),
        ("name: t\nstages:\n  - *nowhere\n", "line 3: nothing is called &nowhere"),
        (STAGE_TEXT + "    initPrompt: 'never closed\n", "The template cannot be read: line "),
        (STAGE_TEXT + "    gate: *nowhere\n", "line 5: nothing is called &nowhere"),
        ("name: t\nstages:\n  - name: &a [*a]\n", "line 3: nothing is called &a"),
        ("x: &x {type: manual}\n" + STAGE_TEXT + "    gate: *x\n", "line 1: `manual` is not a gat"),
        (
            "x: &x {name: b}\nname: t\nstages:\n  - <<: *x\n    roleId: r\n",
            "line 4: Missing `type` in this stage.",
        ),
    ],
)
def test_what_aliases_stand_for_and_what_is_no_yaml_is_refused_too(
    root: Path, text: str, sentence: str
) -> None:
    assert sentence in refused(root, text)


@pytest.mark.parametrize(
    "stages", ["\n  - *x  # the first\n  - {name: b, type: design}\n", " [*x]\n"]
)
def test_an_alias_can_stand_for_a_whole_stage(root: Path, stages: str) -> None:
    text = f"x: &x {{name: a, type: review}}\nname: t\nstages:{stages}"
    first = manager_of(root).create(template(text)).stages[0]
    assert (first.name, first.type) == ("a", "review")


@pytest.mark.parametrize("value", ["", "''", "'  '", "{}", "~"])
@pytest.mark.parametrize("key", ["gate", "hooks"])
def test_a_mapping_without_anything_in_it_says_nothing(root: Path, key: str, value: str) -> None:
    (stage,) = manager_of(root).create(template(f"{STAGE_TEXT}    {key}: {value}\n")).stages
    assert (stage.gate.type, stage.hooks) == ("auto", None)


@pytest.mark.parametrize("value", ["", "''", "~"])
@pytest.mark.parametrize("key", ["roleId", "initPrompt", "chainId"])
def test_a_text_without_anything_in_it_is_not_kept(root: Path, key: str, value: str) -> None:
    created = manager_of(root).create(template(f"{STAGE_TEXT}    {key}: {value}\n"))
    assert key not in created.to_json()["stages"][0]


# What is kept


def sample(shape: Shape) -> Any:
    """A value of that shape, with every key that can stand in it."""
    match shape.kind:
        case Kind.MAPPING:
            return {key.name: sample(key.shape) for key in shape.keys}
        case Kind.LIST:
            assert shape.items is not None
            if shape.items is ACTION:  # one of each type, with the keys that go with it
                return [
                    {key.name: sample(key.shape) for key in keys_for(ACTION, kind.name)}
                    | {"type": kind.name}
                    for kind in ACTION_TYPES
                ]
            return [sample(shape.items)]
        case Kind.BOOLEAN:
            return True
        case Kind.NUMBER:
            return 4
        case Kind.DATE:
            return "2026-01-31T08:00:00.000Z"
        case Kind.ANY:
            return {"depth": "2"}
        case Kind.TEXT:
            return shape.values[0].name if shape.values else "text"


def test_every_key_of_the_schema_reaches_a_created_workflow(root: Path) -> None:
    written = sample(STAGE)
    written["gate"]["type"] = "verification_pass"
    text = json.dumps({"name": "t", "stages": [written]})
    (stage,) = manager_of(root).create(template(text)).to_json()["stages"]
    assert {key: stage[key] for key in written} == written


@pytest.mark.parametrize(
    ("shape", "key", "value", "found"),
    [
        (STAGE, Key("budget", "Tokens.", NUMBER), "1200", 1200),
        (STAGE, Key("budget", "Tokens.", NUMBER), "much", None),
        (GATE, Key("quorum", "How many.", TEXT), "all", "all"),
        (ACTION, Key("dryRun", "Whether.", BOOLEAN), "TRUE", True),
        (STAGE, Key("reviewers", "Who.", list_of("a list", TEXT)), ["ana", "ben"], ["ana", "ben"]),
        (
            STAGE,
            Key("limits", "Which.", mapping("limits", Key("hours", "How long.", NUMBER))),
            {"hours": "1.5", "unknown": "x"},
            {"hours": 1.5},
        ),
    ],
)
def test_a_key_that_is_added_to_the_schema_is_kept(
    shape: Shape, key: Key, value: Any, found: Any
) -> None:
    more = replace(shape, keys=(*shape.keys, key))
    said = kept({key.name: value, "other": "x"}, more) or {}
    assert said.get(key.name) == found
    assert "other" not in said


@pytest.mark.parametrize(
    ("key", "written", "found"),
    [
        (Key("budget", "Tokens.", NUMBER), "1200", 1200),
        (Key("reviewers", "Who.", list_of("a list", TEXT)), "[ana, ben]", ["ana", "ben"]),
        (Key("dryRun", "Whether.", BOOLEAN), "true", True),
    ],
)
def test_a_key_that_is_added_to_the_schema_reaches_a_created_workflow(
    root: Path, monkeypatch: pytest.MonkeyPatch, key: Key, written: str, found: Any
) -> None:
    text = f"{STAGE_TEXT}    {key.name}: {written}\n"
    assert key.name not in manager_of(root).create(template(text)).to_json()["stages"][0]
    monkeypatch.setattr(creation, "STAGE", replace(STAGE, keys=(*STAGE.keys, key)))
    created = manager_of(root).create(template(text))
    (stage,) = manager_of(root).get(created.id).to_json()["stages"]
    assert stage[key.name] == found
