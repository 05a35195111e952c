"""`stagewright models`: the models that can be used now, by provider."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.text import Text

from stagewright.catalog.catalog import Catalog, Status, turned_off
from stagewright.cli import common
from stagewright.cli.model_table import write
from stagewright.cli.terminal import console, fail, say_json
from stagewright.settings import Settings

FINE, WRONG_USAGE, NOT_ASKED = 0, 2, 3
JSON_VERSION = 1


def models_command(
    providers: Annotated[
        list[str] | None,
        typer.Argument(metavar="PROVIDER", help="Providers; by default all that are set up."),
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the providers now, however new their lists are.")
    ] = False,
    format_: common.TextOrJson = "text",
) -> None:
    """List the models that can be used with your keys, with what is known of each.

    Exit codes: 0 all asked providers answered, 2 wrong usage, 3 a provider could not be asked.
    """
    catalog = asyncio.run(_asked(common.settings(), providers, refresh))
    names = tuple(dict.fromkeys(providers or ()))
    if unknown := [name for name in names if catalog.provider(name) is None]:
        for name in unknown:
            fail(_unknown(catalog, name))
        raise typer.Exit(WRONG_USAGE)
    chosen = [one for name in names if (one := catalog.provider(name))]
    if format_ == "json":
        report = {"version": JSON_VERSION, **catalog.to_json(only=names)}
        say_json(f"{json.dumps(report, indent=2)}\n")
    else:
        write(console(), catalog, chosen, now=datetime.now(UTC))
    asked = chosen or [p for p in catalog.askable if p.status is not Status.NOT_CONFIGURED]
    raise typer.Exit(FINE if all(one.status is Status.OK for one in asked) else NOT_ASKED)


async def _asked(settings: Settings, providers: Iterable[str] | None, force: bool) -> Catalog:
    from stagewright.providers.registry import Registry  # and an HTTP client

    registry = Registry(settings, os.environ)
    try:
        known = registry.catalog
        if providers and any(known.provider(name) is None for name in providers):
            return known
        with console(stderr=True).status("Asking the providers for their models") as shown:
            # As text: a provider's id of the user's own may look like markup.
            return await registry.refresh(
                providers, force=force, progress=lambda said: shown.update(Text(said))
            )
    finally:
        await registry.close()


def _unknown(catalog: Catalog, name: str) -> str:
    if off := turned_off(name):
        return off
    if near := catalog.nearest_providers(name, 3):
        return f"Unknown provider `{name}`. Did you mean {' or '.join(near)}?"
    return f"Unknown provider `{name}`. Known providers: {', '.join(catalog.providers)}."
