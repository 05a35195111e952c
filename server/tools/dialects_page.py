"""`python -m server.tools.dialects_page`: what is written from the dialects' files.

`server/docs/dialects.md`, the page about what is read, and in `.pre-commit-hooks.yaml` the files
that the hook is for. With `--check` they are only compared.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from posixpath import normpath

from server.tools.writing import ROOT, write

from stagewright.dialects import describe
from stagewright.dialects.dialect import Defines, Dialect, all_builtin
from stagewright.dialects.key_path import KeyPath, RelativePath
from stagewright.dialects.place import UNVERIFIABLE, Condition, Place
from stagewright.foreign import code
from stagewright.walk import INSTALLED, LOCKS_AND_LOGS

PAGE = ROOT / "server" / "docs" / "dialects.md"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
FILES = Path(describe.__file__).parent

HEAD = """\
<!-- Made by `make docs` from server/stagewright/dialects/*.toml: change those. -->

# What is read

Stagewright reads the files of these formats, each described by a file of its own in \
[`server/stagewright/dialects`](../stagewright/dialects): which files they are, where in them a \
model is named, and how. `stagewright dialects` lists them, and the setting \
`dialects.<id>.enabled = false` turns one off. [How to add one](dialect-files.md), to Stagewright \
or for yourself, takes no code.

A path such as `providers[*].id` is one of keys: `[*]` is any item of a list, `*` any key or, in a \
value, any text. What looks like a secret is never read. Of a name that is filled in elsewhere, or \
that a setting sends to another server, nothing is said: `stagewright inventory` lists it as \
`opaque`.

`check` and `inventory` read what lies below a folder, but nothing that a `.gitignore` or \
`.git/info/exclude` leaves out, and no dependencies, lock files, logs, recorded traffic \
(VCR), and generated or minified files; named by itself, a file is always read. No git process is \
started. An editor's server \
reads what is open, what lies in `.choragen`, and files that their names tell; those that only \
their content tells are read for the searches that you start. Where several claim a file, yours \
come first, then a name, then a content.
"""

MACHINE_MADE = (*LOCKS_AND_LOGS, "*.min.*")
"""Files that no search of a folder reads, by their names."""

RECORDS = (".choragen/workflows",)
"""Folders of what was: the models that it names need not live."""

MOST_NAMES = 40
"""Names that are listed in a row."""


def page(dialects: Iterable[Dialect]) -> str:
    """The page: an index, and a section for each format."""
    formats = sorted(describe.by_id(dialects), key=lambda found: found[0].name.lower())
    rows = ["| Format | Id | Files |", "| --- | --- | --- |"]
    for found in formats:
        anchor = re.sub(r"[^\w -]", "", found[0].name.lower()).replace(" ", "-")
        rows.append(
            f"| [{found[0].name}](#{anchor}) | {code(found[0].id)} | {_in_cell(_files(found))} |"
        )
    sections = ("\n".join(_section(found)) for found in formats)
    return "\n".join((HEAD, *rows, "", "\n".join(sections)))


def hooks(text: str, dialects: Iterable[Dialect]) -> str:
    """The hooks' file, with the patterns of the files that are read, and of what is not people's.

    A hook names files, and named files are read wherever they lie.
    """
    named = {glob for one in dialects for glob in one.files if not one.follows_workflow}
    detected = {
        glob
        for one in dialects
        for claim in one.detect
        for glob in claim.files
        if not glob.startswith("**/*")  # too many files are of such a name
    }
    folders = (f"{re.escape(name)}/.*" for name in (*INSTALLED, *RECORDS))
    text = _with_patterns(text, "files", map(pattern_of, named | detected))
    return _with_patterns(text, "exclude", (*folders, *map(pattern_of, MACHINE_MADE)))


def _with_patterns(text: str, key: str, patterns: Iterable[str]) -> str:
    parts = "|\n".join(f"      {one}" for one in sorted(patterns))
    pattern = f"    (?x)(^|/)(\n{parts}\n    )$\n"
    return re.sub(rf"(?<=\n  {key}: \|\n)(    .*\n)+", lambda _: pattern, text)


