"""Nodes against the schema: missing, unknown and doubled keys, values of the wrong shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partialmethod
from math import isfinite
from typing import Literal

from stagewright.catalog.nearest import nearest
from stagewright.dialects.choragen.schema import (
    ACTION_TYPE,
    DEFAULT_MODEL,
    GATE,
    GATE_TYPE,
    ROLE_MODEL,
    STAGE,
)
from stagewright.dialects.choragen.shapes import SPOKEN_BOOLEANS, Key, Kind, Need, Shape
from stagewright.dialects.sites import is_null
from stagewright.text.buffer import Span
from stagewright.text.nodes import AliasNode, MappingNode, Node, NodePath, ScalarNode, SequenceNode

Remedy = Literal["", "rename", "replace", "remove", "add", "unfold"]

MOST = 2_000
"""Violations that are looked for below one node: a hostile file could hold millions."""

_RUN_TIME_ACTIONS = frozenset({"validation"})  # there are such actions, but not in templates


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One structural diagnostic; its span counts as those of the nodes do that were looked at.

    What fixes it: `path` leads from there to the mapping or value concerned, and `names` are the
    keys or words that the remedy takes, the best first.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str = field(compare=False)  # for people
    span: Span
    remedy: Remedy = ""
    path: NodePath = ()
    names: tuple[str, ...] = ()


def violations_in(
    node: MappingNode, shape: Shape, anchor: Span, *, broken: bool, elsewhere: str = ""
) -> list[SchemaViolation]:
    """What the schema has to say against a mapping.

    `anchor` is where a missing key is reported. In a `broken` text nothing counts as missing or
    empty: it may stand in what cannot be read. `elsewhere` is a key whose list is known to have
    items, though they are not in `node`.
    """
    check = _Check(broken, elsewhere)
    check.mapping(node, shape, anchor, ())
    return check.violations


def structure_error(message: str, span: Span) -> SchemaViolation:
    """A violation for which Choragen refuses the file, and which only writing it anew fixes."""
    return SchemaViolation("template-structure", "error", message, span)


def near(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that could be meant by a text, the nearest first."""
    return _near(text, tuple(names))


