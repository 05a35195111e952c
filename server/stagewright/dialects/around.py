"""What stands around a value: the keys beside it, further out and at the top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from stagewright.dialects.key_path import RelativePath, Step, beyond, values_at
from stagewright.dialects.notation import HIDDEN
from stagewright.dialects.place import Condition, Place
from stagewright.dialects.wildcards import fits
from stagewright.text.nodes import AliasNode, MappingNode, Node, NodePath, ScalarNode
from stagewright.text.yaml.scan import NULLS


class Looked(NamedTuple):
    """What is at a path. `there` is None where an alias, a merge key or the name of a file stands
    for a mapping on the way, so that it may be there."""

    there: bool | None
    texts: tuple[str, ...] = ()  # those of single values


_NOT, _MAYBE = Looked(False), Looked(None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was looked for in a mapping, in place of it: equal where nothing of that has changed."""

    found: dict[tuple[Step, ...], Looked] = field(default_factory=dict)


def joined(several: Iterable[Facts]) -> Facts:
    """What several parts of a file say of its top."""
    found: dict[tuple[Step, ...], Looked] = {}
    for one in several:
        for steps, looked in one.found.items():
            found[steps] = _joined((found.get(steps, _NOT), looked))
    return Facts(found)


class Top(NamedTuple):
    """What stands at the top of a file that is read in parts: the part that is looked at, if it is
    the top itself, and what all of them say."""

    node: MappingNode | None
    facts: Facts


Level = MappingNode | Facts | Top


Seen = dict[tuple[int, tuple[Step, ...]], Looked]
"""What was found in mappings, by their identity: many values stand in the same ones."""


class Around(NamedTuple):
    """What a value stands in: the mappings from the top inwards; and where a key names the model,
    the value of that key."""

    levels: tuple[Level, ...]
    value: Node | None = None
    seen: Seen | None = None


def look(path: RelativePath, around: Around) -> Looked:
    """What is at a path, seen from a value."""
    if path.base == "@=":
        return _NOT if around.value is None else _in(around.value, path.steps)
    found = [_at(level, path.steps, around.seen) for level in _levels(path, around)]
    certain = next((one for one in found if one.there), None)
    return certain or (_MAYBE if _MAYBE in found else _NOT)


def scalar_at(path: RelativePath, around: Around) -> ScalarNode | None:
    """The value there, as the text has it, if it is a single one that has been read."""
    for level in _levels(path, around):
        node = level.node if isinstance(level, Top) else level
        if isinstance(node, MappingNode):
            for found in values_at(node, path.steps):
                return found.value if isinstance(found.value, ScalarNode) else None
    return None


def holds(condition: Condition, around: Around, opaque: Iterable[str]) -> bool | None:
    """Whether a condition holds; None where it may: what it asks for is hidden, or filled in
    elsewhere, as a text is that holds a variable of those in `opaque`."""
    found = look(condition.at, around)
    if not condition.values or not found.there:
        return found.there
    if any(fits(one, text) for one in condition.values for text in found.texts):
        return True
    filled_in = [mark for mark in opaque if set(mark) & _OF_VARIABLES]
    return None if any(mark in text for mark in filled_in for text in found.texts) else False


_OF_VARIABLES = frozenset("${")
"""Signs of what is filled in elsewhere, other than of a name that is only of no use here."""


def is_named_here(place: Place, around: Around) -> bool:
    """Whether a model is named where a place's key path leads to."""
    return all(holds(one, around, place.opaque) for one in place.when) and not any(
        holds(one, around, place.opaque) is not False for one in place.unless
    )


def is_redirected(place: Place, around: Around) -> bool:
    """Whether something sends elsewhere what is named here, or may."""
    return any(holds(one, around, place.opaque) is not False for one in place.redirects)


def provider_beside(place: Place, around: Around) -> tuple[str | None, ScalarNode | None]:
    """The provider that the first of a place's keys names which is there, and the value of that
    key where it has been read; None where none is there."""
    for path in place.provider.keys:
        found = look(path, around)
        if found.there is False or (found.there and not found.texts):
            continue
        if not found.texts or any(mark in found.texts[0] for mark in place.opaque):
            return HIDDEN, None
        return found.texts[0].strip(), scalar_at(path, around)
    return None, None


def facts(node: Node | None, places: Iterable[Place], path: NodePath = ()) -> Facts:
    """What a node says of all that places may look for at the top of a file; it stands at `path`
    there. Texts only where they are compared or read."""
    found: dict[tuple[Step, ...], Looked] = {}
    if node is not None:
        for place in places:
            for one, is_read in _looked_for(place):
                steps = beyond(one.steps, path)
                if steps is not None and (looked := _in(node, steps)) != _NOT:
                    known = found.get(one.steps, _NOT)
                    found[one.steps] = looked if is_read or known.texts else Looked(looked.there)
    return Facts(found)


def levels_outside(top: Facts, path: NodePath) -> tuple[Level, ...]:
    """The mappings around a part of a file, which stands at this path."""
    keys = sum(isinstance(step, str) for step in path)
    levels: list[Level] = [Top(None, top), *(Facts() for _ in range(keys - 1))]
    return tuple(levels[:keys])


def _looked_for(place: Place) -> Iterator[tuple[RelativePath, bool]]:
    for one in (*place.redirects, *place.when, *place.unless):
        yield one.at, bool(one.values)
    for path in place.provider.keys:
        yield path, True


def _levels(path: RelativePath, around: Around) -> tuple[Level, ...]:
    """The mappings in which a path begins, innermost first."""
    match path.base:
        case "$":
            return around.levels[:1]
        case "@^*":
            return around.levels[::-1]
        case _:
            index = len(around.levels) - 1 - path.up
            return (around.levels[index],) if index >= 0 else ()


def _at(level: Level, steps: tuple[Step, ...], seen: Seen | None) -> Looked:
    match level:
        case Top():
            return level.facts.found.get(steps, _NOT)
        case Facts():
            return level.found.get(steps, _NOT)
    if seen is None:
        return _in(level, steps)
    found = seen.get((id(level), steps))
    if found is None:
        found = seen[id(level), steps] = _in(level, steps)
    return found


def _in(node: Node, steps: tuple[Step, ...]) -> Looked:
    match node:
        case AliasNode():
            return _MAYBE
        case _ if not steps:
            is_text = isinstance(node, ScalarNode) and (node.style or node.value not in NULLS)
            return Looked(True, (node.value,) if is_text and isinstance(node, ScalarNode) else ())
        case ScalarNode():
            return _MAYBE if node.style or node.value not in NULLS else _NOT
        case MappingNode() if isinstance(steps[0], str):  # nearly always
            value = node.get(steps[0])
            found = _NOT if value is None else _in(value, steps[1:])
        case _:
            found = _joined([_in(one.value, steps[1:]) for one in values_at(node, steps[:1])])
    if found == _NOT and isinstance(node, MappingNode) and node.get("<<") is not None:
        return _MAYBE
    return found


def _joined(several: Iterable[Looked]) -> Looked:
    """What is there, of what was found at several places."""
    found = tuple(several)
    if any(one.there for one in found):
        return Looked(True, tuple(text for one in found for text in one.texts))
    return _MAYBE if _MAYBE in found else _NOT
