"""What is wrong with a dialect's description, all of it, in words for whoever wrote it.

Not imported at start, as `checked.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from stagewright.dialects import checked as shapes
from stagewright.dialects.dialect import Dialect, DialectError, dialects_from, extensions, shared
from stagewright.mask import looks_like_a_key

_ID = re.compile(r"(?!choragen-)[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
_SHOWN = 60  # characters of a value

Key = tuple[str | int, ...]

_SHAPES: Mapping[str, type[BaseModel]] = {
    "": shapes.DialectFile,
    "places": shapes.Place,
    "detect": shapes.Detect,
    "settings": shapes.SettingsFiles,
    "defines": shapes.Defines,
    "models": shapes.Names,
    "providers": shapes.Names,
    "when": shapes.Condition,
    "unless": shapes.Condition,
    "redirects": shapes.Condition,
    "elsewhere": shapes.Condition,
    "provider": shapes.Provider,
    "extract": shapes.Extract,
}
"""The shape of the table, or of the tables, below each key."""


class DialectFault(NamedTuple):
    """What is wrong with a dialect: at which of its keys, a sentence without its full stop, and the
    name that an unknown one was likely meant to be."""

    key: Key
    why: str
    likely: str = ""

    @property
    def message(self) -> str:
        """For people, with a question for what was likely meant."""
        return f"{self.why}. Did you mean `{self.likely}`?" if self.likely else f"{self.why}."


def checked(
    name: str, said: Mapping[str, Any], providers: Collection[str] | None = None
) -> tuple[tuple[Dialect, ...], list[DialectFault]]:
    """A dialect that a user wrote, one for each of its syntaxes; or all that is wrong with it.

    `providers` are the ids that can be meant; without them any can.
    """
    found = list(faults(said, providers=providers))
    if not _ID.fullmatch(name):
        why = "a dialect's id is letters, digits, `-` and `_`, and does not begin with `choragen-`"
        found.append(DialectFault((), why))
    if found:
        return (), found
    try:
        return dialects_from(name, said), []
    except DialectError as error:
        return (), [DialectFault((error.key,), error.why)]


def faults(
    said: Mapping[str, Any],
    shape: type[BaseModel] = shapes.DialectFile,
    providers: Collection[str] | None = None,
) -> Iterator[DialectFault]:
    """What is wrong with each key by itself, and with several together."""
    meant: set[Key] = set()  # keys that a misspelt one stands for: they are not missing
    try:
        TypeAdapter(shape).validate_python(dict(said), context={"providers": providers})
    except ValidationError as error:
        for one in error.errors(include_url=False):
            fault = _fault(one)
            if one["type"] == "extra_forbidden" and fault.likely:
                meant.add((*fault.key[:-1], fault.likely))
            if one["type"] not in ("missing", "too_short") or fault.key not in ((), ("places",)):
                yield fault  # those others are told below
    if issubclass(shape, shapes.DialectFile):
        for fault, missing in _together(said):
            if not any((*fault.key, key) in meant for key in missing):
                yield fault


def _together(said: Mapping[str, Any]) -> Iterator[tuple[DialectFault, tuple[str, ...]]]:
    """What is wrong with several keys together, with the keys that are missing."""
    for name in ("name", "places"):
        if name not in said:
            yield DialectFault((), f"missing key `{name}`"), (name,)
    if said.get("places") == []:
        yield DialectFault(("places",), "expected at least one place, found an empty list"), ()
    if not said.get("files") and not said.get("detect"):
        if "files" in said:
            yield DialectFault(("files",), "expected at least one glob, found an empty list"), ()
        else:
            yield DialectFault((), "missing key `files` or `detect`"), ("files", "detect")
    for key, table in _tables((), said):
        match _SHAPES.get(_named(key)):
            case shapes.Place:
                yield from _place(key, table)
            case shapes.Detect if not any(map(table.get, ("keys", "text", "beside"))):
                missing = ("keys", "text", "beside")
                yield DialectFault(key, "missing key `keys`, `text` or `beside`"), missing
            case shapes.Condition if "is" in table and "says" in table:
                yield DialectFault(key, "expected either `is` or `says`, found both"), ()
            case shapes.Extract if len(table) != 1 and set(table) != {"options", "split"}:
                ways = ("options", "json", "split", "after")
                found = " and ".join(f"`{way}`" for way in ways if way in table) or "none"
                why = f"expected one of `options`, `json`, `split` or `after`, found {found}"
                yield DialectFault(key, why), ways
    if isinstance(syntax := said.get("syntax"), Mapping):
        for key, glob in globs_of(said):
            for extension in extensions(glob):
                if extension not in syntax:
                    yield DialectFault(key, f"`{glob}`: `syntax` has no key `{extension}`"), ()


def _place(key: Key, place: Mapping[str, Any]) -> Iterator[tuple[DialectFault, tuple[str, ...]]]:
    used: Mapping[str, Any] = {}
    if isinstance(use := place.get("use"), str):
        try:
            used = shared(use)
        except DialectError:  # told by itself
            return
    joined = {**used, **place}
    if "written" not in joined:
        *ways, last = (f"`{way}`" for way in get_args(shapes.WrittenByUsers))
        why = f"missing key `written`: one of {', '.join(ways)} or {last}"
        yield DialectFault(key, why), ("written",)
    if "at" not in joined:
        yield DialectFault(key, "missing key `at`"), ("at",)
    elif joined["at"] == []:
        yield DialectFault((*key, "at"), "expected at least one key path, found an empty list"), ()


def globs_of(said: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """The globs of a dialect's description, each with its key; what is no text is passed over."""
    lists: list[tuple[Key, object]] = [((key,), said.get(key)) for key in ("files", "exclude")]
    claims = said.get("detect")
    for number, claim in enumerate(claims if isinstance(claims, list) else ()):
        if isinstance(claim, Mapping):
            lists.append((("detect", number, "files"), claim.get("files")))
    for key, globs in lists:
        for number, glob in enumerate(globs if isinstance(globs, list) else ()):
            if isinstance(glob, str):
                yield (*key, number), glob


