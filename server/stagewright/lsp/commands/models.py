"""The commands about models, and those that set them in templates."""

from __future__ import annotations

import asyncio
from itertools import chain
from typing import Any

from lsprotocol import types

from stagewright.analysis.edits import count_named, refusal, replace_model, set_model
from stagewright.catalog.catalog import turned_off
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document, sites
from stagewright.lsp.commands.asking import Ask, ask_for_model, near
from stagewright.lsp.commands.sites import must_be_usable
from stagewright.lsp.documents import path_of, uri_of
from stagewright.lsp.errors import failure
from stagewright.lsp.failures import apart
from stagewright.lsp.files import (
    File,
    Problems,
    apply,
    read_file,
    why_untouched,
    workspace_edit,
    workspace_files,
)
from stagewright.lsp.progress import attended, progress
from stagewright.lsp.session import Session
from stagewright.text.buffer import Edit


def models_list(session: Session, provider: str | None = None) -> dict[str, Any]:
    """The catalogue as known now."""
    _must_be_known(session, provider)
    only = (provider,) if provider else ()
    return session.catalog.to_json(only=only)


async def models_refresh(session: Session, provider: str | None = None) -> dict[str, Any]:
    """Ask the providers now, with progress that the user can cancel."""
    _must_be_known(session, provider)
    registry = await session.awake()
    only = (provider,) if provider else None
    async with progress(session.editor, "Asking providers for their models") as shown:
        refresh = asyncio.ensure_future(registry.refresh(only, force=True, progress=shown.report))
        shown.on_cancel(refresh.cancel)
        try:
            await refresh
        except asyncio.CancelledError:
            if not refresh.cancelled():
                raise
    return models_list(session, provider)


def _must_be_known(session: Session, name: str | None) -> None:
    if name and session.catalog.provider(name) is None:
        raise failure("provider-unknown", turned_off(name) or f"Unknown provider `{name}`.")


async def stage_set_model(
    session: Session, uri: str, stage: str | int, model: ModelReference | Ask | None = Ask.USER
) -> dict[str, Any]:
    """Insert, replace or remove a stage's `defaultModel` as one undoable edit."""
    file = await read_file(session, uri)
    if file is None or not file.document.dialect.reference_key:
        raise failure("template-unknown", f"{uri} cannot be read as a template.")
    index = _entry(file.document, stage)
    if isinstance(model, Ask):
        none = "No default" if file.document.entries()[index].model else ""
        chosen = await ask_for_model(session, "Select a model for this stage", no_model=none)
        if chosen is None:
            return {"applied": False}
        model = chosen.model
    if model is not None:
        must_be_usable(session, model)
    edits = set_model(file.document, index, model)
    if reason := refusal(file.document, index, model):
        raise failure("model-shared", reason)
    applied = await apply(session, "Change model", [(file, edits)]) if edits else False
    return {"applied": applied}


def _entry(document: Document, stage: str | int) -> int:
    """The index of a stage or role that is named by its name or index."""
    names = [entry.name.value if entry.name else None for entry in document.entries()]
    if isinstance(stage, int) and 0 <= stage < len(names):
        return stage
    if isinstance(stage, str) and stage in names:
        return names.index(stage)
    known = ", ".join(name for name in names if name)
    raise failure("stage-unknown", f"Unknown stage `{stage}`. The stages are {known}.")


async def workspace_models(session: Session, provider: str | None = None) -> dict[str, Any]:
    """Each model that a template or role names, in the order of the files.

    Where it is named, how it stands, and which could take its place.
    """
    return await attended(session, "Looking for models", _models_named(session, provider))


async def _models_named(session: Session, provider: str | None) -> dict[str, Any]:
    uses: dict[ModelReference, list[dict[str, Any]]] = {}
    async for file in workspace_files(session, everything=True):
        with apart(session.news, file.uri):
            for entry, site in sites(file.document):
                named = site.reference
                if named and provider in (None, named.provider):
                    place = {"uri": file.uri, "name": entry.name.value if entry.name else None}
                    uses.setdefault(named, []).append(place)
    catalog, now = session.catalog, session.now()
    models = [
        {
            "model": one.to_json(),
            "uses": found,
            "standing": catalog.verdict(one, now=now).standing.value,
            "near": [other.to_json() for other in near(catalog, one)],
        }
        for one, found in uses.items()
    ]
    return {"models": models}


async def workspace_replace_model(
    session: Session, from_: ModelReference, to: ModelReference, dry_run: bool = False
) -> dict[str, Any]:
    """Every use of one model becomes another's, in one edit over all files that name models.

    What cannot be read whole, or lies outside of the workspace, is left as it is and named.
    """
    search = _find_uses(session, from_, to)
    uses, skipped = await attended(session, f"Looking for {from_}", search)
    changes = [(file, tuple(chain.from_iterable(found))) for file, found in uses]
    applied = False
    if uses and not dry_run:
        applied = await apply(session, f"Replace {from_} with {to}", changes)
    if skipped and not dry_run:
        told = "\n".join(["Not changed:", *skipped.values()])
        session.editor.tell(types.MessageType.Warning, told)
    return {
        "files": [{"uri": file.uri, "count": len(found)} for file, found in uses],
        "total": sum(len(found) for _, found in uses),
        "skipped": [{"uri": uri, "reason": reason} for uri, reason in skipped.items()],
        "applied": applied,
        "edit": workspace_edit(session, changes),
    }


async def _find_uses(
    session: Session, from_: ModelReference, to: ModelReference
) -> tuple[list[tuple[File, list[tuple[Edit, ...]]]], dict[str, str]]:
    """The edits of each file, one for each use; and the files that are left alone, with why."""
    uses: list[tuple[File, list[tuple[Edit, ...]]]] = []
    skipped: dict[str, str] = {}
    problems: Problems = {}
    async for file in workspace_files(session, problems=problems, everything=True):
        with apart(session.news, file.uri):
            found = replace_model(file.document, from_, to)
            left = count_named(file.document, from_) - len(found)
            if left > 0 and from_ != to:
                uses_left = "1 use" if left == 1 else f"{left} uses"
                where = path_of(file.uri) or file.uri
                why_left = f"{to} cannot be named there"
                skipped[file.uri] = f"{where}: {uses_left} unchanged; {why_left}."
            if not found and file.bad_byte is None:
                continue
            if why := await why_untouched(session, file):
                skipped[file.uri] = why
            else:
                uses.append((file, found))
    return uses, skipped | {uri_of(path): str(problem) for path, problem in problems.items()}
