"""The JSON Schemas: up to date, good draft 7, and of one mind with Choragen about real files."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from tests.dialects.support import DATA, templates, with_models

from stagewright import schemas

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "schemas"


def errors(name: str, value: Any) -> list[str]:
    """Where a value breaks a schema: the path of each error."""
    validator = Draft7Validator(schemas.SCHEMAS[name]())
    return sorted(".".join(map(str, error.absolute_path)) for error in validator.iter_errors(value))


def template(stage: str = "name: a\ntype: review", top: str = "name: t") -> Any:
    """A template with one stage, as any YAML tool reads it."""
    made = yaml.safe_load(top)
    made["stages"] = [yaml.safe_load(stage)]
    return made


def test_the_files_are_up_to_date() -> None:
    kept = {path.name: path.read_text("utf-8") for path in SCHEMAS.iterdir()}
    assert kept == schemas.texts(), "run `make schemas`"


def test_writing_and_comparing_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "made"
    assert schemas.main([str(folder), "--check"]) == 1
    assert "roles.schema.json" in capsys.readouterr().err
    assert schemas.main([str(folder)]) == 0
    assert schemas.main(["--check", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} == set(schemas.SCHEMAS)


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_each_is_a_good_schema_without_words_of_later_drafts(name: str) -> None:
    made = schemas.SCHEMAS[name]()
    Draft7Validator.check_schema(made)
    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in json.dumps(made)
    assert "prefixItems" not in json.dumps(made)


def check_jsonschema(schema: str, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(SCHEMAS / schema)]
    return subprocess.run(
        [*command, *map(str, files)], capture_output=True, text=True, check=False, timeout=50
    )


def test_an_independent_validator_takes_the_real_files(tmp_path: Path) -> None:
    made = []
    for path in templates():
        made.append(tmp_path / path.name)
        made[-1].write_text(with_models(path.read_text()))
    for schema, files in {
        "workflow-template.schema.json": [*templates(), *made],
        "roles.schema.json": [DATA / "roles" / "index.yaml"],
        "workflow.schema.json": sorted((DATA / "workflows").glob("*.json")),
    }.items():
        assert files
        done = check_jsonschema(schema, *files)
        assert done.returncode == 0, done.stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: t\nstages:\n  - name: a\n    type: reveiw\n")
    assert check_jsonschema("workflow-template.schema.json", broken).returncode == 1


def test_the_built_in_templates_are_good() -> None:
    for one in json.loads((DATA / "builtin-templates.json").read_text()).values():
        assert errors("workflow-template.schema.json", one) == []


@pytest.mark.parametrize(
    "stage",
    [
        "{name: 123, type: review}",  # every scalar is a text
        "{name: a, type: review, owner: me}",  # unknown keys are passed over
        "{name: a, type: review, gate: {}}",  # reads as auto
        "{name: a, type: review, gate: {type: human_approval, options: [{label: a, action: x}]}}",
        "{name: a, type: review, defaultModel: {provider: p, model: 4, more: 1}}",
        "{name: a, type: review, hooks: {onExit: [{type: custom}]}}",  # fails only when it runs
        "{name: a, type: review, gate: {type: auto, satisfiedAt: soon}}",
    ],
)
def test_what_choragen_takes(stage: str) -> None:
    top = "{name: t, version: one, builtin: maybe, createdAt: yesterday}"
    assert errors("workflow-template.schema.json", template(stage, top)) == []


@pytest.mark.parametrize(
    ("stage", "where"),
    [
        ("{type: review}", "stages.0"),
        ("{name: '', type: review}", "stages.0.name"),
        ("{name: a}", "stages.0"),
        ("{name: a, type: coding}", "stages.0.type"),
        ("{name: [a], type: review}", "stages.0.name"),
        ("{name: a, type: review, gate: auto}", "stages.0.gate"),
        ("{name: a, type: review, gate: {type: manual}}", "stages.0.gate.type"),
        ("{name: a, type: review, gate: {type: verification_pass}}", "stages.0.gate"),
        (
            "{name: a, type: review, gate: {type: verification_pass, commands: []}}",
            "stages.0.gate.commands",
        ),
        ("{name: a, type: review, gate: {satisfied: 7}}", "stages.0.gate.satisfied"),
        ("{name: a, type: review, gate: {options: [{label: a}]}}", "stages.0.gate.options.0"),
        ("{name: a, type: review, defaultModel: {provider: p}}", "stages.0.defaultModel"),
        ("{name: a, type: review, defaultModel: p/m}", "stages.0.defaultModel"),
        (
            "{name: a, type: review, defaultModel: {provider: p, model: ''}}",
            "stages.0.defaultModel.model",
        ),
        ("{name: a, type: review, hooks: {onEnter: [{}]}}", "stages.0.hooks.onEnter.0"),
        (
            "{name: a, type: review, hooks: {onEnter: [{type: validation}]}}",
            "stages.0.hooks.onEnter.0.type",
        ),
        (
            "{name: a, type: review, hooks: {onEnter: [{type: command}]}}",
            "stages.0.hooks.onEnter.0",
        ),
        (
            "{name: a, type: review, hooks: {onExit: [{type: file_move, fileMove: {from: a}}]}}",
            "stages.0.hooks.onExit.0.fileMove",
        ),
        (
            "{name: a, type: review, hooks: {onExit: [{type: task_transition, taskTransition: }]}}",
            "stages.0.hooks.onExit.0.taskTransition",
        ),
    ],
)
def test_what_choragen_refuses(stage: str, where: str) -> None:
    assert errors("workflow-template.schema.json", template(stage)) == [where]


@pytest.mark.parametrize(
    ("value", "where"),
    [({}, ["", ""]), ({"name": "t", "stages": []}, ["stages"]), ({"name": "t"}, [""]), ([], [""])],
)
def test_what_a_template_needs(value: Any, where: list[str]) -> None:
    assert errors("workflow-template.schema.json", value) == where


@pytest.mark.parametrize(
    ("role", "where"),
    [
        ("{id: a}", []),
        ("{id: a, model: {provider: p, model: m, temperature: 0.3}, toolIds: [x, 'y:z']}", []),
        ("{id: a, model: {provider: p, model: m, options: {top_k: 3}}, toolIds: []}", []),
        ("{name: a}", ["roles.0"]),
        ("{id: a, model: {provider: p}}", ["roles.0.model"]),
        (
            "{id: a, model: {provider: p, model: m, temperature: warm}}",
            ["roles.0.model.temperature"],
        ),
        ("{id: a, toolIds: x}", ["roles.0.toolIds"]),
    ],
)
def test_roles(role: str, where: list[str]) -> None:
    assert errors("roles.schema.json", {"roles": [yaml.safe_load(role)]}) == where
