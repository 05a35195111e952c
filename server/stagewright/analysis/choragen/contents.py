"""What the schema has stand in a new key or a new item of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from stagewright.dialects.choragen.schema import (
    ACTION,
    ACTION_TYPES,
    DEFAULT_MODEL,
    GATE_TYPES,
    STAGE,
    STAGE_TYPES,
)
from stagewright.dialects.choragen.shapes import Key, Kind, Need, Shape, Value
from stagewright.text.yaml.snippets import Content, Items, Placeholder

_NEEDED = (Need.REQUIRED, Need.EXPECTED)


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
        case Kind.TEXT | Kind.BOOLEAN | Kind.LIST | Kind.ANY:
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
        yield shape.noun, f"A new {shape.noun}, with what it needs.", _item_content(shape, now)


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
