"""YAML that is too much: read in bounded time, and left out with a word about it."""

from __future__ import annotations

import pytest

from stagewright.dialects.document import Document
from stagewright.text.nodes import TOO_MUCH
from stagewright.text.yaml.syntax import EVENT_LIMIT

pytestmark = pytest.mark.long(25)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "- " * 100_000,
        "stages:\n  " + "- " * 100_000,
        "stages:\n  - a: " + "{b: " * 100_000,
        "stages:\n  - a" + " " * 200_000 + "\n    b: c",
        "stages:\n  - a: '" + "''" * 100_000,
        'stages:\n  - a: "' + '\\"' * 100_000,
        "stages:\n  - " + ":a" * 100_000,
        "stages:\n  - a: " + "#" * 200_000,
        "stages:\n  - a: &a [x]\n" + "    b: [*a, *a]\n" * 5_000,
        "stages:\n  - a:\n" + "".join(f"{' ' * (6 + n)}k:\n" for n in range(300)) + '"',
        "stages:\n  - name: a\n" + "    half\n" * 5_000,
        "stages:\n  - name: a\n" + '    k: "\n' * 3_000,
        "stages:\n  - a: " + "\x00" * 100_000,
    ],
    ids=lambda text: repr(text[:24]),
)
def test_hostile_texts_are_read_in_bounded_time(text: str) -> None:
    document = Document(text)
    document.entries()
    document.head()
    document.problems()


@pytest.mark.timeout(300)  # all that is read of a file takes a good machine 10 s
def test_what_is_too_much_for_one_file_is_said_and_left_out() -> None:
    text = "name: a\nstages: [" + "a," * EVENT_LIMIT + "]\n"
    document = Document(text)
    (problem,) = document.problems()
    assert problem.message == TOO_MUCH
    column = problem.span.start.column
    assert text.splitlines()[1][column] == "a"
    assert EVENT_LIMIT - 10 < document.count() < EVENT_LIMIT
