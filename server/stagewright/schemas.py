"""`python -m stagewright.schemas`: writes the JSON Schemas in `schemas/` from what the code knows.

Draft 7: VS Code's JSON and YAML servers know it whole, 2020-12 only in part.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stagewright import settings
from stagewright.dialects.choragen import schema
from stagewright.dialects.choragen.shapes import Key, Kind, Need, Shape
from stagewright.workflows.state import Workflow

DRAFT = "http://json-schema.org/draft-07/schema#"

JsonSchema = dict[str, Any]

_SCALARS = ["string", "number", "boolean"]  # every scalar is a text to Choragen


SCHEMAS: dict[str, Callable[[], JsonSchema]] = {
    # What Choragen only ignores or fixes in a template is allowed.
    "workflow-template.schema.json": lambda: _document(
        "Choragen workflow template", schema.TEMPLATE
    ),
    "roles.schema.json": lambda: _document("Choragen role index", schema.ROLES),
    "workflow.schema.json": lambda: _as_draft_7(
        "Choragen workflow", Workflow.model_json_schema(by_alias=True)
    ),
    # Of `config.toml` and of the editor's section `stagewright`.
    "settings.schema.json": lambda: _as_draft_7("Stagewright settings", settings.settings_schema()),
}


def texts() -> dict[str, str]:
    """The content of each file in `schemas/`."""
    return {
        name: json.dumps(make(), indent=2, ensure_ascii=False) + "\n"
        for name, make in SCHEMAS.items()
    }


def _document(title: str, shape: Shape) -> JsonSchema:
    return {"$schema": DRAFT, "title": title, **_of_shape(shape)}


def _of_shape(shape: Shape) -> JsonSchema:
    match shape.kind:
        case Kind.MAPPING:
            return _of_mapping(shape)
        case Kind.LIST:
            assert shape.items is not None
            return {"type": "array", "items": _of_shape(shape.items)}
        case Kind.TEXT if shape.values and shape.open:
            return {"type": _SCALARS, "examples": [value.name for value in shape.values]}
        case Kind.TEXT if shape.values:
            docs = [value.doc for value in shape.values]  # beside each word, for VS Code alone
            return {
                "enum": [value.name for value in shape.values],
                "markdownEnumDescriptions": docs,
            }
        case Kind.TEXT | Kind.DATE:
            return {"type": _SCALARS}
        case Kind.BOOLEAN:
            return {"enum": [True, False, "true", "false"]}
        case Kind.NUMBER:
            return {"type": "number"}
        case Kind.ANY:
            return {}


def _of_mapping(shape: Shape) -> JsonSchema:
    made: JsonSchema = {"type": "object"}
    needed = [key for key in shape.keys if key.need is Need.REQUIRED]
    if required := [key.name for key in needed if not key.only_for]:
        made["required"] = required
    made["properties"] = {key.name: _of_key(key) for key in shape.keys}
    if conditions := [_condition(key) for key in needed if key.only_for]:
        made["allOf"] = conditions
    return made


def _of_key(key: Key) -> JsonSchema:
    described = {"description": key.doc.replace("`", "'"), "markdownDescription": key.doc}
    if key.lenient:  # a wrong value is not refused
        return described
    made = _of_shape(key.shape)
    if key.need is Need.REQUIRED and not key.only_for:
        made |= _filled(key)
    elif key.shape not in (schema.DEFAULT_MODEL, schema.ROLE_MODEL):
        made = _or_null(made)
    return {**described, **made}


def _condition(key: Key) -> JsonSchema:
    """That a key is needed for some values of `type`."""
    there = {"not": {"type": "null"}, **_filled(key)}
    return {
        "if": {"properties": {"type": {"enum": list(key.only_for)}}, "required": ["type"]},
        "then": {"required": [key.name], "properties": {key.name: there}},
    }


def _filled(key: Key) -> JsonSchema:
    """That something stands in a text, or in a list that must not be empty."""
    if key.filled:
        return {"minItems": 1}
    is_text = key.shape.kind is Kind.TEXT and not key.shape.values
    return {"minLength": 1} if is_text else {}


def _or_null(made: JsonSchema) -> JsonSchema:
    """The same, or nothing: a key with no value behind it does no harm where none is needed."""
    if "enum" in made:
        return {**made, "enum": [*made["enum"], None]}
    if "type" in made:
        types = made["type"] if isinstance(made["type"], list) else [made["type"]]
        return {**made, "type": [*types, "null"]}
    return made


def _as_draft_7(title: str, made: JsonSchema) -> JsonSchema:
    """A schema that pydantic made, in the words of draft 7."""
    moved = _renamed({key: value for key, value in made.items() if key != "$schema"})
    return {"$schema": DRAFT, **moved, "title": title}


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {"definitions" if key == "$defs" else key: _renamed(one) for key, one in value.items()}
    reference = made.get("$ref")
    if isinstance(reference, str):
        made["$ref"] = reference.replace("#/$defs/", "#/definitions/")
        if len(made) > 1:  # draft 7 passes over what stands beside a reference
            made["allOf"] = [{"$ref": made.pop("$ref")}]
    return made


def main(arguments: list[str]) -> int:
    """Write the schemas into the folder named, `schemas` by default; with --check, only compare.

    Returns 0, or 1 where a file is not as it should be.
    """
    check = "--check" in arguments
    folder = Path(next((one for one in arguments if one != "--check"), "schemas"))
    stale = []
    for name, text in texts().items():
        path = folder / name
        if check:
            if not path.is_file() or path.read_text("utf-8") != text:
                stale.append(name)
        else:
            folder.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
    if stale:
        sys.stderr.write(f"Not up to date in {folder}: {', '.join(stale)}. Run `make schemas`.\n")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
