"""A place of a dialect: where models are named, how they are written, and what words mean there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from stagewright.dialects.key_path import KeyPath, RelativePath
from stagewright.dialects.wildcards import ANY, lowered

Written = Literal["pair", "provider/model", "provider:model", "model", "local", "display"]
"""How a reference is written: as a mapping of both, as one text, as the model alone, as a name that
the file itself defines, or as one for people."""

SEPARATORS: Mapping[Written, str] = {"provider/model": "/", "provider:model": ":"}

UNVERIFIABLE = "unverifiable"
"""Stands for the provider of a name that says where a model runs, but which nobody can ask."""


class Condition(NamedTuple):
    """Whether a key is there, or says one of these: texts in any case, `*` any part of one."""

    at: RelativePath
    values: tuple[str, ...] = ()  # none: whatever it says
    as_written: bool = False  # an interpolation in it hides nothing that is asked for


class Extract(NamedTuple):
    """Where a text holds more than the name: one of these says which parts of it are names."""

    options: tuple[str, ...] = ()  # of a command line: `--model`; with `split`, of several names
    json: tuple[KeyPath, ...] = ()  # of a text that is JSON
    split: str = ""  # what stands between several
    after: str = ""  # what stands before the name, behind something else


class ProviderRule(NamedTuple):
    """Whose model a text without a provider names; tried in the order of the fields."""

    keys: tuple[RelativePath, ...] = ()  # the first of these that is there names it
    ids: tuple[tuple[str, str], ...] = ()  # patterns of the model's id, and our name
    default: str = ""  # our name


NO_RULE = ProviderRule()


@dataclass(frozen=True)
class Place:
    """Where models are named, and how. What is opaque or an alias is never wrong."""

    at: tuple[KeyPath, ...]
    written: Written
    in_key: bool = False  # the name stands in the key itself, not in its value
    when: tuple[Condition, ...] = ()  # unless all of these hold, no model is named here
    unless: tuple[Condition, ...] = ()  # nor if one of these may hold
    redirects: tuple[Condition, ...] = ()  # what sends elsewhere what is named here
    local: bool = False  # a text without a provider is a name that the file defines
    provider: ProviderRule = NO_RULE
    providers: Mapping[str, str] = field(default_factory=dict)
    """The format's names of providers, and ours. Where there are any, others cannot be verified."""
    aliases: Mapping[str, str] = field(default_factory=dict)  # always right; what each means
    suffix: tuple[str, ...] = ()  # kept in edits, left out of look-ups; `*` is any text
    drop: frozenset[str] = frozenset()  # words between provider and model: "chat"
    other_kinds: frozenset[str] = frozenset()
    """Those of `drop` behind which no chat models are named."""
    opaque: tuple[str, ...] = ()  # what a value holds that names no model: "${{"
    default: tuple[tuple[str, str], ...] = ()
    """What stands before and behind a name in an opaque text that is one after all."""
    extract: Extract | None = None
    kind: Literal["chat", "any"] = "chat"  # any: not only chat models are named here
    vendor: str = ""  # whose a name for people is that says no vendor, of those an editor offers
    most: Literal["error", "warning", "information"] = "error"
    """The highest severity of what is said here."""

    @cached_property
    def lowered_aliases(self) -> tuple[Mapping[str, str], tuple[tuple[str, str], ...]]:
        """Aliases in lower case: those that are whole names, and those that are patterns."""
        every = [(lowered(name), means) for name, means in self.aliases.items()]
        return (
            {name: means for name, means in every if ANY not in name},
            tuple(one for one in every if ANY in one[0]),
        )

    @property
    def separator(self) -> str:
        """What stands between provider and model in a text; empty where it holds no provider."""
        return SEPARATORS.get(self.written, "")
