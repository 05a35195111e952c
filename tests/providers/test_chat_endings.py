"""How each API ends an answer, by its events."""

from __future__ import annotations

import json

import pytest

from stagewright.providers.base import Ended, ReasoningDelta, TextDelta
from stagewright.providers.chat.anthropic import MessageReading
from stagewright.providers.chat.completions import Completion
from stagewright.providers.chat.fault import Refused
from stagewright.providers.chat.reading import Reading
from stagewright.providers.chat.responses import Response
from stagewright.providers.chat.sse import Event

# How it ended


def ended(reading: Reading, *events: object) -> tuple[str, Ended | None]:
    """The text of a sequence of events, and how it ended."""
    data = [one if isinstance(one, str) else json.dumps(one) for one in events]
    found = [told for one in data for told in reading.take(Event("", one))]
    text = "".join(event.text for event in found if isinstance(event, TextDelta))
    return text, reading.ended()


def chunk(text: str | None = None, reason: str | None = None, **more: object) -> object:
    return {"choices": [{"delta": {"content": text, **more}, "finish_reason": reason}]}


def delta(text: str) -> object:
    return {"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}}


def stop(reason: str) -> object:
    return {"type": "message_delta", "delta": {"stop_reason": reason}}


def completed(status: str, reason: str | None = None, **more: object) -> object:
    details = {"incomplete_details": {"reason": reason} if reason else None}
    return {"type": f"response.{status}", "response": {"status": status, **details, **more}}


def said(text: str, index: int = 0) -> object:
    return {"type": "response.output_text.delta", "output_index": index, "delta": text}


def output(*texts: str) -> dict[str, object]:
    part = [{"type": "message", "content": [{"type": "output_text", "text": t}]} for t in texts]
    return {"output": part}


DONE = "[DONE]"


WHOLE = "whole"


CUT = "cut"


@pytest.mark.parametrize(
    ("events", "text", "how"),
    [
        ([chunk("a"), chunk("b", "stop"), DONE], "ab", Ended(WHOLE, "stop")),
        ([chunk("a"), DONE], "a", Ended(WHOLE, None)),
        ([chunk("a")], "a", None),
        ([chunk("a", "stop"), chunk("b")], "ab", None),
        ([chunk("a", "stop"), chunk("b"), DONE], "ab", Ended(WHOLE, None)),
        ([chunk("a", "stop"), chunk("b", "length")], "ab", Ended(CUT, "length")),
        ([chunk("a", "stop"), chunk("")], "a", Ended(WHOLE, "stop")),
        ([chunk("a", "content_filter")], "a", Ended(CUT, "content_filter")),
        ([chunk("a", "error")], "a", Ended(CUT, "error")),
        ([chunk("a", "tool_calls")], "a", Ended(WHOLE, "tool_calls")),
        ([chunk("a", "null"), chunk("b", "null")], "ab", None),  # text, in place of null
        ([chunk("a", "None"), chunk(None, "stop")], "a", Ended(WHOLE, "stop")),
        ([chunk("a", "content-filter")], "a", Ended(CUT, "content-filter")),
        ([chunk("a", "FinishReason.MAX_TOKENS")], "a", Ended(CUT, "FinishReason.MAX_TOKENS")),
        ([chunk("a", "token_limit")], "a", Ended(CUT, "token_limit")),
        ([chunk("a", "guardrail_intervened")], "a", Ended(CUT, "guardrail_intervened")),
        ([chunk("a", "a-new-word")], "a", Ended(WHOLE, "a-new-word")),
        ([chunk("a"), chunk(refusal="No."), chunk(None, "stop")], "aNo.", Ended(CUT, "refusal")),
        ([chunk(refusal="No."), chunk(None, "stop")], "No.", Ended(WHOLE, "refusal")),
        ([{"choices": [{"message": {"content": "a"}}]}], "a", Ended(WHOLE, "stop")),
        ([chunk("a"), {"choices": [{"message": {"content": "ab"}}]}], "ab", Ended(WHOLE, "stop")),
        ([chunk("ab"), {"choices": [{"message": {"content": "ab"}}]}], "ab", Ended(WHOLE, "stop")),
        ([chunk("ab"), {"choices": [{"message": {"content": "c"}}]}], "ab", Ended(WHOLE, "stop")),
        ([{"choices": [{"text": "a", "finish_reason": "stop"}]}], "a", Ended(WHOLE, "stop")),
        ([{"choices": [{"index": 1, "delta": {"content": "x"}}]}, chunk("a", "stop")], "a",
         Ended(WHOLE, "stop")),
        ([chunk([{"type": "text", "text": "a"}], "stop")], "a", Ended(WHOLE, "stop")),  # type: ignore[arg-type]
        ([{"choices": None}, {"choices": "x"}, {"choices": [7]}, chunk(7)], "", None),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_chat_completions_end(events: list[object], text: str, how: Ended | None) -> None:
    assert ended(Completion(), *events) == (text, how)


@pytest.mark.parametrize(
    "event",
    [
        Event("", "ping"),
        Event("ping", "keepalive"),
        Event("heartbeat", '{"message": "still there"}'),
        Event("", " Keep-Alive "),
    ],
)
def test_signs_of_life_say_nothing(event: Event) -> None:
    assert not list(Completion().take(event))
    assert not list(MessageReading().take(event))


@pytest.mark.parametrize(
    ("event", "status", "says"),
    [
        ({"choices": [{"delta": {"content": ""}, "finish_reason": "error",
                       "error": {"code": 502, "message": "It died."}}]}, 502, "It died."),
        ({"choices": None, "base_resp": {"status_code": 1008, "status_msg": "No balance."}},
         200, "No balance."),
        ({"success": False, "errors": [{"code": 5007, "message": "No such model x"}]},
         200, "No such model x"),
        ({"error_code": 336003, "error_msg": "It is too long."}, 200, "It is too long."),
        ({"error": {"http_code": 503, "message": "Later."}}, 503, "Later."),
    ],
)  # fmt: skip
def test_an_error_in_a_stream_is_found_in_any_place(event: object, status: int, says: str) -> None:
    with pytest.raises(Refused) as refused:
        list(Completion().take(Event("", json.dumps(event))))
    assert (refused.value.fault.status, refused.value.fault.text) == (status, says)


def test_a_base_resp_that_names_no_error_is_none() -> None:
    event = {"choices": [], "base_resp": {"status_code": 0, "status_msg": ""}}
    assert not list(Completion().take(Event("", json.dumps(event))))


@pytest.mark.parametrize(
    ("events", "text", "how"),
    [
        ([delta("a"), stop("end_turn"), {"type": "message_stop"}], "a", Ended(WHOLE, "end_turn")),
        ([delta("a"), stop("end_turn")], "a", Ended(WHOLE, "end_turn")),
        ([delta("a"), stop("null")], "a", None),
        ([delta("a"), {"type": "message_stop"}], "a", Ended(WHOLE, None)),
        ([delta("a")], "a", None),
        ([delta("a"), stop("end_turn"), delta("b")], "ab", None),
        ([delta("a"), stop("max_tokens")], "a", Ended(CUT, "max_tokens")),
        ([delta("a"), stop("refusal")], "a", Ended(CUT, "refusal")),
        ([delta("a"), stop("model_context_window_exceeded")], "a",
         Ended(CUT, "model_context_window_exceeded")),
        ([delta("a"), stop("stop_sequence")], "a", Ended(WHOLE, "stop_sequence")),
        ([{"type": "message", "content": [{"type": "text", "text": "a"}],
           "stop_reason": "end_turn"}], "a", Ended(WHOLE, "end_turn")),
        ([{"type": "content_block_start", "content_block": {"type": "text", "text": "a"}},
          stop("end_turn")], "a", Ended(WHOLE, "end_turn")),
        ([{"delta": {"text": "a"}}, stop("end_turn")], "a", Ended(WHOLE, "end_turn")),
        ([{"type": "message_start", "message": None}, {"type": "message_delta", "delta": 7}], "",
         None),
    ],
)  # fmt: skip
def test_messages_end(events: list[object], text: str, how: Ended | None) -> None:
    assert ended(MessageReading(), *events) == (text, how)


@pytest.mark.parametrize(
    ("events", "text", "how"),
    [
        ([said("a"), completed("completed")], "a", Ended(WHOLE, "completed")),
        ([said("a"), completed("completed", **output("a"))], "a", Ended(WHOLE, "completed")),
        ([completed("completed", **output("a"))], "a", Ended(WHOLE, "completed")),
        ([completed("completed", **output("a", "b"))], "a\n\nb", Ended(WHOLE, "completed")),
        ([completed("completed", output_text="a")], "a", Ended(WHOLE, "completed")),
        ([{"type": "response.output_text.done", "output_index": 0, "text": "a"},
          completed("completed", **output("a"))], "a", Ended(WHOLE, "completed")),
        ([said("a"), {"type": "response.output_text.done", "output_index": 0, "text": "a"},
          completed("completed")], "a", Ended(WHOLE, "completed")),
        ([{"type": "response.content_part.done", "output_index": 0,
           "part": {"type": "output_text", "text": "a"}}, completed("completed")], "a",
         Ended(WHOLE, "completed")),
        ([{"type": "response.output_item.done", "output_index": 0,
           "item": {"content": [{"type": "output_text", "text": "a"}]}}, completed("completed")],
         "a", Ended(WHOLE, "completed")),
        ([said("a"), said("b", 1), completed("completed")], "a\n\nb", Ended(WHOLE, "completed")),
        ([said("a"), completed("incomplete", "max_output_tokens")], "a",
         Ended(CUT, "max_output_tokens")),
        ([said("a"), completed("incomplete", "content_filter")], "a", Ended(CUT, "content_filter")),
        ([said("a"), completed("incomplete")], "a", Ended(CUT, "incomplete")),
        ([said("a"), {"type": "response.refusal.delta", "delta": "No."}, completed("completed")],
         "aNo.", Ended(CUT, "refusal")),
        ([{"type": "response.refusal.delta", "delta": "No."}, completed("completed")], "No.",
         Ended(WHOLE, "refusal")),
        ([{"object": "response", "status": "completed", **output("a")}], "a",
         Ended(WHOLE, "completed")),
        ([said("a"), DONE], "a", Ended(WHOLE, None)),
        ([said("a")], "a", None),
        ([{"type": "response.created", "response": 7}, said(7)], "", None),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_responses_end(events: list[object], text: str, how: Ended | None) -> None:
    assert ended(Response(), *events) == (text, how)


@pytest.mark.parametrize(
    ("reading", "events"),
    [
        (Completion(), [chunk(reasoning_content="plan"), chunk("a", "stop")]),
        (Completion(), [chunk(reasoning="plan"), chunk("a", "stop")]),
        (Completion(), [chunk(reasoning="plan", reasoning_content="plan"), chunk("a", "stop")]),
        (Completion(), [{"choices": [{"message": {"content": "a", "reasoning": "plan"}}]}]),
        (
            Completion(),
            [
                chunk(
                    reasoning_details=[
                        {"type": "reasoning.text", "text": "pl"},
                        {"type": "reasoning.summary", "summary": "an"},
                    ]
                ),
                chunk(reasoning_details=[{"type": "reasoning.encrypted", "data": "c2ln"}]),
                chunk("a", "stop"),
            ],
        ),
        (
            Completion(),
            [
                chunk(reasoning="plan", reasoning_details=[{"text": "plan"}]),
                chunk("a", "stop", reasoning_details="none", reasoning=None),
            ],
        ),
        (
            Completion(),
            [{"choices": [{"message": {"content": "a", "reasoning_details": [{"text": "plan"}]}}]}],
        ),
        (
            Completion(),
            [
                chunk([{"type": "thinking", "thinking": [{"type": "text", "text": "plan"}]}]),  # type: ignore[arg-type]
                chunk("a", "stop"),
            ],
        ),
        (
            MessageReading(),
            [{"type": "content_block_delta", "delta": {"thinking": "plan"}}, delta("a")],
        ),
        (
            Response(),
            [{"type": "response.reasoning_text.delta", "delta": "plan"}, said("a")],
        ),
    ],
)
def test_reasoning_that_comes_apart_is_no_text(reading: Reading, events: list[object]) -> None:
    found = [told for one in events for told in reading.take(Event("", json.dumps(one)))]
    assert [event for event in found if isinstance(event, TextDelta | ReasoningDelta)] == [
        ReasoningDelta("plan"),
        TextDelta("a"),
    ]
