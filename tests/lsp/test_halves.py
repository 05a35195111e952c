"""Half characters in what is sent: no client's JSON reader refuses it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.lsp.jsonrpc import without_halves


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("plain", "plain"),
        ("\U0001f600", "\U0001f600"),
        ("\ud83d", "\ufffd"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("a\ud83d\U0001f600\ude00b", "a\ufffd\U0001f600\ufffdb"),
        ("\\ud800", "\\ud800"),  # a backslash and five letters
        ("\\\ud800", "\\\ufffd"),
    ],
)
def test_halves_become_replacement_characters(text: str, sent: str) -> None:
    assert json.loads(without_halves(json.dumps(text))) == sent


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from('\ud83d\ude00\\u"d8')))
def test_any_text_can_be_sent_and_nothing_else_changes(text: str) -> None:
    read = json.loads(without_halves(json.dumps([text, {text: 1}])))
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    read[0].encode()  # which halves do not let themselves be
    if text == whole:
        assert read == [text, {text: 1}]
