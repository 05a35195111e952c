"""Where a cursor stands among the tokens of a text, as a reader of ours finds it."""

from __future__ import annotations

from typing import NamedTuple

from stagewright.text.nodes import Node, NodePath, ScalarNode


class Slot(NamedTuple):
    """A place between or in texts."""

    is_key: bool
    path: NodePath  # of the value; of the mapping that the key would stand in
    text: ScalarNode | None  # the text or word that the cursor is in or before; None in a gap
    tight: bool  # right behind a colon, comma or equals sign
    others: tuple[tuple[Node, Node], ...]  # the other pairs of the mapping around the cursor
    column: int  # where the collection around it opens