def pattern_of(glob: str) -> str:
    """A glob as a regular expression, as the end of a path."""
    made, at, inside = "", len("**/") * glob.startswith("**/"), 0
    for part in re.findall(r"\*\*/|\*|\{|\}|,|[^*{},]+", glob[at:]):
        inside += (part == "{") - (part == "}")
        meant = {"**/": "(.+/)?", "*": "[^/]*", "{": "(", "}": ")"}
        made += "|" if part == "," and inside else meant.get(part, re.escape(part))
    return made


def _section(found: Sequence[Dialect]) -> Iterator[str]:
    first = found[0]
    link = f" · [its documentation]({first.url})" if first.url else ""
    yield f"## {first.name}\n\n{code(first.id)}{link}\n\n{_about(first)}\n"
    if first.service_ended:
        yield f"The service behind these files ended on {first.service_ended}.\n"
    yield f"**Files.** {_files(found)}.\n"
    yield from _places(first.places)
    yield from _at_most(first)
    yield from _silence(first)
    if first.after:
        yield f"After a fix, run {code(first.after)}.\n"


def _about(dialect: Dialect) -> str:
    """What the first line of a dialect's file says."""
    path = FILES / f"{dialect.id}.toml"
    with path.open(encoding="utf-8") as file:
        mark, _, said = file.readline().partition(" ")
    if mark != "#" or not said.strip():
        sys.exit(f"{path.name} must begin with a comment that says what it is for: `# What it is`.")
    return said.strip()


def _files(found: Sequence[Dialect]) -> str:
    said = [code(glob) for one in found for glob in one.files]
    for claim in (claim for one in found for claim in one.detect):
        signs = [f"the key {_either(map(code, claim.keys))}"] if claim.keys else []
        signs += [f"the text {_either(map(code, claim.text))}"] if claim.text else []
        signs += [f"{code(file)} beside its first folder" for file in claim.beside]
        said += [f"{code(glob)} with {_either(signs)}" for glob in claim.files]
    but = [code(glob) for glob in dict.fromkeys(glob for one in found for glob in one.exclude)]
    return ", ".join(dict.fromkeys(said)) + (f"; but not {', '.join(but)}" if but else "")


def _places(places: Sequence[Place]) -> Iterator[str]:
    """Where models are named, and by which words: apart for each condition that has its own."""
    by_condition: dict[tuple[Condition, ...], list[Place]] = {}
    for place in places:
        by_condition.setdefault(place.when, []).append(place)
    groups = {when: (found, list(_names(found))) for when, found in by_condition.items()}
    alike = len({tuple(names) for _, names in groups.values()}) == 1
    for when, (found, names) in groups.items():
        conditions = f" {', and '.join(map(_stands, when))}:" if when else ""
        yield f"**Where{conditions or '.'}**\n"
        for place in found:
            yield from _place(place)
        yield ""
        yield from () if alike else names
    if alike:
        yield from _names(places)


def _place(place: Place) -> Iterator[str]:
    paths = ", ".join(code(describe.path_in_words(path)) for path in place.at)
    yield f"- {paths}: {describe.written(place)}"
    beside = [_relative(one) for one in place.provider.keys]
    if beside:
        yield f"  - its provider is told by {_either(beside)}"
    if place.unless:
        yield f"  - not where {', or '.join(map(_stands, place.unless))}"


def _names(places: Sequence[Place]) -> Iterator[str]:
    """What words mean in these places: of providers, of models, behind models."""
    providers = {theirs: ours for place in places for theirs, ours in place.providers.items()}
    known = {theirs: ours for theirs, ours in providers.items() if ours != UNVERIFIABLE}
    if known:
        said = (
            code(theirs) if theirs == ours else f"{code(theirs)} ({code(ours)})"
            for theirs, ours in known.items()
        )
        yield f"**Providers.** {', '.join(said)}.\n"
    patterns = {ours: pattern for place in places for pattern, ours in place.provider.ids}
    for ours in patterns:
        if ours != UNVERIFIABLE:
            ids = dict.fromkeys(
                pattern
                for place in places
                for pattern, whose in place.provider.ids
                if whose == ours
            )
            said = ", ".join(map(code, ids))
            yield f"**Without a provider** these are of {code(ours)}: {said}.\n"
    aliases: dict[str, list[str]] = {}  # names, by what they mean
    for place in places:
        for name, means in place.aliases.items():
            aliases.setdefault(means, []).append(_in_cell(code(name)))
    if aliases:
        yield "**Always right.**\n"
        yield "| Name | Meaning |\n| --- | --- |"
        for means, names in aliases.items():
            yield f"| {', '.join(dict.fromkeys(names))} | {means} |"
        yield ""
    if suffixes := dict.fromkeys(one for place in places for one in place.suffix):
        yield f"**Suffixes.** {', '.join(map(code, suffixes))}.\n"


