"""The user's settings as the options of answers: the one place where the two meet."""

from __future__ import annotations

from datetime import datetime

from stagewright.analysis.options import Options
from stagewright.analysis.results import Severity
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.describe import Listed, by_id
from stagewright.dialects.dialect import all_builtin
from stagewright.dialects.registry import Dialects
from stagewright.settings import OwnDialect, Settings


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


def dialects_from(settings: Settings) -> Dialects:
    """The dialects in effect."""
    switches = settings.dialects
    off = frozenset(name for name, one in switches.items() if not one.enabled)
    own = (one for one in switches.values() if isinstance(one, OwnDialect) and one.enabled)
    return Dialects(tuple(dialect for one in own for dialect in one.dialects), off)


def listed_dialects(settings: Settings) -> list[Listed]:
    """Every dialect that there is, the user's own first; one of these that is called like a
    built-in one stands in its place."""
    own = {name: one for name, one in settings.dialects.items() if isinstance(one, OwnDialect)}
    mine = [Listed(one.dialects, one.enabled, own=True) for one in own.values() if one.dialects]
    others = (one for one in by_id(all_builtin()) if one[0].id not in own)
    switches = settings.dialects
    return mine + [
        Listed(one, one[0].id not in switches or switches[one[0].id].enabled) for one in others
    ]