def _tables(key: Key, said: object) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Every table of a description, but for the top and those whose keys are names."""
    parts: list[tuple[str | int, object]] = []
    if isinstance(said, Mapping):
        parts = list(said.items())
        if key and not (key[0] == "places" and key[-1] in ("providers", "aliases", "ids")):
            yield key, said
    elif isinstance(said, list):
        parts = list(enumerate(said))
    for part, inside in parts:
        yield from _tables((*key, part), inside)


def _fault(error: ErrorDetails) -> DialectFault:
    key = tuple(part for part in error["loc"] if part not in (shapes.TEXT, shapes.TABLE, "[key]"))
    found, limits = _kind(error["input"]), error.get("ctx", {})
    match error["type"]:
        case shapes.OURS:
            text = str(error["input"])
            why = error["msg"].replace(text, "…" if looks_like_a_key(text) else text)
            return DialectFault(key, why, limits["likely"])
        case "extra_forbidden":
            known = _keys(_SHAPES.get(_named(key[:-1]), shapes.DialectFile))
            return DialectFault(key, "unknown key", shapes.meant(str(key[-1]), known))
        case "missing":
            return DialectFault(key[:-1], f"missing key `{key[-1]}`")
        case "string_type":
            why = f"expected a string, found {found}"
        case "bool_type":
            why = f"expected `true` or `false`, found {found}"
        case "list_type":
            why = f"expected a list, found {found}"
        case "dict_type" | "model_type" | "model_attributes_type":
            why = f"expected a table, found {found}"
        case shapes.EITHER:
            why = f"expected a string or a table, found {found}"
        case "literal_error":
            words = str(limits["expected"]).replace("'", "`")
            table = " (or a table of them)" if key == ("syntax",) else ""
            why = f"expected {words}{table}, found {_shown(error['input'])}"
        case "string_too_short":
            why = "expected text, found an empty string"
        case "too_short":
            why = f"expected {limits['min_length']} items, found {limits['actual_length']}"
        case "too_long":
            why = f"expected at most {limits['max_length']} items"
        case "string_too_long":
            why = f"expected at most {limits['max_length']} characters"
        case _:
            why = f"cannot be used: {error['msg'].lower()}"
    return DialectFault(key, why)


def _named(key: Key) -> str:
    """The last key of several that is no list's index."""
    return next((part for part in reversed(key) if isinstance(part, str)), "")


def _keys(shape: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in shape.model_fields.items())


def _kind(value: object) -> str:
    match value:
        case str():
            return "a string"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return "a number"
        case Mapping():
            return "a table"
        case list():
            return "a list"
        case _:
            return "a date or time"


def _shown(value: object) -> str:
    """A text as it stands; not one that may be a secret."""
    if not isinstance(value, str) or len(value) > _SHOWN or looks_like_a_key(value):
        return _kind(value)
    return f"`{value}`" if value else "an empty string"