def _at_most(dialect: Dialect) -> Iterator[str]:
    """Where what is said is never an error."""
    for severity, words in (("warning", "a warning"), ("information", "information")):
        limited = [place for place in dialect.places if place.most == severity]
        if len(limited) == len(dialect.places):
            yield f"**Severity.** At most {words}.\n"
        elif limited:
            paths = dict.fromkeys(
                code(describe.path_in_words(a)) for one in limited for a in one.at
            )
            yield f"**Severity.** At most {words} for {', '.join(paths)}.\n"


def _silence(dialect: Dialect) -> Iterator[str]:
    """What is not verified, and why."""
    places = dialect.places
    providers = {theirs: ours for place in places for theirs, ours in place.providers.items()}
    if dialect.unverified:
        yield f"**Not verified.** {dialect.unverified}\n"
    elsewhere = [theirs for theirs, ours in providers.items() if ours == UNVERIFIABLE]
    if elsewhere:
        more = ", ..." * (len(elsewhere) > MOST_NAMES)
        said = ", ".join(map(code, elsewhere[:MOST_NAMES]))
        yield f"**Providers that are not verified.** {said}{more}, and all not named here.\n"
    if opaque := dict.fromkeys(one for place in places for one in place.opaque):
        defaults = " The default in such a text is read." * any(place.default for place in places)
        yield f"**Not checked** are values that contain {_either(map(code, opaque))}.{defaults}\n"
    redirects = dict.fromkeys(_condition(one) for place in places for one in place.redirects)
    if redirects:
        yield f"**Not checked** where the model is sent elsewhere: {_either(list(redirects))}.\n"
    for beside in dialect.settings:
        names = (normpath(f"{beside.folder}/{name}") for name in beside.files)
        files = _either([code(name) for name in names])
        keys = _either([_condition(one) for one in beside.redirects])
        if keys:
            yield f"**Not checked** where {files} sends the model elsewhere: {keys}.\n"
        yield from _defined(beside.defines, f", in {files}")
    yield from _defined(dialect.defines, "")


def _defined(defines: Defines, where: str) -> Iterator[str]:
    for what, names in (("Names", defines.models), ("Providers", defines.providers)):
        if names:
            paths = ", ".join(_named(one.at) for one in names)
            yield f"**{what} of its own**{where}: {paths}.\n"


def _named(path: KeyPath) -> str:
    return code(describe.path_in_words(path))


def _condition(condition: Condition) -> str:
    said = _relative(condition.at)
    values = [code(value) for value in condition.values]
    return f"{said} is {_either(values)}" if values else said


def _stands(condition: Condition) -> str:
    """The same as a clause."""
    return _condition(condition) + ("" if condition.values else " is there")


_FURTHER_OUT = ("", " one level up", " two levels up", " three levels up")


def _relative(path: RelativePath) -> str:
    named = code(describe.path_in_words(KeyPath(path.steps)))
    match path.base:
        case "$":
            return f"{named} at the top"
        case "@^*":
            return f"{named} beside it or further out"
        case "@=":
            return f"{named} below it"
        case _:
            return f"{named}{_FURTHER_OUT[path.up] or ' beside it'}"


def _either(words: Iterable[str]) -> str:
    """`a`, `b` or `c`; what several have at their ends is said once."""
    told = []
    for end, group in groupby(words, key=lambda word: word.rpartition("`")[2]):
        *others, last = (word.removesuffix(end) for word in group)
        told.append(f"{', '.join(others)} or {last}{end}" if others else f"{last}{end}")
    return "; or ".join(told)


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Write the files, or compare them: `writing.write`."""
    dialects = all_builtin()
    made = {PAGE: page(dialects), HOOKS: hooks(HOOKS.read_text("utf-8"), dialects)}
    return write(made, arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
