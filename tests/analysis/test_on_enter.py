"""Enter puts the cursor where the next key belongs, whatever the editor's own indentation was."""

import pytest
from tests.analysis.support import applied

from stagewright.analysis.choragen.on_enter import on_enter
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document
from stagewright.text.buffer import Position, span_at

HEAD = "name: t\nstages:\n"


def column(text: str, own: int, kind: Dialect = choragen.TEMPLATE) -> int:
    """Where the cursor is after Enter at the end of the text, when the editor indents by `own`."""
    document = Document(text, kind)
    document.edit(span_at(*document.end(), *document.end()), "\n" + " " * own)
    number = document.end().line
    after = applied(document, on_enter(document, Position(number, own)))
    assert after.startswith(text + "\n")
    return len(after) - len(text) - 1


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("  - name: build", 4),
        ('  - name: "build"', 4),
        ("  -   name: build", 6),
        ("  - name:", 4),  # its value is still to be written
        ("  - name: a\n    type: design", 4),
        ("  - name: a\n    gate:", 6),
        ("  - name: a\n    defaultModel:", 6),
        ("  - name: a\n    defaultModel: # why", 6),
        ("  - name: a\n    gate:\n      type: auto", 6),
        ("  - name: a\n    gate:\n      commands:", 8),
        ("  - name: a\n    gate:\n      options:\n        - label: x", 10),
        ("  - name: a\n    hooks:\n      onEnter:", 8),
        ("  - name: a\n    initPrompt: |", 6),
        ("  - name: a\n    initPrompt: >-", 6),
        ("  - name: a\n    roleId: *r", 4),
        ("  - name: 😀", 4),
    ],
)
@pytest.mark.parametrize("own", [0, 2, 4, 9])
def test_below_a_key(above: str, expected: int, own: int) -> None:
    assert column(HEAD + above, own) == expected


@pytest.mark.parametrize(
    "above",
    [
        "  - name: a\n",  # a blank line
        "  - name: a\n    initPrompt: |\n      model: x",
        "  - name: a\n    initPrompt: 'never\n      closed: yet",
        '  - name: a\n    initPrompt: "never closed',
        "  - name: a\n    defaultModel: {provider: x,",
        "  - name: a\n    gate:\n      commands:\n        - npm test",
        "  # about: the stage",
        "  - half a key",
    ],
)
@pytest.mark.parametrize("own", [0, 3, 8])
def test_elsewhere_it_stays_where_the_editor_put_it(above: str, own: int) -> None:
    assert column(HEAD + above, own) == own


def test_at_the_top_and_in_other_files() -> None:
    assert column("name: t", 3) == 0
    assert column("stages:", 0) == 2
    assert column("roles:\n- id: a", 0, choragen.ROLES) == 2
    assert column("roles:\n- id: a\n  model:", 0, choragen.ROLES) == 4
    assert column("---\nworkflow: x\n---\n\nmodel: y", 3, choragen.TRANSCRIPT) == 3


def test_what_moved_down_with_the_cursor_is_left_alone() -> None:
    document = Document(HEAD + "  - name: a\ntype: design\n")
    assert on_enter(document, Position(3, 0)) == ()
    assert on_enter(Document(""), Position(0, 0)) == ()
