"""The role index as plain data."""

import pytest
from tests.dialects.support import DATA

from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import read_roles
from stagewright.dialects.document import Document
from stagewright.text.buffer import span_at


def test_the_real_index() -> None:
    index = read_roles(Document((DATA / "roles" / "index.yaml").read_text(), choragen.ROLES))
    assert list(index.roles)[:3] == ["control", "ideation", "design"]
    role = index.roles["control"]
    assert role.name == "Control Agent"
    assert role.model == ModelReference("anthropic", "claude-sonnet-4-20250514")
    assert role.temperature == 0.3
    assert role.max_tokens is None
    assert role.tool_ids[:2] == ("read_file", "list_files")
    assert role.system_prompt is not None
    assert role.system_prompt.startswith("You are a Control Agent")
    assert role.span == span_at(1, 8, 1, 15)


def test_what_is_missing_or_wrong_is_left_out() -> None:
    text = """\
roles:
  - id: a
    name: null
    model: {provider: p, model: m, temperature: warm, maxTokens: 4.0}
    toolIds: read_file
  - id: a
    name: second of that id
  - name: without an id
  - text
  - id: b
"""
    index = read_roles(Document(text, choragen.ROLES))
    assert list(index.roles) == ["a", "b"]
    first = index.roles["a"]
    assert (first.name, first.temperature, first.max_tokens, first.tool_ids) == (None, None, 4, ())
    assert index.roles["b"].model is None


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "-"])
def test_odd_numbers_do_no_harm(number: str) -> None:
    text = f"roles:\n  - id: a\n    model: {{temperature: {number}, maxTokens: {number}}}\n"
    assert read_roles(Document(text, choragen.ROLES)).roles["a"].max_tokens is None
