"""A report as JSON text, for files and for other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from stagewright import __version__

GENERATOR = f"Stagewright {__version__} (@generated)"
"""What made a report. By its mark a later check passes over the models that the report names."""


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
