"""Which nodes a place means: key paths, `$.models[*].model`, in the notation of RFC 9535."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from stagewright.dialects.wildcards import ANY, fits
from stagewright.text.nodes import MappingNode, Node, NodePath, ScalarNode, SequenceNode


class Like(NamedTuple):
    """Any key that fits a pattern, in any case: `['*_base_url']`."""

    pattern: str


Step = str | Like | Literal[0, 1]
ITEM: Literal[0] = 0
"""Any item of a list: `[*]`."""
KEY: Literal[1] = 1
"""Any key of a mapping: `.*`."""

Base = Literal["$", "@", "@^*", "@="]


class KeyPath(NamedTuple):
    """The steps from the top of a document to a value; a text is a key."""

    steps: tuple[Step, ...]

    def fits(self, path: NodePath) -> bool:
        """Whether the value at `path`, as a cursor has it, is meant."""
        return len(path) == len(self.steps) and all(map(_fits, self.steps, path))

    def names_keys_of(self, path: NodePath) -> bool:
        """Whether any key of the mapping at `path` is meant."""
        return self.steps[-1:] == (KEY,) and KeyPath(self.steps[:-1]).fits(path)


class RelativePath(NamedTuple):
    """A path from the top of a document or from what a value stands in.

    `$` is the top; `@` the mapping around the value, lists left out; `@^*` that and each around it;
    `@=` the value of the key, where the key is what names a model.
    """

    base: Base
    steps: tuple[Step, ...]
    up: int = 0  # of `@`: so many mappings further out, one for each `^`


def parse_path(text: str) -> KeyPath:
    """A path as it is written: `$.a.b`, `$['a key'].b`, `$.a[*]`, `$.a.*`. Raises ValueError."""
    if not text.startswith("$"):
        raise ValueError(f"invalid key path `{text}`: expected `$` at its start")
    return KeyPath(_steps(text, 1))


def parse_relative(text: str) -> RelativePath:
    """The same, or from `@`, `@^`, `@^^`, `@^*` or `@=`. Raises ValueError."""
    found = _BASE.match(text)
    if found is None:
        raise ValueError(f"invalid key path `{text}`: expected `$` or `@` at its start")
    base, steps = found[0], _steps(text, found.end())
    if not steps:
        raise ValueError(f"invalid key path `{text}`: expected a key at its end")
    if base in ("$", "@^*", "@="):
        return RelativePath(base, steps)  # type: ignore[arg-type]  # these are all it matches
    return RelativePath("@", steps, up=len(base) - 1)


def _steps(text: str, at: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            expected = "expected `.key`, `['key']`, `.*` or `[*]`"
            raise ValueError(f"invalid key path `{text}`: {expected} at `{text[at:]}`")
        name = found["name"] or found["quoted"]
        if name is None:
            steps.append(ITEM if found[0] == "[*]" else KEY)
        else:
            steps.append(Like(name) if ANY in name else name)
        at = found.end()
    return tuple(steps)


_BASE = re.compile(r"\$|@=|@\^\*|@\^*")
_STEP = re.compile(r"\[\*\]|\.\*|\.(?P<name>[\w-]+)|\['(?P<quoted>[^']+)'\]")


def from_value(at: KeyPath, path: RelativePath) -> KeyPath | None:
    """Where a relative path leads, seen from the values at a key path; None where that depends."""
    if path.base == "$":
        return KeyPath(path.steps)
    if path.base != "@":
        return None
    outer = list(at.steps)
    for _ in range(path.up + 1):
        while outer and outer[-1] == ITEM:
            outer.pop()
        if not outer:
            return None
        outer.pop()
    return KeyPath((*outer, *path.steps))


class Found(NamedTuple):
    """A value that steps lead to; `key` is its key, or of a list's item the item itself."""

    path: NodePath
    key: Node
    value: Node
    around: tuple[MappingNode, ...]  # the mappings passed, outermost first


def values_at(node: Node, steps: tuple[Step, ...]) -> Iterator[Found]:
    """Each value that the steps lead to from a node."""
    yield from _values(Found((), node, node, ()), steps)


def _values(here: Found, steps: tuple[Step, ...]) -> Iterator[Found]:
    if not steps:
        yield here
        return
    step, rest, node = steps[0], steps[1:], here.value
    match node:
        case SequenceNode() if step == ITEM:
            for index, item in enumerate(node.items):
                yield from _values(Found((*here.path, index), item, item, here.around), rest)
        case MappingNode() if step != ITEM:
            around = (*here.around, node)
            for name, value in node.pairs:
                if isinstance(name, ScalarNode) and _fits(step, name.value):
                    yield from _values(Found((*here.path, name.value), name, value, around), rest)


def _fits(step: Step, part: str | int) -> bool:
    if isinstance(part, int):
        return step == ITEM
    return fits(step.pattern, part) if isinstance(step, Like) else step in (KEY, part)


def in_words(path: NodePath) -> str:
    """A path as people read it: `providers[0].id`, `env['config.model']`."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f"[{part}]"
        elif _NAME.fullmatch(part):
            words += f".{part}" if words else part
        else:
            words += f"['{part}']"
    return words


_NAME = re.compile(r"[^\s.\[\]']+")


def beyond(steps: tuple[Step, ...], path: NodePath) -> tuple[Step, ...] | None:
    """The rest of the steps from the value at `path` on; None where they do not lead through it."""
    if len(path) > len(steps) or not all(map(_fits, steps, path)):
        return None
    return steps[len(path) :]


def node_at(node: Node | None, path: NodePath) -> Node | None:
    """What stands at a path below a node, if anything does."""
    for step in path:
        if isinstance(step, int) and isinstance(node, SequenceNode):
            node = node.items[step] if step < len(node.items) else None
        elif isinstance(step, str) and isinstance(node, MappingNode):
            node = node.get(step)
        else:
            return None
    return node
