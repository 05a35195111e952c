"""JSON of any kind in workflow files: refused with a reason, or read so that it can be sent on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflows.workspace import SAMPLE, manager_of

from stagewright.workflows import jsontext
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager

FILE = f".choragen/workflows/{SAMPLE}.json"


def put(root: Path, member: str) -> None:
    """Put a member into the workflow's file, as some program wrote it."""
    path = root / FILE
    path.write_text(path.read_text().replace("{", "{" + member + ",", 1), "utf-8", "surrogatepass")


def read_strictly(text: str) -> object:
    """JSON as every client reads it: without Python's own words."""

    def refuse(word: str) -> object:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" + "0" * 400 + ".5", "1e999999999"])
def test_numbers_that_are_infinite_are_null(
    manager: WorkflowManager, root: Path, number: str
) -> None:
    put(root, f'"x": {number}')
    sent = read_strictly(json.dumps(manager.get(SAMPLE).to_json()))
    assert sent["x"] is None  # type: ignore[index]
    manager.add_message(SAMPLE, "Hi")
    assert read_strictly((root / FILE).read_text())["x"] is None  # type: ignore[index]


@pytest.mark.parametrize(
    ("member", "why"),
    [
        ('"x": NaN', "NaN is not a JSON number"),
        ('"x": -Infinity', "-Infinity is not a JSON number"),
        ('"x": ' + "1" * 5_000, "4300"),
        ('"x": ' + "[" * 100 + "]" * 100, "nested deeper than 100 levels"),
        ('"x": ' + '{"a":' * 400 + "1" + "}" * 400, "nested deeper than 100 levels"),
        ('"x": ' + "[" * 20_000 + "]" * 20_000, "nested"),
        ('"x": "\ud800"', "not UTF-8"),
    ],
)
def test_what_cannot_be_sent_on_is_refused_with_the_reason(
    manager: WorkflowManager, root: Path, member: str, why: str
) -> None:
    put(root, member)
    with pytest.raises(WorkflowError) as refused:
        manager.get(SAMPLE)
    assert refused.value.code == "workflow-unreadable"
    assert why in refused.value.message
    assert len(manager.list().problems) == 1


def test_what_is_as_deep_as_may_be_is_sent(manager: WorkflowManager, root: Path) -> None:
    put(root, '"x": ' + "[" * 98 + "]" * 98)
    assert json.dumps(manager.get(SAMPLE).to_json()).count("[") > 98


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_written_is_read_again_as_the_same(value: object) -> None:
    written = jsontext.dumps(value)
    read_strictly(written.decode())
    assert jsontext.dumps(jsontext.loads(written)) == written


def test_a_transcript_over_the_limit_of_other_files_is_opened_again(root: Path) -> None:
    manager = manager_of(root)
    for _ in range(3):
        manager.add_message(SAMPLE, "word " * 1_200_000)
    effective = manager.get_current_model(SAMPLE)
    path = manager.write_transcript(SAMPLE, lambda _: effective)
    before = path.read_bytes()
    assert len(before) > 16 * 1024 * 1024
    assert manager.write_transcript(SAMPLE, lambda _: effective) == path
    assert path.read_bytes() == before
    assert manager.transcript(SAMPLE) == before.decode()
