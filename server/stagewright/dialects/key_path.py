"""Which nodes a place means: key paths, `$.models[*].model`, in the notation of RFC 9535."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from stagewright.text.yaml.enclosing import Path
from stagewright.text.yaml.scan import NULLS
from stagewright.text.yaml.syntax import Alias, Mapping, Node, Scalar, Sequence

Step = str | Literal[0, 1]
ITEM: Literal[0] = 0
"""Any item of a list: `[*]`."""
KEY: Literal[1] = 1
"""Any key of a mapping: `.*`."""


@dataclass(frozen=True, slots=True)
class KeyPath:
    """The steps from the top of a document to a value; a text is a key."""

    steps: tuple[Step, ...]

    def fits(self, path: Path) -> bool:
        """Whether the value at `path`, as a cursor has it, is meant."""
        return len(path) == len(self.steps) and all(map(_fits, self.steps, path))


@dataclass(frozen=True, slots=True)
class RelativePath:
    """A path from the top of a document, `$`, or from the mapping around a value, `@`."""

    from_top: bool
    steps: tuple[Step, ...]


def parse_path(text: str) -> KeyPath:
    """A path as it is written: `$.a.b`, `$['a key'].b`, `$.a[*]`, `$.a.*`. Raises ValueError."""
    if not text.startswith("$"):
        raise ValueError(f"{text}: a key path begins with $")
    return KeyPath(_steps(text))


def parse_relative(text: str) -> RelativePath:
    """The same, or `@.a.b`. Raises ValueError."""
    if not text.startswith(("$", "@")):
        raise ValueError(f"{text}: a key path begins with $ or @")
    return RelativePath(text.startswith("$"), _steps(text))


def _steps(text: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    at = 1
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise ValueError(f"{text}: {text[at:]} is no step of a key path")
        name = found["name"] or found["quoted"]
        steps.append(name if name is not None else ITEM if found[0] == "[*]" else KEY)
        at = found.end()
    return tuple(steps)


_STEP = re.compile(r"\[\*\]|\.\*|\.(?P<name>[\w-]+)|\['(?P<quoted>[^']+)'\]")


class Found(NamedTuple):
    """A value that steps lead to; `key` is its key, or of a list's item the item itself."""

    path: Path
    key: Node
    value: Node
    around: Node  # the mapping or list that it stands in


def values_at(node: Node, steps: tuple[Step, ...]) -> Iterator[Found]:
    """Each value that the steps lead to from a node."""
    yield from _values(Found((), node, node, node), steps)


def _values(here: Found, steps: tuple[Step, ...]) -> Iterator[Found]:
    if not steps:
        yield here
        return
    (step, *rest), node = steps, here.value
    match node:
        case Sequence() if step == ITEM:
            for index, item in enumerate(node.items):
                yield from _values(Found((*here.path, index), item, item, node), tuple(rest))
        case Mapping() if step != ITEM:
            for name, value in node.pairs:
                if isinstance(name, Scalar) and step in (KEY, name.value):
                    found = Found((*here.path, name.value), name, value, node)
                    yield from _values(found, tuple(rest))


def may_be_there(path: RelativePath, top: Node, around: Node) -> bool:
    """Whether something stands at a path, counted from the top or from what a value stands in; or
    may, where an alias, a merge key or the name of a file stands for a mapping on the way."""
    return _may_be(top if path.from_top else around, path.steps)


def _may_be(node: Node, steps: tuple[Step, ...]) -> bool:
    match node:
        case Alias():
            return True
        case Scalar() if steps:
            return bool(node.style) or node.value not in NULLS
        case Mapping() if steps and any(
            isinstance(k, Scalar) and k.value == "<<" for k, _ in node.pairs
        ):
            return True
    return not steps or any(_may_be(found.value, steps[1:]) for found in values_at(node, steps[:1]))


def _fits(step: Step, part: str | int) -> bool:
    if isinstance(part, int):
        return step == ITEM
    return step in (KEY, part)


def in_words(path: Path) -> str:
    """A path as people read it: `providers[0].id`."""
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else part
    return words
