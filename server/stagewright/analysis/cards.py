"""Markdown about models and providers: what is known, and who says so."""

from __future__ import annotations

from datetime import datetime

from stagewright.analysis import phrases
from stagewright.analysis.diagnostics.messages import OFFLINE
from stagewright.catalog.catalog import ProviderSnapshot, Status, is_retired
from stagewright.catalog.model import Capability, Model, Source
from stagewright.foreign import code, markdown, one_line


def model_card(
    provider: ProviderSnapshot, model: Model, now: datetime, lasting: str | None = None
) -> str:
    """A model's facts, one a line, each marked where it is not the provider's own word.

    `lasting` is the id to take in its place, where its successors have ended as well.
    """

    def fact(text: str, *fields: str) -> str:
        said = dict.fromkeys(filter(None, map(model.offline_facts.get, fields)))
        which = "offline knowledge: " if model.source is Source.LIVE else ""
        return f"- {text} *({which}{'; '.join(said)})*" if said else f"- {text}"

    sizes = (
        f"context window {phrases.tokens(model.context_window)}" if model.context_window else "",
        f"answers up to {phrases.tokens(model.max_output)}" if model.max_output else "",
    )
    told = ", ".join(filter(None, sizes))
    end, able = phrases.lifecycle(model, now), sorted({*model.capabilities} - {Capability.CHAT})
    then = f", then {code(lasting)}" if lasting else ""
    after, aliases = (", ".join(map(code, ids)) for ids in (model.successors, model.aliases))
    facts = (
        (told and f"{told[0].upper()}{told[1:]} tokens", "context_window", "max_output"),
        (phrases.price(model.price) if model.price else "", "price"),
        (able and f"Can do {', '.join(able)}", "capabilities"),
        (model.created and f"Released {model.created:%Y-%m-%d}", "created"),
        (model.deprecated_at and f"Deprecated since {model.deprecated_at}", "deprecated_at"),
        (end and f"**{end[0].upper()}{end[1:]}**", "retires_at", "lifecycle"),
        (after and f"Successor{'s' * (len(model.successors) > 1)}: {after}{then}", "successors"),
        (aliases and f"Also called {aliases}", "aliases"),
    )
    name = f"{markdown(one_line(model.name))} · " if model.name and model.name != model.id else ""
    paragraphs = [
        f"**{code(model.id)}** · {name}{markdown(one_line(provider.name))}",
        "\n".join(fact(text, *fields) for text, *fields in facts if text),
        f"*{markdown(_source(provider, model, now))}*",
    ]
    return "\n\n".join(filter(None, paragraphs))


def provider_card(
    provider: ProviderSnapshot, now: datetime, *, brief: bool = False, offline: bool = True
) -> str:
    """A provider's status, what its list holds, and what to do to have it.

    `brief` leaves out what a diagnostic says. With `offline`, what is known without a list is told
    too, which has to be read for that.
    """
    state = markdown(phrases.state(provider))  # what to do about it follows
    lines = [f"**{markdown(one_line(provider.name))}** · {state}"]
    if not brief:
        lines += [markdown(provider.error or ""), markdown(phrases.advice(provider))]
    if provider.models or offline:
        lines.append(list_line(provider, now))
    return "\n\n".join(filter(None, lines))


def list_line(provider: ProviderSnapshot, now: datetime) -> str:
    """The list that a provider's models are known from; empty where none are."""
    return f"*{markdown(_list(provider, now))}.*" if provider.table else ""


def _source(provider: ProviderSnapshot, model: Model, now: datetime) -> str:
    if model.source is Source.OFFLINE:
        doubt = f": no proof that {provider.name} offers it to you"
        return f"From {OFFLINE}{'' if is_retired(model, now) else doubt}."
    if model.id not in provider.table.by_id:
        return f"{provider.name} confirmed it when asked for it alone; its list does not hold it."
    return f"From {_list(provider, now)}."


def _list(provider: ProviderSnapshot, now: datetime) -> str:
    count = f"{len(provider.table)} model{'' if len(provider.table) == 1 else 's'}"
    if not provider.listed:
        day = f" of {provider.knowledge.day}" if provider.knowledge.day else ""
        return f"{OFFLINE}{day}, {count}"
    age = f", checked {phrases.ago(now, provider.checked_at)}" if provider.checked_at else ""
    whole = "" if provider.complete else ", which is not complete"
    if provider.patterns:
        whole += f", which passes on what fits {', '.join(map(code, provider.patterns[:3]))}"
        whole += " and more" if len(provider.patterns) > 3 else ""
    old = ", the last good one" if provider.stale and provider.status is not Status.LOADING else ""
    return f"{provider.name}'s list of {count}{age}{whole}{old}"
