"""When an answer's text is told and saved, by a clock that the tests move."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import AsyncGenerator, Coroutine
from datetime import UTC, datetime
from pathlib import Path

from tests.loopback.endpoint import Endpoint
from tests.workflows.talk import CLAUDE

from stagewright.catalog.effective import Origin
from stagewright.providers.base import ChatEvent, ChatRequest, Ended, ReasoningDelta, TextDelta
from stagewright.workflows.run import (
    STOPPED,
    ChatDelta,
    ChatFinished,
    Run,
    RunEvent,
    StreamedAnswer,
)
from stagewright.workflows.state import Message

ANSWER = StreamedAnswer("run", "WF-1", Path(), "answer", CLAUDE, Origin.MESSAGE, "assistant", 0)
EPOCH = datetime(2026, 1, 31, tzinfo=UTC)


class Clock(selectors.DefaultSelector):
    """Waits for nothing but the next timer, and has it be that time at once."""

    seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(None if timeout is None else 0)
        if timeout and not ready:
            self.seconds += timeout
        return ready


class Loop(asyncio.SelectorEventLoop):
    """An event loop that lives by such a clock: seconds take no time, and none is ever late."""

    def __init__(self) -> None:
        self._clock = Clock()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.seconds


def live(life: Coroutine[object, object, None]) -> None:
    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(life)


class Speaker(Endpoint):
    """Answers with these words, after these seconds each."""

    def __init__(self, *words: tuple[float, str]) -> None:
        super().__init__("anthropic", "http://127.0.0.1")
        self.words = words

    async def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        for pause, word in self.words:
            await asyncio.sleep(pause)  # by the test's own clock: takes no time
            yield TextDelta(word)
        yield Ended("whole", "end_turn")


class Witness:
    """An answer's run with when each delta was told, and when which text was on disk."""

    def __init__(self, disk: float) -> None:
        self.disk = disk  # seconds that a save takes
        self.told: list[tuple[float, str]] = []
        self.saved: list[tuple[float, str]] = []

    async def hear(self, *words: tuple[float, str]) -> None:
        run = Run(ANSWER, save=self._save, emit=self._emit, explain=str, now=EPOCH)
        await run.go(Speaker(*words), ChatRequest(CLAUDE.model, ()))

    async def _save(self, message: Message) -> None:
        await asyncio.sleep(self.disk)  # by the test's own clock: takes no time
        self.saved.append((self._now(), message.content))

    def _emit(self, event: RunEvent) -> None:
        if isinstance(event, ChatDelta):
            self.told.append((self._now(), event.text))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def waits(self) -> list[float]:
        """For each delta, the seconds from its telling until it was on disk."""
        waits, text = [], ""
        for told, delta in self.told:
            text += delta
            waits.append(next(at for at, content in self.saved if content.startswith(text)) - told)
        return waits


def test_what_was_told_is_on_disk_within_a_second() -> None:
    for disk in (0.0, 0.02, 0.15):
        witness = Witness(disk)
        live(witness.hear(*[(0.03, "word ")] * 200))
        assert len(witness.told) == 200
        assert max(witness.waits()) <= 1.0
        assert len(witness.saved) <= 9  # of six seconds: not one for each word


def test_a_first_word_that_comes_late_is_on_disk_within_a_second() -> None:
    for late in (0.79, 0.8, 0.81, 7.99):
        witness = Witness(0.15)
        live(witness.hear((late, "Well"), (30, ".")))
        assert witness.waits()[0] <= 1.0
        assert [content for _, content in witness.saved] == ["Well", "Well."]


def test_the_first_word_is_told_at_once_and_those_that_come_fast_together() -> None:
    witness = Witness(0.0)
    live(witness.hear((1.0, "One "), (0.001, "two "), (0.001, "three "), (1.0, "four.")))
    assert [text for _, text in witness.told] == ["One ", "two three ", "four."]
    first, second, third = (at for at, _ in witness.told)
    assert (round(first, 3), round(second, 3), round(third, 3)) == (1.0, 1.025, 2.002)


class Thinker(Endpoint):
    """Thinks, and says nothing."""

    def __init__(self) -> None:
        super().__init__("anthropic", "http://127.0.0.1")

    async def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        yield ReasoningDelta("A plan.")
        await asyncio.sleep(1000)  # by the test's own clock: takes no time


def test_reasoning_is_kept_where_the_user_stops_it() -> None:
    ends: list[RunEvent] = []
    saved: list[Message] = []

    async def save(message: Message) -> None:
        saved.append(message)

    async def stopped() -> None:
        run = Run(ANSWER, save=save, emit=ends.append, explain=str, now=EPOCH)
        asyncio.get_running_loop().call_later(5, run.stop, STOPPED)
        await run.go(Thinker(), ChatRequest(CLAUDE.model, ()))

    live(stopped())
    end = ends[-1]
    assert isinstance(end, ChatFinished)
    assert (end.ended, end.message.content, saved) == ("stopped", "", [end.message])
    assert (end.message.metadata or {})["reasoning"] == "A plan."
