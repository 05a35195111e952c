"""The commands about models, and those that set them in templates."""

from __future__ import annotations

import asyncio
from itertools import chain
from typing import TYPE_CHECKING, Any

from stagewright.analysis.edits import replace_model, set_model
from stagewright.catalog.catalog import Standing
from stagewright.lsp import protocol
from stagewright.lsp.commands import Command
from stagewright.lsp.files import apply, read_file, workspace_files
from stagewright.lsp.progress import progress
from stagewright.lsp.protocol import failure

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer


def models_list(ls: StagewrightServer, argument: protocol.Provider) -> dict[str, Any]:
    """The catalogue as known now."""
    only = (argument.provider,) if argument.provider else ()
    return ls.session.catalog.to_json(only=only)


async def models_refresh(ls: StagewrightServer, argument: protocol.Provider) -> dict[str, Any]:
    """Ask the providers now, with progress that the user can cancel."""
    if argument.provider and ls.session.catalog.provider(argument.provider) is None:
        raise failure("provider-unknown", f"There is no provider '{argument.provider}'.")
    registry = await ls.session.awake()
    only = (argument.provider,) if argument.provider else None
    async with progress(ls, "Asking providers for their models") as shown:
        refresh = asyncio.ensure_future(registry.refresh(only, force=True, progress=shown.report))
        shown.on_cancel(refresh.cancel)
        try:
            await refresh
        except asyncio.CancelledError:
            if not refresh.cancelled():
                raise
    return models_list(ls, argument)


async def stage_set_model(ls: StagewrightServer, argument: protocol.SetModel) -> dict[str, Any]:
    """Insert, replace or remove a stage's `defaultModel` as one undoable edit."""
    file = await read_file(ls, argument.uri)
    if file is None:
        raise failure("file-unknown", f"{argument.uri} is no template or role index.")
    if argument.model is not None:
        verdict = ls.session.catalog.verdict(argument.model, now=ls.now())
        if verdict.standing in (Standing.UNAVAILABLE, Standing.RETIRED):
            raise failure(
                "model-unavailable",
                f"{argument.model} cannot be used: the provider does not offer it. "
                "Choose another model.",
            )
    names = [entry.name.value if entry.name else None for entry in file.document.entries()]
    if isinstance(argument.stage, int):
        index = argument.stage if 0 <= argument.stage < len(names) else None
    else:
        index = names.index(argument.stage) if argument.stage in names else None
    if index is None:
        known = ", ".join(name for name in names if name)
        raise failure(
            "stage-unknown", f"There is no stage '{argument.stage}' here; there are: {known}."
        )
    edits = set_model(file.document, index, argument.model)
    applied = await apply(ls, "Change model", [(file, edits)]) if edits else False
    return {"applied": applied}


async def workspace_replace_model(
    ls: StagewrightServer, argument: protocol.ReplaceModel
) -> dict[str, Any]:
    """Every use of one model becomes another's, in one edit over all templates and roles."""
    uses = [
        (file, found)
        async for file in workspace_files(ls)
        if (found := replace_model(file.document, argument.from_, argument.to))
    ]
    applied = False
    if uses and not argument.dry_run:
        changes = [(file, tuple(chain.from_iterable(found))) for file, found in uses]
        applied = await apply(ls, f"Replace {argument.from_} by {argument.to}", changes)
    return {
        "files": [{"uri": file.uri, "count": len(found)} for file, found in uses],
        "total": sum(len(found) for _, found in uses),
        "applied": applied,
    }


COMMANDS: dict[str, Command] = {
    "stagewright.models.list": (protocol.Provider, models_list),
    "stagewright.models.refresh": (protocol.Provider, models_refresh),
    "stagewright.stage.setModel": (protocol.SetModel, stage_set_model),
    "stagewright.workspace.replaceModel": (protocol.ReplaceModel, workspace_replace_model),
}
