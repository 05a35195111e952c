"""Snippets: keys and list items with what they require below them, in the file's own layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from stagewright.dialects.choragen.schema import (
    ACTION,
    ACTION_TYPES,
    DEFAULT_MODEL,
    GATE_TYPES,
    STAGE,
    STAGE_TYPES,
)
from stagewright.dialects.choragen.shapes import Key, Kind, Need, Shape, Value

TO_DO = "TODO"
"""What stands where only a person knows the value, and nothing can be left empty."""

_NEEDED = (Need.REQUIRED, Need.EXPECTED)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where something is to be filled in: one of `words`, or anything instead of `given`."""

    words: tuple[str, ...] = ()
    given: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list of one item."""

    item: Content


Pairs = tuple[tuple[str, "Content"], ...]
Content = str | Placeholder | Items | Pairs
"""What a snippet writes: a fixed text, a place, a list, or a mapping."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written where the snippet goes. Columns count from the line's beginning."""

    column: int  # of the key or dash that the snippet begins with
    child: int = 2  # by how much keys below a key are indented
    dash: int = 2  # by how much the dashes of a list below a key are
    flow: bool = False


def key_content(key: Key, now: datetime) -> Content:
    """What stands behind a new key: what is required there, else what comes first."""
    shape = key.shape
    match shape.kind:
        case Kind.MAPPING:
            needed = [one for one in shape.keys if one.need in _NEEDED and not one.only_for]
            return _pairs_of(needed or shape.keys[:1], now)
        case Kind.LIST if shape.items is not None:
            return Items(_item_content(shape.items, now))
        case Kind.DATE:
            return Placeholder(given=timestamp(now))
        case Kind.NUMBER:
            return Placeholder(given="1")
        case _:
            return _text_place(shape, quoted=key.variables)


def item_contents(shape: Shape, now: datetime) -> Iterator[tuple[str, str, Content]]:
    """Whole items of a list by their shape, each with a label and a line about it."""
    if shape is STAGE:
        yield from _stages(now)
    elif shape is ACTION:
        for word in ACTION_TYPES:
            own = (key for key in shape.keys if word.name in key.only_for and key.need in _NEEDED)
            pairs = ((key.name, key_content(key, now)) for key in own)
            yield word.name, plain_doc(word), (("type", word.name), *pairs)
    else:
        noun = shape.noun.partition(" ")[2]
        yield noun, f"A new {noun}, with what it needs.", _item_content(shape, now)


def plain_doc(value: Value) -> str:
    """What a word means, without Markdown."""
    return value.doc.replace("`", "").replace("*", "")


def _item_content(shape: Shape, now: datetime) -> Content:
    """A new item of a list: what it nearly always has."""
    if shape.kind is not Kind.MAPPING:
        return _text_place(shape)
    usual = [one for one in shape.keys if one.need is not Need.OPTIONAL and not one.only_for]
    return _pairs_of(usual, now)


def _pairs_of(keys: Sequence[Key], now: datetime) -> Content:
    return tuple((key.name, key_content(key, now)) for key in keys) or Placeholder()


def _text_place(shape: Shape, *, quoted: bool = False) -> Placeholder:
    return Placeholder(tuple(value.name for value in shape.values), quoted=quoted)


def as_written(content: Content) -> Content:
    """The content for an edit, without places: with the first word, or what is to be filled in."""
    match content:
        case Placeholder():
            text = next(iter(content.words), content.given) or TO_DO
            return f'"{text}"' if content.quoted else text
        case Items():
            return Items(as_written(content.item))
        case str():
            return content
    return tuple((name, as_written(value)) for name, value in content)


def timestamp(now: datetime) -> str:
    """A moment as Choragen writes it: in UTC, with milliseconds."""
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"


def _stages(now: datetime) -> Iterator[tuple[str, str, Content]]:
    name: tuple[str, Content] = ("name", Placeholder())
    kind: tuple[str, Content] = ("type", Placeholder(tuple(value.name for value in STAGE_TYPES)))
    model = ("defaultModel", _pairs_of(DEFAULT_MODEL.keys, now))
    gate = ("gate", (("type", Placeholder(tuple(value.name for value in GATE_TYPES))),))
    approval = ("gate", (("type", "human_approval"), ("prompt", Placeholder(quoted=True))))
    checks = ("gate", (("type", "verification_pass"), ("commands", Items(Placeholder()))))
    yield "stage", "A stage and its gate.", (name, kind, gate)
    yield "stage with a model", "A stage with a model of its own.", (name, kind, model, gate)
    yield "stage with approval", "A stage that somebody must approve.", (name, kind, approval)
    verification = ("type", "verification")
    yield "stage with checks", "A stage whose commands must succeed.", (name, verification, checks)


def write_key(name: str, content: Content, layout: Layout) -> str:
    """The snippet for a key with its value; further lines begin with their whole indentation."""
    return _key(name, content, layout, count(1))


def write_item(content: Content, layout: Layout, *, dash: bool) -> str:
    """The snippet for a list item, with or without its dash, which stands at `layout.column`."""
    text = _item(content, layout, count(1))
    return text if dash else text.removeprefix("- ")


def _key(name: str, content: Content, layout: Layout, numbers: count[int]) -> str:
    if isinstance(content, str | Placeholder):
        return f"{name}: {_scalar(content, numbers)}"
    if layout.flow:
        return f"{name}: {_in_flow(content, numbers)}"
    if isinstance(content, Items):
        inner = _at(layout, layout.column + layout.dash)
        below = _item(content.item, inner, numbers)
    else:
        inner = _at(layout, layout.column + layout.child)
        below = _pairs(content, inner, numbers)
    return f"{name}:\n{' ' * inner.column}{below}"


def _pairs(pairs: Pairs, layout: Layout, numbers: count[int]) -> str:
    joint = f"\n{' ' * layout.column}"
    return joint.join(_key(name, content, layout, numbers) for name, content in pairs)


def _item(content: Content, layout: Layout, numbers: count[int]) -> str:
    if isinstance(content, str | Placeholder):
        return f"- {_scalar(content, numbers)}"
    if isinstance(content, Items):
        return f"- {_in_flow(content, numbers)}"
    return f"- {_pairs(content, _at(layout, layout.column + 2), numbers)}"


def _at(layout: Layout, column: int) -> Layout:
    return Layout(column, layout.child, layout.dash, layout.flow)


def _in_flow(content: Content, numbers: count[int]) -> str:
    if isinstance(content, str | Placeholder):
        return _scalar(content, numbers)
    if isinstance(content, Items):
        return f"[{_in_flow(content.item, numbers)}]"
    return "{" + ", ".join(f"{name}: {_in_flow(one, numbers)}" for name, one in content) + "}"


def _scalar(content: str | Placeholder, numbers: count[int]) -> str:
    if isinstance(content, str):
        return content
    number = next(numbers)
    if content.words:
        return f"${{{number}|{','.join(content.words)}|}}"
    place = f"${{{number}:{content.given}}}" if content.given else f"${number}"
    return f'"{place}"' if content.quoted else place
