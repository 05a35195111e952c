"""A report as JSON text, for files and for other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stagewright import __version__
from stagewright.text.buffer import Span

GENERATOR = f"Stagewright {__version__} (@generated)"
"""What made a report. By its mark a later check passes over the models that the report names."""


PLACE = ("line", "column", "endLine", "endColumn")


def counted(span: Span, names: Sequence[str] = PLACE) -> dict[str, int]:
    """A span by four names: line and column of its start, then of its end; from 1, in code points,
    the end exclusive."""
    (line, column), (end_line, end_column) = span
    return dict(zip(names, (line + 1, column + 1, end_line + 1, end_column + 1), strict=True))


def to_text(report: Mapping[str, Any]) -> str:
    """An object as JSON, each item of its lists on a line of its own: with an indentation all
    through, `json` takes ten times as long."""
    report = {"generator": GENERATOR, **report}
    return "{\n" + ",\n".join(f"  {_dump(key)}: {_lines(of)}" for key, of in report.items()) + "\n}"


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _dump(value)
    return "[\n" + ",\n".join(f"    {_dump(one)}" for one in value) + "\n  ]"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
