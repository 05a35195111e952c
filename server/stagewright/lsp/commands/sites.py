"""The commands about the model that is named at one place of a file, whatever the file is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from lsprotocol.validators import UINTEGER_MAX_VALUE

from stagewright.analysis.diagnostics.messages import explain
from stagewright.analysis.edits import refusal, set_site
from stagewright.analysis.missing_key import key_wanted
from stagewright.analysis.named import extent
from stagewright.catalog.catalog import Standing
from stagewright.catalog.model import ModelReference
from stagewright.dialects.code.names import is_name
from stagewright.dialects.document import Document, SiteAt, site_at, where
from stagewright.dialects.notation import theirs_of
from stagewright.lsp.commands.asking import Ask, ChosenModel, ask_for_model, near
from stagewright.lsp.convert import missing_key, position_in, range_json
from stagewright.lsp.errors import failure
from stagewright.lsp.files import File, apply, read_file
from stagewright.lsp.session import Session


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a document, as LSP counts it in the encoding that was agreed on."""

    line: int
    character: int


async def model_at(session: Session, uri: str, position: Position) -> dict[str, Any]:
    """What is named at a position, and how it stands; null where no model is named."""
    file = await _file(session, uri)
    found = _site(session, file, position)
    return {"site": _json(session, file.document, found) if found else None}


async def model_set(
    session: Session, uri: str, position: Position, model: ModelReference | Ask = Ask.USER
) -> dict[str, Any]:
    """Name another model there as one undoable edit, in the way that the file writes it."""
    file = await _file(session, uri)
    found = _site(session, file, position)
    if found is None:
        raise failure("site-unknown", "No model is named here. Put the cursor on one.")
    if isinstance(model, Ask):
        chosen = await _ask(session, file.document, found)
        if chosen is None or chosen.model is None:
            return {"applied": False}
        model = chosen.model
    must_be_usable(session, model)
    edits = set_site(file.document, found.entry, found.number, model)
    if not edits and found.site.reference != model:
        raise failure("model-refused", _why_not(file.document, found, model))
    verdict = session.catalog.verdict(model, now=session.now())
    if edits and verdict.provider is None:
        raise failure("provider-unknown", explain(verdict, session.catalog, session.now()))
    return {"applied": await apply(session, "Change model", [(file, edits)]) if edits else False}


async def _ask(session: Session, document: Document, found: SiteAt) -> ChosenModel | None:
    """Which of the models that can be named there the user wants."""
    able = _providers(session, document, found)
    question = f"Select a model in the place of {found.site.reference or 'this one'}"
    return await ask_for_model(session, question, lambda model: model.provider in able)


def _providers(session: Session, document: Document, found: SiteAt) -> list[str]:
    """Those whose models can be named there."""
    return [
        provider
        for provider in session.catalog.providers
        # by a model that no file names
        if set_site(document, found.entry, found.number, ModelReference(provider, "any-model"))
    ]


def must_be_usable(session: Session, model: ModelReference) -> None:
    """Refuse a model that is known to be unavailable."""
    standing = session.catalog.verdict(model, now=session.now()).standing
    if standing in (Standing.UNAVAILABLE, Standing.RETIRED):
        raise failure(
            "model-unavailable",
            f"{model} cannot be used: it is known to be unavailable. Choose another model.",
        )


async def _file(session: Session, uri: str) -> File:
    file = await read_file(session, uri)
    if file is None:
        raise failure("file-unknown", f"{uri} cannot be read, or names no models.")
    return file


def _site(session: Session, file: File, position: Position) -> SiteAt | None:
    numbers = (position.line, position.character)
    place = types.Position(*(min(max(one, 0), UINTEGER_MAX_VALUE) for one in numbers))
    found = position_in(file.document.lines, place, session.client.encoding)
    return site_at(file.document, found)


def _json(session: Session, document: Document, found: SiteAt) -> dict[str, Any]:
    site, entry = found.site, document.entry(found.entry)
    span = extent(document, site, found.line) if site.whole else site.span.shifted(found.line)
    owner = {"owner": entry.name.value} if document.layout.list_key and entry.name else {}
    model = site.reference
    provider = session.catalog.provider(model.provider) if model else None
    key = key_wanted(provider) if provider else None
    return {
        "dialect": document.dialect.id,
        "where": where(document, found.entry, site),
        **owner,
        "range": range_json(document.lines, span, session.client.encoding),
        "provider": model.provider if model else None,
        "model": model.model if model else None,
        "written": document.text_of(span),
        "standing": _standing(session, found),
        "settable": site.whole is None or site.is_settable,
        **(missing_key(key) if key else {}),
        "providers": _providers(session, document, found),
        "near": [one.to_json() for one in near(session.catalog, model)] if model else [],
    }


def _standing(session: Session, found: SiteAt) -> str:
    if found.site.reference is None:
        return found.site.standing_word or "opaque"
    return session.catalog.verdict(found.site.reference, now=session.now()).standing.value


def _why_not(document: Document, found: SiteAt, model: ModelReference) -> str:
    if found.site.whole is None:
        return (
            refusal(document, found.entry, model)
            or "This cannot be edited as it is written. Rewrite it by hand."
        )
    if not found.site.is_settable:
        return "This cannot be edited as it is written. Put it on one line."
    place = found.site.place
    if document.dialect.in_literals:
        if not is_name(model.model):
            return "This model id cannot stand between quotes."
        return "The code around this model calls another provider: change that first."
    if theirs_of(place, model.provider) is None or not (place.separator or place.provider.keys):
        return f"{document.dialect.name} cannot name a model of {model.provider} here."
    if place.provider.keys and found.site.beside_at is None:
        return "The provider of this model is named elsewhere: change it there first."
    return "This cannot be edited as it is written. Rewrite it by hand."
