"""What both readers of tokens are held to: nodes as plain values, and how much of half a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stagewright.text.nodes import MappingNode, Node, Parsed, ScalarNode, SequenceNode

ODD = ("\0", "\ud800", "\ufeff", "🎭", "\t", "\x85")
"""Characters that a text may hold and a reader stumble over."""


def plain(node: Node | None, word: Callable[[str], Any]) -> Any:
    """A node as the standard library has it, which reads a `word`; of equal keys the last."""
    match node:
        case MappingNode():
            return {
                key.value: plain(value, word)
                for key, value in node.pairs
                if isinstance(key, ScalarNode)
            }
        case SequenceNode():
            return [plain(item, word) for item in node.items]
        case ScalarNode() if not node.style and node.value:
            try:
                return word(node.value)
            except ValueError:
                return node.value
        case ScalarNode():
            return node.value
    return None


def nodes(node: Node | None, *, keys: bool = True) -> Iterator[Node]:
    """A node and all in it."""
    if node is None:
        return
    yield node
    match node:
        case MappingNode():
            for key, value in node.pairs:
                yield from (key,) if keys else ()
                yield from nodes(value, keys=keys)
        case SequenceNode():
            for item in node.items:
                yield from nodes(item, keys=keys)


def scalars(node: Node | None) -> Iterator[ScalarNode]:
    """The values in a node that are texts or words."""
    return (one for one in nodes(node, keys=False) if isinstance(one, ScalarNode))


def assert_kept(
    whole: Mapping[str, Any], half: Parsed, lost: list[str], word: Callable[[str], Any]
) -> None:
    """Half a text has a problem, and says all that the whole does but for these keys."""
    assert half.problems
    said = plain(half.node, word)
    assert {key: value for key, value in said.items() if key not in lost} == {
        key: value for key, value in whole.items() if key not in lost
    }
