"""Files come back as they were, byte for byte."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflows.workspace import CHORAGEN, SAMPLE_FILE

from stagewright.workflows import jsontext, state
from stagewright.workflows.state import Gate, Index, Message, ModelPair, Workflow


def test_choragens_workflow_comes_back_byte_for_byte() -> None:
    data = SAMPLE_FILE.read_bytes()
    assert state.write(state.read(Workflow, data)) == data


def test_choragens_index_comes_back_byte_for_byte() -> None:
    data = (CHORAGEN / "workflow-index.json").read_bytes()
    assert state.write(state.read(Index, data)) == data


def test_unknown_fields_their_places_and_nulls_are_kept_on_every_level() -> None:
    workflow = json.loads(SAMPLE_FILE.read_bytes())
    marked = {
        "later": {"b": 1, "a": [None, {}, []]},
        **workflow,
        "stages": [
            {
                "x": None,
                **stage,
                "gate": {"y": 1, **stage["gate"], "prompt": None},
                "hooks": {"onTick": [], "onExit": [{"type": "future", "z": {"k": "ü"}}]},
                "defaultModel": {"model": "m", "provider": "p", "effort": "high"},
            }
            for stage in workflow["stages"]
        ],
        "messages": [
            {"stage_index": "a stranger's", **message, "metadata": {"t": 1.5, "s": None}}
            for message in workflow["messages"]
        ],
    }
    data = jsontext.dumps(marked)
    assert state.write(state.read(Workflow, data)) == data


def test_fields_set_anew_come_last_and_nothing_else_appears() -> None:
    gate = state.read(Gate, b'{"satisfied": false, "note": 1, "type": "human_approval"}')
    gate.satisfied = True
    gate.satisfied_by = "human"
    assert json.dumps(gate.to_json()) == (
        '{"satisfied": true, "note": 1, "type": "human_approval", "satisfiedBy": "human"}'
    )


def test_a_new_message_has_only_the_fields_it_was_given() -> None:
    message = Message(
        id="1",
        role="control",
        content="Yes.",
        stage_index=2,
        timestamp="2026-11-22T15:48:46.746Z",
        model=ModelPair(provider="ollama", model="llama3:8b"),
    )
    assert message.to_json() == {
        "id": "1",
        "role": "control",
        "content": "Yes.",
        "stageIndex": 2,
        "timestamp": "2026-11-22T15:48:46.746Z",
        "model": {"provider": "ollama", "model": "llama3:8b"},
    }


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is not JSON (line 1, column 1: Expecting value)"),
        (b'{"id": "WF', "it is not JSON (line 1, column 8: Unterminated string starting at)"),
        (b'{"id": "\xff"}', "it is not UTF-8 (byte 8)"),
        (b"\xef\xbb\xbf{}", "it is not JSON"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"currentStage": NaN}', "it is not JSON (NaN is not a JSON number)"),
        (b"[]", "Input should be"),
        (b'{"id": 7}', "at id: Input should be a valid string"),
        (
            SAMPLE_FILE.read_bytes().replace(b'"content": "Three', b'"content": 3, "c": "Three'),
            "at messages[1].content: Input should be a valid string",
        ),
        (
            SAMPLE_FILE.read_bytes().replace(b'"currentStage": 0', b'"currentStage": 4'),
            "there is no stage 4",
        ),
    ],
)
def test_what_is_no_workflow_is_refused_with_the_place(data: bytes, why: str) -> None:
    with pytest.raises(ValueError) as error:
        state.read(Workflow, data)
    assert why in str(error.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([], "[]"),
        ({}, "{}"),
        ({"a": [{}]}, '{\n  "a": [\n    {}\n  ]\n}'),
        ("é \U0001f600 \u2028 \x7f", '"é \U0001f600 \u2028 \x7f"'),
        ('\x00\x1f\b\f\n\r\t"\\/', '"\\u0000\\u001f\\b\\f\\n\\r\\t\\"\\\\/"'),
        ("\ud800x", '"\\ud800x"'),
        (True, "true"),
        (None, "null"),
        (10**20, "100000000000000000000"),
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (0.000001, "0.000001"),
        (0.00000015, "1.5e-7"),
    ],
)
def test_text_is_what_json_stringify_gives(value: object, text: str) -> None:
    assert jsontext.dumps(value).decode() == text


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(_json)
def test_any_json_value_comes_back(value: object) -> None:
    ours, theirs = jsontext.dumps(value), json.dumps(value)
    # JavaScript has one kind of number: 1.0 is written as 1.
    assert json.loads(ours, parse_int=float) == json.loads(theirs, parse_int=float)


def test_timestamps_are_utc_with_milliseconds() -> None:
    zone = timezone(timedelta(hours=2))
    moment = datetime(2026, 11, 24, 0, 30, 1, 234567, tzinfo=zone)
    assert state.timestamp(moment) == "2026-11-23T22:30:01.234Z"
