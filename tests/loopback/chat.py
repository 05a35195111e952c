"""The three streaming chat protocols over loopback, with every way in which they can go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Protocol = Literal["anthropic", "responses", "completions"]

Fault = Literal[
    "drop",  # the connection ends in mid-answer
    "reset",  # the connection is torn down in mid-answer
    "stall",  # nothing more comes; the connection ends when `Call.resume` is set
    "pause",  # nothing comes until `Call.resume` is set, then the rest
    "error",  # an error event after the 200
    "broken",  # an event that is not JSON
    "open-end",  # all comes, and the connection stays open
    "no-end",  # the stream ends in order, without a stop reason
    "silent-drop",  # the connection ends before the first byte
    "silent-stall",  # not even a status line comes
]


@dataclass(frozen=True)
class Script:
    """How one request is answered."""

    text: str = "An answer in a few words."
    piece: int = 5  # characters per delta
    delay: float = 0.0  # seconds before each delta
    thinking: str = ""
    echo: bool = False  # the text is what was asked: {model, system, turns}, as JSON
    model: str | None = None  # the id that the API says answers; None: the one asked for
    stop: str | None = None  # None: the API's word for an ordinary end
    refusal: bool = False  # the text comes as a refusal (OpenAI's protocols)
    usage: tuple[int, int] = (11, 7)  # input and output tokens
    fault: Fault | None = None
    after: int | Sequence[int] = 2  # text deltas before the fault, or before each pause
    drop_usage: bool = False  # the connection ends after the stop reason (Chat Completions)
    error: Mapping[str, str] = field(
        default_factory=lambda: {"type": "overloaded_error", "message": "Overloaded"}
    )
    chunk: int | None = None  # bytes per write
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None  # sent with `content_type` in place of a stream
    content_type: str = "application/json"


@dataclass
class Call:
    """One request as it came, and what became of its connection."""

    path: str
    headers: Mapping[str, str]  # names in lower case
    body: dict[str, Any]
    closed: asyncio.Event  # the client hung up
    stalled: asyncio.Event = field(default_factory=asyncio.Event)  # a stall began
    resume: asyncio.Event = field(default_factory=asyncio.Event)  # set it to end a stall or a pause

    @property
    def protocol(self) -> Protocol:
        if self.path.endswith("/messages"):
            return "anthropic"
        return "responses" if self.path.endswith("/responses") else "completions"

    @property
    def asked(self) -> dict[str, Any]:
        """`{model, system, turns: [[role, text], ...]}`, whichever the protocol."""
        turns = self.body.get("messages") or self.body.get("input") or []
        system = self.body.get("system") or self.body.get("instructions")
        if turns and turns[0]["role"] == "system":
            system, turns = turns[0]["content"], turns[1:]
        pairs = [[turn["role"], turn["content"]] for turn in turns]
        return {"model": self.body["model"], "system": system, "turns": pairs}


def event(data: object, name: str | None = None) -> bytes:
    """One server-sent event."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def frames(call: Call, script: Script) -> Iterator[tuple[bytes, bool]]:
    """The answer's events, each with whether it carries text of the answer."""
    text = json.dumps(call.asked, ensure_ascii=False) if script.echo else script.text
    pieces = [text[at : at + script.piece] for at in range(0, len(text), script.piece)]
    model = script.model or call.body["model"]
    return _FRAMES[call.protocol](script, model, pieces)


def _anthropic(script: Script, model: str, pieces: list[str]) -> Iterator[tuple[bytes, bool]]:
    def named(kind: str, **data: object) -> bytes:
        return event({"type": kind, **data}, kind)

    usage = {"input_tokens": script.usage[0], "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": []}
    message |= {"model": model, "stop_reason": None, "stop_sequence": None, "usage": usage}
    yield named("message_start", message=message), False
    yield named("ping"), False
    index = 0
    if script.thinking:
        block = {"type": "thinking", "thinking": "", "signature": ""}
        yield named("content_block_start", index=0, content_block=block), False
        delta = {"type": "thinking_delta", "thinking": script.thinking}
        yield named("content_block_delta", index=0, delta=delta), False
        delta = {"type": "signature_delta", "signature": "c2ln"}
        yield named("content_block_delta", index=0, delta=delta), False
        yield named("content_block_stop", index=0), False
        index = 1
    block = {"type": "text", "text": ""}
    yield named("content_block_start", index=index, content_block=block), False
    for piece in pieces:
        delta = {"type": "text_delta", "text": piece}
        yield named("content_block_delta", index=index, delta=delta), True
    yield named("content_block_stop", index=index), False
    end = {"stop_reason": script.stop or "end_turn", "stop_sequence": None}
    usage = {"output_tokens": script.usage[1]}
    yield named("message_delta", delta=end, usage=usage), False
    yield named("message_stop"), False


