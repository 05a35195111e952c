"""How a schema is written down: shapes of values, keys of mappings, words; all documented."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SPOKEN_BOOLEANS = frozenset({"true", "false", "yes", "no", "on", "off"})
"""What YAML takes for true or false; Choragen knows the first two."""


class Kind(StrEnum):
    """What a value may be. Every scalar is a text to Choragen: `4` and `true` are texts too."""

    TEXT = "text"
    BOOLEAN = "boolean"
    NUMBER = "number"
    DATE = "date-time"  # ISO 8601
    MAPPING = "mapping"
    LIST = "list"
    ANY = "any"


class Need(StrEnum):
    """What follows when a key is missing."""

    REQUIRED = "required"  # the file is refused
    EXPECTED = "expected"  # it falls back silently, or fails when the stage runs
    USUAL = "usual"  # nothing; but nearly everybody writes it
    OPTIONAL = "optional"  # nothing


@dataclass(frozen=True, slots=True)
class Value:
    """A word that a value can be. `doc` is Markdown."""

    name: str
    doc: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands behind a key, or as an item of a list."""

    kind: Kind
    noun: str = "string"  # what messages call it
    article: str = "a"  # what stands before the noun, if anything does
    values: tuple[Value, ...] = ()  # the words that a text can be
    open: bool = False  # `values` are suggestions; of a mapping: other keys are as good
    keys: tuple[Key, ...] = ()  # of a mapping, in the order that people write them
    items: Shape | None = None  # of a list

    @property
    def any_one(self) -> str:
        """The noun with its article."""
        return f"{self.article} {self.noun}" if self.article else self.noun

    def key(self, name: str) -> Key | None:
        """The key of that name, if the shape knows one."""
        for key in self.keys:
            if key.name == name:
                return key
        return None


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping. `doc` is Markdown."""

    name: str
    doc: str
    shape: Shape
    need: Need = Need.OPTIONAL
    only_for: tuple[str, ...] = ()  # the values of `type` beside it that it belongs to; () all
    filled: bool = False  # an empty list is no better than none
    lenient: bool = False  # a wrong value is not refused: something else is taken silently
    refers_to: str = ""  # "role" or "tool": its texts are such ids
    variables: bool = False  # `{{variables}}` in it are replaced

    def needed_for(self, type_value: str | None) -> Need:
        """What follows from its absence in a mapping whose `type` has this value."""
        if self.only_for and type_value not in self.only_for:
            return Need.OPTIONAL
        return self.need


def keys_for(shape: Shape, type_value: str | None) -> tuple[Key, ...]:
    """The keys that make sense in a mapping of this `type`; all where that is unknown."""
    known = shape.key("type")
    if known is None or type_value not in {value.name for value in known.shape.values}:
        return shape.keys
    return tuple(key for key in shape.keys if not key.only_for or type_value in key.only_for)


def text(
    *values: Value,
    noun: str = "string",
    article: str = "a",
    open: bool = False,  # noqa: A002
) -> Shape:
    """A text; with values, one of these words."""
    return Shape(Kind.TEXT, noun, article, values, open)


def mapping(noun: str, *keys: Key, article: str = "a", open: bool = False) -> Shape:  # noqa: A002
    """A mapping with these keys."""
    return Shape(Kind.MAPPING, noun, article, keys=keys, open=open)


def list_of(noun: str, items: Shape) -> Shape:
    """A list."""
    return Shape(Kind.LIST, noun, items=items)


TEXT = text()
BOOLEAN = Shape(
    Kind.BOOLEAN, "true or false", "", values=(Value("true", "Yes."), Value("false", "No."))
)
NUMBER = Shape(Kind.NUMBER, "number")
DATE = Shape(Kind.DATE, "date and time, such as 2026-11-22T15:48:46.727Z")
ANY = Shape(Kind.ANY, "value", "any", open=True)
