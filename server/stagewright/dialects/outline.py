"""What the parts of a long file, which are read apart, say of the mappings around them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from stagewright.dialects.around import Facts, Level, Looked, Outer, found_in, joined, looked_for
from stagewright.dialects.key_path import Step, beyond, node_at
from stagewright.dialects.place import Place
from stagewright.text.nodes import MappingNode, Node, NodePath

Outline = Mapping[NodePath, Facts]
"""Of each mapping that parts stand in, by its path, what is found in it, in whichever part."""


def around_parts(paths: Iterable[NodePath]) -> frozenset[NodePath]:
    """The paths of all mappings that parts with these paths stand in."""
    return frozenset(outer for path in paths for outer in _outer(path))


def told_by(
    node: Node | None, path: NodePath, around: Collection[NodePath], places: Iterable[Place]
) -> Outline:
    """What a part, whose node stands at `path`, says of the mappings that parts stand in."""
    if node is None:
        return {}
    told: dict[NodePath, Facts] = {}
    wanted = looked_for(places)
    for outer in _outer(path):
        within = path[len(outer) :]
        told[outer] = _found(node, wanted, within)
    if path in around:  # the rest of a mapping, and of those in it
        for inner in around:
            if inner[: len(path)] == path:
                below = node_at(node, inner[len(path) :])
                if isinstance(below, MappingNode):
                    told[inner] = _found(below, wanted, ())
    return {outer: facts for outer, facts in told.items() if facts}


def together(outlines: Iterable[Outline]) -> Outline:
    """What all parts say."""
    several: dict[NodePath, dict[tuple[Step, ...], Looked]] = {}
    for outline in outlines:
        for outer, facts in outline.items():
            known = several.setdefault(outer, {})
            for steps, looked in facts.items():
                known[steps] = joined((known[steps], looked)) if steps in known else looked
    return several


def concerning(outline: Outline, path: NodePath, around: Collection[NodePath]) -> Outline:
    """Of an outline, what the part at a path depends on."""
    if path in around:
        return outline
    return {outer: outline[outer] for outer in _outer(path) if outer in outline}


def levels(
    outline: Outline,
    around: Collection[NodePath],
    path: NodePath,
    steps: NodePath,
    passed: Iterable[MappingNode],
) -> tuple[Level, ...]:
    """The mappings from the top of the file inwards, for a value that steps lead to from the part
    at a path, through the mappings `passed`."""
    outer: list[Level] = [Outer(None, outline.get(one, {})) for one in _outer(path)]
    at = (place for place, step in enumerate(steps) if isinstance(step, str))
    for place, node in zip(at, passed, strict=False):
        here = (*path, *steps[:place])
        outer.append(Outer(node, outline.get(here, {})) if here in around else node)
    return tuple(outer)


def _outer(path: NodePath) -> Iterator[NodePath]:
    return (path[:place] for place, step in enumerate(path) if isinstance(step, str))


def _found(node: Node, wanted: Mapping[tuple[Step, ...], set[str]], within: NodePath) -> Facts:
    found: dict[tuple[Step, ...], Looked] = {}
    for steps, counts in wanted.items():
        rest = beyond(steps, within)
        looked = None if rest is None else found_in(node, rest, counts)
        if looked is not None:
            found[steps] = looked
    return found
