"""Whose a file is by what stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.dialects.detection import has_key, holds
from stagewright.dialects.dialect import Detect


@pytest.mark.parametrize(
    ("syntax", "text", "expected"),
    [
        ("yaml", "model_list:\n  - a\n", True),
        ("yaml", "x: 1\n'model_list' :\n", True),
        ("yaml", '"model_list": []\n', True),
        ("yaml", "\ufeffmodel_list:", True),
        ("yaml", "a:\n  model_list: 1\n", False),
        ("yaml", "model_list:x\n", False),
        ("yaml", "# model_list:\nxmodel_list: 1\nmodel_lists: 1\n", False),
        ("yaml", "a: |\n  model_list:\nb: [model_list: 1\n", False),
        ("json", '{"model_list": 1}', True),
        ("json", '// c\n{\n\t"a": {"b": [1, "}"]}, /* { */\n\t"model_list" : [', True),
        ("json", '{"a": {"model_list": 1}}', False),
        ("json", '{"a": "model_list"}', False),
        ("json", '{"a": "\\"model_list\\": 1"}', False),
        ("json", '["model_list", {"model_list": 1}]', False),
        ("toml", "model_list = 1\n", True),
        ("toml", "# [x]\na = 1\nmodel_list.b = 1\n", True),
        ("toml", "[a]\nb = 1\n[model_list]\n", True),
        ("toml", "[[ model_list ]]\n", True),
        ("toml", '["model_list".a]\n', True),
        ("toml", "[a]\nmodel_list = 1\n", False),
        ("toml", "[a.model_list]\n", False),
        ("toml", "model_lists = 1\n", False),
        ("front-matter", "---\nmodel_list: x\n---\n", True),
        ("front-matter", "---\r\na: 1\r\nmodel_list:\r\n", True),
        ("front-matter", "---\na: 1\n---\nmodel_list: 1\n", False),
        ("front-matter", "model_list: 1\n", False),
        ("front-matter", "", False),
    ],
)
def test_a_key_at_the_top_tells(syntax: str, text: str, expected: bool) -> None:
    assert has_key(text, syntax, "model_list") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\n", True),
        ('{"$schema": "https://promptfoo.dev/config-schema.json"}', True),
        ("a: 1 # promptfoo.dev/config-schema.json\n", True),
        ("a: promptfoo.dev/config-schema.json\n", False),
        ("\n" * 20 + "# promptfoo.dev/config-schema.json\n", False),
    ],
)
def test_a_schema_line_tells(text: str, expected: bool) -> None:
    detect = Detect(("config.yaml",), ("nothing",), ("promptfoo.dev/config-schema.json",))
    assert holds(detect, "yaml", text) is expected


@given(st.sampled_from(["yaml", "json", "toml", "front-matter"]), st.text("ak:{}[]\"'\\/*=.#-\n "))
def test_no_text_raises(syntax: str, text: str) -> None:
    has_key(text, syntax, "k")
