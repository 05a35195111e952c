"""Structural findings: what the one schema says of keys and values, duplicates, unknown roles."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from stagewright.analysis import words
from stagewright.analysis.flaws import Flaw, did_you_mean, flaws_in, joined, near
from stagewright.analysis.results import Finding, Severity
from stagewright.templates.buffer import Span, span_at
from stagewright.templates.entry import DocumentKind, Entry
from stagewright.templates.roles import BUILTIN_ROLES, RoleIndex
from stagewright.templates.schema import DOCUMENTS, FRONT_MATTER, ROLE, STAGE
from stagewright.templates.shapes import Need, Shape
from stagewright.templates.syntax import Scalar
from stagewright.templates.template import LIST_KEYS, Document

ENTRY_SHAPES: dict[DocumentKind, Shape] = {
    "template": STAGE,
    "roles": ROLE,
    "transcript": FRONT_MATTER,
}

_FLAWS: WeakKeyDictionary[Entry, tuple[Flaw, ...]] = WeakKeyDictionary()


def findings(document: Document, roles: RoleIndex | None) -> Iterator[Finding]:
    """All structural findings of a document, in no order; None for `roles` says nothing of them.

    What is found in an entry is remembered for as long as the entry lives.
    """
    for flaw in head_flaws(document):
        yield Finding(flaw.code, flaw.severity, flaw.message, flaw.span)
    for index, flaw in _flaws(document, roles):
        line, name = document.entry_line(index), document.entry(index).name
        yield Finding(
            flaw.code,
            flaw.severity,
            flaw.message,
            flaw.span.shifted(line),
            stage=name.value if name else None,
            entry=index,
        )


def check_in_steps(document: Document, step: int = 50) -> Iterator[None]:
    """Read and check so many entries between two yields, for servers that must stay responsive.

    `findings()` then has little left to do. The document may be edited meanwhile.
    """
    start = 0
    while start < document.count():
        for index in range(start, min(start + step, document.count())):
            entry_flaws(document, index)
        start += step
        yield


def flaw_of(document: Document, finding: Finding, roles: RoleIndex | None) -> Flaw | None:
    """The flaw that a finding tells of, as long as it is still there."""
    if finding.entry is None:
        flaws, line = head_flaws(document), 0
    elif finding.entry < document.count():
        flaws = [flaw for index, flaw in _flaws(document, roles) if index == finding.entry]
        line = document.entry_line(finding.entry)
    else:
        return None
    told = (finding.code, finding.message, finding.span)
    return next((f for f in flaws if (f.code, f.message, f.span.shifted(line)) == told), None)


def _flaws(document: Document, roles: RoleIndex | None) -> Iterator[tuple[int, Flaw]]:
    """Every flaw of the entries with its entry's index."""
    known = None if roles is None else tuple(roles.roles) if roles.exists else BUILTIN_ROLES
    first: dict[str, int] = {}
    for index in range(document.count()):  # entry by entry: what is read of one serves its check
        entry = document.entry(index)
        for flaw in entry_flaws(document, index):
            yield index, flaw
        name, role = entry.name, entry.role_id
        if name is not None and name.value:
            before = first.setdefault(name.value, index)
            if before != index:
                yield index, _same_name(document, name, before)
        if known is not None and role is not None and role.value and role.value not in known:
            yield index, _unknown_role(role, known, exists=bool(roles and roles.exists))


def _same_name(document: Document, name: Scalar, before: int) -> Flaw:
    line = document.entry_line(before) + 1
    if document.kind == "roles":
        message = f"The role in line {line} has the id '{name.value}' too; that one counts."
        return Flaw("template-structure", Severity.WARNING, message, name.span)
    message = f"The stage in line {line} is called '{name.value}' too."
    return Flaw("stage-duplicate", Severity.WARNING, message, name.span)


def _unknown_role(role: Scalar, known: tuple[str, ...], *, exists: bool) -> Flaw:
    meant = near(role.value, known)
    where = ".choragen/roles/index.yaml"
    if exists:
        message = f"There is no role '{role.value}' in {where}.{did_you_mean(meant)}"
    else:
        message = (
            f"There is no role '{role.value}': without {where} there are {words.either(known)}."
        )
    return Flaw("role-unknown", Severity.WARNING, message, role.span, "replace", ("roleId",), meant)


def entry_flaws(document: Document, index: int) -> tuple[Flaw, ...]:
    """The flaws that one entry has by itself, worked out once for as long as it lives."""
    entry = document.entry(index)
    known = _FLAWS.get(entry)
    if known is None:
        known = _FLAWS[entry] = tuple(_in_entry(document, entry, index))
    return known


def head_flaws(document: Document) -> list[Flaw]:
    """The flaws of what stands around the entries; absolute spans."""
    if document.kind not in LIST_KEYS:
        return []
    head, shape = document.head(), DOCUMENTS[document.kind]
    broken = bool(document.problems())
    if head is None:
        return [] if broken else [_no_document(document, shape)]
    anchor = head.pairs[0][0].span if head.pairs else head.span
    elsewhere = LIST_KEYS[document.kind] if document.count() else ""
    return flaws_in(head, shape, anchor, broken=broken, elsewhere=elsewhere)


def _no_document(document: Document, shape: Shape) -> Flaw:
    first = next((n for n, line in enumerate(document.lines) if line.strip()), 0)
    span = span_at(first, 0, first, len(document.lines[first]))
    needed = joined([key.name for key in shape.keys if key.need is Need.REQUIRED], "and")
    return _flaw(f"This is not {shape.noun} yet: it needs {needed}.", span)


def _in_entry(document: Document, entry: Entry, index: int) -> list[Flaw]:
    shape = ENTRY_SHAPES[document.kind]
    node = document.entry_node(index)
    if node is not None:
        first = node.pairs[0][0].span if node.pairs else node.span
        anchor = entry.name.span if entry.name and entry.name.value else first
        return flaws_in(node, shape, anchor, broken=entry.broken)
    start, end = entry.span
    text = document.lines[document.entry_line(index) + start.line]
    if entry.broken or text[start.column : start.column + 1] == "*":
        return []  # an alias is not followed
    what = shape.noun.partition(" ")[2]
    if start != end:
        return [_flaw(f"This is no {what}: write its keys here, each with its value.", entry.span)]
    dash = text.find("-")
    span = span_at(start.line, dash, start.line, dash + 1) if dash >= 0 else entry.span
    return [_flaw(f"This {what} is empty.", span)]


def _flaw(message: str, span: Span) -> Flaw:
    return Flaw("template-structure", Severity.ERROR, message, span)
