"""What is wrong in Choragen's files, as diagnostics; duplicate names and unknown roles too."""

from __future__ import annotations

from collections.abc import Iterable

from stagewright.analysis import phrases
from stagewright.analysis.choragen.entry_cache import Check, check
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.dialects import choragen
from stagewright.dialects.choragen.differences import Difference, head_differences
from stagewright.dialects.choragen.roles import BUILTIN_ROLES, RoleIndex
from stagewright.dialects.choragen.schema import DOCUMENTS
from stagewright.dialects.choragen.shapes import Need, Shape
from stagewright.dialects.choragen.violations import (
    SchemaViolation,
    did_you_mean,
    joined,
    near,
    structure_error,
    violations_in,
)
from stagewright.dialects.document import Document, Entry
from stagewright.memo import recently
from stagewright.text.buffer import span_at
from stagewright.text.nodes import MappingNode, ScalarNode, SyntaxProblem


def diagnostic(
    document: Document,
    cause: SchemaViolation | Difference | SyntaxProblem,
    entry: Entry | None = None,
    index: int | None = None,
) -> Diagnostic:
    """The diagnostic that tells of what is wrong in an entry, or around all entries."""
    code, severity = "template-syntax", "error"
    if isinstance(cause, SchemaViolation):
        code, severity = cause.code, cause.severity
    elif isinstance(cause, Difference):
        code, severity = "choragen-reads-differently", "warning"
    return Diagnostic(
        code,
        Severity(severity),
        cause.message,
        cause.span.shifted(0 if index is None else document.entry_line(index)),
        stage=entry.name.value if entry and entry.name else None,
        entry=index,
        cause=None if isinstance(cause, SyntaxProblem) else cause,
    )


def is_there(document: Document, diagnostic: Diagnostic, roles: RoleIndex | None = None) -> bool:
    """Whether what it tells of is still there: the text may have changed."""
    index, line, of_schema = diagnostic.entry, 0, isinstance(diagnostic.cause, SchemaViolation)
    known: Iterable[SchemaViolation | Difference] = ()
    if index is None:
        known = head_violations(document) if of_schema else head_differences(document)
    elif index < document.count():
        line, checked = document.entry_line(index), check(document, index)
        role = _role_violation(document.entry(index).role_id, roles)
        known = (*checked.violations, *role) if of_schema else checked.differences
    return any(
        one == diagnostic.cause and one.span.shifted(line) == diagnostic.span for one in known
    )


def entry_violations(
    document: Document,
    index: int,
    entry: Entry,
    checked: Check,
    roles: RoleIndex | None,
    names: dict[str, int],
) -> tuple[SchemaViolation, ...]:
    """The violations of one entry; None for `roles` says nothing of them.

    `names` holds the earlier entries' indexes by their names; this one's name is added.
    """
    violations = checked.violations
    if entry.role_id is not None:
        violations += _role_violation(entry.role_id, roles)
    if entry.name is not None and entry.name.value:
        before = names.setdefault(entry.name.value, index)
        if before != index:
            violations += (_same_name(document, entry.name, before),)
    return violations


def _same_name(document: Document, name: ScalarNode, before: int) -> SchemaViolation:
    line = document.entry_line(before) + 1
    if document.dialect is choragen.ROLES:
        message = f"Duplicate role id `{name.value}`: the role in line {line} is used. Rename one."
        return SchemaViolation("template-structure", "warning", message, name.span)
    message = f"Duplicate stage name `{name.value}`, as in line {line}. Rename one."
    return SchemaViolation("stage-duplicate", "warning", message, name.span)


def _role_violation(
    role: ScalarNode | None, roles: RoleIndex | None
) -> tuple[SchemaViolation, ...]:
    """That a stage's role does not exist, as far as roles are known."""
    if role is None or roles is None or not role.value:
        return ()
    known = roles.roles if roles.exists else BUILTIN_ROLES
    if role.value in known:
        return ()
    meant = near(role.value, tuple(known))
    rest = did_you_mean(meant) or " Add it there, or choose another role."
    message = f"Unknown role `{role.value}`: it is not in {choragen.ROLES_FILE}.{rest}"
    if not roles.exists:
        there = phrases.either(BUILTIN_ROLES)
        message = f"Unknown role `{role.value}`. Without {choragen.ROLES_FILE} a role is {there}."
    return (
        SchemaViolation(
            "role-unknown", "warning", message, role.span, "replace", ("roleId",), meant
        ),
    )


def head_violations(document: Document) -> list[SchemaViolation]:
    """The violations of what stands around the entries; absolute spans."""
    if not document.layout.list_key:
        return []
    head, shape = document.head(), DOCUMENTS[document.dialect]
    broken = bool(document.problems())
    if head is None:
        return [] if broken else [_no_document(document, shape)]
    return _violations_of_head(
        head, shape, broken, document.layout.list_key if document.count() else ""
    )


@recently
def _violations_of_head(
    head: MappingNode, shape: Shape, broken: bool, elsewhere: str
) -> list[SchemaViolation]:
    anchor = head.pairs[0][0].span if head.pairs else head.span
    return violations_in(head, shape, anchor, broken=broken, elsewhere=elsewhere)


def _no_document(document: Document, shape: Shape) -> SchemaViolation:
    first = next((n for n, line in enumerate(document.lines) if line.strip()), 0)
    span = span_at(first, 0, first, len(document.lines[first]))
    needed = joined([key.name for key in shape.keys if key.need is Need.REQUIRED], "and")
    return structure_error(f"This is not {shape.any_one} yet: it needs {needed}.", span)
