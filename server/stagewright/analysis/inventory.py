"""Every place where models are named, how each model stands, and how long it will live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from stagewright.analysis.diagnostics.unverified import Unverified
from stagewright.analysis.named import ALIAS, LOCAL, OPAQUE, UNKNOWN, Named
from stagewright.analysis.options import Options
from stagewright.analysis.report_text import counted
from stagewright.analysis.standing import comes_from, nearing
from stagewright.catalog.catalog import Catalog, Standing, Verdict
from stagewright.catalog.model import ModelReference, Source

VERSION = 1
"""Of the JSON object's shape; grows when a field changes its meaning or goes."""


_WORDS = {
    Standing.UNRECOGNIZED: UNKNOWN,
    Standing.UNKNOWN_PROVIDER: UNKNOWN,
    Standing.PENDING: "unverified",
    Standing.NOT_CONFIGURED: "unverified",
}
"""The contract's words, where they are not those of the catalogue."""

_GONE, _DOUBTFUL, _ENDING, _DEPRECATED, _LASTING, _NAMES = range(6)

_RANKS = {
    "retired": _GONE,
    "unavailable": _GONE,
    "unlisted": _DOUBTFUL,
    UNKNOWN: _DOUBTFUL,
    "deprecated": _DEPRECATED,
    ALIAS: _NAMES,
    LOCAL: _NAMES + 1,
    OPAQUE: _NAMES + 2,
}
"""What comes first among models of whose end no day is known."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place where a model is named, and what is known of that model."""

    path: str
    named: Named
    standing: str  # one of the contract's words
    retires_at: date | None = None
    successors: tuple[str, ...] = ()  # ids of the same provider, the one to take first first
    source: str | None = None  # who says so: "live", "offline"; None where nobody says anything


@dataclass(frozen=True, slots=True)
class Inventory:
    """Which models files name, where, and how they stand."""

    rows: tuple[Row, ...]
    files: int  # that were read
    unverified: tuple[Unverified, ...] = ()
    problems: tuple[str, ...] = ()  # files that cannot be read, in sentences
    warnings: tuple[str, ...] = ()  # files of which only a part can be read, in sentences
    skipped: tuple[str, ...] = ()  # files that were named, and that nothing claims
    left_out: Mapping[str, int] = field(default_factory=dict)  # files that are not read, by why


@dataclass(frozen=True, slots=True)
class Group:
    """All places that name one model."""

    name: str  # the pair for people to read, or the file's own words
    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """A row: what is known of the model is the same in all of them."""
        return self.rows[0]


def rows(
    places: Iterable[tuple[str, Named]], catalog: Catalog, options: Options
) -> tuple[Row, ...]:
    """What is known of each place, given with the path of its file; grouped by model, the soonest
    end first, and in each group by path and line."""
    known: dict[tuple[ModelReference, bool], tuple[Any, ...]] = {}
    found = []
    for path, named in places:
        reference = named.reference
        if reference is None:
            found.append(Row(path, named, named.silent))
            continue
        key = reference, named.any_kind
        if key not in known:
            known[key] = _known(reference, catalog, options, any_kind=named.any_kind)
        found.append(Row(path, named, *known[key]))
    return tuple(sorted(found, key=_order))


def groups(rows: Sequence[Row]) -> list[Group]:
    """Rows, in their order, by the model that they name."""
    together = groupby(rows, key=lambda row: row.named.key)
    return [Group(_name(found[0].named), found) for found in (tuple(one) for _, one in together)]


def to_json(inventory: Inventory) -> dict[str, Any]:
    """The contract's object. Positions are 1-based, in code points, ends exclusive."""
    rows = inventory.rows
    standings = Counter(row.standing for row in rows)
    end = min((row.retires_at for row in rows if row.retires_at), default=None)
    return {
        "version": VERSION,
        "references": [row_json(row) for row in rows],
        "problems": list(inventory.problems),
        "warnings": list(inventory.warnings),
        "unverified": [one.to_json() for one in inventory.unverified],
        "summary": {
            "files": inventory.files,
            "skipped": len(inventory.skipped),
            "leftOut": dict(inventory.left_out),
            "references": len(rows),
            "models": len({row.named.reference for row in rows} - {None}),
            "firstEnd": end.isoformat() if end else None,
            "standings": dict(sorted(standings.items())),
        },
    }


def read_in_part(name: str, bad_byte: int) -> str:
    """A warning of a file that is read up to its first byte that is not UTF-8."""
    return f"byte {bad_byte + 1} of {name} is not UTF-8: nothing after it is listed."


def row_json(row: Row) -> dict[str, Any]:
    """One reference of that object, its keys in the order of the CSV's columns."""
    named = row.named
    return {
        "path": row.path,
        **counted(named.span),
        "dialect": named.dialect,
        "where": named.where,
        **({"owner": named.owner} if named.owner is not None else {}),
        "provider": named.provider,
        "model": named.model,
        "written": named.written,
        "standing": row.standing,
        **({"retiresAt": row.retires_at.isoformat()} if row.retires_at else {}),
        **({"successors": list(row.successors)} if row.successors else {}),
        "source": row.source,
    }


def _known(
    reference: ModelReference, catalog: Catalog, options: Options, *, any_kind: bool
) -> tuple[str, date | None, tuple[str, ...], str | None]:
    """Standing, end, successors and source of one model."""
    verdict = nearing(catalog.verdict(reference, now=options.now), options)
    standing = _WORDS.get(verdict.standing, verdict.standing.value)
    if any_kind and verdict.standing is Standing.NOT_CHAT and verdict.model:
        live = verdict.model.source is Source.LIVE
        standing = (Standing.USABLE if live else Standing.UNVERIFIED).value
    end = verdict.model.retires_at if verdict.model else None
    return standing, end, _successors(verdict, catalog), comes_from(verdict)


def _successors(verdict: Verdict, catalog: Catalog) -> tuple[str, ...]:
    """What to take in a model's place, as diagnostics say it, then what else follows it. Nothing
    that a provider's list lacks."""
    model, provider = verdict.model, verdict.provider
    if model is None or provider is None or not model.successors:
        return ()
    best = catalog.replacement(verdict.reference)
    others = (one for one in model.successors if not provider.listed or provider.live(one))
    return tuple(dict.fromkeys((*((best.model,) if best else ()), *others)))


def _order(row: Row) -> tuple[Any, ...]:
    rank = _RANKS.get(row.standing, _LASTING)
    if row.retires_at is not None and rank not in (_GONE, _DOUBTFUL):
        rank = _ENDING
    end = row.retires_at or (date.min if rank == _GONE else date.max)
    return rank, end, row.named.key, row.path, row.named.span


def _name(named: Named) -> str:
    if named.reference is not None:
        return str(named.reference)
    if named.silent not in (OPAQUE, UNKNOWN):
        return named.model
    if named.provider and named.written == named.model:
        return f"{named.provider}/{named.model}"
    return named.written if named.provider or named.silent == OPAQUE else named.model
