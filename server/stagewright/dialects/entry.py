"""One stage, role or file as typed data: its name and the models it names, each with its span."""

from __future__ import annotations

from dataclasses import dataclass

from stagewright.dialects.dialect import Dialect
from stagewright.dialects.sites import ModelSite, pair_site
from stagewright.text.buffer import Span, span_at
from stagewright.text.nodes import MappingNode, Node, ScalarNode, SyntaxProblem
from stagewright.text.yaml.anchors import Anchor, anchors_in


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Entry:
    """One stage of a template, one role of the role index, or all of another file.

    All spans inside are relative to the entry's first line, so that an entry read once stays
    valid while lines are inserted above it. Compared by identity: answers about an entry can be
    remembered for as long as it lives.
    """

    name: ScalarNode | None  # a stage's `name`, a role's `id`, a transcript's `stage`
    type: ScalarNode | None
    role_id: ScalarNode | None
    sites: tuple[ModelSite, ...]  # a Choragen file's; others' are the document's to tell
    problems: tuple[SyntaxProblem, ...]
    broken: (
        bool  # the text does not parse; what is here was read key by key, and the bad keys left out
    )
    span: (
        Span  # from the first key to the end of the last value; of the value where it is no mapping
    )
    node: Node | None = None  # what other programs' files have their sites read from, as a whole
    anchors: tuple[Anchor, ...] = ()  # its anchors and aliases, in the order of the text

    @property
    def model(self) -> ModelSite | None:
        """The model of a stage or role, which have one."""
        return self.sites[0] if self.sites else None


def read_entry(
    node: Node | None, dialect: Dialect, problems: tuple[SyntaxProblem, ...], broken: bool
) -> Entry:
    """The entry that a list item's node describes; spans as in the node."""
    anchors = anchors_in(node)
    if node is None:
        return Entry(None, None, None, (), problems, broken, span_at(0, 0, 0, 0), anchors=anchors)
    sites = pair_site(node, dialect, broken=broken)
    kept = None if dialect.reference_key else node
    if not isinstance(node, MappingNode):
        return Entry(None, None, None, sites, problems, broken, node.span, kept, anchors)
    name = node.scalar(dialect.entry_name)
    kind_of_work = role = None
    if dialect.entry == "stage":
        kind_of_work, role = node.scalar("type"), node.scalar("roleId")
    return Entry(name, kind_of_work, role, sites, problems, broken, node.span, kept, anchors)
