"""A dialect in words: which files it reads, and where and how a model stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from stagewright.dialects.dialect import Dialect
from stagewright.dialects.key_path import KeyPath, Like, in_words
from stagewright.dialects.place import UNVERIFIABLE, Place, Written

_WRITTEN: Mapping[Written, str] = {
    "pair": "provider and model, a key each",
    "provider/model": "PROVIDER/MODEL",
    "provider:model": "PROVIDER:MODEL",
    "model": "MODEL",
    "local": "a name that the file defines",
    "display": "a model's name for people",
}


class PlaceInWords(NamedTuple):
    """One key path of a dialect, and what stands there."""

    where: str
    written: str

    def __str__(self) -> str:
        return f"{self.where}: {self.written}"


def places(dialect: Dialect) -> Iterator[PlaceInWords]:
    """Where a dialect's files name models."""
    for place in dialect.places:
        for path in place.at:
            yield PlaceInWords(path_in_words(path), written(place))


def ways(dialect: Dialect) -> Iterator[PlaceInWords]:
    """The same in short: each path once, and those together that are written alike."""
    of_path: dict[str, list[str]] = {}
    for place in places(dialect):
        of_path.setdefault(place.where, []).append(place.written)
    together: dict[str, list[str]] = {}
    for where, said in of_path.items():
        together.setdefault(_alternatives(said), []).append(where)
    for way, paths in together.items():
        yield PlaceInWords(", ".join(paths), way)


def _alternatives(said: Iterable[str]) -> str:
    """`MODEL of openai, anthropic, or PROVIDER/MODEL`: what several have before `of`, once."""
    owners: dict[str, list[str]] = {}
    for one in dict.fromkeys(said):
        what, _, owner = one.partition(" of ")
        is_owner = owner and "," not in owner
        owners.setdefault(what if is_owner else one, []).extend([owner] * bool(is_owner))
    return ", or ".join(
        f"{what} of {', '.join(names)}" if names else what for what, names in owners.items()
    )


def path_in_words(path: KeyPath) -> str:
    """A key path as people read it: `providers[*].id`."""
    words = ""
    for step in path.steps:
        match step:
            case str():
                said = in_words((step,))
                words += f".{said}" if words and not said.startswith("[") else said
            case Like(pattern):
                words += f"{'.' * bool(words)}{pattern}"
            case 0:
                words += "[*]"
            case _:
                words += f"{'.' * bool(words)}*"
    return words


def by_id(dialects: Iterable[Dialect]) -> list[tuple[Dialect, ...]]:
    """Dialects, in their order, those of one id together: one for each syntax of a format."""
    found: dict[str, list[Dialect]] = {}
    for dialect in dialects:
        found.setdefault(dialect.id, []).append(dialect)
    return [tuple(one) for one in found.values()]


def files(dialects: Iterable[Dialect]) -> list[str]:
    """Which files they are, as globs: those that their content makes theirs say so."""
    named = [glob for one in dialects for glob in one.files]
    detected = [glob for one in dialects for claim in one.detect for glob in claim.files]
    return list(dict.fromkeys([*named, *(f"{glob} (by its content)" for glob in detected)]))


class Listed(NamedTuple):
    """The dialects of one id, for a list of all that there are."""

    dialects: tuple[Dialect, ...]
    enabled: bool = True
    own: bool = False  # the user's

    def to_json(self) -> dict[str, Any]:
        """The contract's object."""
        first = self.dialects[0]
        return {
            "id": first.id,
            "name": first.name,
            "url": first.url,
            "files": files(self.dialects),
            "places": list(dict.fromkeys(str(place) for place in places(first))),
            "enabled": self.enabled,
            "own": self.own,
        }


def written(place: Place) -> str:
    """How a model is written at a place."""
    words = _WRITTEN[place.written]
    default = place.provider.default
    if default and place.written == "model":
        words += ", not verified" if default == UNVERIFIABLE else f" of {default}"
    if place.local and place.written != "local":
        words += f", or {_WRITTEN['local']}"
    if place.in_key:
        words += ", as a key"
    if (extract := place.extract) is None:
        pass
    elif extract.options:
        words += f", behind {' or '.join(extract.options)}"
        words += f" (several with '{extract.split}' between them)" if extract.split else ""
    elif extract.json:
        inside = ", ".join(path_in_words(path) for path in extract.json)
        words += f", in JSON at {inside}"
    elif extract.split:
        words += f", several with '{extract.split}' between them"
    else:
        words += f", behind '{extract.after}'"
    return words
