"""`python -m server.tools.client_claims`: what VS Code's extension starts its server for.

`client-vscode/src/generated/claims.json`: the files that a dialect claims, by name and by what
stands in them, and what looks like a model's name. Made from the dialects and from what is known of
models, as regular expressions that JavaScript and Python read alike. With `--check` it is only
compared.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from server.tools.dialects_page import pattern_of

from stagewright.catalog.knowledge import FOLDER, PROVIDERS
from stagewright.catalog.knowledge.file import KnowledgeFile
from stagewright.dialects.dialect import Dialect, all_builtin

ROOT = Path(__file__).parents[2]
FILE = ROOT / "client-vscode" / "src" / "generated" / "claims.json"

FAMILY = 20
"""Different names that begin alike, up to their first digit, and make a family: whatever begins so
looks like a model's name, also one that is not known yet. Of smaller groups the known names count,
for many begin with an everyday word (`step-1`)."""

CODE = "code"
"""The dialect of source code, which is worth a start only where it names a model."""

KEY = r"model(?:[_-]?(?:name|id))?"
"""How a key ends behind which a name counts that could be anything elsewhere (`o3`, `sonar`)."""


def claims(dialects: Iterable[Dialect], ids: Iterable[str]) -> dict[str, Any]:
    """What the file says: `files`, each `{dialect, path, except?, holds?}`, and `models`."""
    return {"files": list(_files(dialects)), "models": models(ids)}


def _files(dialects: Iterable[Dialect]) -> Iterator[dict[str, str]]:
    """Paths end as `path` says and not as `except` does; the text holds `holds`."""
    for one in dialects:
        if one.id == CODE:
            continue
        other = {"except": _end(one.exclude)} if one.exclude else {}
        if one.files:
            yield {"dialect": one.id, "path": _end(one.files), **other}
        for claim in one.detect:
            name = f"(?:{_either(map(re.escape, claim.keys))})"
            key = rf"^[ \t{{\[]*[\"']?{name}[\"']?[ \t]*[:=.\]]"
            signs = [*([key] if claim.keys else []), *map(re.escape, claim.text)]
            if signs:  # what lies beside a file is not looked for
                yield {
                    "dialect": one.id,
                    "path": _end(claim.files),
                    **other,
                    "holds": _either(signs),
                }


def _end(globs: Iterable[str]) -> str:
    """The end of a path, which begins with a slash, as one of the globs describes it."""
    return f"/(?:{_either(map(pattern_of, globs))})$"


def models(ids: Iterable[str]) -> str:
    """What looks like a model's name, in small letters: a family with a digit behind it, a name
    that is known, and behind a key that says so also a name that means something else elsewhere."""
    names = {
        re.sub(r"^(?:[a-z-]+\.)+(?=[a-z]{3})", "", one.lower().rpartition("/")[2]) for one in ids
    }
    names = {name for name in names if re.fullmatch(r"[a-z0-9][\w.:@-]*", name)}
    heads = Counter(head for name in names if (head := _head(name)))
    families = {head for head, count in heads.items() if count >= FAMILY and len(head) > 3}
    roots = {head.partition("-")[0] + "-" for head in families}
    families |= {head for head in heads if any(head.startswith(root) for root in roots)}
    rest = {name for name in names if _head(name) not in families}
    telling = {name for name in rest if _tells(name, roots)}
    family = rf"{_tree(families)}\d"
    exact = rf"{_tree(telling)}(?![\w-])"
    value = rf"\s*[\"'`]?(?:[\w.@-]+[/:]){{0,4}}{_tree(rest - telling)}(?![\w-])"
    keyed = rf"{KEY}[\"'\]]*\s*(?:=>?|:=?|,){value}"
    return rf"(?<![a-z0-9_])(?:{family}|{exact})|{keyed}"


def _tells(name: str, roots: Iterable[str]) -> bool:
    """Whether a name is hardly anything else: a number and what divides it, or a family's root."""
    return bool(re.search(r"[-.:@]", name)) and (
        bool(re.search(r"\d", name))
        or name.endswith("-latest")
        or any(name.startswith(root) for root in roots)
    )


def _head(name: str) -> str:
    """What stands before the first digit."""
    found = re.match(r"[^\d]*(?=\d)", name)
    return found[0] if found else ""


def _tree(words: Iterable[str]) -> str:
    """One of these words, as an expression that looks at each letter of a text once."""
    tree: dict[str, Any] = {}
    for word in words:
        at = tree
        for letter in word:
            at = at.setdefault(letter, {})
        at[""] = {}
    return _branch(tree)


def _branch(tree: dict[str, Any]) -> str:
    said = []
    for letter, below in sorted(tree.items()):
        if letter:
            said.append(re.escape(letter) + _branch(below))
    if not said:
        return ""
    one = said[0] if len(said) == 1 else f"(?:{'|'.join(said)})"
    return f"(?:{one})?" if "" in tree else one


def _either(words: Iterable[str]) -> str:
    return "|".join(words)


def known_ids() -> list[str]:
    """Every id of which something is known, whoever has it."""
    texts = ((name, (FOLDER / f"{name}.jsonl").read_text("utf-8")) for name in sorted(PROVIDERS))
    return sorted({one for name, text in texts for one in KnowledgeFile(text, name, date.min).ids})


def main(arguments: Sequence[str]) -> int:
    """Write the file, or compare it; 1 where it is not as it should be."""
    text = json.dumps(claims(all_builtin(), known_ids()), indent=1, ensure_ascii=False) + "\n"
    if FILE.is_file() and FILE.read_text("utf-8") == text:
        return 0
    if "--check" in arguments:
        name = FILE.relative_to(ROOT).as_posix()
        print(f"Not up to date: {name}. Run `make docs`.", file=sys.stderr)
        return 1
    FILE.write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
