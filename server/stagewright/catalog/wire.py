"""The catalogue as JSON: for clients and the command line, and for the cache on disk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from stagewright.catalog.model import Capability, Lifecycle, Model, Price, Source
from stagewright.catalog.snapshot import ProviderSnapshot


def provider_to_json(
    provider: ProviderSnapshot, *, models: bool = True, known: bool = True
) -> dict[str, Any]:
    """One provider of the contract's Catalog. `checkedAt` is null for a list never had.

    Without `known`, `models` holds what the provider itself listed.
    """
    written: dict[str, Any] = {
        "name": provider.name,
        "status": provider.status.value,
        "stale": provider.stale,
        "checkedAt": instant_to_json(provider.checked_at),
        "complete": provider.complete and not provider.patterns,
    }
    if provider.patterns:
        written["patterns"] = list(provider.patterns)
    if not provider.askable:
        written["askable"] = False
    if provider.error:
        written["error"] = provider.error
    if provider.key_variable:
        written["keyVariable"] = provider.key_variable
    if gone := provider.absent | provider.refused:
        written["unavailable"] = sorted(gone)
    if models:
        written["models"] = [
            model_to_json(model) for model in (provider.table if known else provider.models)
        ]
    return written


def model_to_json(model: Model) -> dict[str, Any]:
    """One model of the contract's Catalog, with all that is known; absent facts are left out."""
    facts: dict[str, Any] = {
        "mode": model.mode,
        "created": instant_to_json(model.created),
        "deprecatedAt": model.deprecated_at and model.deprecated_at.isoformat(),
        "retiresAt": model.retires_at and model.retires_at.isoformat(),
        "retiresAbout": model.retires_about or None,
        "knownOn": model.known_on and model.known_on.isoformat(),
        "successors": list(model.successors) or None,
        "contextWindow": model.context_window,
        "maxOutput": model.max_output,
        "aliases": list(model.aliases) or None,
        "price": model.price and {"input": model.price.input, "output": model.price.output},
        "offlineFacts": dict(model.offline_facts) or None,
    }
    return {
        "id": model.id,
        "name": model.name or model.id,
        "chat": model.chat,
        "lifecycle": model.lifecycle.value,
        "capabilities": sorted(one.value for one in model.capabilities),
        "source": model.source.value,
        **{key: value for key, value in facts.items() if value is not None},
    }


def model_from_json(written: Mapping[str, Any]) -> Model:
    """The model that `model_to_json` wrote. Raises KeyError, TypeError or ValueError on others."""
    name, price = written["name"], written.get("price")
    return Model(
        id=_text(written["id"]),
        name=None if name == written["id"] else _text(name),
        mode=written.get("mode"),
        chat=written["chat"] is True,
        lifecycle=Lifecycle(written["lifecycle"]),
        created=instant_from_json(written.get("created")),
        deprecated_at=_day(written.get("deprecatedAt")),
        retires_at=_day(written.get("retiresAt")),
        retires_about=written.get("retiresAbout") is True,
        known_on=_day(written.get("knownOn")),
        successors=tuple(map(_text, written.get("successors", ()))),
        context_window=written.get("contextWindow"),
        max_output=written.get("maxOutput"),
        capabilities=frozenset(map(Capability, written["capabilities"])),
        aliases=tuple(written.get("aliases", ())),
        price=Price(price["input"], price["output"]) if price else None,
        source=Source(written["source"]),
        offline_facts={
            _text(key): _text(said) for key, said in written.get("offlineFacts", {}).items()
        },
    )


def instant_to_json(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, whole seconds, `Z`."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def instant_from_json(written: object) -> datetime | None:
    """The moment, in UTC. Raises ValueError or TypeError on what is no moment."""
    return None if written is None else datetime.fromisoformat(_text(written)).astimezone(UTC)


def _day(written: object) -> date | None:
    return None if written is None else date.fromisoformat(_text(written))


def _text(written: object) -> str:
    if not isinstance(written, str):
        raise TypeError(f"expected text, not {type(written).__name__}")
    return written
