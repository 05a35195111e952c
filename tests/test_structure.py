"""The structure of the package and of the whole repository: imports, lengths, the map."""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

PACKAGE = "stagewright"
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_IMPORTS = ast.Import | ast.ImportFrom
ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "server" / PACKAGE
MAP = ROOT / "server" / "docs" / "architecture.md"
MOST_LINES = 400
WRITTEN = frozenset({".css", ".py", ".ts", ".tsx"})
NOT_OURS = frozenset({"__pycache__", "build", "data", "dist", "node_modules", "out"})


@cache
def imports() -> dict[str, set[str]]:
    """Every module, and those that it imports: for types alone and by name too."""
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=False, cache_dir=None)
    found = {one: set(graph.find_modules_directly_imported_by(one)) for one in graph.modules}
    for path in SOURCES.rglob("*.py"):
        parts = path.relative_to(SOURCES.parent).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        found[module] |= set(named(path.read_text("utf-8"), found)) - {module}
    return found


def named(text: str, modules: Mapping[str, object]) -> Iterator[str]:
    """The modules that a source's strings name, to be imported later; all of a package's where the
    rest of the name is put behind it."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if node.value in modules:
            yield node.value
        package, dot, rest = node.value.rpartition(".")
        if dot and not rest and package in modules and package != PACKAGE:
            yield from (one for one in modules if one.startswith(node.value))


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle, if any do."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(imports()) == []


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, set()),
        ({"a": {"b"}, "b": {"a"}}, {"a", "b"}),
        ({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}, {"b", "c", "d"}),
    ],
)
def test_circles_are_found(graph: dict[str, set[str]], found: set[str]) -> None:
    assert set(circle(graph)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Later("stagewright.a", make)', {"stagewright.a"}),
        ('load(f"stagewright.b.{name}")', {"stagewright.b.c", "stagewright.b.d"}),
        ('"""Says stagewright.a."""\nlogger = "stagewright.unknown"', set()),
        ('kind = f"stagewright.{action}"', set()),
    ],
)
def test_modules_that_are_imported_by_name_count(text: str, found: set[str]) -> None:
    modules = dict.fromkeys(
        ["stagewright.a", "stagewright.b", "stagewright.b.c", "stagewright.b.d"]
    )
    assert set(named(text, modules)) == found


def test_what_is_imported_late_is_seen() -> None:
    found = imports()
    assert "stagewright.lsp.diagnosis" in found["stagewright.lsp.server"]
    assert "stagewright.lsp.requests.rename" in found["stagewright.lsp.routing"]
    assert "stagewright.lsp.commands.models" in found["stagewright.lsp.commands.table"]
    assert "stagewright.lsp.chats.session" in found["stagewright.lsp.parts"]


def test_all_but_the_server_are_kept_from_its_protocol() -> None:
    said = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    [kept] = [one for one in said["contracts"] if "pygls" in one.get("forbidden_modules", ())]
    top = {one for one in imports() if one.count(".") == 1} - {f"{PACKAGE}.__main__"}
    assert set(kept["source_modules"]) == top - {f"{PACKAGE}.lsp"}


def written(root: Path) -> Iterator[Path]:
    """What is written in Python, TypeScript and CSS below a folder: no data, nothing made."""
    for folder, folders, files in os.walk(root):
        folders[:] = [one for one in folders if one not in NOT_OURS]
        paths = (Path(folder, one) for one in files)
        yield from (path for path in paths if path.suffix in WRITTEN)


def test_no_file_is_too_long_to_be_read_in_one_go() -> None:
    lines = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8").count("\n")
        for folder in (".github", "client-vscode", "server", "tests")
        for path in written(ROOT / folder)
    }
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
    assert len(lines) > 600  # or little was looked at


def test_what_is_written_is_looked_at_and_nothing_else(tmp_path: Path) -> None:
    for name in ("a.py", "deep/er/b.ts", "c.tsx", "d.css", "out/e.ts", "data/f.py", "g.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {path.name for path in written(tmp_path)} == {"a.py", "b.ts", "c.tsx", "d.css"}


def test_the_server_imports_late_in_one_place() -> None:
    within_functions, by_name = set(), set()
    for path in (SOURCES / "lsp").rglob("*.py"):
        text = path.read_text("utf-8")
        functions = (one for one in ast.walk(ast.parse(text)) if isinstance(one, _FUNCTIONS))
        if any(isinstance(one, _IMPORTS) for function in functions for one in ast.walk(function)):
            within_functions.add(path.name)
        if "import_module" in text:
            by_name.add(path.name)
    assert within_functions == {"departure.py"}  # what there is on Windows alone
    assert by_name == {"later.py"}


def late_without_reason(text: str) -> list[int]:
    """The lines of imports within functions beside which, or in whose module's first lines, no
    reason stands."""
    tree, lines = ast.parse(text), text.splitlines()
    if "imported" in (ast.get_docstring(tree) or ""):
        return []
    functions = (one for one in ast.walk(tree) if isinstance(one, _FUNCTIONS))
    late = {
        one.lineno: one.end_lineno or one.lineno
        for function in functions
        for one in ast.walk(function)
        if isinstance(one, _IMPORTS)
    }
    found, explained = [], -1
    for first, last in sorted(late.items()):
        said = any("#" in line for line in lines[first - 1 : last])
        above = lines[first - 2].strip()
        if said or above.startswith("#") or explained in (first - 1, first - 2 + bool(above)):
            explained = last
        else:
            found.append(first)
    return found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("import a", [2]),
        ("import a  # slow", []),
        ("# slow\n    import a\n    import b\n    from c import (\n        d,\n    )", []),
        ("import a  # slow\n    a.b()\n    import c", [4]),
        ("if x:\n        from a import b", [3]),
    ],
)
def test_late_imports_without_a_reason_are_found(body: str, found: list[int]) -> None:
    assert late_without_reason(f"def function():\n    {body}\n") == found


def test_what_is_imported_late_says_why() -> None:
    found = {
        f"{path.relative_to(SOURCES).as_posix()}:{line}"
        for path in SOURCES.rglob("*.py")
        for line in late_without_reason(path.read_text("utf-8"))
    }
    assert found == set()


KNOW_KINDS = (
    "dialects",
    "workflows",
    "analysis/choragen",
    "analysis/features.py",  # what has more to say of a file
    "workspace.py",  # which files are of which dialect
)
"""Where the kinds of documents are told apart; all else asks a dialect what it says of itself."""

_DIALECTS = frozenset({"TEMPLATE", "ROLES", "TRANSCRIPT"})
_OF_A_KIND = frozenset({"id", "name", "entry", "features", "syntax"})


def kinds_asked_for(text: str) -> list[int]:
    """The lines of a source where a dialect, or what it is called, is compared with something."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Compare) and not _whether_any(node)
        if any(map(_is_a_kind, ast.walk(node))) or _is_code(node)
    ]


