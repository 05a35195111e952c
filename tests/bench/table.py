"""Rows of measured figures, each with what is aimed at, and how they are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One figure of ours beside another's. Without `most` it is only shown."""

    what: str
    unit: str
    ours: float
    other: float | None = None
    most: float | None = None
    of_ratio: bool = True  # `most` bounds the ratio; else it bounds our figure itself

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of the other's."""
        return self.ours / self.other if self.other else None

    @property
    def reached(self) -> bool:
        """Whether what is aimed at was reached."""
        bounded = self.ratio if self.of_ratio else self.ours
        return self.most is None or (bounded is not None and bounded <= self.most)

    @property
    def aim(self) -> str:
        """In words."""
        if self.most is None:
            return ""
        bound = f"<= {self.most:g} {'x' if self.of_ratio else self.unit}"
        return f"{bound} {'reached' if self.reached else 'MISSED'}"


def show(title: str, other: str, rows: Iterable[Row]) -> bool:
    """Print rows under a title; `other` names whose figures stand beside ours. All reached?"""
    table = Table("figure", "ours", other, "ratio", "aim", title=title, title_justify="left")
    table.box = None
    reached = True
    for row in rows:
        beside = "" if row.other is None else f"{row.other:.2f} {row.unit}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(row.what, f"{row.ours:.2f} {row.unit}", beside, ratio, row.aim)
        reached = reached and row.reached
    Console(width=120).print(table, "")
    return reached
