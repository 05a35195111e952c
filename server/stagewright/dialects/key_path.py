"""Which nodes a place means: key paths, `$.models[*].model`, in the notation of RFC 9535."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stagewright.text.yaml.enclosing import Path
from stagewright.text.yaml.syntax import Mapping, Node, Scalar, Sequence

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


def parse_path(text: str) -> KeyPath:
    """A path as it is written: `$.a.b`, `$['a key'].b`, `$.a[*]`, `$.a.*`. Raises ValueError."""
    if not text.startswith("$"):
        raise ValueError(f"{text}: a key path begins with $")
    steps: list[Step] = []
    at = 1
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise ValueError(f"{text}: {text[at:]} is no step of a key path")
        name = found["name"] or found["quoted"]
        steps.append(name if name is not None else ITEM if found[0] == "[*]" else KEY)
        at = found.end()
    return KeyPath(tuple(steps))


_STEP = re.compile(r"\[\*\]|\.\*|\.(?P<name>[\w-]+)|\['(?P<quoted>[^']+)'\]")


def values_at(
    node: Node, steps: tuple[Step, ...], path: Path = ()
) -> Iterator[tuple[Path, Node, Node]]:
    """Each value that the steps lead to, with its path, and the key (or, of an item, itself)."""
    yield from _values(node, steps, path, node)


def _values(
    node: Node, steps: tuple[Step, ...], path: Path, key: Node
) -> Iterator[tuple[Path, Node, Node]]:
    if not steps:
        yield path, key, node
        return
    step, *rest = steps
    match node:
        case Sequence() if step == ITEM:
            for index, item in enumerate(node.items):
                yield from _values(item, tuple(rest), (*path, index), item)
        case Mapping() if step != ITEM:
            for name, value in node.pairs:
                if isinstance(name, Scalar) and step in (KEY, name.value):
                    yield from _values(value, tuple(rest), (*path, name.value), name)


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
