"""One provider's file of knowledge: a line of JSON about it, then one for each model.

    {"day":"2026-11-29","sources":{"a":"litellm 1.110.2","d":"llm-sunset 0.3.1"},"models":2}
    ["new",{"a":{"mode":"chat","context":128000}}]
    ["old",{"a":{"mode":"chat"},"d":{"end":"2026-10-23","next":["new"],"seen":"2026-08-05"}}]

A line is an id and what each source says of it, by the source's letter, the weightiest first; or an
id and another of which it is an alias. Lines are read when their model is asked for: that takes a
hundredth of what reading them all takes, and keeps the file's text instead of its objects. A
provider that has ended with all its models has `"ended":"2026-07-30"` in its first line.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from stagewright.catalog.model import Capability, Lifecycle, Model, Price, Source
from stagewright.catalog.naming import (
    chats_at_gemini,
    chats_at_openai,
    chats_elsewhere,
    plainly_not_chat,
)
from stagewright.catalog.spelling import plain

DAMAGE = (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading a file or a line of it may raise."""

_CHAT_MODES = ("chat", "responses")
_RULES: Mapping[str, Callable[[str], bool]] = {
    "openai": chats_at_openai,
    "azure": chats_at_openai,
    "gemini": chats_at_gemini,
    "vertex": chats_at_gemini,
}
"""What an id tells, for models whose mode nobody states."""

_FIELDS = {
    "name": "name",
    "mode": "mode",
    "context": "context_window",
    "output": "max_output",
    "price": "price",
    "can": "capabilities",
    "announced": "deprecated_at",
    "end": "retires_at",
    "next": "successors",
    "aliases": "aliases",
}
"""The file's facts, and the fields of a model that hold them."""

Said = Mapping[str, Mapping[str, Any]]
"""What is said of one model: by the letter of a source, the weightiest first, its facts."""

_log = logging.getLogger(__name__)


class KnowledgeFile:
    """The models of one file, each read when it is asked for.

    Raises ValueError, KeyError or TypeError on a text of another form; a damaged line is as good as
    none, which is logged once.
    """

    def __init__(self, text: str, provider: str, today: date) -> None:
        head, *lines = text.splitlines()
        about = json.loads(head)
        if len(lines) != about["models"]:
            raise ValueError(f"it holds {len(lines)} models of {about['models']}")
        self.day: date | None = date.fromisoformat(about["day"])
        self.ended = date.fromisoformat(about["ended"]) if "ended" in about else None
        self._labels = _Labels(about["sources"], about["day"])
        self._lines = {line[2 : line.index('"', 2)]: line for line in lines}
        self._provider, self._today = provider, today
        self._damaged = False

    @property
    def ids(self) -> Collection[str]:
        """All ids, aliases too."""
        return self._lines.keys()

    def model(self, model_id: str) -> Model | None:
        """The model of this id or alias, or of the one that it is another spelling of."""
        line = self._lines.get(model_id)
        if line is None and (spelled := plain(self._provider, model_id)):
            return self.model(spelled.id)
        if line is None:
            return self._gone(model_id, self.ended) if self.ended else None
        try:
            _, said = json.loads(line)
            if isinstance(said, str):
                return self.model(said) if said != model_id else None
            return self._made(model_id, said)
        except DAMAGE:
            if not self._damaged:
                _log.warning("A line of what is known offline of %s is damaged.", self._provider)
            self._damaged = True
            return None

    def _gone(self, model_id: str, ended: date) -> Model:
        """Any model of a provider that has ended."""
        over = ended <= self._today
        return Model(
            id=model_id,
            lifecycle=Lifecycle.RETIRED if over else Lifecycle.DEPRECATED,
            retires_at=ended,
            source=Source.OFFLINE,
            known_on=self.day,
            offline_facts=self._labels.whole(),
        )

    def _made(self, model_id: str, said: Said) -> Model:
        facts: dict[str, Any] = {}
        by: dict[str, str] = {}
        for letter, own in said.items():
            for fact, value in own.items():
                if fact not in facts:
                    facts[fact], by[fact] = value, letter
        ends = {letter: own["end"] for letter, own in said.items() if "end" in own}
        # Of last days on which the sources differ the latest, told as "about".
        end = date.fromisoformat(max(ends.values())) if ends else None
        announced, mode, price = facts.get("announced"), facts.get("mode"), facts.get("price")
        # Without a last day it is not called deprecated, whatever was announced.
        lifecycle = Lifecycle.DEPRECATED if end else Lifecycle.UNKNOWN
        named_so = _RULES.get(self._provider, chats_elsewhere)
        chats = named_so(model_id) and not plainly_not_chat(model_id)
        able = (*facts.get("can", ()), *(["embedding"] if mode == "embedding" else []))
        return Model(
            id=model_id,
            name=facts.get("name"),
            mode=mode,
            chat=chats if mode is None else mode in _CHAT_MODES,
            lifecycle=Lifecycle.RETIRED if end and end <= self._today else lifecycle,
            deprecated_at=date.fromisoformat(announced) if announced else None,
            retires_at=end,
            retires_about=len(set(ends.values())) > 1,
            successors=tuple(
                dict.fromkeys(after for own in said.values() for after in own.get("next", ()))
            ),
            context_window=facts.get("context"),
            max_output=facts.get("output"),
            capabilities=frozenset(map(Capability, able)),
            aliases=tuple(facts.get("aliases", ())),
            price=Price(*price) if price else None,
            source=Source.OFFLINE,
            known_on=self._known_on(said, ends) if ends else self.day,
            offline_facts=self._labels.of(by, said, ends),
        )

    def _known_on(self, said: Said, ends: Mapping[str, str]) -> date | None:
        """The last day on which a source saw the end that is told."""
        latest = max(ends.values())
        days = [said[letter].get("seen") for letter, end in ends.items() if end == latest]
        return self.day if None in days else date.fromisoformat(max(filter(None, days)))


class _Labels:
    """Who says what, for people: "litellm 1.110.2, 2026-11-29". Models share what is the same."""

    def __init__(self, sources: Mapping[str, str], day: str) -> None:
        self._sources = sources
        self._day = day
        self._made: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    def of(self, by: Mapping[str, str], said: Said, ends: Mapping[str, str]) -> Mapping[str, str]:
        """By the field of a model, who says what is in it."""
        plain = tuple((fact, letter) for fact, letter in by.items() if fact in _FIELDS)
        if not ends:
            return self._shared(plain)
        whole = self._ending(said, ends)
        return {**self._shared(plain), "retires_at": whole, "lifecycle": whole}

    def whole(self) -> Mapping[str, str]:
        """Of a provider that has ended: who says so."""
        said = ", ".join((*self._sources.values(), self._day))
        return {"retires_at": said, "lifecycle": said}

    def _shared(self, plain: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
        if plain not in self._made:
            self._made[plain] = {
                _FIELDS[fact]: f"{self._sources[letter]}, {self._day}" for fact, letter in plain
            }
        return self._made[plain]

    def _ending(self, said: Said, ends: Mapping[str, str]) -> str:
        """Each day that is named, with who names it and when they last saw it."""

        def naming(day: str) -> str:
            letters = [letter for letter, end in ends.items() if end == day]
            return " and ".join(
                f"{self._sources[letter]}, {said[letter].get('seen', self._day)}"
                for letter in letters
            )

        days = sorted(set(ends.values()), reverse=True)
        return naming(days[0]) if len(days) == 1 else "; ".join(f"{d}: {naming(d)}" for d in days)


EMPTY = KnowledgeFile('{"day":"0001-01-01","sources":{},"models":0}', "", date.min)
EMPTY.day = None
