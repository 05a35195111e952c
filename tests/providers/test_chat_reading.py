"""From bytes to the events of an answer: pure, and cut into pieces of every size."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.providers.base import ReasoningDelta, TextDelta
from stagewright.providers.chat.sse import Bounds, Event, EventReader, NotJson, TooLong
from stagewright.providers.chat.text import AnswerText, Halves, without_unopened


def read(data: bytes, size: int = 1 << 20, bounds: Bounds = Bounds()) -> list[Event]:  # noqa: B008
    reader = EventReader(bounds)
    found: list[Event] = []
    for at in range(0, len(data), size):
        found += reader.feed(data[at : at + size])
    return [*found, *reader.end()]


# Bytes to events

STREAMS: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "two events": (b"data: 1\n\ndata: 2\n\n", [("", "1"), ("", "2")]),
    "names": (b"event: a\ndata: 1\n\nevent: b\ndata: 2\n\n", [("a", "1"), ("b", "2")]),
    "a name of the event before": (b"event: a\ndata: 1\n\ndata: 2\n\n", [("a", "1"), ("", "2")]),
    "no blank after the colon": (b"event:a\ndata:1\n\n", [("a", "1")]),
    "carriage returns": (b"data: 1\r\rdata: 2\r\r", [("", "1"), ("", "2")]),
    "both line ends": (b"data: 1\r\n\r\ndata: 2\r\n\r\n", [("", "1"), ("", "2")]),
    "mixed line ends": (b"data: 1\n\r\ndata: 2\r\ndata: 3\n\r", [("", "1"), ("", "2\n3")]),
    "several lines of data": (b"data: 1\ndata: 2\n\n", [("", "1\n2")]),
    "no blank line at the end": (b"data: 1\n\ndata: 2\n", [("", "1"), ("", "2")]),
    "not even a line end at the end": (b"data: 1\n\ndata: 2", [("", "1"), ("", "2")]),
    "comments": (b": hello\n\ndata: 1\n: in between\ndata: 2\n\n:\n\n", [("", "1\n2")]),
    "empty data as a sign of life": (b"data:\n\ndata: \n\ndata\n\ndata: 1\n\n", [("", "1")]),
    "ids and pauses": (b"id: 7\nretry: 9\ndata: 1\n\nid: 8\n\n", [("", "1")]),
    "a byte order mark": (b"\xef\xbb\xbfdata: 1\n\n", [("", "1")]),
    "bytes that are no text": (b"data: \xff\n\n", [("", "\ufffd")]),
    "a character of four bytes": ("data: 🌍\n\n".encode(), [("", "🌍")]),
    "another kind of line end is text": ("data: a\u2028b\u0085c\n\n".encode(),
                                         [("", "a\u2028b\u0085c")]),
    "one JSON text": (b'{"a": 1}', [("", '{"a": 1}')]),
    "one JSON text over lines": (b'{\n  "a": 1\n}\n', [("", '{\n  "a": 1\n}')]),
    "one JSON text behind blank lines": (b'\n\n{\n"a": 1}', [("", '{\n"a": 1}')]),
    "JSON on lines": (b'{"a": 1}\n{"a": 2}\n', [("", '{"a": 1}'), ("", '{"a": 2}')]),
    "JSON without data in a stream": (b'data: 1\n\n{"error": 2}\n',
                                      [("", "1"), ("", '{"error": 2}')]),
    "JSON behind an unfinished event": (b'data: 1\n{"error": 2}\n',
                                        [("", "1"), ("", '{"error": 2}')]),
    "an end without data": (b"event: message_stop\ndata:\n\n", [("message_stop", "{}")]),
    "an error without data": (b"event: error\n\n", [("error", "{}")]),
    "a page": (b"<html>\n<body>Hello: you</body>\n</html>\n", []),
    "nothing": (b"", []),
    "line ends alone": (b"\n\r\n\r\r\n\n", []),
}  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("name", STREAMS)
def test_events_are_read_from_pieces_of_any_size(name: str, size: int) -> None:
    data, wanted = STREAMS[name]
    assert [(event.name, event.data) for event in read(data, size)] == wanted


@given(data=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=8))
def test_any_bytes_are_read_alike_however_they_are_cut(data: bytes, cuts: list[int]) -> None:
    reader, found, last = EventReader(), [], 0
    for cut in sorted({min(cut, len(data)) for cut in cuts} | {len(data)}):
        found += reader.feed(data[last:cut])
        last = cut
    assert [*found, *reader.end()] == read(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"data: " + b"z" * 2000, "an event of more than"),  # one line
        (b"data: z\n" * 500, "an event of more than"),  # many lines
        (b'{\n"a":\n' + b" \n" * 2000, "an event of more than"),  # a JSON text
        (b"x" * 2000, "an event of more than"),
        (b"data: 1\n\n" * 2000, "for one answer"),
        (b":\n" * 10_000, "for one answer"),
        (b"data:\n\n" * 2000, "for one answer"),
    ],
)
@pytest.mark.parametrize("size", [1, 100, 100_000])
def test_what_is_too_long_is_not_gathered(data: bytes, says: str, size: int) -> None:
    with pytest.raises(TooLong, match=says):
        read(data, size, Bounds(event=1000, answer=8000))


def test_a_line_without_end_is_held_once() -> None:
    tracemalloc.start()
    with pytest.raises(TooLong):
        read(b"data: " + b"z" * (8 << 20), 1 << 16)
    assert tracemalloc.get_traced_memory()[1] < 24 << 20
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("", '{"a": 1}', {"a": 1}),
        ("a", '{"b": 1}', {"type": "a", "b": 1}),
        ("a", '{"type": "b"}', {"type": "b"}),
        ("", '[{"error": 1}]', {"error": 1}),
        ("", "7", {}),
        ("", "null", {}),
        ("ping", '"ping"', {}),
        ("error", '{"error": {"message": "x"}}', {"error": {"message": "x"}}),
        ("error", '{"type": "error", "code": 1}', {"type": "error", "code": 1}),
        ("error", '{"message": "x"}', {"type": "error", "error": {"message": "x"}}),
        ("error", '{"type": "api_error"}', {"type": "error", "error": {"type": "api_error"}}),
        ("error", '"busy"', {"type": "error", "error": "busy"}),
        ("error", "busy", {"type": "error", "error": "busy"}),
    ],
)
def test_an_event_is_an_object_of_its_type(name: str, data: str, found: object) -> None:
    assert Event(name, data).json() == found


BROKEN = ["{", "busy", "\x00", "[" * 100_000, '{"a":' * 100_000, f"[{'[],' * 500_000}1]"]


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_json_or_takes_too_much_is_said(data: str) -> None:
    with pytest.raises(NotJson):
        Event("", data).json()


# Text


def told(*pieces: str) -> tuple[str, str]:
    """The text and the reasoning that pieces of content tell."""
    text = AnswerText()
    events = [event for piece in pieces for event in text.text(piece)] + [*text.end()]
    return (
        "".join(event.text for event in events if isinstance(event, TextDelta)),
        "".join(event.text for event in events if isinstance(event, ReasoningDelta)),
    )


THOUGHTS = [
    ("<think>plan</think>\n\nAnswer.", "Answer.", "plan"),
    ("\n <think>\nplan\n</think>Answer.", "Answer.", "\nplan\n"),
    ("<thinking>plan</thinking> Answer.", "Answer.", "plan"),
    ("<THINK>plan</Think>Answer.", "Answer.", "plan"),
    ("<thought>plan</thought>Answer.", "Answer.", "plan"),
    ("<reasoning>plan</reasoning>Answer.", "Answer.", "plan"),
    ("<seed:think>plan</seed:think>Answer.", "Answer.", "plan"),
    ("[THINK]plan[/THINK]Answer.", "Answer.", "plan"),
    ("◁think▷plan◁/think▷Answer.", "Answer.", "plan"),
    ("<|begin_of_thought|>plan<|end_of_thought|>Answer.", "Answer.", "plan"),
    ('<think time="3">plan</think>Answer.', "Answer.", "plan"),
    ("<Thinking a='1' b=two >plan</thinking> Answer.", "Answer.", "plan"),
    ('\n<reasoning\n  effort="high">plan</reasoning>Answer.', "Answer.", "plan"),
    ("<think>never closed", "", "never closed"),
    ("<think>nearly closed</thi", "", "nearly closed</thi"),
    ("<think></think>Answer.", "Answer.", ""),
    ("<think></think>\n\n<think>twice</think>\n\nAnswer.", "Answer.", "twice"),
    ("<think>a < b </ think> c</think>Yes", "Yes", "a < b </ think> c"),
    # no reasoning
    ("Answer about <think>tags</think>.", "Answer about <think>tags</think>.", ""),
    ("`<think>` is a tag", "`<think>` is a tag", ""),
    ("<thi", "<thi", ""),
    ("<think about it> and go", "<think about it> and go", ""),
    ('<think time="3" and', '<think time="3" and', ""),
    ("<think " + "x" * 1000, "<think " + "x" * 1000, ""),
    ("<thistle> grows", "<thistle> grows", ""),
    ("  \n indented", "  \n indented", ""),
    (" " * 2000 + "<think>far away", " " * 2000 + "<think>far away", ""),
    ("<", "<", ""),
    (" ", " ", ""),
    ("", "", ""),
]


@pytest.mark.parametrize("size", [1, 2, 5, 10_000])
@pytest.mark.parametrize(("content", "text", "reasoning"), THOUGHTS)
def test_reasoning_at_the_beginning_is_kept_apart(
    content: str, text: str, reasoning: str, size: int
) -> None:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    assert told(*pieces) == (text, reasoning)


@pytest.mark.parametrize(
    ("content", "reasoning", "answer"),
    [
        ("Let me see.\n</think>\n\nAnswer.", "Let me see.", "Answer."),
        ("Let me see.\n</THINK>\nAnswer.", "Let me see.", "Answer."),
        ("Let me see.\n[/THINK]\nAnswer.", "Let me see.", "Answer."),
        ("Let me see.\n  ◁/think▷  \nAnswer.", "Let me see.", "Answer."),
        ("Let me see.\n</think>", "Let me see.", ""),
        ("</think>\n\nAnswer.", "", "Answer."),
        ("`</think>` ends it.", "", "`</think>` ends it."),
        ("It ends with </think>\nand so on.", "", "It ends with </think>\nand so on."),
        ("Write <think>\nplan\n</think>\n.", "", "Write <think>\nplan\n</think>\n."),
        ("```\n</think>\n```\nis it.", "", "```\n</think>\n```\nis it."),
        ("Answer.", "", "Answer."),
        ("", "", ""),
    ],
)
def test_reasoning_that_was_never_opened_is_found_at_the_end(
    content: str, reasoning: str, answer: str
) -> None:
    assert without_unopened(content) == (reasoning, answer)


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (("ok \ud83d", "\ude00 end"), "ok 😀 end"),
        (("\ud83d", "\ude00"), "😀"),
        (("\ud83d\ude00",), "😀"),
        (("\ud83d", "", "\ude00"), "😀"),
        (("a\ud83d", "b"), "a\ufffdb"),
        (("a\ud83d",), "a\ufffd"),
        (("\ude00a",), "\ufffda"),
        (("\ud83d\ud83d", "\ude00"), "\ufffd😀"),
        (("😀", "\ud83d", "\ude00"), "😀😀"),
    ],
)
def test_halves_of_a_character_are_joined(pieces: Iterable[str], whole: str) -> None:
    halves = Halves()
    found = "".join(halves.feed(piece) for piece in pieces) + halves.end()
    assert found == whole
    assert found.encode()
    assert told(*pieces) == (whole, "")


def test_text_has_a_bound() -> None:
    text = AnswerText(most=10)
    assert [*text.text("12345")] == [TextDelta("12345")]
    assert [*text.reasoning("1234")] == [ReasoningDelta("1234")]
    with pytest.raises(TooLong):
        list(text.text("12"))
