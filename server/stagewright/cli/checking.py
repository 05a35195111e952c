"""What `check` does before it reports: find the files, learn of their models, collect findings."""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from stagewright.analysis.diagnostics import diagnose, to_ask_about
from stagewright.analysis.options import Options
from stagewright.analysis.results import Finding, Severity
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.catalog.snapshot import ProviderSnapshot, Status
from stagewright.options import options_from
from stagewright.settings import Settings
from stagewright.templates.buffer import Position, Span
from stagewright.templates.roles import RoleIndex, read_roles
from stagewright.templates.template import Document, DocumentKind
from stagewright.workspace import (
    UnreadableFile,
    find_roles,
    find_templates,
    kind_of,
    read_text,
    workspace_root,
)

FIRST_ANSWER_TIMEOUT = 60.0
"""Seconds after which a check goes on without the answers about single models."""


class Asking(StrEnum):
    """How far a check goes to know about models."""

    LIVE = "live"  # a provider in use that cannot be asked is a failure
    OFFLINE = "offline"  # no socket is opened
    USUAL = "usual"  # ask who is configured, say what could not be verified


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be checked, read but not judged yet."""

    path: Path
    document: Document
    bad_byte: int | None


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file and what was found in it."""

    path: Path
    document: Document
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A whole check. `unverified` are the providers in use whose lists could not be had."""

    files: tuple[CheckedFile, ...]
    problems: tuple[str, ...]  # paths that are wrong or cannot be read, in sentences
    unverified: tuple[ProviderSnapshot, ...]
    catalog: Catalog
    options: Options


def check(
    paths: Sequence[Path],
    settings: Settings,
    *,
    asking: Asking,
    within_days: int | None = None,
    environ: Mapping[str, str] = os.environ,
    advance: Callable[[int, int], None] = lambda _done, _all: None,
) -> Result:
    """Check files and folders. `advance` is told how many files of how many are done."""
    sources, problems = _read(paths, settings)
    indexes = _role_indexes(sources)
    options = options_from(settings, now=datetime.now(UTC), within_days=within_days)
    catalog = _catalog(sources, settings, options, asking, environ)
    files = []
    for done, source in enumerate(sources, 1):
        roles = indexes.get(workspace_root(source.path.absolute()))
        findings = diagnose(source.document, catalog, replace(options, roles=roles))
        files.append(CheckedFile(source.path, source.document, _all_of(source, findings)))
        advance(done, len(sources))
    used = {reference.provider for source in sources for reference in _references(source)}
    unverified = tuple(
        provider
        for provider in (catalog.provider(name) for name in sorted(used))
        if provider is not None and provider.status is not Status.OK
    )
    return Result(tuple(files), tuple(problems), unverified, catalog, options)


def _read(paths: Sequence[Path], settings: Settings) -> tuple[list[Source], list[str]]:
    """The files that the paths name, each once, and what is wrong with the paths."""
    include = settings.templates.include
    wanted: dict[Path, DocumentKind] = {}
    problems: list[str] = []
    for path in paths:
        if path.is_dir():
            wanted.update((found, "template") for found in find_templates(path, include))
            if (roles := find_roles(path)) is not None:
                wanted[roles] = "roles"
        elif path.exists():
            wanted[path] = "roles" if kind_of(path.absolute(), include) == "roles" else "template"
        else:
            problems.append(f"{path} does not exist. Name a template or a folder.")
    sources = []
    for path, kind in wanted.items():
        try:
            file = read_text(path)
        except UnreadableFile as error:
            problems.append(str(error))
        else:
            sources.append(Source(path, Document(file.text, kind), file.bad_byte))
    return sources, problems


def _role_indexes(sources: Sequence[Source]) -> dict[Path, RoleIndex]:
    """The role index of every workspace that the files belong to."""
    indexes: dict[Path, RoleIndex] = {}
    for root in {workspace_root(source.path.absolute()) for source in sources}:
        indexes[root] = RoleIndex({}, exists=False)
        path = find_roles(root)
        if path is not None:
            try:
                indexes[root] = read_roles(Document(read_text(path).text, "roles"))
            except UnreadableFile:
                continue
    return indexes


def _all_of(source: Source, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    if source.bad_byte is None:
        return tuple(findings)
    end = source.document.end()
    message = (
        f"This file is not UTF-8: byte {source.bad_byte + 1} cannot be read, and nothing after it "
        "was checked. Save the file as UTF-8."
    )
    span = Span(Position(end.line, max(0, end.column - 1)), end)
    unreadable = Finding("template-syntax", Severity.ERROR, message, span)
    return (*findings, unreadable)


def _references(source: Source) -> list[ModelReference]:
    return [
        entry.model.reference
        for entry in source.document.entries()
        if entry.model is not None and entry.model.reference is not None
    ]


def _catalog(
    sources: Sequence[Source],
    settings: Settings,
    options: Options,
    asking: Asking,
    environ: Mapping[str, str],
) -> Catalog:
    """What is known of the models that the files use, asked for as far as wanted."""
    if asking is Asking.OFFLINE:
        from stagewright.providers.start import starting_catalog

        return starting_catalog(settings, environ, offline=True)
    return asyncio.run(_ask(sources, settings, options, environ))


async def _ask(
    sources: Sequence[Source], settings: Settings, options: Options, environ: Mapping[str, str]
) -> Catalog:
    module = importlib.import_module("stagewright.providers.registry")
    registry = module.Registry(settings, environ, on_change=lambda _: None)
    try:
        used = {reference.provider for source in sources for reference in _references(source)}
        known = {one.id for name in used if (one := registry.catalog.provider(name)) is not None}
        await registry.refresh(sorted(known))
        single = {
            reference
            for source in sources
            for reference in to_ask_about(source.document, registry.catalog, options)
        }
        await registry.answers(single, timeout=FIRST_ANSWER_TIMEOUT)
        catalog: Catalog = registry.catalog
        return catalog
    finally:
        await registry.close()
