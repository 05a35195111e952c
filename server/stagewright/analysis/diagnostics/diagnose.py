"""Diagnostics: what is wrong in a document, and which models have to be asked about to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice, starmap

from stagewright.analysis import phrases
from stagewright.analysis.diagnostics import messages
from stagewright.analysis.diagnostics.ignoring import is_ignored
from stagewright.analysis.features import features
from stagewright.analysis.missing_key import MissingKey, key_wanted
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.analysis.slips import aliases_meant, names_meant
from stagewright.analysis.standing import days_left, holds, nearing
from stagewright.catalog.catalog import Catalog, Standing, Status, Verdict
from stagewright.catalog.model import Lifecycle, ModelReference
from stagewright.codes import CODES
from stagewright.dialects.document import Document, Entry, ModelSite
from stagewright.text.buffer import Span
from stagewright.text.nodes import ScalarNode

SEVERITIES = {code: Severity(name) for code, name in CODES.items()}
"""Every code with its own severity."""

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
    Standing.UNRECOGNIZED: "model-unrecognized",
    Standing.UNKNOWN_PROVIDER: "provider-unknown",
}


@dataclass(frozen=True, slots=True)
class _Remark:
    """What is said of one reference, wherever it stands."""

    code: str
    message: str
    severity: Severity
    limited: bool = False  # the user asked to be told of ends within a time, and this is one
    key: MissingKey | None = None


def diagnose(
    document: Document, catalog: Catalog, options: Options, most: int | None = None
) -> list[Diagnostic]:
    """Everything that is wrong in the document, in the order of its text.

    A reference whose provider is still to be asked about it gives none. With `most`, no more than
    so many are looked for, from the top of the text on.
    """
    document.recognize(catalog)
    found = _as_set(_everything(document, catalog, options), options)
    return sorted(islice(found, most), key=lambda diagnostic: (diagnostic.span, diagnostic.code))


def _everything(document: Document, catalog: Catalog, options: Options) -> Iterator[Diagnostic]:
    """All that no comment silences; what is read for one is read when it is asked for."""
    references, more = _References(document, catalog, options), features(document.dialect)
    if more is not None:
        found = more.diagnose(document, options, references.in_entry)
    else:
        entries = ((index, document.entry(index)) for index in document.parts())
        found = chain(
            unread(document, options), chain.from_iterable(starmap(references.in_entry, entries))
        )
    for diagnostic in found:
        if not is_ignored(document, diagnostic.code, diagnostic.span.start.line):
            yield diagnostic


def unread(document: Document, options: Options) -> Iterator[Diagnostic]:
    """Where the reading of another program's file ends before the file does."""
    severity = options.severity("file-unreadable")
    for problem in document.problems():
        if problem.unread and severity is not None:
            yield Diagnostic("file-unreadable", severity, problem.message, problem.span)


_Tell = Callable[..., Diagnostic]
"""Makes a diagnostic of a site, with its code, severity, message and span."""


