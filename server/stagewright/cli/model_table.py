"""Models as a table by provider, as wide as the terminal allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from stagewright.analysis import phrases
from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.model import Capability, Lifecycle, Model, Price, Source
from stagewright.cli.table import lines as table

_FEW = 40
"""Of each provider, so many models are shown at a terminal where none was asked for by name."""

_FOOTNOTE = "* known offline{}, not from the provider"
_NEWEST = 3
"""Of each provider that was not asked, so many models are named."""

_NARROW = 80
"""Columns of a terminal below which providers' names are not padded to stand below each other."""

_COLUMNS = ("MODEL", "STATE", "CONTEXT", "IN / OUT PER 1M", "OUTPUT", "CAN")
"""The first two always show; of the others, as many as there is room for."""

_STYLES = {"deprecated": "yellow", "retired": "dim", "not chat": "dim"}
_COLOURS = {Status.OK: "green", Status.NOT_CONFIGURED: "dim", Status.LOADING: "dim"}

Row = tuple[str, ...]


def write(
    console: Console, catalog: Catalog, named: Sequence[ProviderSnapshot], *, now: datetime
) -> None:
    """The models of the named providers; if none are named, of all that are set up."""
    shown = named or [p for p in catalog.askable if p.status is not Status.NOT_CONFIGURED]
    few = _FEW if console.is_terminal and not named else None
    for provider in shown:
        console.print(_heading(provider, now), soft_wrap=not console.is_terminal)
        _write_table(console, provider, few, now)
        console.print()
    if any(_is_offline(provider) for provider in shown):
        console.print(Text(_FOOTNOTE.format(_as_of(shown)), "dim"))
    if not named:
        _write_not_asked(console, catalog)


def _heading(provider: ProviderSnapshot, now: datetime) -> Text:
    """Name, status, counts and age; and what went wrong."""
    status = phrases.status(provider)
    heading = Text.assemble(
        (provider.name, "bold"),
        *([f" ({provider.id})"] if provider.name.lower() != provider.id else []),
        "  ",
        (status, _COLOURS.get(provider.status, "yellow")),
    )
    if provider.table:
        heading.append(f" · {_counts(provider)}{'' if provider.listed else ', known offline'}")
    elif end := provider.knowledge.ended:
        verb = "ended" if end <= now.date() else "ends"
        heading.append(f" · {verb} on {end} with all its models, known offline{_as_of([provider])}")
    if provider.checked_at:
        heading.append(f" · {'last good list' if provider.stale else 'asked'} ")
        heading.append(phrases.ago(now, provider.checked_at))
    if provider.error:
        heading.append(f"\n  {provider.error}")
    if provider.patterns:
        more = len(provider.patterns) - _FEW
        named = ", ".join(provider.patterns[:_FEW]) + (f" and {more} more" if more > 0 else "")
        heading.append(f"\n  Also accepts every model that matches {named}.")
    return heading


def _counts(provider: ProviderSnapshot) -> str:
    kinds = Counter(_kind(model) for model in provider.table)
    total = f"{len(provider.table):,} model{'s' if len(provider.table) != 1 else ''}"
    parts = [
        f"{kinds[kind]:,} {kind}" for kind in ("deprecated", "retired", "not chat") if kinds[kind]
    ]
    return f"{total} ({', '.join(parts)})" if parts else total


def _kind(model: Model) -> str:
    if not model.chat:
        return "not chat"
    ending = model.lifecycle in (Lifecycle.DEPRECATED, Lifecycle.RETIRED)
    return model.lifecycle.value if ending else "active"


def _write_table(
    console: Console, provider: ProviderSnapshot, few: int | None, now: datetime
) -> None:
    models = provider.table[:few]
    rows = [_row(model, now) for model in models]
    if not rows:
        return
    known = (name * any(row[at] for row in rows) for at, name in enumerate(_COLUMNS))
    room = console.width - 2 if console.is_terminal else None
    head, *others = table([tuple(known), *rows], room)
    text = Text().append(f"  {head}", "bold dim")
    for model, line in zip(models, others, strict=True):
        text.append("\n  ").append(line.replace("\n", "\n  "), _STYLES.get(_kind(model), ""))
    console.print(text, soft_wrap=True)
    if (left := len(provider.table) - len(models)) > 0:
        console.print(Text(f"  … and {left:,} more: stagewright models {provider.id}", "dim"))


def _row(model: Model, now: datetime) -> Row:
    def known(fact: str, said: str) -> str:
        offline = said and (fact in model.offline_facts or model.source is Source.OFFLINE)
        return f"{said}*" if offline else said

    state = phrases.lifecycle(model, now)
    if not state and model.lifecycle is Lifecycle.ACTIVE:
        state = "active"
    if not model.chat:
        state = "not chat"
    return (
        model.id,
        known("lifecycle", state),
        known(
            "context_window", phrases.tokens(model.context_window) if model.context_window else ""
        ),
        known("price", _price(model.price) if model.price else ""),
        phrases.tokens(model.max_output) if model.max_output else "",
        " ".join(one.value for one in Capability if one in model.capabilities and one != "chat"),
    )


def _price(price: Price) -> str:
    sides = ("-" if side is None else f"${side:g}" for side in (price.input, price.output))
    return " / ".join(sides)


def _is_offline(provider: ProviderSnapshot) -> bool:
    return any(one.offline_facts or one.source is Source.OFFLINE for one in provider.table)


def _as_of(providers: Iterable[ProviderSnapshot]) -> str:
    """The day of what is known offline of these."""
    day = next((day for one in providers if (day := one.knowledge.day)), None)
    return f" as of {day}" if day else ""


def _write_not_asked(console: Console, catalog: Catalog) -> None:
    """What is known of providers that nobody has set up, and how to have them asked."""
    missing = [p for p in catalog.askable if p.status is Status.NOT_CONFIGURED]
    nobody = len(missing) == len(catalog.askable)
    known = [provider for provider in missing if provider.table]
    if known:
        console.print(
            Text.assemble(("Known offline", "bold"), f"{_as_of(known)} (no API key set):")
        )
        names = [f"{one.name} ({one.id})" for one in known]
        narrow = console.is_terminal and console.width < _NARROW
        width = 0 if narrow else max(map(cell_len, names))
        for name, provider in zip(names, known, strict=True):
            newest = [m.id for m in provider.usable() if m.lifecycle is Lifecycle.UNKNOWN]
            more = " …" if len(newest) > _NEWEST else ""
            said = ": ".join(filter(None, (_counts(provider), ", ".join(newest[:_NEWEST])))) + more
            row = Text(f"  {set_cell_size(name, max(width, cell_len(name)))}  {said}")
            if console.is_terminal:
                row.truncate(console.width, overflow="ellipsis")
            console.print(row, soft_wrap=True)
        console.print(Text("  List all of a provider's models: stagewright models PROVIDER", "dim"))
    others = [p.name for p in missing if p.error or not p.key_variable]
    keys = [f"{p.name} ({p.key_variable})" for p in missing if p.key_variable and not p.error]
    if nobody:
        variable = next((p.key_variable for p in missing if p.key_variable), None)
        example = f", for example {variable}" if variable else ""
        said = f"To query a provider, set its API key{example}."
        console.print(said, soft_wrap=not console.is_terminal)
    elif keys:
        console.print(Text(f"Without a key: {', '.join(keys)}.", "dim"))
    if others:
        console.print(Text(f"Not set up or turned off: {', '.join(others)}.", "dim"))
