"""The catalogue as JSON: the contract's names, and models as they were."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.model import Capability, Lifecycle, Model, Price, Source
from stagewright.catalog.wire import model_from_json, model_to_json

CHECKED = datetime(2026, 11, 22, 12, 30, 15, 987654, tzinfo=UTC)
CATALOG = Catalog(
    {
        "gemini": ProviderSnapshot(
            "gemini",
            "Gemini",
            Status.OK,
            (
                Model(
                    "g-2",
                    name="G 2",
                    lifecycle=Lifecycle.DEPRECATED,
                    retires_at=date(2027, 1, 1),
                    context_window=1000,
                    max_output=10,
                    capabilities=frozenset({Capability.VISION, Capability.CHAT}),
                    price=Price(0.5, None),
                ),
                Model("g-1", source=Source.OFFLINE),
            ),
            complete=True,
            checked_at=CHECKED,
        ),
        "acme": ProviderSnapshot(
            "acme", "Acme", Status.AUTH_FAILED, error="Wrong key.", key_variable="ACME"
        ),
    }
)


def test_the_contracts_catalogue() -> None:
    assert CATALOG.to_json() == {
        "providers": {
            "gemini": {
                "name": "Gemini",
                "status": "ok",
                "stale": False,
                "checkedAt": "2026-11-22T12:30:15Z",
                "complete": True,
                "models": [
                    {
                        "id": "g-1",
                        "name": "g-1",
                        "chat": True,
                        "lifecycle": "unknown",
                        "capabilities": [],
                        "source": "offline",
                    },
                    {
                        "id": "g-2",
                        "name": "G 2",
                        "chat": True,
                        "lifecycle": "deprecated",
                        "retiresAt": "2027-01-01",
                        "contextWindow": 1000,
                        "maxOutput": 10,
                        "capabilities": ["chat", "vision"],
                        "price": {"input": 0.5, "output": None},
                        "source": "live",
                    },
                ],
            },
            "acme": {
                "name": "Acme",
                "status": "auth-failed",
                "stale": False,
                "checkedAt": None,
                "complete": False,
                "error": "Wrong key.",
                "keyVariable": "ACME",
                "models": [],
            },
        }
    }


def test_without_models_and_of_some_providers() -> None:
    assert "models" not in CATALOG.to_json(models=False)["providers"]["gemini"]
    assert list(CATALOG.to_json(only=["google", "no-such"])["providers"]) == ["gemini"]


days = st.dates(min_value=date(2000, 1, 1))
counts = st.integers(1, 10**9)
models = st.builds(
    Model,
    id=st.text(min_size=1),
    name=st.none() | st.text(min_size=1),
    chat=st.booleans(),
    lifecycle=st.sampled_from(Lifecycle),
    created=st.none() | st.just(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    deprecated_at=st.none() | days,
    retires_at=st.none() | days,
    retires_about=st.booleans(),
    known_on=st.none() | st.dates(),
    mode=st.none() | st.text(min_size=1),
    successors=st.lists(st.text(min_size=1), max_size=3).map(tuple),
    context_window=st.none() | counts,
    max_output=st.none() | counts,
    capabilities=st.frozensets(st.sampled_from(Capability)),
    aliases=st.lists(st.text(min_size=1), max_size=2).map(tuple),
    price=st.none() | st.builds(Price, st.none() | st.floats(0, 9), st.none() | st.floats(0, 9)),
    source=st.sampled_from(Source),
    offline_facts=st.dictionaries(st.sampled_from(["name", "price"]), st.text(min_size=1)),
)


@given(models)
def test_a_model_comes_back_as_it_was(model: Model) -> None:
    back = model_from_json(json.loads(json.dumps(model_to_json(model))))
    if model.name == model.id:
        model = Model(**{**{f: getattr(model, f) for f in Model.__slots__}, "name": None})
    assert back == model
