"""Asking the providers that files name, before the files are judged."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime

from stagewright.analysis.references import pending
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.providers.registry import Registry
from stagewright.settings import Settings

_SINGLES_TIMEOUT = 60.0
"""Seconds after which a check goes on without the answers about single models."""


async def ask(
    references: Collection[ModelReference],
    settings: Settings,
    environ: Mapping[str, str],
    now: datetime,
    *,
    anew: bool,
) -> Catalog:
    """Ask the providers that are named for their lists, then about models that these lack.

    `anew` asks also where a list of the last minutes is at hand.
    """
    registry = Registry(settings, environ)
    try:
        await registry.refresh({one.provider for one in references}, force=anew)
        questions = registry.ask_about(pending(references, registry.catalog, now))
        if questions:
            await asyncio.wait(questions, timeout=_SINGLES_TIMEOUT)
        return registry.catalog
    finally:
        await registry.close()
