"""What stands around a value: the keys beside it, further out and at the top."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from stagewright.dialects.key_path import RelativePath, Step, values_at
from stagewright.dialects.notation import HIDDEN
from stagewright.dialects.place import Condition, Place
from stagewright.dialects.wildcards import ANY, fits
from stagewright.text.nodes import AliasNode, MappingNode, Node, ScalarNode
from stagewright.text.yaml.scan import NULLS


class Looked(NamedTuple):
    """What is at a path. `there` is None where an alias, a merge key or the name of a file stands
    for a mapping on the way, so that it may be there."""

    there: bool | None
    texts: tuple[str, ...] = ()  # those of single values


_NOT, _MAYBE = Looked(False), Looked(None)


Facts = Mapping[tuple[Step, ...], Looked]
"""What was looked for in a mapping, and found."""


class Outer(NamedTuple):
    """A mapping of which parts are read apart: the rest, where it stands in the part that is looked
    at, and what is found in all of it."""

    node: MappingNode | None
    facts: Facts


Level = MappingNode | Outer


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
        node = level.node if isinstance(level, Outer) else level
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
    if condition.as_written:
        return False
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


def looked_for(places: Iterable[Place]) -> dict[tuple[Step, ...], set[str]]:
    """All that places look for around their values, with patterns of the texts that count there."""
    found: dict[tuple[Step, ...], set[str]] = {}
    for place in places:
        for one in (*place.redirects, *place.when, *place.unless):
            counts = one.values if one.as_written else (ANY,) if one.values else ()
            found.setdefault(one.at.steps, set()).update(counts)
        for path in place.provider.keys:
            found.setdefault(path.steps, set()).add(ANY)
    return found


def found_in(node: Node, steps: tuple[Step, ...], counts: Collection[str]) -> Looked | None:
    """What steps lead to from a node; of the texts those that fit one of the patterns."""
    found = _in(node, steps)
    if found == _NOT:
        return None
    is_any = ANY in counts
    texts = (text for text in found.texts if is_any or any(fits(one, text) for one in counts))
    return Looked(found.there, tuple(texts))


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
    if isinstance(level, Outer):
        return level.facts.get(steps, _NOT)
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
            is_word = _WORD.fullmatch(node.value) or (not node.style and node.value in NULLS)
            return _NOT if is_word else _MAYBE
        case MappingNode() if isinstance(steps[0], str):  # nearly always
            value = node.get(steps[0])
            found = _NOT if value is None else _in(value, steps[1:])
        case _:
            found = joined([_in(one.value, steps[1:]) for one in values_at(node, steps[:1])])
    if found == _NOT and isinstance(node, MappingNode) and node.get("<<") is not None:
        return _MAYBE
    return found


_WORD = re.compile(r"[\w -]*")
"""What is no file's name and has nothing filled in."""


def joined(several: Iterable[Looked]) -> Looked:
    """What is there, of what was found at several places."""
    found = tuple(several)
    if any(one.there for one in found):
        return Looked(True, tuple(text for one in found for text in one.texts))
    return _MAYBE if _MAYBE in found else _NOT
