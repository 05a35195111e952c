"""Values that are newer than we are cost nothing: every enumeration of every message is tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from types import NoneType
from typing import Any, Union, get_args, get_origin

import attrs
import pytest
from lsprotocol import types

from stagewright.lsp.server import StagewrightServer

PROTOCOL = StagewrightServer().protocol
UNKNOWN: dict[type, Any] = {int: -7, str: "newer/than-we-are"}
Path = tuple[tuple[str, Any], ...]
"""Keys from a message to an enumeration, each with the type of what stands there."""


def enumerations(kind: Any, path: Path, around: frozenset[Any]) -> Iterator[tuple[Path, Any]]:
    """Every place in a type where a value of an enumeration stands."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        yield path, kind
    elif isinstance(kind, type) and attrs.has(kind):
        for field in attrs.fields(kind) if kind not in around else ():
            yield from enumerations(field.type, (*path, (_key(field), kind)), around | {kind})
    elif get_origin(kind) in (Union, Sequence):
        for choice in get_args(kind):
            item = ((0, kind),) if get_origin(kind) is Sequence else ()
            yield from enumerations(choice, (*path, *item), around)


def _key(field: Any) -> str:
    first, *rest = field.name.rstrip("_").split("_")
    return first + "".join(part.title() for part in rest)


def _least(kind: Any) -> Any:
    """The smallest JSON that a type takes."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, type) and attrs.has(kind):
        needed = (f for f in attrs.fields(kind) if f.default is attrs.NOTHING)
        return {_key(field): _least(field.type) for field in needed}
    if get_origin(kind) is Union:
        return None if NoneType in get_args(kind) else _least(get_args(kind)[0])
    if get_origin(kind) in (Sequence, dict):
        return [] if get_origin(kind) is Sequence else {}
    return {str: "x", int: 1, bool: True, float: 1.0}.get(kind)


def _with(value: Any, path: Path) -> Any:
    """JSON in which a value stands at a place."""
    if not path:
        return value
    (key, kind), *rest = path
    inner = _with(value, tuple(rest))
    return [inner] if key == 0 else {**_least(kind), key: inner}


def _cases() -> Iterator[Any]:
    for method, (request, response, *_) in types.METHOD_TO_TYPES.items():
        said = "serverToClient" not in str(types.message_direction(method))
        kind = request if said else response
        if kind is None:
            continue
        for path, enumeration in enumerations(kind, (), frozenset()):
            where = ".".join(str(key) for key, _ in path)
            base = int if issubclass(enumeration, int) else str
            yield pytest.param(method, kind, path, UNKNOWN[base], id=f"{method} {where}")


CASES = list(_cases())


def test_there_are_many_places() -> None:
    assert len(CASES) > 60


@pytest.mark.parametrize(("method", "kind", "path", "value"), CASES)
def test_an_unknown_value_is_passed_over(method: str, kind: Any, path: Path, value: Any) -> None:
    message = _with(value, path) | {"jsonrpc": "2.0"}
    message |= {"method": method} if "params" in message else {}
    read = PROTOCOL._converter.structure(message, kind)
    written = PROTOCOL._converter.unstructure(read)
    for key, _ in path[:-1]:
        written = written[key] if written else written
    known = [v for v in (written or []) if v == value]
    assert known in ([], [value])  # left out, or kept where the protocol leaves the values open


@pytest.mark.parametrize("value", [None, [], {}, 1.5, "1", True, "\ud800", 10**30])
def test_a_list_of_values_keeps_those_that_are_known(value: Any) -> None:
    tags = {"valueSet": [1, value, 2]}
    capabilities = {"textDocument": {"publishDiagnostics": {"tagSupport": tags}}}
    read = PROTOCOL._converter.structure(capabilities, types.ClientCapabilities)
    assert read.text_document.publish_diagnostics.tag_support.value_set == (
        [types.DiagnosticTag.Unnecessary]
        + [types.DiagnosticTag.Unnecessary] * (value is True)
        + [types.DiagnosticTag.Deprecated]
    )


def test_what_must_be_given_is_the_first_of_its_kind() -> None:
    params = {"changes": [{"uri": "file:///a", "type": 9}, {"uri": "file:///b", "type": 3}]}
    read = PROTOCOL._converter.structure(params, types.DidChangeWatchedFilesParams)
    assert [one.type for one in read.changes] == [
        types.FileChangeType.Created,
        types.FileChangeType.Deleted,
    ]
