"""Arguments of commands that are not as they should be: each refusal names the key, in plain
words."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException

from stagewright.catalog.model import ModelReference
from stagewright.lsp.commands.reading import read_argument
from stagewright.lsp.commands.sites import Position
from stagewright.lsp.commands.table import MODULES, command_of
from stagewright.settings import camel

COMMANDS = {name: command_of(module, name) for module, names in MODULES.items() for name in names}
URI = "file:///a.yaml"
AT = {"line": 1, "character": 2}
VALUES = (
    None, 3, -1, 1.5, True, "x", "", [], ["x"], [3], [None], [[]], {}, {"x": 1},
    {"line": 1}, {"line": "1", "character": None}, {**AT, "x": 1}, {"provider": "p"},
    {"provider": "", "model": 3}, {"from": {}},
)  # fmt: skip
"""All that JSON can say, in most shapes that somebody may take for right."""

NO_PLACE = "position must be an object {line, character}."
NO_LINE = "position.line must be a whole number."
NO_MODEL = "model must be an object {provider, model} of non-empty strings or null."
NO_CONTEXT = "context must be answers, stage, workflow or null."
SEVERAL = "uri must be a string; position.line must be a whole number; unknown key x."
PYTHON = re.compile(
    r"\b(?:none\w*|true|false|str|int|float|bool|dict|class|tuple|typing|literal|attribute|"
    r"iterable|instance|error|union|missing \d|positional|keyword)\b|['<>_()@]",
    re.IGNORECASE,
)


def refused(name: str, *arguments: Any) -> str:
    """Why a command refuses its arguments, without its name."""
    with pytest.raises(JsonRpcException) as refusal:
        read_argument(name, arguments, COMMANDS[name])
    assert (refusal.value.code, refusal.value.data) == (-32602, {"code": "bad-argument"})
    said, message = refusal.value.message.split(": ", 1)
    assert said == name
    return message


@pytest.mark.parametrize(
    ("name", "argument", "message"),
    [
        ("model.at", {"uri": URI}, "position is missing."),
        ("model.at", {"uri": URI, "position": None}, NO_PLACE),
        ("model.at", {"uri": URI, "position": [1, 2]}, NO_PLACE),
        ("model.at", {"uri": URI, "position": {"line": 1}}, "position.character is missing."),
        ("model.at", {"uri": URI, "position": {**AT, "line": "1"}}, NO_LINE),
        ("model.at", {"uri": URI, "position": {**AT, "line": True}}, NO_LINE),
        ("model.at", {"uri": URI, "position": {**AT, "row": 1}}, "unknown key position.row."),
        ("model.at", {"uri": 3, "position": {**AT, "line": []}, "x": 1}, SEVERAL),
        ("workspace.exportInventory", {"format": "x"}, "format must be json or csv."),
        ("workspace.exportInventory", {"format": ["csv"]}, "format must be json or csv."),
        ("workspace.inventory", {"uris": 3}, "uris must be a list or null."),
        ("workspace.inventory", {"uris": URI}, "uris must be a list or null."),
        ("workspace.inventory", {"uris": [URI, None]}, "uris[1] must be a string."),
        ("stage.setModel", {"uri": URI, "stage": 1.5}, "stage must be a string or a whole number."),
        ("stage.setModel", {"uri": URI, "stage": 1, "model": "openai/gpt-5"}, NO_MODEL),
        ("transcript.setContext", {"uri": URI, "context": "all"}, NO_CONTEXT),
        ("transcript.advance", {"uri": URI, "confirmed": 1}, "confirmed must be true or false."),
        ("dialects.list", {"uri": URI}, "unknown key uri."),
        ("dialects.list", None, "the argument must be an object."),
        ("dialects.list", [], "the argument must be an object."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_key(name: str, argument: Any, message: str) -> None:
    assert refused(name, argument) == message


def test_several_arguments_are_refused() -> None:
    assert refused("dialects.list", {}, {}) == "expected one object, got 2 arguments."


@pytest.mark.parametrize("name", COMMANDS)
def test_no_refusal_speaks_of_python(name: str) -> None:
    _, *parameters = inspect.signature(COMMANDS[name]).parameters
    for key in (*(camel(one.rstrip("_")) for one in parameters), "extra"):
        for value in VALUES:
            message = refused(name, {key: value, "more": value})  # never right
            assert PYTHON.search(message.replace("must be true or false", "")) is None, message
            assert (f"unknown key {key};" in message) == (key == "extra")
            assert re.search(rf"(?<!\.)\b{key} is missing", message) is None


@pytest.mark.parametrize(
    ("name", "argument", "told"),
    [
        ("dialects.list", {}, {}),
        ("model.at", {"uri": URI, "position": AT}, {"uri": URI, "position": Position(1, 2)}),
        ("workspace.inventory", {"uris": []}, {"uris": []}),
        ("workspace.inventory", {"uris": [URI, URI]}, {"uris": [URI, URI]}),
        ("workspace.exportInventory", {"format": "csv"}, {"format_": "csv"}),
        (
            "workspace.replaceModel",
            {"from": {"provider": "p", "model": "m"}, "to": {"provider": "p", "model": "n"}},
            {"from_": ModelReference("p", "m"), "to": ModelReference("p", "n")},
        ),
        (
            "stage.setModel",
            {"uri": URI, "stage": 0, "model": None},
            {"uri": URI, "stage": 0, "model": None},
        ),
        ("chat.start", {"stage": "build", "open": True}, {"stage": "build", "open_": True}),
    ],
)
def test_what_is_right_is_taken(name: str, argument: dict[str, Any], told: dict[str, Any]) -> None:
    assert read_argument(name, (argument,), COMMANDS[name]) == told


def test_no_argument_is_an_empty_object() -> None:
    assert read_argument("dialects.list", (), COMMANDS["dialects.list"]) == {}
