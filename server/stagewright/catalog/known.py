"""Offline knowledge: what can be said of models without asking their provider.

Two sources, both labelled offline wherever they show: a dated table of retirements that ships with
the package (`retirements.json`, with its source and date in it), and `genai-prices` for context
windows, prices and names. The latter's matchers take whole families, cut-off ids too, so nothing
here proves that a model exists. It takes 10 MiB and a fifth of a second to load, so it is asked in
a process of its own: `python -m stagewright.catalog.known`, JSON in, JSON out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stagewright.catalog.model import Lifecycle, Model, Price, Source
from stagewright.catalog.naming import chats_at_gemini, chats_at_openai, chats_elsewhere

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo

RETIREMENTS = Path(__file__).with_name("retirements.json")

NAMES_THERE: Mapping[str, str] = {
    "anthropic": "anthropic",
    "openai": "openai",
    "gemini": "google",
    "mistral": "mistral",
    "groq": "groq",
    "deepseek": "deepseek",
    "xai": "x-ai",
    "together": "together",
    "openrouter": "openrouter",
}
"""Our provider ids, and those of genai-prices."""

_AGGREGATORS = ("together", "openrouter")  # thousands of other people's models: of no help offline

Facts = Mapping[str, Any]
"""What is known of one id: any of `name`, `contextWindow`, `input`, `output` (dollars per million
tokens) and `deprecated`. Empty where nothing is."""


@cache
def ended(provider_id: str) -> Mapping[str, Model]:
    """The dated table's models of a provider by exact id: their end is past or announced."""
    table = json.loads(RETIREMENTS.read_text("utf-8"))["models"].get(provider_id, {})
    return {
        model_id: Model(
            model_id,
            lifecycle=Lifecycle.DEPRECATED,
            retires_at=date.fromisoformat(day),
            source=Source.OFFLINE,
        )
        for model_id, day in table.items()
    }


def completed(provider_id: str, model: Model, facts: Facts, today: date) -> Model:
    """A live model with what its provider left out; `offline_facts` names what was filled in."""
    found: dict[str, Any] = {
        "name": facts.get("name"),
        "context_window": facts.get("contextWindow"),
        "price": _price(facts),
    }
    added = {
        name: value
        for name, value in found.items()
        if value is not None and getattr(model, name) is None
    }
    end = ended(provider_id).get(model.id)
    if model.lifecycle is Lifecycle.UNKNOWN and (end or facts.get("deprecated")):
        added["lifecycle"] = Lifecycle.DEPRECATED
        if end and end.retires_at and end.retires_at > today and model.retires_at is None:
            added["retires_at"] = end.retires_at
    if not added:
        return model
    return replace(model, **added, offline_facts=model.offline_facts | added.keys())


def offline_model(provider_id: str, model_id: str, facts: Facts, today: date) -> Model:
    """A model known offline alone."""
    rules = {"openai": chats_at_openai, "gemini": chats_at_gemini}
    model = ended(provider_id).get(model_id) or Model(model_id, source=Source.OFFLINE)
    lifecycle = model.lifecycle
    if model.retires_at and model.retires_at <= today:
        lifecycle = Lifecycle.RETIRED
    elif facts.get("deprecated"):
        lifecycle = Lifecycle.DEPRECATED
    return replace(
        model,
        name=facts.get("name"),
        chat=rules.get(provider_id, chats_elsewhere)(model_id),
        lifecycle=lifecycle,
        context_window=facts.get("contextWindow"),
        price=_price(facts),
    )


def _price(facts: Facts) -> Price | None:
    price = Price(facts.get("input"), facts.get("output"))
    return None if price == Price(None, None) else price


# What follows runs in the process that loads genai-prices.


def facts_of(provider_id: str, ids: Iterable[str]) -> dict[str, Facts]:
    """What genai-prices knows of these ids of a provider."""
    from genai_prices.data_snapshot import get_snapshot

    there = NAMES_THERE.get(provider_id)
    provider = next((one for one in get_snapshot().providers if one.id == there), None)
    if provider is None:
        return {}
    found = ((model_id, provider.find_model(model_id)) for model_id in ids)
    return {model_id: _facts(model_id, info) for model_id, info in found if info}


def offline_facts() -> dict[str, dict[str, Facts]]:
    """The models that genai-prices names, by provider."""
    from genai_prices.data_snapshot import get_snapshot

    providers = {one.id: one for one in get_snapshot().providers}
    return {
        ours: {info.id: _facts(info.id, info) for info in _named(ours, providers[theirs].models)}
        for ours, theirs in NAMES_THERE.items()
        if ours not in _AGGREGATORS and theirs in providers
    }


def _named(provider_id: str, models: Iterable[ModelInfo]) -> Iterator[ModelInfo]:
    """Those whose ids can be ids of models: others are families of what is gone, or cut off."""
    today = datetime.now(UTC).date()
    gone = [
        name for name, m in ended(provider_id).items() if m.retires_at and m.retires_at <= today
    ]
    for info in models:
        family = info.id.removesuffix("-latest")
        foreign = provider_id == "gemini" and not info.id.startswith(("gemini-", "gemma-"))
        cut = info.id.endswith("-") or ":" in info.id
        bare = info.context_window is None and info.name is None
        if not (foreign or cut or bare or any(name.startswith(family) for name in gone)):
            yield info


def _facts(model_id: str, info: ModelInfo) -> Facts:
    price = info.get_prices(datetime.now(UTC))
    facts = {
        "name": info.name if info.name != model_id else None,
        "contextWindow": info.context_window,
        "input": _dollars(price.input_mtok),
        "output": _dollars(price.output_mtok),
        # The flag is a whole family's: of its other members it says nothing.
        "deprecated": info.id == model_id and info.deprecated,
    }
    return {name: value for name, value in facts.items() if value}


def _dollars(price: Any) -> float | None:
    """A price without tiers; of a tiered one, what short prompts cost."""
    base = getattr(price, "base", price)
    return None if base is None else float(base)


def main() -> None:
    """Answer one request: `{"models": {provider: [id, ...]}, "offline": bool}`."""
    asked = json.load(sys.stdin)
    answer = {
        "models": {name: facts_of(name, ids) for name, ids in asked["models"].items()},
        "offline": offline_facts() if asked["offline"] else {},
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
