"""What Choragen's line reader takes otherwise in a file: its columns and its flow style."""
# ruff: noqa: E501 - a mark stands on one line with its message

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.analysis.differences import after_fixes, assert_marks, stage
from tests.analysis.support import read_differently
from tests.dialects.support import templates, with_models

from stagewright.dialects import choragen
from stagewright.dialects.document import Document


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            """\
name: t
stages:
    - name: a
    ^ Choragen finds no stages here: it expects their dashes in column 3.
      # about the gate
      gate:
          type: verification_pass
          ^^^^ Choragen finds nothing here: it expects these keys in column 9.
          commands:
          - make

      initPrompt: |
                  ^ Choragen reads only `|` here, and the lines below as keys.
        # no comment
        text
    - name: b
version: 1
""",
            """\
name: t
stages:
  - name: a
    # about the gate
    gate:
      type: verification_pass
      commands:
        - make

    initPrompt: "# no comment\\ntext\\n"
  - name: b
version: 1
""",
        ),
        (
            """\
stages:
- name: a
^ Choragen finds no stages here: it expects their dashes in column 3.
  type: review
-   name: b
    ^^^^ Choragen finds nothing here: it expects these keys in column 3.
    type: review
""",
            """\
stages:
  - name: a
    type: review
  - name: b
    type: review
""",
        ),
        (
            """\
stages:
  - name: a
    gate:
        type: auto
        ^^^^ Choragen finds nothing here: it expects these keys in column 7.
    defaultModel:
     provider: p
     model: m
  - name: b
    gate:
      commands:
      - make
      ^ Choragen finds no items here: it expects dashes from column 9 on.
""",
            """\
stages:
  - name: a
    gate:
      type: auto
    defaultModel:
      provider: p
      model: m
  - name: b
    gate:
      commands:
        - make
""",
        ),
    ],
)
def test_columns(before: str, after: str) -> None:
    assert after_fixes(assert_marks(before)) == (after, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            """\
stages: [{name: a, gate: {type: auto}}, # one
        ^ Choragen does not support flow style: it reads the text `[{name: a, gate: {type: auto}}, # one`.
         {name: b, initPrompt: ""}]
""",
            """\
# one
stages:
  - name: a
    gate:
      type: auto
  - name: b
    initPrompt: ""
""",
        ),
        (
            """\
{"name": "t",
^ Choragen does not support flow style: it reads the text `{"name": "t",`.
 "version": 1, "stages": [
  {"name": "a", "type": "review",
   "hooks": {"onExit": [{"type": "command", "command": "echo \\"x\\": 1"}]}}]}
""",
            """\
name: t
version: 1
stages:
  - name: a
    type: review
    hooks:
      onExit:
        - type: command
          command: "echo \\"x\\": 1"
""",
        ),
        (
            """\
name: t
stages:
  - {name: a, # c
    ^ Choragen does not support flow style: it reads the text `{name: a, # c`.
     type: review}
  - name: b
    gate: {type: auto}
          ^^^^^^^^^^^^ Choragen does not support flow style: it reads the text `{type: auto}`.
""",
            """\
name: t
stages:
  # c
  - name: a
    type: review
  - name: b
    gate:
      type: auto
""",
        ),
    ],
)
def test_files_in_flow_style(before: str, after: str) -> None:
    document = assert_marks(before)
    assert after_fixes(document) == (after, [])
    assert yaml.safe_load(after) == yaml.safe_load(document.text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\ufeffname: t\nstages:\n  - name: a\n", "name: t\nstages:\n  - name: a\n"),
        ("stages:\n  -\n    name: a\n", "stages:\n  - name: a\n"),
        ("stages:\n  - # c\n    # d\n    name: a\n", "stages:\n  # c\n  # d\n  - name: a\n"),
        ("description: >\n  a\n  b\nname: t\n", 'description: "a b\\n"\nname: t\n'),
        ("'name': t # c\n", "# c\nname: t\n"),
        ("stages:\n  - name: a\n    hooks: {}\n", "stages:\n  - name: a\n    hooks:\n"),
        ("name: t\r\nstages:\r\n  - {name: a, type: b}\r\n", "name: t\r\nstages:\r\n  - name: a\r\n    type: b\r\n"),
    ],
)  # fmt: skip
def test_the_rest_of_a_file(before: str, after: str) -> None:
    assert after_fixes(Document(before)) == (after, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: [x, y]\nstages:\n  - name: a\n", "a:\n  - x\n  - y\nstages:\n  - name: a\n"),
        ("a: &a [x]\nb: [*a]\nstages:\n  - name: a\n", "a: &a [x]\nb:\n  - *a\nstages:\n  - name: a\n"),
    ],
)  # fmt: skip
def test_lists_beside_the_stages_keep_their_own_items(before: str, after: str) -> None:
    assert after_fixes(Document(before))[0] == after
    assert yaml.safe_load(after) == yaml.safe_load(before)


@pytest.mark.parametrize(
    "value", ["gate: &a {type: auto}", "gate: {type: &a auto}", "chainId: &a null", "chainId: &a |\n  x"]
)  # fmt: skip
def test_what_an_alias_stands_for_keeps_its_anchor(value: str) -> None:
    document = Document(stage(f"{value}\nsessionId: *a\n"))
    assert after_fixes(document)[0] == document.text


@pytest.mark.parametrize(
    "text",
    [
        "--- {name: t, stages: [{name: a}]}\n",
        "{name: t, stages: [{name: a, gate: &g {type: auto}}, {name: b, gate: *g}]}\n",
    ],
)
def test_a_file_in_flow_style_that_no_block_can_replace(text: str) -> None:
    assert after_fixes(Document(text))[0] == text


def test_a_byte_order_mark_is_no_indentation() -> None:
    (diagnostic,) = read_differently(Document("\ufeffname: t\nstages:\n  - name: a\n"))
    assert diagnostic.message.startswith("The file begins with a byte order mark")


def test_further_documents() -> None:
    document = assert_marks(
        """\
---
name: t
stages:
  - name: a
---
^^^ Choragen does not support several documents: it ignores this line and reads on.
name: u
"""
    )
    assert after_fixes(document)[0] == document.text


def test_the_role_index_is_read_by_a_real_parser() -> None:
    text = "roles:\n- {id: a, systemPrompt: 'it''s', name: ~} # c\n"
    assert read_differently(Document(text, choragen.ROLES)) == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.stem)
def test_what_choragen_wrote_it_reads_alike(path: Path) -> None:
    for text in (path.read_text(), with_models(path.read_text())):
        assert read_differently(Document(text)) == []
