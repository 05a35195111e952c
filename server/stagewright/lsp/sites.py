"""The commands about the model that is named at one place of a file, whatever the file is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from stagewright.analysis.edits import refusal, set_site
from stagewright.catalog.catalog import Standing
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document, SiteAt, site_at
from stagewright.dialects.key_path import in_words
from stagewright.lsp import protocol
from stagewright.lsp.commands import Command
from stagewright.lsp.convert import position_in, range_json
from stagewright.lsp.files import File, apply, read_file
from stagewright.lsp.protocol import failure

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer


async def model_at(ls: StagewrightServer, argument: protocol.ModelAt) -> dict[str, Any]:
    """What is named at a position, and how it stands; null where no model is named."""
    file = await _file(ls, argument.uri)
    found = _site(ls, file, argument.position)
    return {"site": _json(ls, file.document, found) if found else None}


async def model_set(ls: StagewrightServer, argument: protocol.SetModelAt) -> dict[str, Any]:
    """Name another model there as one undoable edit, in the way that the file writes it."""
    file = await _file(ls, argument.uri)
    found, model = _site(ls, file, argument.position), argument.model
    if found is None:
        raise failure("site-unknown", "No model is named here. Put the cursor on one.")
    must_be_usable(ls, model)
    edits = set_site(file.document, found.entry, found.number, model)
    if not edits and found.site.reference != model:
        raise failure("model-refused", _why_not(file.document, found, model))
    return {"applied": await apply(ls, "Change model", [(file, edits)]) if edits else False}


def must_be_usable(ls: StagewrightServer, model: ModelReference) -> None:
    """Refuse a model that is known to be unavailable."""
    standing = ls.session.catalog.verdict(model, now=ls.now()).standing
    if standing in (Standing.UNAVAILABLE, Standing.RETIRED):
        raise failure(
            "model-unavailable",
            f"{model} cannot be used: it is known to be unavailable. Choose another model.",
        )


async def _file(ls: StagewrightServer, uri: str) -> File:
    file = await read_file(ls, uri)
    if file is None:
        raise failure("file-unknown", f"{uri} is no file that can be read and that names models.")
    return file


def _site(ls: StagewrightServer, file: File, position: protocol.Position) -> SiteAt | None:
    lines = file.document.lines
    return site_at(
        file.document,
        position_in(
            lines,
            types.Position(max(position.line, 0), max(position.character, 0)),
            ls.client.encoding,
        ),
    )


def _json(ls: StagewrightServer, document: Document, found: SiteAt) -> dict[str, Any]:
    site, entry = found.site, document.entry(found.entry)
    span = site.span.shifted(found.line)
    key = document.layout.list_key
    path = (key, found.entry, *site.path) if key else site.path
    owner = {"owner": entry.name.value} if key and entry.name else {}
    model = site.reference
    return {
        "dialect": document.dialect.id,
        "where": in_words(path),
        **owner,
        "range": range_json(document.lines, span, ls.client.encoding),
        "provider": model.provider if model else None,
        "model": model.model if model else None,
        "written": document.text_of(span),
        "standing": _standing(ls, found),
        "settable": site.whole is None or site.is_on_one_line,
    }


def _standing(ls: StagewrightServer, found: SiteAt) -> str:
    if found.site.meaning is not None:
        return "alias"
    if found.site.reference is None:
        return "opaque"
    return ls.session.catalog.verdict(found.site.reference, now=ls.now()).standing.value


def _why_not(document: Document, found: SiteAt, model: ModelReference) -> str:
    if found.site.whole is None:
        return (
            refusal(document, found.entry, model) or "This cannot be changed here: write it anew."
        )
    if not found.site.is_on_one_line:
        return "This is written in a way that cannot be changed here: write it on one line."
    return f"{document.dialect.name} cannot name a model of {model.provider} here."


COMMANDS: dict[str, Command] = {
    "stagewright.model.at": (protocol.ModelAt, model_at),
    "stagewright.model.set": (protocol.SetModelAt, model_set),
}