class _References:
    """What is said of model references; of a provider as a whole, once."""

    def __init__(self, document: Document, catalog: Catalog, options: Options) -> None:
        self.document, self.catalog, self.options = document, catalog, options
        self.remarks: dict[ModelReference, tuple[_Remark, ...]] = {}
        self.said: set[tuple[str, str]] = set()

    def in_entry(self, index: int, entry: Entry) -> Iterator[Diagnostic]:
        """What is said of the models that an entry names: nearly always nothing."""
        for number, site in enumerate(entry.sites or self.document.sites(index)):
            if (
                site.reference is None
                or self.remarks.get(site.reference) != ()
                or (site.place.aliases and aliases_meant(site, self.catalog))
            ):
                yield from self._of_site(entry, site, index, number)

    def _of_site(
        self, entry: Entry, site: ModelSite, index: int, number: int
    ) -> Iterator[Diagnostic]:
        line = self.document.entry_line(index)
        stage = entry.name.value if entry.name else None
        tell = partial(Diagnostic, entry=index, site=number)
        if site.problem is not None:
            code, span = "model-reference", (site.problem_span or site.span).shifted(line)
            yield tell(code, SEVERITIES[code], site.problem, span, stage=stage)
        if site.is_undefined or site.unknown_provider:
            yield from self._of_names(site, tell, line)
        if site.reference is None:
            return
        if site.reference not in self.remarks:
            elsewhere = not self.document.dialect.runs_here
            self.remarks[site.reference] = tuple(
                _remarks_in_code(site.reference, self.catalog, self.options)
                if self.document.dialect.presumes
                else _remarks(site.reference, self.catalog, self.options, elsewhere)
            )
        remarks = self.remarks[site.reference]
        known = {remark.code for remark in remarks} & _ANOTHER
        if not known and (near := aliases_meant(site, self.catalog)):
            yield from self._of_alias(site, near, tell, line)
        for remark in remarks:
            if not self.document.dialect.runs_here and not _is_said_elsewhere(
                remark, site, self.document, self.catalog
            ):
                continue
            once = (remark.code, site.reference.provider)
            if once in self.said:
                continue
            span = _place(site, remark.code).shifted(line)
            if self._is_ignored(remark.code, site, span, line):
                continue
            if remark.code in ONCE_PER_FILE:
                self.said.add(once)
            yield tell(
                remark.code,
                self._severity(remark, site),
                remark.message,
                span,
                stage=stage,
                model=site.reference,
                deprecated=remark.code == "model-deprecated",
                key=remark.key,
            )
        provider = site.reference.provider
        left = (remark for remark in remarks if (remark.code, provider) not in self.said)
        self.remarks[site.reference] = tuple(left)  # nearly always nothing: the next one is quick

    def _of_names(self, site: ModelSite, tell: _Tell, line: int) -> Iterator[Diagnostic]:
        """Of a name that the file, or the format, should know and does not."""
        near = names_meant(self.document, site, self.catalog)
        place: ScalarNode | None
        if site.is_undefined and site.whole is not None:
            code, severity, place = "model-reference", Severity.WARNING, site.whole
            what = f"This file defines no model called `{site.whole.value.strip()}`."
        elif near:
            code, severity = "provider-unknown", Severity.INFORMATION
            place = site.provider or site.beside_at or site.whole
            what = f"{self.document.dialect.name} has no provider `{site.unknown_provider}`."
        else:
            return
        hint = f" Did you mean {phrases.either(near)}?" if near else ""
        span = (place.span if place else site.span).shifted(line)
        if not self._is_ignored(code, site, span, line):
            yield tell(code, _at_most(site, severity), what + hint, span)

    def _of_alias(
        self, site: ModelSite, near: Sequence[str], tell: _Tell, line: int
    ) -> Iterator[Diagnostic]:
        """Of a name that is nearly one of the format's own."""
        assert site.reference is not None
        assert site.whole is not None
        provider = self.catalog.provider(site.reference.provider)
        code, span = "model-unrecognized", site.whole.span.shifted(line)
        if provider is None or self._is_ignored(code, site, span, line):
            return
        message = (
            f"No {provider.name} model or alias is called `{site.whole.value.strip()}`. "
            f"Did you mean {phrases.either(near)}?"
        )
        yield tell(code, Severity.INFORMATION, message, span, model=site.reference)

    def _is_ignored(self, code: str, site: ModelSite, span: Span, line: int) -> bool:
        lines = (site.key_span.start.line + line, span.start.line)
        return any(is_ignored(self.document, code, number) for number in lines)

    def _severity(self, remark: _Remark, site: ModelSite) -> Severity:
        """As grave as the dialect lets it be; the user's own time limit beats its `warning`."""
        if remark.code == "provider-unknown" and not self.document.dialect.runs_here:
            return Severity.INFORMATION
        if remark.limited and site.place.most == "warning":
            return remark.severity
        severity = _at_most(site, remark.severity)
        standings = _ENDED if remark.code == "model-retired" else _ENDING
        if not holds(site, standings, self.catalog, self.options.now):
            return _LOWER.get(severity, severity)
        return severity


def _at_most(site: ModelSite, severity: Severity) -> Severity:
    """A severity, or the highest that there may be at a site."""
    order = list(Severity)
    return max(severity, Severity(site.place.most), key=order.index)


_ANOTHER = frozenset({"model-unavailable", "model-unlisted", "model-retired", "model-unrecognized"})
"""What tells already that another model is to be taken."""

_ENDED = frozenset({Standing.RETIRED})
_ENDING = _ENDED | {Standing.DEPRECATED}

_LOWER = {Severity.ERROR: Severity.WARNING, Severity.WARNING: Severity.INFORMATION}
"""What is said where it holds of one provider alone, and nothing shows that this one is asked."""

