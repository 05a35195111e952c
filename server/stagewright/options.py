"""The user's settings as the options of answers: the one place where the two meet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from stagewright import globs
from stagewright.analysis.options import Options
from stagewright.analysis.results import Severity
from stagewright.codes import CODES
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.dialect import all_builtin
from stagewright.dialects.registry import Dialects
from stagewright.settings import Ignored, OwnDialect, Settings

if TYPE_CHECKING:
    from stagewright.dialects.describe import Listed


def options_from(
    settings: Settings,
    *,
    now: datetime,
    file: tuple[PurePath, PurePath] | None = None,
    roles: RoleIndex | None = None,
    within_days: int | None = None,
) -> Options:
    """What answers rest on besides document and catalogue. `now` is aware, in UTC; `file` is where
    the document lies, and its workspace's folder."""
    severities = {
        code: None if name == "off" else Severity(name)
        for code, name in settings.diagnostics.severity.items()
    }
    return Options(
        now=now,
        roles=roles,
        setting=settings.chat.default_model,
        severities=severities | ignored(settings.diagnostics.ignore, *file) if file else severities,
        retirement_days=settings.diagnostics.retirement_days,
        within_days=within_days,
    )


def ignored(rules: Iterable[Ignored], path: PurePath, root: PurePath) -> dict[str, None]:
    """The codes that are not reported in a file, as severities say it."""
    fitting = (one for one in rules if globs.fits_in(one.files, path, root))
    return dict.fromkeys(code for one in fitting for code in one.codes or CODES)


def dialects_from(settings: Settings) -> Dialects:
    """The dialects in effect."""
    switches = settings.dialects
    off = frozenset(name for name, one in switches.items() if not one.enabled)
    off |= frozenset({"code"} if not settings.code.enabled else ())
    own = (one for one in switches.values() if isinstance(one, OwnDialect) and one.enabled)
    mine = tuple(dialect for one in own for dialect in one.dialects)
    return Dialects(mine, off, settings.code.exclude)


def listed_dialects(settings: Settings) -> list[Listed]:
    """Every dialect that there is, the user's own first; one of these that is called like a
    built-in one stands in its place."""
    from stagewright.dialects.describe import Listed, by_id  # seldom asked for

    own = {name: one for name, one in settings.dialects.items() if isinstance(one, OwnDialect)}
    mine = [Listed(one.dialects, one.enabled, own=True) for one in own.values() if one.dialects]
    others = (one for one in by_id(all_builtin()) if one[0].id not in own)
    off = dialects_from(settings).off
    return mine + [Listed(one, one[0].id not in off) for one in others]
