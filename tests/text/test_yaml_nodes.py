"""What is read of YAML: nodes and the spans where they stand."""

from __future__ import annotations

import pytest
from tests.dialects.support import all_problems

from stagewright.dialects.document import Document
from stagewright.text.buffer import span_at
from stagewright.text.nodes import AliasNode, MappingNode, ScalarNode, SequenceNode
from stagewright.text.yaml.syntax import parse


def test_spans_count_code_points_and_own_lines() -> None:
    parsed = parse(["a: 😀", "b: [x, {c: 'd'}]", "e: |", "  f", "", "  g", "", "h: *i"])
    assert isinstance(parsed.node, MappingNode)
    places = [(key.span, value.span) for key, value in parsed.node.pairs]
    assert places == [
        (span_at(0, 0, 0, 1), span_at(0, 3, 0, 4)),
        (span_at(1, 0, 1, 1), span_at(1, 3, 1, 16)),
        (span_at(2, 0, 2, 1), span_at(2, 3, 5, 3)),
        (span_at(7, 0, 7, 1), span_at(7, 3, 7, 5)),
    ]
    assert parsed.node.span == span_at(0, 0, 7, 5)
    assert parsed.node.pairs[3][1] == AliasNode("i", span_at(7, 3, 7, 5))


def test_block_collections_end_with_their_last_child() -> None:
    parsed = parse(["a:", "  - b: c", "  - d", "", "# comment", "e: f"])
    assert isinstance(parsed.node, MappingNode)
    listed = parsed.node.pairs[0][1]
    assert isinstance(listed, SequenceNode)
    assert listed.span == span_at(1, 2, 2, 5)
    assert not listed.flow


def test_anchors_merges_tags_and_duplicates_stay_as_written() -> None:
    parsed = parse(["a: &x !t {k: 1}", "<<: *x", "a: 2"])
    assert isinstance(parsed.node, MappingNode)
    assert [key.value for key, _ in parsed.node.pairs if isinstance(key, ScalarNode)] == [
        "a",
        "<<",
        "a",
    ]
    first = parsed.node.pairs[0][1]
    assert isinstance(first, MappingNode)
    assert (first.anchor, first.tag, first.flow) == ("x", "!t", True)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only a comment\n", "\ufeff", "---\n", "---\n...\n"]
)
def test_empty_files_are_no_problem(text: str) -> None:
    document = Document(text)
    assert all_problems(document) == []
    assert document.head() is None
    assert document.entries() == ()
