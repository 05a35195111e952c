"""Chat Completions: what is asked, and what is read. Pure; `openai` sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stagewright.providers.base import ChatEvent, ChatRequest
from stagewright.providers.chat.attempts import Parameters, alternating, given, system_of
from stagewright.providers.chat.reading import (
    Reading,
    mappings,
    reason_of,
    text_of,
    usage,
)
from stagewright.providers.lists.fields import mapping


def parameters(request: ChatRequest, *, system_role: bool = True) -> Parameters:
    """The request's body; without the system role its text goes into the first turn."""
    turns = [{"role": t.role, "content": t.text} for t in alternating(request.turns)]
    if system := system_of(request):
        if system_role:
            turns.insert(0, {"role": "system", "content": system})
        else:
            turns[0]["content"] = f"{system}\n\n{turns[0]['content']}"
    return given(
        {
            "model": request.model,
            "messages": turns,
            "stream_options": {"include_usage": True},
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
        }
    )


class Completion(Reading):
    """One answer: chunks with a `delta`, or a whole `message` at the end or in their place."""

    def read(self, data: Mapping[str, Any]) -> Iterator[ChatEvent]:
        """What a chunk, or a whole completion, tells."""
        yield from self.resolve(data.get("model"))
        for choice in mappings(data.get("choices")):
            if choice.get("index") in (0, None):
                yield from self._choice(choice)
        spent = mapping(data.get("usage"))
        yield from usage(spent.get("prompt_tokens"), spent.get("completion_tokens"))

    def _choice(self, choice: Mapping[str, Any]) -> Iterator[ChatEvent]:
        delta, message = mapping(choice.get("delta")), mapping(choice.get("message"))
        for part in (delta, message):
            thought = text_of(part.get("reasoning_content")) or text_of(part.get("reasoning"))
            if part is delta or not self._said:
                details = part.get("reasoning_details")  # OpenRouter's, beside or in place of it
                yield from self.think(thought or _details(details) or _thought(part.get("content")))
        yield from self.say(_text(delta.get("content")) or text_of(choice.get("text")))
        yield from self.refuse(text_of(delta.get("refusal")))
        if message:
            yield from self.say_whole(_text(message.get("content")))
            yield from self.refuse("" if self._refused else text_of(message.get("refusal")))
        if reason := reason_of(choice.get("finish_reason")) or ("stop" if message else ""):
            self.reason = reason


def _text(content: object) -> str:
    """A delta's text. Mistral's thinking models send a list of parts."""
    return text_of(content) or "".join(text_of(part.get("text")) for part in mappings(content))


def _details(details: object) -> str:
    """The words of OpenRouter's structured reasoning; what is encrypted has none."""
    return "".join(
        text_of(part.get("text")) or text_of(part.get("summary")) for part in mappings(details)
    )


def _thought(content: object) -> str:
    return "".join(_text(part.get("thinking")) for part in mappings(content))
