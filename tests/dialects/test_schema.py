"""The one description of keys and words: complete, documented, and reachable by a cursor's path."""

from collections.abc import Iterator

import pytest

from stagewright.dialects import choragen
from stagewright.dialects.choragen.schema import (
    DOCUMENTS,
    VARIABLES,
    NodePath,
    key_at,
    shape_at,
    words_at,
)
from stagewright.dialects.choragen.shapes import Key, Kind, Need, Shape, keys_for
from stagewright.dialects.document import Dialect


def all_keys(shape: Shape, path: str = "") -> Iterator[tuple[str, Key]]:
    for key in shape.keys:
        yield f"{path}{key.name}", key
        yield from all_keys(key.shape, f"{path}{key.name}.")
    if shape.items is not None:
        yield from all_keys(shape.items, path)


EVERY = {kind: dict(all_keys(shape)) for kind, shape in DOCUMENTS.items()}


def keys_at(kind: Dialect, path: NodePath, type_value: str | None = None) -> tuple[Key, ...]:
    shape = shape_at(kind, path)
    return keys_for(shape, type_value) if shape is not None else ()


def names(kind: Dialect, path: NodePath, type_value: str | None = None) -> list[str]:
    return [key.name for key in keys_at(kind, path, type_value)]


def test_everything_says_what_it_is_for() -> None:
    for keys in EVERY.values():
        for path, key in keys.items():
            assert key.doc.endswith("."), path
            assert all(value.doc.endswith(".") for value in key.shape.values), path
    assert all(variable.doc.endswith(".") for variable in VARIABLES)


def test_only_for_names_types_that_exist() -> None:
    gate, action = (
        keys_at(choragen.TEMPLATE, ("stages", 0, "gate")),
        ("stages", 0, "hooks", "onExit", 0),
    )
    for keys, path in ((gate, ("stages", 0, "gate")), (keys_at(choragen.TEMPLATE, action), action)):
        types = {word.name for word in words_at(choragen.TEMPLATE, (*path, "type"))}
        assert {one for key in keys for one in key.only_for} <= types


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), "name displayName description builtin version createdAt updatedAt stages"),
        (("stages", 3), "name type roleId initPrompt defaultModel chainId sessionId gate hooks"),
        (("stages", 0, "defaultModel"), "provider model"),
        (
            ("stages", 0, "gate"),
            "type prompt agentTriggered auditEnabled chainId options commands "
            "satisfied satisfiedBy satisfiedAt",
        ),
        (("stages", 0, "gate", "options", 1), "label action"),
        (("stages", 0, "hooks"), "onEnter onExit"),
        (("stages", 0, "hooks", "onEnter", 2, "fileMove"), "from to"),
        (("stages", 0, "hooks", "onEnter", 2, "metadata"), ""),
        (("stages",), ""),
        (("nowhere", 1), ""),
    ],
)
def test_keys_by_place(path: NodePath, expected: str) -> None:
    assert names(choragen.TEMPLATE, path) == expected.split()


@pytest.mark.parametrize(
    ("type_value", "expected"),
    [
        ("command", "command"),
        ("task_transition", "taskTransition"),
        ("file_move", "fileMove"),
        ("custom", "handler"),
        ("spawn_agent", "role context"),
        ("post_message", "target content metadata"),
        ("emit_event", "eventType payload"),
    ],
)
def test_keys_of_an_action_by_its_type(type_value: str, expected: str) -> None:
    path = ("stages", 0, "hooks", "onExit", 0)
    assert names(choragen.TEMPLATE, path, type_value) == ["type", "blocking", *expected.split()]
    assert len(names(choragen.TEMPLATE, path, "half")) == len(names(choragen.TEMPLATE, path))


def test_keys_of_a_gate_by_its_type() -> None:
    assert "commands" in names(choragen.TEMPLATE, ("stages", 0, "gate"), "verification_pass")
    assert "commands" not in names(choragen.TEMPLATE, ("stages", 0, "gate"), "human_approval")
    assert "options" in names(choragen.TEMPLATE, ("stages", 0, "gate"), "human_approval")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            ("stages", 0, "type"),
            "request design review implementation verification ideation reflection",
        ),
        (
            ("stages", 0, "gate", "type"),
            "auto human_approval chain_complete verification_pass post_commit session_handoff",
        ),
        (("stages", 0, "gate", "options", 0, "action"), "advance discard"),
        (("stages", 0, "gate", "satisfied"), "true false"),
        (("stages", 0, "hooks", "onExit", 0, "taskTransition"), "start complete approve"),
        (("stages", 0, "name"), ""),
        (("stages", 0, "defaultModel", "provider"), ""),
    ],
)
def test_words_by_place(path: NodePath, expected: str) -> None:
    assert [word.name for word in words_at(choragen.TEMPLATE, path)] == expected.split()


def test_a_key_by_the_path_of_its_value() -> None:
    role = key_at(choragen.TEMPLATE, ("stages", 0, "roleId"))
    assert role is not None
    assert role.refers_to == "role"
    tools = key_at(choragen.ROLES, ("roles", 0, "toolIds", 4))
    assert tools is not None
    assert tools.refers_to == "tool"
    assert key_at(choragen.TEMPLATE, ()) is None
    assert key_at(choragen.TEMPLATE, ("stages", 0, "nothing")) is None


@pytest.mark.parametrize(
    ("kind", "need", "expected"),
    [
        (choragen.TEMPLATE, Need.REQUIRED, [
            "name", "stages", "stages.name", "stages.type", "stages.defaultModel.provider",
            "stages.defaultModel.model", "stages.gate.options.label", "stages.gate.options.action",
            "stages.gate.commands", "type", "command", "taskTransition", "fileMove",
            "fileMove.from", "fileMove.to",
        ]),
        (choragen.TEMPLATE, Need.EXPECTED, [
            "stages.gate.type", "stages.gate", "handler", "role", "target", "content", "eventType",
        ]),
        (choragen.ROLES, Need.REQUIRED, [
            "roles", "roles.id", "roles.model.provider", "roles.model.model",
        ]),
    ],
)  # fmt: skip
def test_what_is_needed(kind: Dialect, need: Need, expected: list[str]) -> None:
    found = [path for path, key in EVERY[kind].items() if key.need is need]
    for hook in ("stages.hooks.onEnter.", "stages.hooks.onExit."):
        found = [path.removeprefix(hook) for path in found]
    assert set(found) == set(expected)


def test_what_a_condition_asks_for() -> None:
    commands = shape_at(choragen.TEMPLATE, ("stages", 0, "gate"))
    assert commands is not None
    key = commands.key("commands")
    assert key is not None
    assert key.needed_for("verification_pass") is Need.REQUIRED
    assert key.needed_for("auto") is Need.OPTIONAL
    assert key.needed_for(None) is Need.OPTIONAL


def test_the_cursor_knows_which_lists_hold_texts() -> None:
    for dialect, keys in EVERY.items():
        lists = {
            path.rpartition(".")[2]: key.shape.items.kind
            for path, key in keys.items()
            if key.shape.items is not None
        }
        texts = {name for name, kind in lists.items() if kind is Kind.TEXT}
        assert texts == dialect.layout.text_lists
        assert not dialect.layout.list_key or lists[dialect.layout.list_key] is Kind.MAPPING
