"""Hover: what is known about the word under the cursor."""

from __future__ import annotations

from stagewright.analysis.cards import list_line, model_card, provider_card
from stagewright.analysis.cursor_text import reference_part, written
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.messages import explain
from stagewright.analysis.features import features
from stagewright.analysis.options import Options
from stagewright.analysis.results import Hover
from stagewright.catalog.catalog import Catalog, Standing
from stagewright.catalog.model import ModelReference
from stagewright.dialects import notation
from stagewright.dialects.document import Document, ModelSite, site_at
from stagewright.dialects.place import UNVERIFIABLE
from stagewright.foreign import code, markdown, one_line
from stagewright.text.buffer import Position
from stagewright.text.cursor_at import cursor_at

_NAMED = 5  # other providers that are told of
_MOST = 1_000  # entries up to which it is looked whether a diagnostic stands under the cursor


def hover(
    document: Document, position: Position, catalog: Catalog, options: Options
) -> Hover | None:
    """Markdown about the word at `position`; None where there is nothing to say."""
    document.recognize(catalog)
    if not document.dialect.reference_key:
        return _at_site(document, position, catalog, options)
    cursor = cursor_at(document, position)
    if cursor is None or cursor.word.start == cursor.word.end:
        return None
    word = written(document, cursor)
    half = reference_part(document, cursor) if cursor.place == "value" else ""
    if half == "provider":
        flagged = _is_flagged(document, position, catalog, options)
        text = _provider(word, catalog, options, flagged)
    elif half == "model" and "provider" in cursor.siblings:
        flagged = _is_flagged(document, position, catalog, options)
        reference = ModelReference(cursor.siblings["provider"].value, word)
        text = _model(reference, catalog, options, flagged)
    else:
        more = features(document.dialect)
        text = more.hover(document, cursor, options) if more else ""
    return Hover(text, cursor.word) if text else None


def _at_site(
    document: Document, position: Position, catalog: Catalog, options: Options
) -> Hover | None:
    """Of a text that names a model: the half of it that the cursor is in."""
    found = site_at(document, position)
    if found is None:
        return None
    site, line = found.site, found.line
    said = site.meaning
    if said is None and (ended := document.dialect.service_ended):
        said = f"The service behind these files ended on {ended}. {document.dialect.unverified}"
    if said is not None and site.whole is not None:
        text = f"**{code(site.whole.value)}**\n\n{markdown(said.strip())}"
        return Hover(text, site.span.shifted(line))
    if site.reference is None:
        text = _silence(document, site)
        return Hover(text, site.span.shifted(line)) if text else None
    flagged = _is_flagged(document, position, catalog, options)
    if site.provider is not None and site.provider.span.shifted(line).contains(position):
        text = _provider(site.reference.provider, catalog, options, flagged)
        span = site.provider.span
    else:
        text = _model(site.reference, catalog, options, flagged)
        span = site.model.span if site.model else site.span
        text += _others(site, catalog) if text else ""
    return Hover(text, span.shifted(line)) if text else None


def _others(site: ModelSite, catalog: Catalog) -> str:
    """Who else has the model, where nothing shows who is asked for it."""
    if site.is_shown or len(site.routes) < 2:
        return ""
    others = (catalog.provider(one.provider) for one in site.routes[1:])
    names = list(dict.fromkeys(one.name for one in others if one))
    shown = ", ".join(names[:_NAMED]) + (" and others" if len(names) > _NAMED else "")
    return f"\n\nNothing in this file says who is asked for it. Also at: {markdown(shown)}."


def _silence(document: Document, site: ModelSite) -> str:
    """Why nothing is said of what is named at a site; empty where a diagnostic tells."""
    if site.whole is None or site.is_undefined or site.unknown_provider:
        return ""
    named = site.provider.value if site.provider else site.beside or ""
    if site.standing_word == "local":
        by = f"The provider {code(named)}" if named in document.defined.providers else "The name"
        why = f"{by} is defined in this file or its settings, and not checked further."
    elif notation.is_opaque(site.place, site.whole.value):
        why = "Not checked: which model this is depends on where the file is used."
    elif site.is_redirected:
        why = "Not checked: this file or its settings use another address than the provider's own."
    elif site.place.providers.get(named) == UNVERIFIABLE:
        why = f"Models of {code(named)} cannot be checked with your keys."
    else:
        why = "Not checked: nothing here says whose model this is."
    more = markdown(document.dialect.unverified)
    return "\n\n".join(filter(None, (f"**{code(site.whole.value)}**", why, more)))


def _is_flagged(document: Document, position: Position, catalog: Catalog, options: Options) -> bool:
    """Whether a diagnostic stands here, which editors show beside the hover: it is not repeated."""
    if document.count() > _MOST:
        return False
    found = diagnose(document, catalog, options)
    return any(one.span.contains(position) for one in found)


def _provider(provider_id: str, catalog: Catalog, options: Options, flagged: bool) -> str:
    provider = catalog.provider(provider_id)
    if provider is not None:
        return provider_card(provider, options.now, brief=flagged)
    verdict = catalog.verdict(ModelReference(provider_id, ""), now=options.now)
    return "" if flagged else markdown(explain(verdict, catalog, options.now))


def _model(reference: ModelReference, catalog: Catalog, options: Options, flagged: bool) -> str:
    """What can be said of the model as things stand, and its facts, each with its source."""
    verdict = catalog.verdict(reference, now=options.now)
    standing = "" if flagged else markdown(explain(verdict, catalog, options.now))
    if verdict.provider is None:
        return standing
    if verdict.model is None:
        about = standing or list_line(verdict.provider, options.now)
        offered_by = markdown(one_line(verdict.provider.name))
        return f"**{code(reference.model)}** · {offered_by}\n\n{about}".rstrip()
    successor = catalog.successor(reference)
    lasting = successor.model if successor else None
    if lasting and verdict.provider.split(lasting)[0].endswith(verdict.model.successors):
        lasting = None  # the same, perhaps with what stands around the written id
    card = model_card(verdict.provider, verdict.model, options.now, lasting)
    usable = verdict.standing is Standing.USABLE
    return card if usable or not standing else f"{standing}\n\n{card}"
