"""Text of others made safe to show: in a terminal, on one line, in Markdown, in a message.

Files, providers, models and workflows say what they like. What they say is shown as text, and
neither steers what shows it nor passes for a word of ours.
"""

from __future__ import annotations

import re

# What is not seen but acts: control characters but tab and newline; what turns the direction of
# writing; separators that only some take for line ends; blanks and tags without width; halves of
# surrogate pairs, which no encoding knows. Joiners stay: letters and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_GITHUB = re.compile(r"^([ \t]*):(?=:)|##(?=\[)", re.MULTILINE)

_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_MARKUP = re.compile(
    r"[\\`*\[\]<>|~$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w)|:(?=//)|(?<=\w)@(?=\w)|(?<=[wW]{3})\."
)
_START = re.compile(r"(?=[#+=-])|\d+(?=[.)])")  # of a heading, a rule, an item of a list


def printable(text: str, instead: str = "") -> str:
    """Text without characters that act unseen; lines and tabs stay."""
    return _UNSEEN.sub(instead, text)


def visible(text: str) -> str:
    """Text on one line, of as many characters, with a visible one for each that acts."""
    return printable(text.replace("\t", " "), "\ufffd").replace("\n", "\ufffd")


def one_line(text: str, most: int = 200) -> str:
    """Text as it can be a name: printable, on one line, shortened."""
    shown = printable(" ".join(text[: 2 * most].split()))
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def without_github_commands(text: str) -> str:
    """Text in which GitHub's runner, which reads all that a step prints, finds no command."""
    return _GITHUB.sub(lambda found: f"{found[1] or ''}: " if found[1] is not None else "# #", text)


def json_escaped(text: str) -> str:
    """Written JSON in which characters that act unseen stand as escapes; it says the same, but that
    U+FFFD stands for halves of characters, which strict readers refuse."""
    return _UNSEEN.sub(_escape, text)


def label(text: str, most: int = 200) -> str:
    """Text for a title or a message, in which editors look for links and icons."""
    return one_line(text, most).replace("](", "] (").replace("$(", "$ (")


def notice(text: str, most: int = 2000) -> str:
    """The same for a message of several lines."""
    shown = printable(text)
    shown = shown if len(shown) <= most else f"{shown[: most - 1]}…"
    return shown.replace("](", "] (").replace("$(", "$ (")


def markdown(text: str) -> str:
    """Text as Markdown that shows it: no images, links, HTML or headings of the text's own.

    Lines stay lines. What stands between single backticks stays code.
    """
    return "\n".join(_markdown_line(line.strip()) for line in printable(text).split("\n"))


def _markdown_line(line: str) -> str:
    parts = _CODE.split(line)
    shown = "".join(
        code(part) if at % 2 else _MARKUP.sub(r"\\\g<0>", part) for at, part in enumerate(parts)
    )
    start = _START.match(shown)
    return f"{shown[: start.end()]}\\{shown[start.end() :]}" if start else shown


def quotation(text: str, lines: int) -> str:
    """The first lines of a text as a quotation."""
    given = text.strip().splitlines()
    shown = [f"> {markdown(line)}".rstrip() for line in given[:lines]]
    return "\n".join([*shown, "> …"] if len(given) > lines else shown)


def code(text: str) -> str:
    """Text in a code span, whatever is in it."""
    shown = one_line(text, 500)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}"


def _escape(found: re.Match[str]) -> str:
    if "\ud800" <= found[0] <= "\udfff":
        return "\\ufffd"
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