def _whether_any(node: ast.Compare) -> bool:
    """Whether it is only asked whether there is one."""
    return any(isinstance(one, ast.Constant) and one.value is None for one in node.comparators)


def _is_code(node: ast.Compare) -> bool:
    """Whether something is held against an object called `code`."""
    if not any(isinstance(one, ast.Is | ast.IsNot) for one in node.ops):
        return False
    sides = (node.left, *node.comparators)
    return any(getattr(one, "attr", getattr(one, "id", "")) == "code" for one in sides)


def _is_a_kind(node: ast.AST) -> bool:
    match node:
        case ast.Name(name) | ast.Attribute(attr=name) if name in _DIALECTS:
            return True
        case ast.Attribute(ast.Name(name) | ast.Attribute(attr=name), asked):
            kind = name == "dialect" and asked in _OF_A_KIND
            return kind or (name, asked) == ("dialects", "code")
    return False


@pytest.mark.parametrize(
    "text",
    [
        "if document.dialect is choragen.TEMPLATE: ...",
        "if document.dialect not in (ROLES, TRANSCRIPT): ...",
        "found = [one for one in all if one.dialect.id == 'choragen-roles']",
        "while dialect.entry != 'stage': ...",
        "if 'choragen' in dialect.features: ...",
        "is_code = document.dialect.syntax == 'code'",
        "if dialect is self.known.dialects.code: ...",
        "if dialect in (None, dialects.code): ...",
        "code = dialects.code; is_code = dialect is not code",
    ],
)
def test_asking_for_a_kind_is_found(text: str) -> None:
    assert kinds_asked_for(text) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "if (code := dialects.code) is None: ...",
        "if document.dialect.takes_the_rest is True: ...",
        "if diagnostic.code in ('a', 'b') or code == 401: ...",
    ],
)
def test_asking_for_something_else_is_not(text: str) -> None:
    assert kinds_asked_for(text) == []


def test_no_code_asks_for_the_kind_of_a_document_but_what_is_of_that_kind() -> None:
    asking = {
        f"{path.relative_to(SOURCES).as_posix()}:{line}"
        for path in SOURCES.rglob("*.py")
        for line in kinds_asked_for(path.read_text("utf-8"))
    }
    assert {one for one in asking if not one.startswith(KNOW_KINDS)} == set()
    assert asking  # or nothing would be found


def test_every_path_that_the_map_names_is_there() -> None:
    named = set(re.findall(r"`([\w./-]+(?:/|\.(?:py|md|tsv|json|toml)))`", MAP.read_text("utf-8")))
    named -= {"config.toml", ".toml"}  # the user's, and any
    assert len(named) > 90
    outside = ("server/", "tests/", "schemas/", "client-vscode/", "pyproject.toml")
    assert [
        one for one in sorted(named)
        if not ((ROOT if one.startswith(outside) else SOURCES) / one).exists()
    ] == []  # fmt: skip
