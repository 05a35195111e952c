"""What a dialect says: which files it means, and where in them, and how, a model is named."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as File
from typing import Any, Literal, get_args

from stagewright.dialects.key_path import KeyPath, RelativePath, parse_path, parse_relative
from stagewright.text.document import Layout

Written = Literal["pair", "provider/model", "provider:model", "model"]
"""How a reference is written: as a mapping of both, as one text, or as the model alone."""

UNVERIFIABLE = "unverifiable"
"""Stands for the provider of a name that says where a model runs, but which nobody can ask."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where models are named, and how. What is opaque or an alias is never wrong."""

    at: tuple[KeyPath, ...]
    written: Written
    provider: str = ""  # of `model`: the provider of all that are named here
    providers: Mapping[str, str] = field(default_factory=dict)  # the format's name -> ours
    own_names: bool = True  # other names of providers are ours; False: they cannot be verified
    aliases: Mapping[str, str] = field(default_factory=dict)  # always right; what each means
    suffixes: tuple[str, ...] = ()  # kept in edits, left out of look-ups: "[1m]"
    drop: frozenset[str] = frozenset()  # words between provider and model: "chat"
    other_kinds: frozenset[str] = (
        frozenset()
    )  # those of `drop` behind which no chat models are named
    opaque: tuple[str, ...] = ()  # what a value holds that names no model: "${{"
    redirects: tuple[RelativePath, ...] = ()  # keys that send what is named here elsewhere
    any_kind: bool = False  # not only chat models are named here
    most: Literal["error", "warning"] = "error"  # the highest severity of what is said here


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """A kind of files that name models. There is one object of each: they are told apart by it."""

    id: str
    name: str  # for people
    url: str  # where the format says how it names models
    files: tuple[str, ...]  # globs below the workspace folder
    places: tuple[Place, ...]
    layout: Layout
    exclude: tuple[str, ...] = ()
    entry: str = "file"  # what an entry of the layout is called
    entry_name: str = ""  # the key of its name
    before: tuple[str, ...] = ()  # the keys of an entry behind which a new reference is put
    typed: bool = True
    """Whether a YAML parser reads it, to which `4` is no text, `{}` a mapping and an alias what it
    stands for; not a reader of single lines."""
    optional: bool = False  # an entry may do without its model
    comments: bool = True  # a comment that is put in stays
    schema: bool = False  # its other keys are known as well, and told when they are wrong

    def __reduce__(self) -> tuple[Any, ...]:
        return builtin, (self.id,)  # the other process has its own

    @property
    def reference_key(self) -> str:
        """The key below which each entry has its model; empty where they stand at many places."""
        steps = self.places[0].at[0].steps
        return steps[-1] if self.places[0].written == "pair" and isinstance(steps[-1], str) else ""


@cache
def builtin(name: str) -> Dialect:
    """A dialect that comes with the program. Raises FileNotFoundError for a name that none has."""
    text = (File(__file__).parent / f"{name}.toml").read_text("utf-8")
    return dialect_from(name, tomllib.loads(text))


@cache
def all_builtin() -> tuple[Dialect, ...]:
    """Every dialect that comes with the program, by its id."""
    return tuple(builtin(file.stem) for file in sorted(File(__file__).parent.glob("*.toml")))


def dialect_from(name: str, said: Mapping[str, Any]) -> Dialect:
    """A dialect as its file says it. Raises ValueError, naming the key, for what it may not say."""
    known: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in said.items()
    }
    layout = Layout(
        known.pop("list", ""),
        front_matter=known.pop("syntax") == "front-matter",
        text_lists=frozenset(known.pop("text_lists", ())),
    )
    known["places"] = tuple(map(_place, known["places"]))
    return Dialect(**known, id=name, layout=layout)


def _place(said: Mapping[str, Any]) -> Place:
    known = dict(said)
    if known["written"] not in get_args(Written):
        raise ValueError(f"written: there is no way {known['written']!r} to write a model")
    known["at"] = tuple(map(parse_path, known["at"]))
    known["redirects"] = tuple(map(parse_relative, known.get("redirects", ())))
    for key in ("suffixes", "opaque"):
        known[key] = tuple(known.get(key, ()))
    for key in ("drop", "other_kinds"):
        known[key] = frozenset(known.get(key, ()))
    return Place(**known)
