"""The search that comes before reading source code: it lets no model through its meshes."""

from __future__ import annotations

import pytest
from tests.dialects.test_code_corpus import CODE, FILES, content, expected

from stagewright.dialects.code.sieve import may_name, names
from stagewright.text.buffer import Buffer
from stagewright.text.code.languages import language_of

ABOVE = 4


@pytest.mark.parametrize("name", FILES)
def test_each_model_of_the_corpus_is_seen_by_itself(name: str) -> None:
    lines = Buffer(content(name)).lines
    language = language_of((CODE / name).name)
    for site in expected(name):
        alone = "\n".join(lines[max(0, site.line - 1 - ABOVE) : site.line])
        assert may_name(alone, language), f"{site.line}: {site.written}"


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("a.py", 'x = "gpt-4o-mini"', True),
        ("a.py", 'x = "gpt-9-turbo-2031-01-01"', True),  # newer than what is known
        ("a.py", 'x = "openai/gpt-9"', True),
        ("a.py", 'x = "mistral/mistral-small-latest"', True),
        ("a.py", 'model = "command"', True),
        ("a.py", 'model="cluade-3-opus"', True),  # a slip
        ("a.py", 'model=(\n    "claude-opus"', True),
        ("a.py", 'x = "command"', False),
        ("a.py", 'x = "mistral-large"', False),
        ("a.py", 'raise ValueError("no such file: /tmp/a-1.txt")', False),
        ("a.py", 'url = "https://example.com/v1.2/x-3"', False),
        ("a.py", "# gpt-4o-mini is fine\nmodel = load(path)", False),
        ("a.yaml", "image: repo/app:1.2.3-alpine", False),
        ("a.yaml", "model: gpt-4o-mini", True),
        ("a.env", "MODEL=command-r", True),
        ("a.sh", 'run "${MODEL:-gpt-4o-mini}"', True),
        ("a.ipynb", r'"client(model=\"gpt-4o\")\n"', True),
        ("a.unknown", "model: gpt-4o-mini", True),
    ],
)
def test_what_is_seen(name: str, text: str, seen: bool) -> None:
    assert may_name(text, language_of(name)) is seen


def test_words_of_new_lists_are_seen() -> None:
    text, language = 'x = "quorvexa-2-large"', language_of("a.py")
    assert not may_name(text, language)
    assert [*names(text, language, {"quorvexa"})] == [4]


@pytest.mark.parametrize("sign", ["a", "a-", "/a", "a/1", '"a-', "a1:", "model"])
def test_no_text_takes_long(sign: str) -> None:
    """A word of a megabyte, and names without number, are one search."""
    for name in ("a.py", "a.yaml"):
        may_name(sign * 200_000, language_of(name))
