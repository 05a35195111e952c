"""Asking the providers of the models that files name."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.providers.registry import Registry
from stagewright.settings import Settings


def ask(
    references: Collection[ModelReference],
    settings: Settings,
    environ: Mapping[str, str],
    *,
    force: bool,
) -> Catalog:
    """The catalogue with what they say. `force`: also where a list of the last minutes is at
    hand."""
    return asyncio.run(_asked(references, settings, environ, force))


async def _asked(
    references: Collection[ModelReference],
    settings: Settings,
    environ: Mapping[str, str],
    force: bool,
) -> Catalog:
    registry = Registry(settings, environ)
    try:
        return await registry.learn(references, force=force)
    finally:
        await registry.close()
