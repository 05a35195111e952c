"""An inventory for people: each model with its end, and below it where it is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import Console
from rich.text import Text

from stagewright.analysis.inventory import Group, Inventory, groups
from stagewright.analysis.named import ALIAS, LOCAL, OPAQUE, UNKNOWN
from stagewright.analysis.phrases import in_days
from stagewright.cli.reports.common import count, left_out, not_verified, skipped
from stagewright.cli.table import lines
from stagewright.cli.terminal import fitted, room
from stagewright.foreign import one_line, visible

_FEW = 20
"""Places of one model that are shown at a terminal."""

_LONGEST = 60
"""Characters that are shown of a model's name."""

_STATES = {
    "unlisted": "not listed",
    "unverified": "not verified",
    LOCAL: "defined in the file",
    OPAQUE: "not verified",
}
"""What is said of a standing, where it is not its own word."""

_STYLES = {
    "usable": "green",
    "deprecated": "yellow",
    "retired": "red",
    "unavailable": "red",
    "unlisted": "yellow",
    "not-chat": "yellow",
    UNKNOWN: "yellow",
    ALIAS: "dim",
    LOCAL: "dim",
    OPAQUE: "dim",
    "unverified": "dim",
}

_HEADING = ("MODEL", "STATE", "USES", "SUCCESSOR")

_OFFLINE = "* known offline, not from the provider"

NOTHING = (
    "No model is named in the files that were read. `stagewright dialects` lists what is read."
)


def write_inventory(
    inventory: Inventory, console: Console, today: date, *, failed: bool = False
) -> None:
    """Print models, places and summary. `failed`: what is not verified was demanded."""
    width = room(console)
    found = groups(inventory.rows)
    rows = [_HEADING, *(_row(group, today) for group in found)]
    if found:
        heading, *told = lines(rows, width)
        console.print(Text(heading, "bold dim"), soft_wrap=True)
        for group, line in zip(found, told, strict=True):
            style = _STYLES.get(group.first.standing, "")
            console.print(_styled(line, group, style), soft_wrap=True)
            for place in _places(group, width):
                console.print(Text(place, "dim"), soft_wrap=True)
        if any(_is_offline(group) for group in found):
            console.print(Text(fitted(_OFFLINE, width), "dim"), soft_wrap=True)
        console.print()
    for problem in inventory.problems:
        said = fitted(f"error: {visible(problem)}", width)
        console.print(Text(said, "bold red"), soft_wrap=True)
    console.print(summary(inventory, found, width, failed), soft_wrap=True)


def summary(inventory: Inventory, found: Sequence[Group], width: int | None, failed: bool) -> Text:
    """How many files, models and places, what ends, and what is not certain."""
    text = Text()
    if not inventory.files and (inventory.skipped or inventory.problems):
        text.append("Nothing was read.", "yellow")
    elif not found:
        text.append(fitted(NOTHING, width), "yellow")
    else:
        models = [group for group in found if group.first.named.reference]
        said = f"{count(inventory.files, 'file')} read: {count(len(inventory.rows), 'place')}"
        said += f" {'names' if len(inventory.rows) == 1 else 'name'} {count(len(models), 'model')}"
        counts = ", ".join(_counts(models))
        text.append(fitted(f"{said}{f' ({counts})' if counts else ''}.", width))
    for said in filter(None, (skipped(inventory.skipped), left_out(inventory.left_out))):
        text.append(f"\n{fitted(said, width)}", "dim")
    for one in inventory.unverified:
        told = fitted(visible(not_verified(one)), width)
        text.append(f"\n{told}", "bold red" if failed else "dim")
    return text


def _counts(models: Sequence[Group]) -> Iterator[str]:
    standings = [group.first.standing for group in models]
    for standing in ("retired", "unavailable", "unlisted", UNKNOWN):
        if number := standings.count(standing):
            yield f"{number:,} {_word(standing)}"
    if ending := sum(_end(group) is not None for group in models):
        yield f"{ending:,} with a known end"


def _row(group: Group, today: date) -> tuple[str, ...]:
    first = group.first
    name = one_line(group.name, _LONGEST)
    follower = one_line(first.successors[0], _LONGEST) if first.successors else ""
    offline = "*" if _is_offline(group) else ""
    return name, f"{_state(group, today)}{offline}", f"{len(group.rows):,}", follower


def _state(group: Group, today: date) -> str:
    """How a model stands, and when it ends."""
    row = group.first
    if row.standing == "retired":
        return f"retired {row.retires_at}" if row.retires_at else "retired"
    if row.standing == UNKNOWN and row.source is None and row.named.provider:
        return "unknown provider"
    if (end := _end(group)) is None:
        known = row.standing == "unverified" and row.source
        return "no end known" if known else _word(row.standing)
    if end < today:
        return f"was to retire {end}"
    return f"retires {end}, {in_days((end - today).days)}"


def _word(standing: str) -> str:
    return _STATES.get(standing, standing.replace("-", " "))


def _end(group: Group) -> date | None:
    """The end of a model that has not ended."""
    row = group.first
    return None if row.standing in ("retired", "unavailable") else row.retires_at


def _is_offline(group: Group) -> bool:
    return group.first.source == "offline"


def _styled(line: str, group: Group, style: str) -> Text:
    """The model in bold, what is said of it in its colour."""
    name = one_line(group.name, _LONGEST)
    return Text.assemble((line[: len(name)], "bold"), (line[len(name) :], style))


def _places(group: Group, width: int | None) -> Iterator[str]:
    """Where a model is named, a line for each place."""
    shown = group.rows if width is None else group.rows[:_FEW]
    rows = []
    for row in shown:
        named = row.named
        start = named.span.start
        place = f"{visible(row.path)}:{start.line + 1}:{start.column + 1}"
        owner = f" `{one_line(named.owner)}`" if named.owner else ""
        rows.append((place, f"{one_line(named.where)}{owner}", named.dialect))
    for line in lines(rows, None if width is None else max(width - 2, 1), first=1):
        yield f"  {line}".replace("\n", "\n  ")
    if (left := len(group.rows) - len(shown)) > 0:
        yield fitted(f"  … and {left:,} more: stagewright inventory --format csv", width)
