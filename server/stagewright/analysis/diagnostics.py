"""Findings: what is wrong in a document, and which models have to be asked about to know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from stagewright.analysis import messages
from stagewright.analysis.options import Options
from stagewright.analysis.results import Finding, Severity
from stagewright.catalog.catalog import Catalog, Standing, Status, Verdict
from stagewright.catalog.model import ModelReference
from stagewright.templates.buffer import Span
from stagewright.templates.syntax import SyntaxProblem
from stagewright.templates.template import Document, ReferenceField

SEVERITIES = {
    "model-unavailable": Severity.ERROR,
    "model-unlisted": Severity.WARNING,
    "model-retired": Severity.ERROR,
    "model-deprecated": Severity.WARNING,
    "model-not-chat": Severity.WARNING,
    "model-unverified": Severity.INFORMATION,
    "provider-not-configured": Severity.HINT,
    "provider-unknown": Severity.ERROR,
    "model-reference": Severity.ERROR,
    "template-syntax": Severity.ERROR,
    "template-structure": Severity.ERROR,
    "key-unknown": Severity.WARNING,
    "role-unknown": Severity.WARNING,
    "stage-duplicate": Severity.WARNING,
    "choragen-reads-differently": Severity.WARNING,
}
"""Every code with its own severity; part of the contract."""

ONCE_PER_FILE = frozenset({"model-unverified", "provider-not-configured"})
"""Codes that concern a provider as a whole: said once per provider and file."""

_ON_PROVIDER = ONCE_PER_FILE | {"provider-unknown"}

_CODES = {
    Standing.DEPRECATED: "model-deprecated",
    Standing.RETIRED: "model-retired",
    Standing.NOT_CHAT: "model-not-chat",
    Standing.UNAVAILABLE: "model-unavailable",
    Standing.UNLISTED: "model-unlisted",
    Standing.UNVERIFIED: "model-unverified",
    Standing.UNKNOWN_PROVIDER: "provider-unknown",
}

_IGNORE = re.compile(r"#[ \t]*stagewright:[ \t]*ignore\[([^\]]*)\]")
_COMMENTS_ABOVE = 20  # comment lines above a value that are searched for codes to ignore


@dataclass(frozen=True, slots=True)
class _Remark:
    """What is said of one reference, wherever it stands."""

    code: str
    message: str
    severity: Severity


def diagnose(document: Document, catalog: Catalog, options: Options) -> list[Finding]:
    """Everything that is wrong in the document, in the order of its text.

    A reference whose provider is still to be asked about it gives no finding.
    """
    found = (
        *(_syntax(problem, 0, None) for problem in document.problems()),
        *_in_entries(document, catalog, options),
    )
    return sorted(_as_set(found, options), key=lambda finding: (finding.span, finding.code))


def to_ask_about(document: Document, catalog: Catalog, options: Options) -> list[ModelReference]:
    """The document's references that only a question to their provider can settle, each once."""
    written = dict.fromkeys(
        entry.model.reference
        for entry in document.entries()
        if entry.model is not None and entry.model.reference is not None
    )
    verdicts = (catalog.verdict(reference, now=options.now) for reference in written)
    return [
        verdict.reference
        for verdict in verdicts
        if verdict.standing is Standing.PENDING
        and verdict.provider is not None
        and verdict.provider.status is Status.OK
    ]


def is_ignored(document: Document, code: str, line: int) -> bool:
    """Whether comment lines right above `line` (absolute) silence the code there."""
    lines = document.lines
    for above in range(line - 1, max(-1, line - 1 - _COMMENTS_ABOVE), -1):
        text = lines[above].strip()
        if not text.startswith("#"):
            return False
        match = _IGNORE.match(text)
        if match and code in (word.strip() for word in match[1].split(",")):
            return True
    return False


def _in_entries(document: Document, catalog: Catalog, options: Options) -> Iterator[Finding]:
    remarks: dict[ModelReference, tuple[_Remark, ...]] = {}
    said: set[tuple[str, str]] = set()
    for index, entry in enumerate(document.entries()):
        field = entry.model
        if field is None and not entry.problems:
            continue
        name = entry.name.value if entry.name else None
        for problem in entry.problems:
            yield _syntax(problem, document.entry_line(index), name)
        if field is None or entry.broken:
            continue
        reference = field.reference
        if reference is None:
            yield from _incomplete(document, field, document.entry_line(index), name)
            continue
        if reference not in remarks:
            remarks[reference] = tuple(_remarks(reference, catalog, options))
        for remark in remarks[reference]:
            line = document.entry_line(index)
            span = _place(field, remark.code).shifted(line)
            if any(
                is_ignored(document, remark.code, value_line)
                for value_line in {span.start.line, field.key_span.start.line + line}
            ):
                continue
            if remark.code in ONCE_PER_FILE:
                if (remark.code, reference.provider) in said:
                    continue
                said.add((remark.code, reference.provider))
            yield Finding(
                remark.code,
                remark.severity,
                remark.message,
                span,
                stage=name,
                model=reference,
                deprecated=remark.code == "model-deprecated",
            )


def _remarks(reference: ModelReference, catalog: Catalog, options: Options) -> Iterator[_Remark]:
    verdict = catalog.verdict(reference, now=options.now)
    provider = verdict.provider
    if provider is not None and provider.status is Status.NOT_CONFIGURED:
        code = "provider-not-configured"
        yield _Remark(code, messages.not_configured(provider), SEVERITIES[code])
    days = _days_left(verdict, options)
    if verdict.standing in (Standing.USABLE, Standing.NOT_CONFIGURED) and days is not None:
        near = max(options.retirement_days, options.within_days or 0)
        verdict = replace(verdict, standing=Standing.DEPRECATED) if days <= near else verdict
    if verdict.standing in _CODES:
        code = _CODES[verdict.standing]
        within = days is not None and days <= (options.within_days or -1)
        severity = Severity.ERROR if code == "model-deprecated" and within else SEVERITIES[code]
        yield _Remark(code, messages.explain(verdict, catalog, options.now), severity)


def _days_left(verdict: Verdict, options: Options) -> int | None:
    """Days until the model's announced end."""
    end = verdict.model.retires_at if verdict.model else None
    return (end - options.now.date()).days if end else None


def _place(field: ReferenceField, code: str) -> Span:
    scalar = field.provider if code in _ON_PROVIDER else field.model
    return scalar.span if scalar else field.span


def _incomplete(
    document: Document, field: ReferenceField, line: int, name: str | None
) -> Iterator[Finding]:
    code, span = "model-reference", (field.problem_span or field.span).shifted(line)
    message = field.problem or "This names no model."
    if not is_ignored(document, code, span.start.line):
        yield Finding(code, SEVERITIES[code], message, span, stage=name)


def _syntax(problem: SyntaxProblem, line: int, name: str | None) -> Finding:
    code = "template-syntax"
    return Finding(code, SEVERITIES[code], problem.message, problem.span.shifted(line), stage=name)


def _as_set(findings: Iterable[Finding], options: Options) -> Iterator[Finding]:
    """With the user's severities; what a time limit made an error stays one, unless it is off."""
    for finding in findings:
        severity = options.severities.get(finding.code, finding.severity)
        if severity is None:
            continue
        raised = finding.severity is not SEVERITIES[finding.code] and finding.deprecated
        yield (
            finding
            if raised or severity is finding.severity
            else replace(finding, severity=severity)
        )
