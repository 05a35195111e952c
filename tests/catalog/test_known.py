"""Offline knowledge: what it adds, what it never claims, and that the table is up to date."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Standing, Status
from stagewright.catalog.known import (
    RETIREMENTS,
    completed,
    ended,
    facts_of,
    offline_facts,
    offline_model,
)
from stagewright.catalog.model import Lifecycle, Model, ModelReference, Price, Source
from stagewright.providers.knowledge import Knowledge
from stagewright.providers.retirements import retirements
from stagewright.providers.start import starting_catalog
from stagewright.providers.store import Store
from stagewright.settings import Settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()


def test_the_table_of_retirements_is_what_the_sdk_carries() -> None:
    table = json.loads(RETIREMENTS.read_text())
    assert table["models"] == retirements(), "run: python -m stagewright.providers.retirements"
    assert date.fromisoformat(table["date"])
    assert "DEPRECATED_MODELS" in table["source"]


def test_what_the_table_says_is_labelled_and_dated() -> None:
    model = ended("anthropic")["claude-2.1"]
    assert (model.source, model.retires_at) == (Source.OFFLINE, date(2025, 7, 21))
    assert ended("openai") == {}


def test_facts_that_the_provider_left_out_are_filled_in_and_marked() -> None:
    facts = facts_of("openai", ["gpt-5"])["gpt-5"]
    model = completed("openai", Model("gpt-5"), facts, TODAY)
    assert (model.context_window, model.price) == (400_000, Price(1.25, 10))
    assert model.source is Source.LIVE
    assert model.offline_facts == {"name", "context_window", "price"}


def test_what_the_provider_says_goes_before() -> None:
    live = Model(
        "gpt-5", name="Five", context_window=1, price=Price(1, 1), lifecycle=Lifecycle.ACTIVE
    )
    facts = {"name": "x", "contextWindow": 2, "input": 2.0, "output": 2.0, "deprecated": True}
    assert completed("openai", live, facts, TODAY) is live


def test_a_listed_model_of_the_table_is_deprecated_not_retired() -> None:
    known = completed("anthropic", Model("claude-2.1"), {}, TODAY)
    assert (known.lifecycle, known.retires_at) == (Lifecycle.DEPRECATED, None)
    known = completed("anthropic", Model("claude-sonnet-4-5"), {}, TODAY)
    assert (known.lifecycle, known.retires_at) == (Lifecycle.DEPRECATED, date(2026, 11, 30))
    assert known.offline_facts == {"lifecycle", "retires_at"}
    active = Model("claude-2.1", lifecycle=Lifecycle.ACTIVE)
    assert completed("anthropic", active, {}, TODAY) is active


def test_the_ids_that_are_known_offline_can_be_ids_of_models() -> None:
    known = offline_facts()
    assert {"anthropic", "openai", "gemini"} <= known.keys()
    assert "openrouter" not in known, "an aggregator's thousand names help nobody offline"
    for provider, models in known.items():
        assert all(len(models) < 200 for _ in models)
        assert not [name for name in models if name.endswith(("-", ":")) or name.startswith("ft:")]
        for name, facts in models.items():
            model = offline_model(provider, name, facts, TODAY)
            assert model.source is Source.OFFLINE
    assert "claude-3-opus-latest" not in known["anthropic"], "gone for good"
    assert not offline_model("openai", "text-embedding-3-small", {}, TODAY).chat
    assert not offline_model("mistral", "mistral-embed", {}, TODAY).chat
    assert offline_model("anthropic", "claude-2.1", {}, TODAY).lifecycle is Lifecycle.RETIRED


def test_offline_knowledge_proves_nothing() -> None:
    models = tuple(
        offline_model("openai", name, facts, TODAY)
        for name, facts in offline_facts()["openai"].items()
    )
    for status in set(Status) - {Status.OK}:
        snapshot = ProviderSnapshot("openai", "OpenAI", status, models, asks_single=True)
        catalog = Catalog({"openai": snapshot})
        for name in ("gpt-5", "no-such-model", "gpt-4o-2024-08-06"):
            standing = catalog.verdict(ModelReference("openai", name), now=NOW).standing
            assert standing in (Standing.NOT_CONFIGURED, Standing.PENDING, Standing.UNVERIFIED)
        assert catalog.nearest(ModelReference("openai", "gpt-55")) == ()


async def test_no_code_of_the_working_folder_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors start servers in the workspace, whose files are other people's."""
    for name in ("json.py", "genai_prices.py", "stagewright.py"):
        (tmp_path / name).write_text("open('ran', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    knowledge = Knowledge(Store(tmp_path / "cache"), lambda: NOW)
    assert await knowledge.learn_offline()
    assert not (tmp_path / "ran").exists()


async def test_it_is_asked_in_another_process_once_and_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    knowledge = Knowledge(store, lambda: NOW)
    assert knowledge.offline == {}
    assert await knowledge.learn_offline()
    assert "gpt-5" in {model.id for model in knowledge.offline["openai"]}
    assert await knowledge.learn("openai", [Model("gpt-5"), Model("no-such")])
    five, none = knowledge.completed("openai", [Model("gpt-5"), Model("no-such")])
    assert (five.context_window, none) == (400_000, Model("no-such"))
    assert await knowledge.learn("acme", [Model("gpt-5")]), "nobody knows that provider"

    again = Knowledge(store, lambda: NOW)
    assert again.offline == knowledge.offline
    assert not await again.learn_offline()

    environ = {"STAGEWRIGHT_CACHE_DIR": str(tmp_path)}
    start = starting_catalog(Settings(), environ, NOW).providers["openai"]
    assert start.status is Status.NOT_CONFIGURED
    assert {replace(model) for model in start.models} == set(knowledge.offline["openai"])
