"""The user's settings as the options of answers: the one place where the two meet."""

from __future__ import annotations

from datetime import datetime

from stagewright.analysis.options import Options
from stagewright.analysis.results import Severity
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.registry import Dialects
from stagewright.settings import Settings


def options_from(
    settings: Settings,
    *,
    now: datetime,
    roles: RoleIndex | None = None,
    within_days: int | None = None,
) -> Options:
    """What answers rest on besides a document and the catalogue. `now` is aware, in UTC."""
    return Options(
        now=now,
        roles=roles,
        setting=settings.chat.default_model,
        severities={
            code: None if name == "off" else Severity(name)
            for code, name in settings.diagnostics.severity.items()
        },
        retirement_days=settings.diagnostics.retirement_days,
        within_days=within_days,
    )


def dialects_from(_settings: Settings) -> Dialects:
    """The dialects in effect."""
    return Dialects()
