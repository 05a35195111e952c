"""Makes the dated table of retirements from what Anthropic's SDK carries.

`python -m stagewright.providers.retirements` writes it; a test fails when it is stale.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

from stagewright.catalog.known import RETIREMENTS


def retirements() -> dict[str, dict[str, str]]:
    """Provider -> model id -> ISO day of its end, as the installed SDK has it."""
    from anthropic.resources.messages.messages import DEPRECATED_MODELS

    return {"anthropic": {name: _day(said).isoformat() for name, said in DEPRECATED_MODELS.items()}}


def table(today: date) -> dict[str, Any]:
    """The file's content."""
    from importlib.metadata import version

    return {
        "source": f"anthropic {version('anthropic')}, DEPRECATED_MODELS in "
        "anthropic/resources/messages/messages.py",
        "date": today.isoformat(),
        "models": retirements(),
    }


def _day(said: str) -> date:
    """`November 6th, 2024`."""
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", said)
    return datetime.strptime(plain, "%B %d, %Y").replace(tzinfo=UTC).date()


if __name__ == "__main__":
    content = json.dumps(table(datetime.now(UTC).date()), indent=2)
    RETIREMENTS.write_text(content + "\n", "utf-8")