def _responses(script: Script, model: str, pieces: list[str]) -> Iterator[tuple[bytes, bool]]:
    number = iter(range(1_000_000_000))

    def named(kind: str, **data: object) -> bytes:
        return event({"type": kind, "sequence_number": next(number), **data}, kind)

    response: dict[str, Any] = {"id": "resp_1", "object": "response", "created_at": 1.0}
    response |= {"model": model, "status": "in_progress", "output": [], "error": None}
    response |= {"incomplete_details": None, "usage": None, "tools": [], "tool_choice": "auto"}
    response["parallel_tool_calls"] = True
    yield named("response.created", response=response), False
    yield named("response.in_progress", response=response), False
    output = 0
    if script.thinking:
        item = {"id": "rs_1", "type": "reasoning", "summary": []}
        yield named("response.output_item.added", output_index=0, item=item), False
        part = {"item_id": "rs_1", "output_index": 0, "summary_index": 0}
        kind = "response.reasoning_summary_text.delta"
        yield named(kind, delta=script.thinking, **part), False
        output = 1
    item = {"id": "msg_1", "type": "message", "role": "assistant", "content": []}
    item["status"] = "in_progress"
    yield named("response.output_item.added", output_index=output, item=item), False
    kind = "refusal" if script.refusal else "output_text"
    place = {"item_id": "msg_1", "output_index": output, "content_index": 0}
    for piece in pieces:
        yield named(f"response.{kind}.delta", delta=piece, logprobs=[], **place), True
    tokens: dict[str, Any] = dict(zip(("input_tokens", "output_tokens"), script.usage, strict=True))
    tokens |= {"total_tokens": sum(script.usage), "output_tokens_details": {"reasoning_tokens": 0}}
    tokens["input_tokens_details"] = {"cached_tokens": 0, "cache_write_tokens": 0}
    done = response | {"status": "completed", "usage": tokens}
    if script.stop:
        done |= {"status": "incomplete", "incomplete_details": {"reason": script.stop}}
    yield named(f"response.{done['status']}", response=done), False


def _completions(script: Script, model: str, pieces: list[str]) -> Iterator[tuple[bytes, bool]]:
    def chunk(delta: dict[str, object] | None, finish: str | None = None) -> bytes:
        data: dict[str, Any] = {"id": "c-1", "object": "chat.completion.chunk", "created": 1}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return event(data | {"model": model, "choices": [choice] if delta is not None else []})

    yield b": a comment, as some gateways send to keep the line open\n\n", False
    yield chunk({"role": "assistant", "content": ""}), False
    if script.thinking:
        yield chunk({"reasoning_content": script.thinking}), False
    for piece in pieces:
        yield chunk({"refusal" if script.refusal else "content": piece}), True
    yield chunk({}, script.stop or "stop"), False
    counts = {"prompt_tokens": script.usage[0], "completion_tokens": script.usage[1]}
    usage = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    if script.drop_usage:
        raise ConnectionError
    yield event(usage | {"choices": [], "usage": counts | {"total_tokens": 18}}), False
    yield b"data: [DONE]\n\n", False


_FRAMES = {"anthropic": _anthropic, "responses": _responses, "completions": _completions}


def _error_event(call: Call, script: Script) -> bytes:
    if call.protocol == "anthropic":
        return event({"type": "error", "error": script.error}, "error")
    if call.protocol == "responses":
        data = {"type": "error", "code": script.error["type"], "message": script.error["message"]}
        return event(data | {"param": None, "sequence_number": 9}, "error")
    return event({"error": script.error})


async def answer(call: Call, script: Script, writer: asyncio.StreamWriter) -> bool:
    """Answer one request. False when the connection is not to be used again."""
    if script.fault == "silent-drop":
        return False
    if script.fault == "silent-stall":
        await _stall(call)
        return False
    if script.body is not None or script.status != 200:
        text = script.body if isinstance(script.body, str) else json.dumps(script.body)
        headers = {"content-type": script.content_type, "content-length": len(text.encode())}
        writer.write(_head(script.status, {**headers, **script.headers}) + text.encode())
        await writer.drain()
        return True
    streamed = {"content-type": "text/event-stream; charset=utf-8"}
    streamed |= {"transfer-encoding": "chunked", "cache-control": "no-cache", **script.headers}
    writer.write(_head(200, streamed))
    texts = 0
    places = (script.after,) if isinstance(script.after, int) else script.after
    for frame, is_text in frames(call, script):
        ends = b"[DONE]" in frame or b"message_stop" in frame
        if script.fault == "open-end":
            if ends:
                break
        elif is_text and script.fault and texts in places:
            if script.fault != "pause":
                return await _go_wrong(call, script, writer)
            await _stall(call)
        if is_text and script.delay:
            await asyncio.sleep(script.delay)
        if call.closed.is_set():
            return False
        texts += is_text
        await _write(writer, frame, script.chunk)
    if script.fault == "open-end":
        await _stall(call)
        return False
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


async def _go_wrong(call: Call, script: Script, writer: asyncio.StreamWriter) -> bool:
    match script.fault:
        case "stall":
            await _stall(call)
        case "reset":
            writer.transport.abort()
        case "error":
            await _write(writer, _error_event(call, script), None)
            writer.write(b"0\r\n\r\n")
        case "broken":
            await _write(writer, b'event: message_delta\ndata: {"type": "mess\n\n', None)
            writer.write(b"0\r\n\r\n")
        case "no-end":
            writer.write(b"0\r\n\r\n")
    return False


async def _stall(call: Call) -> None:
    call.stalled.set()
    waits = [asyncio.ensure_future(each.wait()) for each in (call.resume, call.closed)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    call.resume.clear()


async def _write(writer: asyncio.StreamWriter, data: bytes, size: int | None) -> None:
    size = size or len(data)
    for at in range(0, len(data), size):
        part = data[at : at + size]
        writer.write(b"%x\r\n%b\r\n" % (len(part), part))
        await writer.drain()


def _head(status: int, headers: Mapping[str, object]) -> bytes:
    lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
