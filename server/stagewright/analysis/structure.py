"""Structural findings: what the one schema says of keys and values, duplicates, unknown roles."""

from __future__ import annotations

from stagewright.analysis import words
from stagewright.analysis.checks import Check, check
from stagewright.analysis.flaws import did_you_mean, flaws_in, joined, near, structure_error
from stagewright.analysis.memo import recently
from stagewright.analysis.results import Finding, Flaw, Severity
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import BUILTIN_ROLES, RoleIndex
from stagewright.dialects.choragen.schema import DOCUMENTS
from stagewright.dialects.choragen.shapes import Need, Shape
from stagewright.dialects.document import Document, Entry
from stagewright.text.buffer import span_at
from stagewright.text.yaml.syntax import Mapping, Scalar

_INDEX = ".choragen/roles/index.yaml"


def finding(
    document: Document, flaw: Flaw, entry: Entry | None = None, index: int | None = None
) -> Finding:
    """The finding that tells of a flaw in an entry, or around all entries."""
    line = 0 if index is None else document.entry_line(index)
    name = entry.name.value if entry and entry.name else None
    span = flaw.span.shifted(line)
    return Finding(
        flaw.code, flaw.severity, flaw.message, span, stage=name, entry=index, cause=flaw
    )


def is_there(document: Document, finding: Finding, roles: RoleIndex | None) -> bool:
    """Whether the flaw that a finding tells of is still there: the text may have changed."""
    if finding.entry is None:
        flaws, line = head_flaws(document), 0
    elif finding.entry < document.count():
        role = _role_flaw(document.entry(finding.entry).role_id, roles)
        flaws = [*check(document, finding.entry).flaws, *role]
        line = document.entry_line(finding.entry)
    else:
        return False
    return any(one == finding.cause and one.span.shifted(line) == finding.span for one in flaws)


def entry_flaws(
    document: Document,
    index: int,
    entry: Entry,
    checked: Check,
    roles: RoleIndex | None,
    names: dict[str, int],
) -> tuple[Flaw, ...]:
    """The flaws of one entry; None for `roles` says nothing of them.

    `names` holds the earlier entries' indexes by their names; this one's name is added.
    """
    flaws = checked.flaws
    if entry.role_id is not None:
        flaws += _role_flaw(entry.role_id, roles)
    if entry.name is not None and entry.name.value:
        before = names.setdefault(entry.name.value, index)
        if before != index:
            flaws += (_same_name(document, entry.name, before),)
    return flaws


def _same_name(document: Document, name: Scalar, before: int) -> Flaw:
    line = document.entry_line(before) + 1
    if document.dialect is choragen.ROLES:
        message = f"The role in line {line} has the id '{name.value}' too; that one counts."
        return Flaw("template-structure", Severity.WARNING, message, name.span)
    message = f"The stage in line {line} is called '{name.value}' too. Rename one."
    return Flaw("stage-duplicate", Severity.WARNING, message, name.span)


def _role_flaw(role: Scalar | None, roles: RoleIndex | None) -> tuple[Flaw, ...]:
    """That a stage's role does not exist, as far as roles are known."""
    if role is None or roles is None or not role.value:
        return ()
    known = roles.roles if roles.exists else BUILTIN_ROLES
    if role.value in known:
        return ()
    meant = near(role.value, tuple(known))
    rest = did_you_mean(meant) or " Create it there, or choose another role."
    message = f"There is no role '{role.value}' in {_INDEX}.{rest}"
    if not roles.exists:
        there = words.either(BUILTIN_ROLES)
        message = f"There is no role '{role.value}': without {_INDEX} there are {there}."
    return (
        Flaw("role-unknown", Severity.WARNING, message, role.span, "replace", ("roleId",), meant),
    )


def head_flaws(document: Document) -> list[Flaw]:
    """The flaws of what stands around the entries; absolute spans."""
    if not document.layout.list_key:
        return []
    head, shape = document.head(), DOCUMENTS[document.dialect]
    broken = bool(document.problems())
    if head is None:
        return [] if broken else [_no_document(document, shape)]
    return _flaws_of_head(head, shape, broken, document.layout.list_key if document.count() else "")


@recently
def _flaws_of_head(head: Mapping, shape: Shape, broken: bool, elsewhere: str) -> list[Flaw]:
    anchor = head.pairs[0][0].span if head.pairs else head.span
    return flaws_in(head, shape, anchor, broken=broken, elsewhere=elsewhere)


def _no_document(document: Document, shape: Shape) -> Flaw:
    first = next((n for n, line in enumerate(document.lines) if line.strip()), 0)
    span = span_at(first, 0, first, len(document.lines[first]))
    needed = joined([key.name for key in shape.keys if key.need is Need.REQUIRED], "and")
    return structure_error(f"This is not {shape.noun} yet: it needs {needed}.", span)
