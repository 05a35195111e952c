"""Findings: what is wrong in a document, and which models have to be asked about to know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice

from stagewright.analysis import differences, messages, structure
from stagewright.analysis.options import Options
from stagewright.analysis.results import Finding, Severity
from stagewright.catalog.catalog import Catalog, Standing, Status, Verdict
from stagewright.catalog.model import ModelReference
from stagewright.templates.buffer import Span
from stagewright.templates.template import Document, Entry, ReferenceField

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


def diagnose(
    document: Document, catalog: Catalog, options: Options, most: int | None = None
) -> list[Finding]:
    """Everything that is wrong in the document, in the order of its text.

    A reference whose provider is still to be asked about it gives no finding. With `most`, no more
    than so many are looked for in each respect: structure, reading, syntax, models.
    """
    respects = (
        structure.findings(document, options.roles),
        differences.findings(document),
        (_finding("template-syntax", p.message, p.span) for p in document.problems()),
        _in_entries(document, catalog, options),
    )
    found = chain.from_iterable(
        islice(_as_set(_not_ignored(document, respect), options), most) for respect in respects
    )
    return sorted(found, key=lambda finding: (finding.span, finding.code))


def to_ask_about(document: Document, catalog: Catalog, options: Options) -> list[ModelReference]:
    """The document's references that only a question to their provider can settle, each once."""
    return pending(references(document), catalog, options.now)


def references(document: Document) -> list[ModelReference]:
    """The models that the document names, each once."""
    fields = (entry.model for entry in document.entries() if entry.model is not None)
    return list(dict.fromkeys(field.reference for field in fields if field.reference is not None))


def pending(
    references: Iterable[ModelReference], catalog: Catalog, now: datetime
) -> list[ModelReference]:
    """Those that only a question to their provider can settle, and whose provider can be asked."""
    verdicts = (catalog.verdict(reference, now=now) for reference in references)
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


def _not_ignored(document: Document, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (one for one in findings if not is_ignored(document, one.code, one.span.start.line))


def _in_entries(document: Document, catalog: Catalog, options: Options) -> Iterator[Finding]:
    remarks: dict[ModelReference, tuple[_Remark, ...]] = {}
    said: set[tuple[str, str]] = set()
    for index, entry in enumerate(document.entries()):
        field = entry.model
        if field is None and not entry.problems:
            continue
        line = document.entry_line(index)
        for problem in entry.problems:
            span = problem.span.shifted(line)
            yield _finding("template-syntax", problem.message, span, entry, index)
        if field is None:
            continue
        if field.problem is not None:
            span = (field.problem_span or field.span).shifted(line)
            yield _finding("model-reference", field.problem, span, entry, index)
        if field.reference is None:
            continue
        if field.reference not in remarks:
            remarks[field.reference] = tuple(_remarks(field.reference, catalog, options))
        for remark in remarks[field.reference]:
            span = _place(field, remark.code).shifted(line)
            key_line = field.key_span.start.line + line
            if is_ignored(document, remark.code, key_line):  # above all of the reference
                continue
            if remark.code in ONCE_PER_FILE:
                if (remark.code, field.reference.provider) in said:
                    continue
                said.add((remark.code, field.reference.provider))
            yield Finding(
                remark.code,
                remark.severity,
                remark.message,
                span,
                stage=entry.name.value if entry.name else None,
                model=field.reference,
                deprecated=remark.code == "model-deprecated",
                entry=index,
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
        limit = options.within_days
        soon = limit is not None and days is not None and days <= limit
        severity = Severity.ERROR if code == "model-deprecated" and soon else SEVERITIES[code]
        yield _Remark(code, messages.explain(verdict, catalog, options.now), severity)


def _days_left(verdict: Verdict, options: Options) -> int | None:
    """Days until the model's announced end."""
    end = verdict.model.retires_at if verdict.model else None
    return (end - options.now.date()).days if end else None


def _place(field: ReferenceField, code: str) -> Span:
    scalar = field.provider if code in _ON_PROVIDER else field.model
    return scalar.span if scalar else field.span


def _finding(
    code: str, message: str, span: Span, entry: Entry | None = None, index: int | None = None
) -> Finding:
    name = entry.name.value if entry and entry.name else None
    return Finding(code, SEVERITIES[code], message, span, stage=name, entry=index)


def _as_set(findings: Iterable[Finding], options: Options) -> Iterator[Finding]:
    """With the user's severities; what a time limit made an error stays one, unless it is off."""
    for finding in findings:
        severity = options.severities.get(finding.code, finding.severity)
        raised = finding.deprecated and finding.severity is Severity.ERROR
        if severity is not None:
            keep = raised or severity is finding.severity
            yield finding if keep else replace(finding, severity=severity)
