"""An inventory as CSV (RFC 4180): the JSON's references as rows, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from stagewright.analysis.inventory import Row, row_json
from stagewright.analysis.report_text import PLACE
from stagewright.foreign import printable

COLUMNS = (
    "path",
    *PLACE,
    "dialect",
    "where",
    "owner",
    "provider",
    "model",
    "written",
    "standing",
    "retiresAt",
    "successors",
    "source",
)

_FORMULAS = "=+-@＝＋－＠"
"""What makes a spreadsheet take a cell for a formula, also behind blanks."""


def to_csv(rows: Iterable[Row]) -> str:
    """A line of names, then a line for each reference. Successors are parted by blanks."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        values = row_json(row)
        values["successors"] = " ".join(values.get("successors", ()))
        writer.writerow([cell(values.get(column)) for column in COLUMNS])
    return out.getvalue()


def cell(value: object) -> str:
    """A value as a cell that neither a spreadsheet nor a terminal takes for more than text."""
    text = printable("" if value is None else str(value), "\ufffd")
    return f"'{text}" if text.lstrip()[:1] in tuple(_FORMULAS) else text
