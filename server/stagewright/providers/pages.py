"""A whole list out of its pages: every page, bounded, without going in circles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from stagewright.catalog.model import Model
from stagewright.catalog.snapshot import Status
from stagewright.providers.base import ModelList, ProviderError
from stagewright.providers.fields import Json
from stagewright.providers.http import not_understood
from stagewright.providers.remote import Remote

_MAX_PAGES = 500
_MAX_MODELS = 200_000


@dataclass(frozen=True, slots=True)
class Page:
    """What one request brought."""

    models: list[Model]
    following: str | None = None  # what leads to the next page
    gap: str | None = None  # why more models may exist than are listed, for people


async def all_pages(remote: Remote, fetch: Callable[[str | None], Awaitable[Page]]) -> ModelList:
    """Every page; `fetch` gets None first, then each page's `following`.

    When a later page fails, the earlier ones are kept and the list says that it is not complete.
    Raises ProviderError when not even the first page came.
    """
    models: dict[str, Model] = {}
    seen: set[str] = set()
    cursor: str | None = None
    gap: str | None = None
    status = Status.OK
    retry_after: float | None = None
    for number in range(1, _MAX_PAGES + 1):
        try:
            page = await fetch(cursor)
        except ProviderError as error:
            if cursor is None:
                raise
            gap, retry_after = (
                f"Page {number} of its list could not be had: {error}",
                error.retry_after,
            )
            status = Status.INCOMPLETE
            break
        for model in page.models:
            models.setdefault(model.id, model)
        gap = gap or page.gap
        cursor = page.following
        if cursor is None:
            break
        if cursor in seen:
            gap, status = f"The pages of {remote.name}'s list go in circles.", Status.INCOMPLETE
            break
        seen.add(cursor)
        if len(models) > _MAX_MODELS:
            gap, status = f"{remote.name} lists over {_MAX_MODELS} models.", Status.INCOMPLETE
            break
    else:
        gap, status = f"{remote.name}'s list has over {_MAX_PAGES} pages.", Status.INCOMPLETE
    return ModelList(tuple(models.values()), gap is None, status, gap, retry_after)


async def read_models(
    remote: Remote, entries: object, read: Callable[[Json], Model | None]
) -> tuple[list[Model], str | None]:
    """The models of a page's entries, and what is missing where some cannot be read.

    Raises ProviderError when it is no list of models at all.
    """
    if not isinstance(entries, list):
        raise not_understood(remote)
    # In a thread: thousands of entries would hold up the event loop.
    models = await asyncio.to_thread(_read_all, entries, read)
    if entries and not models:
        raise not_understood(remote)
    return models, unread(remote, len(entries) - len(models))


def unread(remote: Remote, count: int) -> str | None:
    """What is missing from a list of which so many entries cannot be read."""
    if not count:
        return None
    entries = "An entry" if count == 1 else f"{count:,} entries"
    return f"{entries} of {remote.name}'s list cannot be read."


def _read_all(entries: list[object], read: Callable[[Json], Model | None]) -> list[Model]:
    found = (read(entry) for entry in entries if isinstance(entry, dict))
    return [model for model in found if model is not None]
