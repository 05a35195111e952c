"""OpenAI's Responses API: what is asked, and what is read. Pure; `openai` sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stagewright.providers.base import ChatEvent, ChatRequest
from stagewright.providers.chat.attempts import Parameters, alternating, given, system_of
from stagewright.providers.chat.reading import Reading, mappings, text_of, usage
from stagewright.providers.lists.fields import mapping


def parameters(request: ChatRequest) -> Parameters:
    """The request's body."""
    return given(
        {
            "model": request.model,
            "input": [{"role": t.role, "content": t.text} for t in alternating(request.turns)],
            "store": False,
            "instructions": system_of(request),
            "max_output_tokens": request.max_tokens,
            "temperature": request.temperature,
        }
    )


class Response(Reading):
    """One answer: deltas, or the text only where a part, an item or the whole is done."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: dict[tuple[object, object], list[str]] = {}
        self._item: object = None  # the output item that the last text belonged to
        self._summary: object = None  # the part of the reasoning that came last

    def read(self, data: Mapping[str, Any]) -> Iterator[ChatEvent]:
        """What an event, or a whole response, tells."""
        kind = text_of(data.get("type"))
        place = (data.get("output_index"), data.get("content_index"))
        match kind.removeprefix("response."):
            case "created" | "in_progress":
                yield from self.resolve(mapping(data.get("response")).get("model"))
            case "output_text.delta":
                yield from self._part(place, text_of(data.get("delta")))
            case "refusal.delta":
                yield from self.refuse(text_of(data.get("delta")))
            case "reasoning_summary_text.delta" | "reasoning_text.delta":
                part = (data.get("output_index"), data.get("summary_index"))
                between = "" if self._summary in (None, part) else "\n\n"
                self._summary = part
                yield from self.think(between + text_of(data.get("delta")))
            case "output_text.done":
                yield from self._done(place, data)
            case "refusal.done":
                yield from self._refused_whole(data)
            case "content_part.done":
                yield from self._done(place, mapping(data.get("part")))
            case "output_item.done":
                yield from self._item_done(place[0], mapping(data.get("item")))
            case "completed" | "incomplete" | "done" | "cancelled":
                yield from self._whole(mapping(data.get("response")))
            case _ if data.get("object") == "response":
                yield from self._whole(data)

    def _part(self, place: tuple[object, object], text: str) -> Iterator[ChatEvent]:
        if text:
            between = "" if self._item in (None, place[0]) else "\n\n"
            self._item = place[0]
            self._parts.setdefault(place, []).append(text)
            yield from self.say(between + text)

    def _done(self, place: tuple[object, object], part: Mapping[str, Any]) -> Iterator[ChatEvent]:
        """A part whose text has come, or comes only now."""
        if place not in self._parts:
            yield from self._part(place, text_of(part.get("text")))
        yield from self._refused_whole(part)

    def _refused_whole(self, part: Mapping[str, Any]) -> Iterator[ChatEvent]:
        if not self._refused:
            yield from self.refuse(text_of(part.get("refusal")))

    def _item_done(self, index: object, item: Mapping[str, Any]) -> Iterator[ChatEvent]:
        for at, part in enumerate(mappings(item.get("content"))):
            if part.get("type") in ("output_text", "text", "refusal"):
                yield from self._done((index, at), part)

    def _whole(self, response: Mapping[str, Any]) -> Iterator[ChatEvent]:
        yield from self.resolve(response.get("model"))
        if not self._said:
            for index, item in enumerate(mappings(response.get("output"))):
                yield from self._item_done(index, item)
            if not self._said:
                yield from self.say(text_of(response.get("output_text")))
        spent = mapping(response.get("usage"))
        yield from usage(spent.get("input_tokens"), spent.get("output_tokens"))
        details = mapping(response.get("incomplete_details"))
        self.reason = text_of(details.get("reason")) or text_of(response.get("status")) or None
        self.over = True