_IN_CODE = frozenset({"model-retired", "model-deprecated", "model-unrecognized"})
"""What may be said in source code, which may run anywhere, with any key."""

_BY_A_LIST = frozenset({"model-unavailable", "model-unlisted"})
_ELSEWHERE = _BY_A_LIST | {
    "model-retired",
    "model-deprecated",
    "model-not-chat",
    "model-unrecognized",
    "provider-unknown",
}
"""What may be said of models in files that are not Choragen's."""


def _is_said_elsewhere(
    remark: _Remark, site: ModelSite, document: Document, catalog: Catalog
) -> bool:
    """Whether something is said of a file that is not Choragen's, which may run anywhere.

    A list accuses only where it is the provider's own, and a provider's name only where it is
    nearly one that there is.
    """
    assert site.reference is not None  # or nothing would be said
    if remark.code == "provider-unknown":
        return bool(names_meant(document, site, catalog))
    if remark.code in _BY_A_LIST:
        provider = catalog.provider(site.reference.provider)
        return provider is not None and provider.own_origin
    if remark.code == "model-not-chat" and site.place.kind == "any":
        return False
    return remark.code in _ELSEWHERE


def _remarks(
    reference: ModelReference, catalog: Catalog, options: Options, elsewhere: bool
) -> Iterator[_Remark]:
    verdict = catalog.verdict(reference, now=options.now)
    provider = verdict.provider
    if provider is not None and provider.status is Status.NOT_CONFIGURED:
        code = "provider-not-configured"
        message = messages.not_configured(provider)
        yield _Remark(code, message, SEVERITIES[code], key=key_wanted(provider))
    elif provider is not None and verdict.standing is Standing.UNRECOGNIZED:
        code = "model-unverified"
        message = messages.unverified(provider, options.now)
        yield _Remark(code, message, SEVERITIES[code], key=key_wanted(provider))
    days = days_left(verdict, options)
    verdict = nearing(verdict, options)
    standings = [verdict.standing]
    if verdict.standing is Standing.NOT_CHAT and _is_ending(verdict, days):
        standings.append(Standing.DEPRECATED)  # of use elsewhere, but not for long
    for standing in standings:
        if standing not in _CODES:
            continue
        code = _CODES[standing]
        verdict = replace(verdict, standing=standing)
        limit = options.within_days
        soon = limit is not None and days is not None and days <= limit
        limited = (code == "model-deprecated" and soon) or (
            code == "model-retired" and limit is not None
        )
        severity = Severity.ERROR if limited else SEVERITIES[code]
        message = messages.explain(verdict, catalog, options.now, elsewhere=elsewhere)
        key = key_wanted(provider) if provider and code in ONCE_PER_FILE else None
        yield _Remark(code, message, severity, limited, key)


def _remarks_in_code(
    reference: ModelReference, catalog: Catalog, options: Options
) -> Iterator[_Remark]:
    """The same in source code: whatever lists lack, only slips of the pen are told."""
    verdict = catalog.verdict(reference, now=options.now)
    if verdict.standing in _ABSENT and catalog.meant(reference):
        verdict = replace(verdict, standing=Standing.UNRECOGNIZED)
        code = "model-unrecognized"
        message = messages.explain(verdict, catalog, options.now, elsewhere=True)
        yield _Remark(code, message, SEVERITIES[code])
    for remark in _remarks(reference, catalog, options, elsewhere=True):
        if remark.code in _IN_CODE:
            yield remark


_ABSENT = frozenset({Standing.UNAVAILABLE, Standing.UNLISTED, Standing.PENDING})


def _is_ending(verdict: Verdict, days: int | None) -> bool:
    deprecated = verdict.model is not None and verdict.model.lifecycle is Lifecycle.DEPRECATED
    return deprecated and days is not None


def _place(site: ModelSite, code: str) -> Span:
    scalar = site.provider if code in _ON_PROVIDER else site.model
    return scalar.span if scalar else site.span


def _as_set(diagnostics: Iterable[Diagnostic], options: Options) -> Iterator[Diagnostic]:
    """With the user's severities; what a time limit made an error stays one, unless it is off."""
    for diagnostic in diagnostics:
        severity = options.severities.get(diagnostic.code, diagnostic.severity)
        raised = diagnostic.deprecated and diagnostic.severity is Severity.ERROR
        if severity is not None:
            keep = raised or severity is diagnostic.severity
            yield diagnostic if keep else replace(diagnostic, severity=severity)
