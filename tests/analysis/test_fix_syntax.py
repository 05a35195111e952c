"""What fixes text that is no YAML: missing quotes, escapes that cannot be read."""

import pytest
import yaml
from tests.analysis.support import CATALOG, OPTIONS, applied

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.fixes.actions import fixes
from stagewright.dialects.document import Document

TITLES = {("Use single quotes", False), ("Add quotes", False)}


def offered(text: str) -> list[str]:
    """The text after each fix of each place that is no YAML."""
    document = Document(text)
    found = [
        fix
        for diagnostic in diagnose(document, CATALOG, OPTIONS)
        if diagnostic.code == "template-syntax"
        for fix in fixes(document, diagnostic, CATALOG, OPTIONS)
    ]
    assert {(fix.title, fix.preferred) for fix in found} <= TITLES
    return [applied(document, fix.edits) for fix in found]


@pytest.mark.parametrize(
    ("line", "fixed", "value"),
    [
        (r'initPrompt: "C:\Users"', r"initPrompt: 'C:\Users'", r"C:\Users"),
        (r'initPrompt: "C:\new\q" # why', r"initPrompt: 'C:\new\q' # why", r"C:\new\q"),
        (r'''initPrompt: "it's \d+"''', r"initPrompt: 'it''s \d+'", r"it's \d+"),
        (r'initPrompt: "\"a\" \\ \d"', r"""initPrompt: '"a" \ \d'""", r'"a" \ \d'),
        (r'initPrompt: &p "\d"', r"initPrompt: &p '\d'", r"\d"),
        (r'initPrompt: "\u12"', r"initPrompt: '\u12'", r"\u12"),
        (r'"initPrompt": "\d"', r""""initPrompt": '\d'""", r"\d"),
        (r'"initPrompt": "\\ \d"', r""""initPrompt": '\ \d'""", r"\ \d"),
        (
            r"""{initPrompt: "\d", roleId: "it's"}""",
            r"""{initPrompt: '\d', roleId: "it's"}""",
            r"\d",
        ),
    ],
)
def test_an_escape_that_cannot_be_read(line: str, fixed: str, value: str) -> None:
    before = "name: t\nstages:\n  - name: 'a'\n    type: design\n  - "
    (text,) = offered(f"{before}{line}\n  - name: c\n")
    assert text == f"{before}{fixed}\n  - name: c\n"
    assert yaml.safe_load(text)["stages"][1]["initPrompt"] == value


def test_above_the_stages() -> None:
    text = 'name: t\ndescription: "\\d"\nstages:\n  - name: a\n'
    assert offered(text) == [text.replace('"', "'")]


@pytest.mark.parametrize(
    "lines",
    [
        'initPrompt: "a\n      \\d"',  # on several lines
        'initPrompt: "\\d" b',  # it would still be none
        'initPrompt: "\\d',
        'initPrompt: "\\d"\n    roleId: "\\q"',
    ],
)
def test_nothing_is_offered_that_leaves_it_broken(lines: str) -> None:
    assert offered(f"stages:\n  - name: a\n    {lines}\n") == []


@pytest.mark.parametrize(
    ("line", "fixed", "value"),
    [
        ("initPrompt: see: this", 'initPrompt: "see: this"', "see: this"),
        ("initPrompt: a: b: c # why", 'initPrompt: "a: b: c" # why', "a: b: c"),
        ('initPrompt: say "x": y', r'initPrompt: "say \"x\": y"', 'say "x": y'),
        (r"initPrompt: C:\a: b", r'initPrompt: "C:\\a: b"', r"C:\a: b"),
        ("initPrompt: it's: so", 'initPrompt: "it\'s: so"', "it's: so"),
        ("initPrompt: `code`", 'initPrompt: "`code`"', "`code`"),
        ("initPrompt: @me", 'initPrompt: "@me"', "@me"),
        ("initPrompt: %s", 'initPrompt: "%s"', "%s"),
        ("initPrompt: *bold*", 'initPrompt: "*bold*"', "*bold*"),
        ("initPrompt: ends with:", 'initPrompt: "ends with:"', "ends with:"),
    ],
)
def test_a_text_that_needs_quotes(line: str, fixed: str, value: str) -> None:
    text = f"name: t\nstages:\n  - name: one\n    type: design\n    {line}\n"
    (found,) = offered(text)
    assert found == text.replace(line, fixed)
    assert yaml.safe_load(found)["stages"][0]["initPrompt"] == value


@pytest.mark.parametrize(
    "line", ["initPrompt: {a: b", "initPrompt: [a", 'initPrompt: "a', "half a key", "a: b: |"]
)
def test_quotes_are_not_offered_where_they_fix_nothing(line: str) -> None:
    assert offered(f"stages:\n  - name: one\n    {line}\n    type: design\n    \tx\n") == []
