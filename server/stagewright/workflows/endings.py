"""How a saved answer ended, read from its metadata: for headings, terminals and clients."""

from __future__ import annotations

from typing import NamedTuple, get_args

from stagewright.providers.chat.endings import Ending, ending_of, unknown, why_cut
from stagewright.workflows.state import Message

STOPPED = "stopped"
"""`stopReason` of an answer that the user stopped."""

SHUTDOWN = "shutdown"
"""`stopReason` of an answer that ended with the program."""


_CLOSED = "Stagewright was closed before the answer was complete; the partial answer is kept."


class Outcome(NamedTuple):
    """How an answer ended and why: a sentence, unless it is whole in a known way."""

    how: Ending
    why: str | None


def outcome(message: Message) -> Outcome:
    """How an answer ended. Files of earlier versions have no `ended`: the rest tells it."""
    metadata = message.metadata or {}
    reason = metadata.get("stopReason")
    reason = reason if isinstance(reason, str) else None
    how: Ending
    if metadata.get("ended") in get_args(Ending):
        how = metadata["ended"]
    elif metadata.get("partial") is True:
        how = "stopped" if reason == STOPPED else "broken"
    else:
        how = ending_of(reason)
    match how:
        case "whole":
            return Outcome(how, f"Ended: {reason}." if unknown(reason) else None)
        case "cut":
            return Outcome(how, why_cut(reason))
        case "stopped":
            return Outcome(how, "Stopped by you.")
        case _ if reason is None or reason == SHUTDOWN:
            return Outcome(how, _CLOSED)
        case _:
            return Outcome(how, reason)
