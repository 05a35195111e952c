"""Rules of `.gitignore` and `.gitattributes`: what they say of a file. Pure.

Git's own patterns, matched name by name as our globs are, so that no rule of somebody else's
repository can hold up a search: the library that is known for this makes one regular expression of
each, which takes 18 s for `*a*a*a*a*ab` and a name of 200 letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stagewright.globs import ANY, Names, Pattern, fits_whole

MAX_RULES = 2_000
"""Rules that are read of one file."""

MAX_FITS = 2_000_000
"""How often the rules of one search are matched with all names of a path."""

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \t",
    "digit": "0-9",
    "lower": "a-z",
    "space": " \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


class TooMuch(Exception):
    """A search takes more matching than any honest rules need."""


@dataclass(slots=True)
class Budget:
    """How much matching is left to a search."""

    left: int = MAX_FITS

    def spend(self) -> None:
        """Count one match. Raises TooMuch."""
        self.left -= 1
        if self.left < 0:
            raise TooMuch


@dataclass(frozen=True, slots=True)
class Rule:
    """What one line says of the paths that it describes, counted from its file's folder."""

    pattern: Pattern
    says: bool
    folders_only: bool = False


class Rules:
    """The rules of one file, of which the last that fits a path counts."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)[:MAX_RULES]
        last = ((rule.pattern[-1], at) for at, rule in enumerate(self._rules))
        self._by_last_name = Names(last)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def say(self, names: Sequence[str], budget: Budget, *, folder: bool) -> bool | None:
        """What is said of the path of these names; None where no rule fits it. Raises TooMuch."""
        for at in sorted(self._by_last_name.find(names[-1]), reverse=True):
            rule = self._rules[at]
            if rule.folders_only and not folder:
                continue
            if rule.pattern[:-1] != (ANY,):
                budget.spend()
                if not fits_whole(rule.pattern, names):
                    continue
            return rule.says
        return None


def read_ignore(text: str) -> Rules:
    """The rules of a `.gitignore` or an `info/exclude`; True: ignored."""
    return Rules(rule for line in _lines(text) if (rule := _ignoring(line)) is not None)


def read_attributes(text: str) -> Rules:
    """The rules of a `.gitattributes` about what nobody writes by hand; True: generated or
    vendored."""
    rules = []
    for line in _lines(text):
        glob, *attributes = line.split()
        said = [one for one in map(_not_by_hand, attributes) if one is not None]
        if said and (pattern := _pattern(glob)) is not None and not glob.endswith("/"):
            rules.append(Rule(pattern, any(said)))
    return Rules(rules)


def _not_by_hand(attribute: str) -> bool | None:
    name, _, value = attribute.partition("=")
    if name.lstrip("-!") not in ("linguist-generated", "linguist-vendored"):
        return None
    return name[0] not in "-!" and value != "false"


def _lines(text: str) -> Iterable[str]:
    for line in text.removeprefix("\ufeff").split("\n"):
        stripped = line.removesuffix("\r")
        if stripped.strip() and not stripped.startswith("#"):
            yield stripped


def _ignoring(line: str) -> Rule | None:
    bare = line.rstrip(" ")
    if bare.endswith("\\") and len(bare) < len(line):
        bare += " "  # it is escaped
    says = not bare.startswith("!")
    glob = bare if says else bare[1:]
    folders_only = glob.endswith("/")
    pattern = _pattern(glob.removesuffix("/"))
    return None if pattern is None else Rule(pattern, says, folders_only)


def _pattern(glob: str) -> Pattern | None:
    """The names that one of Git's globs is made of; None for what fits nothing."""
    anchored = "/" in glob
    parts = glob.removeprefix("/").split("/")
    if not all(parts):
        return None
    found: list[str] = [] if anchored else [ANY]
    for part in parts:
        name = ANY if part == ANY and anchored else _name(part)
        if name is None:
            return None
        if name != ANY or found[-1:] != [ANY]:
            found.append(name)
    return (*found, "*") if found[-1] == ANY else tuple(found)


def _name(glob: str) -> str | None:
    """A glob of one name as `fnmatch` reads it; None where it ends too early."""
    found, at = "", 0
    while at < len(glob):
        letter, at = glob[at], at + 1
        if letter == "\\":
            if at == len(glob):
                return None
            found += f"[{glob[at]}]" if glob[at] in "*?[" else glob[at]
            at += 1
        elif letter == "[":
            end, inside = _class(glob, at)
            if end is None:
                return None
            found, at = found + inside, end
        elif letter != "*" or not found.endswith("*"):
            found += letter
    return found


def _class(glob: str, at: int) -> tuple[int | None, str]:
    """Where the class of letters ends that begins at an index, and what it is to `fnmatch`."""
    no = glob[at : at + 1] in ("!", "^")
    at += no
    letters, first = "", True
    while at < len(glob):
        letter, at = glob[at], at + 1
        if letter == "]" and not first:
            if "]" in letters:  # only as the first does it stand for itself
                letters = "]" + letters.replace("]", "")
            return at, f"[{'!' * no}{letters}]"
        if letter == "[" and glob.startswith(":", at) and (end := glob.find(":]", at)) > 0:
            letters, at = letters + _CLASSES.get(glob[at + 1 : end], ""), end + 2
        elif letter == "\\" and at < len(glob):
            letters, at = letters + glob[at], at + 1
        else:
            letters += letter
        first = False
    return None, ""
