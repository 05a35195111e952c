"""The rehearsal models' answers: by a fixed rule, without a network, and saying so."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator

from stagewright.providers.base import (
    ChatError,
    ChatEvent,
    ChatRequest,
    Ended,
    Resolved,
    TextDelta,
    Usage,
)

_SECONDS_PER_WORD = 0.012


async def stream(request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
    """One answer, word by word: the longer the last turn, the longer the answer.

    Raises ChatError for a model that there is not.
    """
    said = request.turns[-1].text.strip()
    count = 1 + sum(turn.role == "assistant" for turn in request.turns)
    match request.model:
        case "rehearsal-1":
            answer = _first(said, count)
        case "rehearsal-2":
            answer = _second(said, count)
        case other:
            raise ChatError("model-unavailable", f"Unknown rehearsal model `{other}`.")
    yield Resolved(request.model)
    words = re.findall(r"\S+\s*", answer)
    for word in words:
        await asyncio.sleep(_SECONDS_PER_WORD)
        yield TextDelta(word)
    heard = sum(len(turn.text.split()) for turn in request.turns)
    yield Usage(heard, len(words))
    yield Ended("whole", "end_turn")


def _first(said: str, count: int) -> str:
    return (
        "This is rehearsal-1, a stand-in that answers by a fixed rule: no model, no network. "
        f"Turn {count} of this stage reached me as: “{said}” "
        "A real model would now do the work."
    )


def _second(said: str, count: int) -> str:
    return (
        "rehearsal-2 — also only a rule.\n\n"
        f"- Heard: {said}\n"
        f"- Words in it: {len(said.split())}; turns of yours so far: {count}\n"
        "- Next: choose a real model when you are ready"
    )
