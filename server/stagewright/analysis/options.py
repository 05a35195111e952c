"""What answers rest on besides document and catalogue: the time, the roles, the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from stagewright.analysis.results import Severity
from stagewright.catalog.model import ModelReference
from stagewright.codes import CODES
from stagewright.dialects.choragen.roles import RoleIndex


@dataclass(frozen=True, slots=True)
class Options:
    """Passed to every answer; each reads what concerns it."""

    now: datetime  # UTC, aware
    roles: RoleIndex | None = None  # None: not known (yet), so nothing is said about roles
    setting: ModelReference | None = None  # `chat.defaultModel`
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    """By code, what the user set; None is `off`. Codes that are absent keep their own severity."""
    retirement_days: int = 90  # a retirement this near is always reported
    within_days: int | None = None  # a retirement this near is an error

    def severity(self, code: str) -> Severity | None:
        """The severity of a code: the user's, or else its own; None where it is off."""
        return self.severities.get(code, Severity(CODES[code]))