@lru_cache(maxsize=1 << 10)
def near_word(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The same for a word out of a few, of which a part may be meant: `aproval`."""
    parts = [(part, word) for word in words for part in word.split("_") if part != word]
    exact = [word for part, word in parts if part == text]
    alike = [word for _, word in nearest(text, parts, 3, name=lambda pair: pair[0])]
    return tuple(dict.fromkeys((*near(text, words), *exact, *alike)))[:3]


@lru_cache(maxsize=1 << 10)
def _near(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Remembered: one slip often stands in every stage, and every file of a workspace."""
    return tuple(nearest(text, names, 3, name=str))


def did_you_mean(names: Sequence[str]) -> str:
    """A question that ends a message, or nothing."""
    return f" Did you mean `{names[0]}`?" if names else ""


def joined(names: Sequence[str], last: str) -> str:
    """The names in backticks: "`a`, `b` and `c`", if `last` is `and`."""
    marked = [f"`{name}`" for name in names]
    return f" {last} ".join(filter(None, (", ".join(marked[:-1]), marked[-1])))


class _Check:
    """One walk down a mapping's nodes."""

    def __init__(self, broken: bool, elsewhere: str) -> None:
        self.broken, self.elsewhere = broken, elsewhere
        self.violations: list[SchemaViolation] = []

    def mapping(self, node: MappingNode, shape: Shape, anchor: Span, path: NodePath) -> None:
        kind = node.scalar("type")
        type_value = kind.value if kind else None
        there = {key.value for key, _ in node.pairs if isinstance(key, ScalarNode)}
        left = [key.name for key in shape.keys if key.name not in there]
        written: set[str] = set()
        for name, value in node.pairs:
            if len(self.violations) >= MOST:
                return
            if not isinstance(name, ScalarNode):
                continue
            key = shape.key(name.value)
            if name.value in written:
                self._doubled(name, shape, path)
            elif key is None:
                self._unknown(name, left, shape, path)
            elif not _is_of_reference(name, shape):
                self._value(value, name, key, key.needed_for(type_value), path)
            written.add(name.value)
        if "<<" not in written:
            self._missing(written, shape, type_value, anchor, path)

    def _doubled(self, name: ScalarNode, shape: Shape, path: NodePath) -> None:
        if _is_of_reference(name, shape):
            return
        message = f"Duplicate key `{name.value}` in this {shape.noun}. Remove one of them."
        self._error(message, name.span, "remove", path)

    def _unknown(self, name: ScalarNode, left: Sequence[str], shape: Shape, path: NodePath) -> None:
        """`left` are the keys that could be meant, since they are not there yet."""
        if shape.open or name.value.startswith("x-") or name.value == "<<":
            return
        names = near(name.value, left)
        rest = did_you_mean(names) or " Choragen ignores it. Remove it."
        message = f"Unknown key `{name.value}` in this {shape.noun}.{rest}"
        remedy: Remedy = "rename" if names else ""
        self.violations.append(
            SchemaViolation("key-unknown", "warning", message, name.span, remedy, path, names)
        )

    def _missing(
        self, written: set[str], shape: Shape, type_value: str | None, anchor: Span, path: NodePath
    ) -> None:
        if self.broken or _is_reference(shape):
            return
        required: list[str] = []
        expected: list[str] = []
        for key in shape.keys:
            if key.name not in written:
                match key.needed_for(type_value):
                    case Need.REQUIRED:
                        required.append(key.name)
                    case Need.EXPECTED:
                        expected.append(key.name)
        if required:
            message = f"Missing {joined(required, 'and')} in this {shape.noun}."
            self._error(message, anchor, "add", path, required)
        if expected:
            missing = f"Missing {joined(expected, 'and')} in this {shape.noun}"
            message = f"{missing}: {_without(shape)}."
            self._warning(message, anchor, "add", path, expected)

    def _value(self, value: Node, name: ScalarNode, key: Key, need: Need, path: NodePath) -> None:
        path = (*path, key.name)
        if _is_reference(key.shape):
            if isinstance(
                value, MappingNode
            ):  # its further keys; the rest is said of it as a whole
                self.mapping(value, key.shape, name.span, path)
        elif is_null(value) or (isinstance(value, ScalarNode) and not value.value.strip()):
            self._empty(value, name, key, need, path)
        elif key.shape.kind is Kind.LIST and isinstance(value, SequenceNode) and not value.items:
            filled = key.filled and need is Need.REQUIRED and key.name != self.elsewhere
            if filled and not self.broken:
                self._error(f"`{key.name}` is empty: it needs at least one item.", value.span)
        else:
            self._shape(value, key.shape, key, f"`{key.name}`", name.span, path)

    def _empty(self, value: Node, name: ScalarNode, key: Key, need: Need, path: NodePath) -> None:
        span = name.span if value.span.start == value.span.end else value.span
        if self.broken:
            return
        if key.shape.kind is Kind.MAPPING:
            self._missing(set(), key.shape, None, span, path)
        elif need is Need.REQUIRED:
            more = ": it needs at least one item" if key.filled else ""
            self._error(f"`{key.name}` is empty{more}.", span)
        elif need is Need.EXPECTED:
            self._warning(f"`{key.name}` is empty: {_without(key.shape)}.", span)

    def _shape(
        self, value: Node, shape: Shape, key: Key, label: str, anchor: Span, path: NodePath
    ) -> None:
        """A value that is written, against what it should be; `key` is its own or its list's."""
        match shape.kind, value:
            case (Kind.ANY, _) | (_, AliasNode()):
                pass
            case Kind.MAPPING, MappingNode():
                self.mapping(value, shape, anchor, path)
            case Kind.LIST, SequenceNode():
                self._list(value, shape, key, path)
            case Kind.MAPPING, _:
                how = "Write its keys on lines of their own below."
                remedy: Remedy = "unfold" if shape is GATE else ""
                message = f"{label} must be a mapping, not {_form(value)}. {how}"
                self._error(message, value.span, remedy, path)
            case Kind.LIST, _:
                how = "Write each item on a line of its own below, after a dash."
                self._error(f"{label} must be a list, not {_form(value)}. {how}", value.span)
            case _, ScalarNode():
                self._text(value, shape, key, path)
            case _:
                add = self._warning if key.lenient else self._error
                add(f"{label} must be {shape.any_one}, not {_form(value)}.", value.span)

    def _list(self, value: SequenceNode, shape: Shape, key: Key, path: NodePath) -> None:
        assert shape.items is not None
        for index, item in enumerate(value.items):
            if len(self.violations) >= MOST:
                return
            label = f"This item of `{key.name}`"
            anchor = item.span
            if isinstance(item, MappingNode) and item.pairs:
                first = item.pairs[0][0].span
                # What a merge key stands for may come first, and lies elsewhere.
                anchor = first if first.start >= item.span.start else item.span
            if is_null(item) or (isinstance(item, ScalarNode) and not item.value.strip()):
                self._error(f"{label} is empty.", anchor)
            else:
                self._shape(item, shape.items, key, label, anchor, (*path, index))

    def _text(self, value: ScalarNode, shape: Shape, key: Key, path: NodePath) -> None:
        text = value.value
        if shape.kind is Kind.TEXT and shape.values and not shape.open:
            names = [word.name for word in shape.values]
            if text in names:
                return
            meant = near_word(text, tuple(names))
            rest = did_you_mean(meant) or f" Expected {joined(names, 'or')}."
            message = f"`{text}` is not {shape.any_one}.{rest}"
            if shape is ACTION_TYPE and text in _RUN_TIME_ACTIONS:
                message = f"Actions of type `{text}` are not allowed in templates."
            self._error(message, value.span, "replace", path, meant)
            return
        wrong = not _can_be(shape.kind, text)
        if wrong and key.lenient:
            message = f"`{key.name}` must be {shape.any_one}. Choragen ignores this value."
            self._warning(message, value.span)
        elif wrong:
            self._error(f"`{key.name}` must be {shape.any_one}.", value.span)

    def _add(
        self,
        severity: Literal["error", "warning"],
        message: str,
        span: Span,
        remedy: Remedy = "",
        path: NodePath = (),
        names: Sequence[str] = (),
    ) -> None:
        self.violations.append(
            SchemaViolation(
                "template-structure", severity, message, span, remedy, path, tuple(names)
            )
        )

    _error = partialmethod(_add, "error")
    _warning = partialmethod(_add, "warning")


def _without(shape: Shape) -> str:
    """What follows where a value is empty, or where keys are missing that it ought to have."""
    if shape is STAGE:
        return "Choragen assumes one of type `auto`"
    if shape is GATE or shape is GATE_TYPE:
        return "Choragen assumes `auto`"
    return "it fails when the stage runs"


def _is_reference(shape: Shape) -> bool:
    """Whether it is a model reference, which is judged as a whole elsewhere."""
    return shape is DEFAULT_MODEL or shape is ROLE_MODEL


def _is_of_reference(name: ScalarNode, shape: Shape) -> bool:
    """Whether the key is a half of a model reference: what is wrong there is said of the whole."""
    return _is_reference(shape) and name.value in ("provider", "model")


def _form(value: Node) -> str:
    match value:
        case MappingNode():
            return "a mapping"
        case SequenceNode():
            return "a list"
        case _:
            return "a string"


def _can_be(kind: Kind, text: str) -> bool:
    match kind:
        case Kind.BOOLEAN:
            return text.lower() in SPOKEN_BOOLEANS
        case Kind.NUMBER:
            return _is_number(text)
        case Kind.DATE:
            return _is_date(text)
        case Kind.TEXT | Kind.MAPPING | Kind.LIST | Kind.ANY:
            return True


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
