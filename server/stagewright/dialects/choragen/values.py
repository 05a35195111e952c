"""A template as plain values, for those who want what it says and not where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stagewright.dialects.document import Document
from stagewright.dialects.sites import is_null
from stagewright.text.yaml.syntax import Alias, Mapping, Node, Scalar, Sequence, SyntaxProblem

MAX_ALIASED = 100_000
"""Values that aliases may stand for in all; more are refused, so that no file can explode."""


def template_values(document: Document) -> dict[str, Any]:
    """What a template says: its top-level keys, and its stages as a list under `stages`.

    Scalars are strings, as Choragen takes them, or None where nothing is written; of a key that
    stands twice the last counts. Raises ValueError, naming the line, for what is not YAML.
    """
    for line, problem in _problems(document):
        raise ValueError(f"line {line + 1}: {problem.message}")
    reader = _Reader()
    head = document.head()
    try:
        values: dict[str, Any] = reader.mapping(head) if head else {}
        values["stages"] = stages = []
        for index in range(len(document.entries())):
            stage = document.entry_node(index)
            reader.first_line = document.entry_line(index)
            stages.append(reader.value(stage) if stage else None)
    except RecursionError as error:
        raise ValueError("its aliases are nested too deeply") from error
    return values


def _problems(document: Document) -> Iterator[tuple[int, SyntaxProblem]]:
    for problem in document.problems():
        yield problem.span.start.line, problem
    for index, entry in enumerate(document.entries()):
        for problem in entry.problems:
            yield document.entry_line(index) + problem.span.start.line, problem


class _Reader:
    """Nodes to values, with the anchors met so far."""

    def __init__(self) -> None:
        self.first_line = 0  # of the entry being read: spans count from there
        self._anchors: dict[str, Node] = {}
        self._aliases = 0  # how many lead to what is being read
        self._aliased = 0  # values read through them so far

    def value(self, node: Node) -> Any:
        self._aliased += self._aliases > 0
        if self._aliased > MAX_ALIASED:
            raise ValueError(f"its aliases stand for more than {MAX_ALIASED} values")
        if isinstance(node, Alias):
            if node.name not in self._anchors:
                line = self.first_line + node.span.start.line + 1
                raise ValueError(f"line {line}: nothing is called &{node.name}")
            self._aliases += 1
            found = self.value(self._anchors[node.name])
            self._aliases -= 1
            return found
        match node:
            case Scalar():
                found = None if is_null(node) else node.value
            case Sequence():
                found = [self.value(item) for item in node.items]
            case Mapping():
                found = self.mapping(node)
        # Noted last: an alias inside its own anchor would never end.
        if node.anchor:
            self._anchors[node.anchor] = node
        return found

    def mapping(self, node: Mapping) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key, item in node.pairs:
            value = self.value(item)
            if not isinstance(key, Scalar):
                continue
            if key.value == "<<" and key.style == "":
                for source in value if isinstance(value, list) else [value]:
                    if isinstance(source, dict):
                        merged = {**source, **merged}
            else:
                own[key.value] = value
        return {**merged, **own}
