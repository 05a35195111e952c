"""The languages whose literals are read: what begins a comment, and what quotes there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache


@dataclass(frozen=True, slots=True)
class Quote:
    """A way to begin a string: a pattern, whose last signs turned round end it."""

    opens: str  # a regular expression
    escape: str = "\\"  # what takes the meaning of the next sign; empty where nothing does
    hole: str = ""  # what begins code within the string
    lines: bool = False  # it may go on over the end of its line
    close: str = ""  # what ends it, where that is not what began it
    doubled: bool = False  # its end twice stands for itself
    is_char: bool = False  # a single character, or no string at all


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """What has to be known of a language to tell its literals from all else."""

    name: str
    files: tuple[str, ...]  # globs of names
    comment: str = "//"  # how a comment of one line is written; empty where none can be
    comments: tuple[str, ...] = ("//",)  # patterns of what begins one
    blocks: tuple[tuple[str, str], ...] = (("/*", "*/"),)
    nested: bool = False  # a block comment may hold another one
    quotes: tuple[Quote, ...] = ()
    regex: bool = False  # `/…/` is a regular expression
    heredoc: str = ""  # a pattern of what begins one; its group `end` is the line that ends it
    docstrings: bool = False  # a triple-quoted string that is a statement is a comment
    lasting: tuple[str, ...] = ()  # what stands on each line that something may go on behind
    ends: str = ""  # a line behind which no code follows
    values: tuple[str, ...] = ()  # kinds of unquoted values that are read: see `unquoted`
    embedded: tuple[str, ...] = ()  # those that are read within a string
    prose: str = ""  # where quotes begin no string: within a "value", or in the text of "markup"
    page: bool = False  # its code stands between `<?php` and `?>` in a page of markup
    notebook: bool = False  # JSON, in which the code is written line by line


_C = (Quote('"'), Quote("'", is_char=True))
_SCRIPT = (
    Quote('"'),
    # `don't` is text, `case'x'` is what minifiers leave.
    Quote(r"(?:(?<!\w)|(?<=\bcase)|(?<=\breturn)|(?<=\bfrom)|(?<=\btypeof)|(?<=\bin)|(?<=\bof))'"),
    Quote("`", hole="${", lines=True),
)
_HASH = ("#",)
_AT_WORD = (r"(?<![^\s;(|&])#",)  # `$#` and `${x#y}` are no comments

LANGUAGES: tuple[Language, ...] = (
    Language(
        "python",
        ("*.py", "*.pyi", "*.pyw"),
        "#",
        _HASH,
        (),
        lasting=('"""', "'''"),
        quotes=(
            Quote(r"\b(?:[fFtT][rR]?|[rR][fFtT])(?:\"\"\"|''')", hole="{", lines=True),
            Quote(r"(?:\b[rRbBuU]{1,2})?(?:\"\"\"|''')", lines=True),
            Quote(r"\b(?:[fFtT][rR]?|[rR][fFtT])[\"']", hole="{"),
            Quote(r"(?:\b[rRbBuU]{1,2})?[\"']"),
        ),
        docstrings=True,
    ),
    Language("notebook", ("*.ipynb",), "#", (), (), notebook=True),
    Language(
        "javascript",
        ("*.js", "*.jsx", "*.mjs", "*.cjs", "*.ts", "*.tsx", "*.mts", "*.cts"),
        lasting=("`",),
        quotes=_SCRIPT,
        regex=True,
        prose="markup",
    ),
    Language(
        "markup",
        ("*.vue", "*.svelte"),
        "",  # in which part of it a line stands is not known
        blocks=(("<!--", "-->"), ("/*", "*/")),
        comments=("(?<!:)//",),
        lasting=("`",),
        quotes=_SCRIPT,
        regex=True,
        prose="markup",
    ),
    Language("go", ("*.go",), lasting=("`",), quotes=(*_C, Quote("`", escape="", lines=True))),
    Language(
        "java",
        ("*.java",),
        lasting=('"""',),
        quotes=(Quote('"""', lines=True), *_C),
        embedded=("placeholder",),
    ),
    Language(
        "kotlin",
        ("*.kt", "*.kts"),
        embedded=("placeholder",),
        nested=True,
        lasting=('"""',),
        quotes=(
            Quote('"""', escape="", hole="${", lines=True),
            Quote('"', hole="${"),
            Quote("'", is_char=True),
        ),
    ),
    Language(
        "scala",
        ("*.scala", "*.sc"),
        embedded=("placeholder",),
        nested=True,
        lasting=('"""',),
        quotes=(
            Quote(r'\b[a-z]\w*"""', escape="", hole="${", lines=True),
            Quote('"""', escape="", lines=True),
            Quote(r'\b[a-z]\w*"', hole="${"),
            *_C,
        ),
    ),
    Language(
        "csharp",
        ("*.cs", "*.csx"),
        lasting=('"""', '@"', '@$"'),
        quotes=(
            Quote(r'\${1,3}"{3,}', escape="", hole="{", lines=True),
            Quote('"{3,}', escape="", lines=True),
            Quote(r'(?:\$@|@\$)"', escape="", hole="{", lines=True, doubled=True),
            Quote('@"', escape="", lines=True, doubled=True),
            Quote(r'\$"', hole="{"),
            *_C,
        ),
    ),
    Language(
        "ruby",
        ("*.rb", "*.rake", "Rakefile", "Gemfile"),
        "#",
        _HASH,
        (("=begin", "=end"),),
        lasting=("<<", "%", "__END__"),
        quotes=(
            Quote('"', hole="#{"),
            Quote("'"),
            Quote(r"(?<![\w)\]])%[qQwWiIx]?\(", lines=True, close=")"),
            Quote(r"(?<![\w)\]])%[qQwWiIx]?\{", lines=True, close="}"),
            Quote(r"(?<![\w)\]])%[qQwWiIx]?\[", lines=True, close="]"),
        ),
        regex=True,
        heredoc=(
            r"<<[~-]?(?P<q>[\"'`]?)"
            r"(?P<end>[A-Z_][A-Za-z0-9_]*|(?<=~)[a-z]\w*|(?<=[~-][\"'`])[^\"'`\n]+)(?P=q)"
        ),
        ends="__END__",
    ),
    Language(
        "rust",
        ("*.rs",),
        nested=True,
        lasting=('"',),
        quotes=(Quote(r'\b(?:b|c)?r#*"', escape="", lines=True), Quote('"', lines=True), _C[1]),
    ),
    Language(
        "php",
        ("*.php",),
        comments=(r"(?://|#(?!\[))(?:(?!\?>).)*",),
        lasting=("<<<", "?>"),
        quotes=(Quote('"', hole="{$"), Quote("'")),
        heredoc=r"<<<[ \t]*(?P<q>[\"']?)(?P<end>[A-Za-z_]\w*)(?P=q)",
        page=True,
    ),
    Language(
        "swift",
        ("*.swift",),
        nested=True,
        lasting=('"""',),
        quotes=(
            Quote('#+"""', escape="", lines=True),
            Quote('"""', hole=r"\(", lines=True),
            Quote('#+"', escape=""),
            Quote('"', hole=r"\("),
        ),
        regex=True,
    ),
    Language(
        "shell",
        ("*.sh", "*.bash", "*.zsh", "*.ksh", ".bashrc", ".zshrc", ".profile", ".bash_profile"),
        "#",
        _AT_WORD,
        (),
        lasting=('"', "'", "<<"),
        quotes=(
            Quote(r"\$'", lines=True),
            Quote("'", escape="", lines=True),
            Quote('"', hole="$(", lines=True),
        ),
        heredoc=(
            r"(?<!<)<<-?[ \t]*(?P<q>[\"']?)\\?"
            r"(?P<end>[A-Za-z_][\w.-]*|(?<=[\"'])[^\"'\n]+)(?P=q)(?!<)"
        ),
        values=("assignment", "option"),
        embedded=("default",),
    ),
    Language(
        "powershell",
        ("*.ps1", "*.psm1", "*.psd1"),
        "#",
        _AT_WORD,
        (("<#", "#>"),),
        lasting=('@"', "@'"),
        quotes=(
            Quote('@"(?=[ \t]*$)', escape="", lines=True, close='"@'),
            Quote("@'(?=[ \t]*$)", escape="", lines=True, close="'@"),
            Quote('"', escape="`", hole="$(", doubled=True),
            Quote("'", escape="", doubled=True),
        ),
        values=("option",),
    ),
    Language(
        "dockerfile",
        (
            *("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile"),
            *("Containerfile", "*.Containerfile"),
        ),
        "#",
        (r"^[ \t]*#",),
        (),
        quotes=(Quote('"'), Quote("'")),
        values=("instruction", "option"),
        embedded=("default",),
    ),
    Language(
        "dotenv",
        (".env", ".env.*", "*.env", ".envrc"),
        "#",
        (r"(?<!\S)#",),
        (),
        quotes=(Quote(r'(?<=[=\s])"'), Quote(r"(?<=[=\s])'", escape="")),
        prose="value",
        values=("assignment",),
        embedded=("default",),
    ),
    Language(
        "ini",
        ("*.ini", "*.cfg", "*.conf"),
        "#",
        (r"^[ \t]*[#;]", r"(?<=\s)[#;]"),
        (),
        quotes=(Quote(r'(?<=[=:\s,])"'), Quote(r"(?<=[=:\s,])'", escape="")),
        prose="value",
        values=("entry",),
        embedded=("default",),
    ),
    Language(
        "properties",
        ("*.properties",),
        "#",
        (r"^[ \t]*[#!]",),
        (),
        values=("entry", "property"),
        embedded=("placeholder",),
    ),
    Language(
        "toml",
        ("*.toml",),
        "#",
        _HASH,
        (),
        lasting=('"""', "'''"),
        quotes=(
            Quote('"""', lines=True),
            Quote("'''", escape="", lines=True),
            Quote('"'),
            Quote("'", escape=""),
        ),
        embedded=("default",),
    ),
    Language("json", ("*.json",), "", quotes=(Quote('"'),), embedded=("default",)),
    Language("jsonc", ("*.jsonc",), quotes=(Quote('"'),), embedded=("default",)),
    Language(
        "yaml",
        ("*.yaml", "*.yml"),
        "#",
        (r"(?<!\S)#",),
        (),
        lasting=("|", ">", ': "', ": '", '- "', "- '"),
        quotes=(
            Quote(r'(?<=[:-][ \t])"', lines=True),
            Quote(r"(?<=[:-][ \t])'", escape="", doubled=True, lines=True),
            Quote(r'(?<![^\s\[{,(=:])"'),
            Quote(r"(?<![^\s\[{,(=:])'", escape="", doubled=True),
        ),
        prose="value",
        values=("yaml",),
        embedded=("quoted", "command", "default", "placeholder"),
    ),
)
"""The one table of languages. Of those that fit a name the one with the longest glob counts."""

GLOBS: tuple[str, ...] = tuple(glob for one in LANGUAGES for glob in one.files)
"""Every name of a file that is read, as a glob."""


@cache
def _by_ending() -> tuple[Mapping[str, Language], tuple[tuple[str, Language], ...]]:
    """Languages by extension, and by what is no mere extension, the longest first."""
    simple = {g[1:].lower(): one for one in LANGUAGES for g in one.files if g[:2] == "*."}
    others = [(g, one) for one in LANGUAGES for g in one.files if g[:2] != "*."]
    return simple, tuple(sorted(others, key=lambda found: -len(found[0])))


def language_of(name: str) -> Language | None:
    """The language of a file of this name, or path; None where it is in none of these."""
    return _of_name(name.replace("\\", "/").rpartition("/")[2])


@lru_cache(maxsize=4096)
def _of_name(name: str) -> Language | None:
    simple, others = _by_ending()
    for glob, language in others:
        if fnmatchcase(name, glob):
            return language
    _, dot, ending = name.rpartition(".")
    return simple.get((dot + ending).lower())
