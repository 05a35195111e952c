"""What settings files beside a file say of it: whether its models are sent elsewhere, and names."""

from __future__ import annotations

from dataclasses import dataclass

from stagewright.dialects.defined import NOTHING, Defined


@dataclass(frozen=True, slots=True)
class Governed:
    """What all the settings files that govern a file say of it together. No value of theirs."""

    redirected: bool = False
    defined: Defined = NOTHING

    def __or__(self, other: Governed) -> Governed:
        return Governed(self.redirected or other.redirected, self.defined | other.defined)


UNGOVERNED = Governed()
