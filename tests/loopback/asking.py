"""Registries over the loopback server: one provider of each kind, each under a name of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.loopback.lists import KEYS
from tests.loopback.server import Loopback

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Standing
from stagewright.catalog.model import ModelReference
from stagewright.providers.base import Provider
from stagewright.providers.configured import provider_of
from stagewright.providers.presets import configs
from stagewright.providers.registry import Registry
from stagewright.providers.store import ListStore
from stagewright.settings import Settings, load

LISTS = {
    "anthropic": "^/anthropic/v1/models$",
    "openai": "^/openai/v1/models$",
    "gemini": "^/gemini/v1beta/models$",
    "ollama": "^/ollama/api/tags$",
    "openai-compatible": "^/compatible/v1/models$",
}
"""The path of each kind's list, as a pattern."""

_PATHS = {
    "anthropic": "/anthropic",
    "openai": "/openai/v1",
    "gemini": "/gemini",
    "ollama": "/ollama",
    "openai-compatible": "/compatible/v1",
}
_OFF = {name: {"enabled": False} for name in ("ollama", "rehearsal")}


class Clock:
    """The time, to be moved on by tests."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def sources(
    server: Loopback, *kinds: str, origin: str = "", **models: float
) -> tuple[dict[str, Any], dict[str, str]]:
    """Editor settings and environment with a provider `my-<kind>` of each kind."""
    providers: dict[str, Any] = {
        f"my-{kind}": {
            "kind": kind,
            "baseUrl": (origin or server.origin) + _PATHS[kind],
            **(
                {}
                if kind == "ollama"
                else {"apiKeyEnv": f"KEY_OF_{kind.upper().replace('-', '_')}"}
            ),
        }
        for kind in kinds
    }
    environ = {f"KEY_OF_{kind.upper()}": key for kind, key in KEYS.items()}
    environ["KEY_OF_OPENAI_COMPATIBLE"] = KEYS["compatible"]
    return {"providers": {**_OFF, **providers}, "models": models}, environ


def provider_called(name: str, settings: Settings, environ: Mapping[str, str]) -> Provider:
    """The configured provider of this id."""
    config = next(one for one in configs(settings, environ) if one.id == name)
    return provider_of(config, settings)


@asynccontextmanager
async def asking(
    folder: Path,
    editor: Mapping[str, Any],
    environ: Mapping[str, str],
    *,
    clock: Clock | None = None,
    **options: Any,
) -> AsyncIterator[Registry]:
    """A registry of these settings whose lists lie in `folder`."""
    clock = clock or Clock()
    settings, problems = load(editor, environ, folder / "none.toml")
    assert problems == []
    store = ListStore(folder)
    registry = Registry(settings, environ, store=store, now=clock, **options)
    try:
        yield registry
    finally:
        await registry.close()


def ids(snapshot: ProviderSnapshot) -> list[str]:
    """The listed ids, in order of the alphabet."""
    return sorted(model.id for model in snapshot.models)


def standing(catalog: Catalog, provider: str, model: str, now: Callable[[], datetime]) -> Standing:
    """What is said of a model."""
    return catalog.verdict(ModelReference(provider, model), now=now()).standing
