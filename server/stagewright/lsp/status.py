"""How the server is, in one notification: the models, and what the user should look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stagewright.catalog.catalog import Catalog, Status


def status(catalog: Catalog, problems: Sequence[Any]) -> dict[str, Any]:
    """The payload of `stagewright/status`."""
    troubled = [
        provider
        for provider in catalog.askable
        if provider.status not in (Status.OK, Status.LOADING, Status.NOT_CONFIGURED)
    ]
    configured = [p for p in catalog.askable if p.status is not Status.NOT_CONFIGURED]
    if troubled:
        message = "; ".join(f"{p.name}: {p.error or p.status}" for p in troubled)
    elif not configured:
        message = "No provider is configured: set a key, such as ANTHROPIC_API_KEY."
    else:
        message = str(problems[0]) if problems else "Models are up to date."
    healthy = bool(configured) and not troubled and not problems
    return {
        "health": "ok" if healthy else "warning",
        "message": message,
        "providers": catalog.to_json(models=False)["providers"],
    }
