"""What others say is shown as text: it steers no terminal and is no Markdown of ours."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from stagewright.foreign import (
    code,
    json_escaped,
    label,
    markdown,
    notice,
    one_line,
    printable,
    quotation,
    visible,
    without_github_commands,
)

ACTING = {
    "title": "\x1b]0;PWNED\x07",
    "colour": "\x1b[31mred\x1b[0m",
    "C1 sequence": "\x9b31mred",
    "C1 string": "\x90q\x9c",
    "clear": "\x1bc",
    "bell": "\x07",
    "carriage return": "good\rbad",
    "backspace": "bad\b\b\b",
    "delete": "\x7f",
    "clipboard": "\x1b]52;c;cm0gLXJm\x1b\\",
    "hyperlink": "\x1b]8;;https://evil.example\x07here\x1b]8;;\x07",
    "bidi override": "\u202egnp.exe",
    "bidi isolate": "\u2066x\u2069",
    "marks of direction": "\u200e\u200f\u061c",
    "tags": "".join(chr(0xE0000 + ord(one)) for one in "hidden"),
    "variation selectors": "\U000e0100\U000e01ef",
    "no width": "pass\u200bword\ufeff",
    "invisible operators": "a\u2062b",
    "line separators": "a\u2028b\u2029c",
    "half a character": "\ud83c",
    "NUL": "\x00",
}
MARKUP = [
    "![x](https://attacker.example/p.png)",
    "[Approve](command:a.b)",
    "<img src=x onerror=alert(1)>",
    "<https://attacker.example>",
    "https://attacker.example/a?b",
    "HTTP://attacker.example",
    "www.attacker.example",
    "someone@attacker.example",
    "[x]: https://attacker.example\n[x]",
    "![x][y]\n\n[y]: https://attacker.example",
    "# heading",
    "a\n===",
    "a\n---",
    "***",
    "- item",
    "1. item",
    "> quote",
    "| a | b |\n|---|---|\n| c | d |",
    "**bold** _it_ ~~gone~~",
    "``` \n![x](y)\n```",
    "`![x](y)",
    "``a`![x](https://e.example)`",
    "\\`![x](https://e.example)\\`",
    "&lt;img&gt; &#33;",
    "$(alert) $$x$$",
    "\\[x](y)",
    "`a\n\n![x](y)`",
]


def kinds(text: str) -> set[str]:
    """What a reader of Markdown finds in it."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found = set()
    for token in parser.parse(text):
        found |= {token.type, *(child.type for child in token.children or ())}
    return found - {"paragraph_open", "paragraph_close", "inline", "text", "softbreak"}


@pytest.mark.parametrize("text", ACTING.values(), ids=ACTING)
def test_nothing_acts(text: str) -> None:
    for shown in (printable(text), visible(text), one_line(text), label(text), notice(text)):
        kept = {unicodedata.category(one) for one in shown}
        assert not kept & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(visible(text)) == len(text)


@pytest.mark.parametrize("text", ACTING.values(), ids=ACTING)
def test_json_says_the_same_in_escapes(text: str) -> None:
    written = json.dumps({"a": text}, ensure_ascii=False)
    shown = json_escaped(written)
    assert json.loads(shown) == {"a": text.replace("\ud83c", "\ufffd")}  # no half stays
    assert printable(shown) == shown


def test_what_people_write_stays() -> None:
    for text in ("a\tb\nc", "👩‍👩‍👧 ü é 設計", "می‌خواهم", "Stage 'x' → y · 3.5"):
        assert printable(text) == text


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_not_followed(text: str) -> None:
    assert kinds(markdown(text)) <= {"code_inline"}
    assert kinds(f"**{code(text)}** · {markdown(text)}") <= {
        *("code_inline", "strong_open", "strong_close")
    }
    assert kinds(quotation(text, 5)) <= {"blockquote_open", "blockquote_close", "code_inline"}


@given(st.text(alphabet=st.sampled_from(list("![](<>)*_`#-+=1.|~&;:/@\\ \nawx")), max_size=40))
def test_no_text_makes_markup(text: str) -> None:
    assert kinds(markdown(text)) <= {"code_inline"}
    assert kinds(code(text)) <= {"code_inline"}


@pytest.mark.parametrize(
    "text", ["https://e.example", "ftp://e.example", "www.e.example", "a@e.example", "a HTTPS://e"]
)
def test_addresses_are_no_links(text: str) -> None:
    """Editors make links of what looks like one; not where an escape stands in it."""
    assert "\\" in markdown(text)


def test_sentences_of_ours_keep_their_code() -> None:
    said = "Set `A_B_KEY` or C_D_KEY, or ask *again*."
    assert markdown(said) == "Set `A_B_KEY` or C_D_KEY, or ask \\*again\\*."


@pytest.mark.parametrize("text", ["[Open](command:evil)", "$(alert) x", "a\n[b](c)"])
def test_titles_hold_neither_links_nor_icons(text: str) -> None:
    for shown in (label(text), notice(text)):
        assert "](" not in shown
        assert "$(" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "::set-output name=a::b",
        "fine\n::add-mask::x",
        "  ::error::x",
        "##[group]x",
        "said: ##[add-mask]x",
        ":::error::x",
    ],
)
def test_a_runner_finds_no_command(text: str) -> None:
    for line in without_github_commands(text).splitlines():
        assert not line.strip().startswith("::")
        assert "##[" not in line


def test_ordinary_text_stays_with_a_runner() -> None:
    text = "a::b std::vector ## heading\n: x"
    assert without_github_commands(text) == text


def test_names_have_an_end() -> None:
    assert len(one_line("x" * 10_000_000)) == 200
    assert len(label("\n" * 1000 + "x" * 1000)) <= 200
    assert len(notice("x" * 1_000_000)) == 2000
