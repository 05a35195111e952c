"""The command that checks all files of the workspace, as `stagewright check` does.

Unasked only those are diagnosed that are open, or a dialect's by their names. What is found in
others stays among the workspace's diagnostics from then on, so that it goes when it is fixed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.failures import internal_error
from stagewright.analysis.diagnostics.unverified import unverified
from stagewright.analysis.results import Diagnostic
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import sites
from stagewright.lsp.documents import path_of
from stagewright.lsp.failures import WHERE, apart, log_failure
from stagewright.lsp.files import File, Problems, Sifted, every_file
from stagewright.lsp.progress import Progress, cancellable
from stagewright.lsp.session import Session


@dataclass
class _Reading:
    """What has been read: files with models in them are kept, of the others the names."""

    looked: list[tuple[str, str]] = field(default_factory=list)  # URI and dialect
    naming: list[File] = field(default_factory=list)
    models: set[ModelReference] = field(default_factory=set)
    problems: Problems = field(default_factory=dict)
    sifted: Sifted = field(default_factory=Sifted)


async def workspace_check(session: Session) -> dict[str, Any]:
    """What was read and found, with progress that can be cancelled."""
    return await cancellable(
        session, "Checking the workspace", "The check", partial(_check, session)
    )


async def _check(session: Session, shown: Progress) -> dict[str, Any]:
    read = _Reading()
    async for file in every_file(session, shown.report, read.problems, read.sifted):
        with apart(session.news, file.uri):
            _take_down(file, read)
    await (await session.awake()).learn(read.models, progress=shown.report)
    counts: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    found: dict[Path, None] = {}
    for file in read.naming:
        if (path := path_of(file.uri)) is not None:
            await session.known_roles(session.roots.of(path))
        diagnostics = _found_in(session, file)
        counts[file.uri] += len(diagnostics)
        severities.update(one.severity for one in diagnostics)
        if diagnostics and path is not None:
            found[path] = None
        await asyncio.sleep(0)
    session.watch_over(found)
    catalog = session.catalog
    return {
        "files": [
            {"uri": uri, "dialect": dialect, "diagnostics": counts[uri]}
            for uri, dialect in read.looked
        ],
        "sources": read.sifted.empty,
        "severities": dict(severities),
        "problems": [str(one) for one in read.problems.values()],
        "unverified": [one.to_json() for one in unverified(read.models, catalog, session.now())],
    }


def _take_down(file: File, read: _Reading) -> None:
    read.looked.append((file.uri, file.document.dialect.name))
    named = {site.reference for _, site in sites(file.document) if site.reference}
    if named or file.document.dialect.runs_here or file.bad_byte is not None:
        read.naming.append(file)
        read.models |= named


def _found_in(session: Session, file: File) -> list[Diagnostic]:
    """What is told of a file; where we fail on it, that alone."""
    try:
        return diagnose(file.document, session.catalog, session.options(file.uri))
    except Exception as error:  # noqa: BLE001 - files are apart
        log_failure(session.news, file.uri, error)
        return internal_error(error, WHERE, session.options(file.uri))
