"""What a walk of a folder finds: Git's own opinion of ignored files, and what nobody wants read."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagewright import walk as walking
from stagewright.ignored import MAX_RULES, Budget, TooMuch, read_attributes, read_ignore
from stagewright.walk import LONGEST_LINE, LeftOut, machine_made, walk


def make(root: Path, *places: str, **texts: str) -> None:
    for place in places:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text("x")
    for name, text in texts.items():
        (root / name).write_text(text)


def found(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in walk(root, is_text).files]


def is_text(name: str) -> bool:
    return name.endswith((".md", ".yaml"))


def ignored(text: str, places: Iterable[str]) -> list[str]:
    rules, kept = read_ignore(text), []
    for place in places:
        names = tuple(place.rstrip("/").split("/"))
        if rules.say(names, Budget(), folder=place.endswith("/")):
            kept.append(place)
    return kept


PLACES = [
    "a",
    "a/",
    "b",
    "a.log",
    "x/a",
    "x/a/",
    "x/b",
    "x/a/b",
    "x/y/a",
    "a/b/c",
    "#a",
    "!a",
    "[a]",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ["a", "a/", "x/a", "x/a/", "x/y/a"]),
        ("/a", ["a", "a/"]),
        ("a/", ["a/", "x/a/"]),
        ("x/a", ["x/a", "x/a/"]),
        ("x/*", ["x/a", "x/a/", "x/b"]),
        ("x/**", ["x/a", "x/a/", "x/b", "x/a/b", "x/y/a"]),
        ("x/**/a", ["x/a", "x/a/", "x/y/a"]),
        ("**/b", ["b", "x/b", "x/a/b"]),
        ("*.log\n!a.log", []),
        ("!a.log\n*.log", ["a.log"]),
        ("# a\n\n \n", []),
        ("\\#a\n\\!a\n\\[a\\]", ["#a", "!a", "[a]"]),
        ("b   \r\n", ["b", "x/b", "x/a/b"]),
        ("[!a-z]a", ["#a", "!a"]),
        ("[^a]a", ["#a", "!a"]),
        ("[[:punct:]x]a", []),
        ("[[:alpha:]]", ["a", "a/", "b", "x/a", "x/a/", "x/b", "x/a/b", "x/y/a", "a/b/c"]),
        ("[a", []),
        ("a\\", []),
        ("x//a", []),
        ("a**", ["a", "a/", "a.log", "x/a", "x/a/", "x/y/a"]),
        ("\ufeffb", ["b", "x/b", "x/a/b"]),
    ],
)
def test_what_rules_mean(text: str, expected: list[str]) -> None:
    assert ignored(text, PLACES) == expected


NAME = st.text("ab.*?[]!^-\\", min_size=1, max_size=5)
GLOBS = ["a", "b", "a.b", "*", "**", "a*", "?", "[ab]", "*.b"]
RULE = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "!", "/", "**/"]),
    st.lists(st.sampled_from(GLOBS) | NAME, min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/", "/**", " "]),
).filter(lambda rule: "\\/" not in rule)  # it means `/`, which nobody escapes
FILES = ["a", "b", "a.b", "ab", "a/a", "a/b", "a/a.b", "b/a/b", "b/a.b", "b/b/a", "a/b/a/b"]


# Git is what the rules are compared with, and nothing else needs it; CI, which clones, has it.
@pytest.mark.skipif(shutil.which("git") is None, reason="there is no Git to compare with")
def test_the_same_is_ignored_as_by_git(tmp_path: Path) -> None:
    """Many folders with rules of their own, and one process of Git for all of them."""
    cases: list[list[str]] = []

    @given(st.lists(RULE, min_size=1, max_size=4))
    @settings(max_examples=150, database=None, derandomize=True, deadline=None)
    def gather(rules: list[str]) -> None:
        cases.append(rules)

    gather()
    for at, rules in enumerate(cases):
        folder = tmp_path / str(at)
        make(folder, *(file for file in FILES if not _is_in_the_way(file)))
        (folder / ".gitignore").write_text("\n".join(rules))
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", tmp_path], check=True, env=environment)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard"],
        check=True, capture_output=True, cwd=tmp_path, env=environment,
    ).stdout.decode().split("\0")  # fmt: skip
    theirs = {path for path in listed if path and not path.endswith(".gitignore")}
    ours = {
        path.relative_to(tmp_path).as_posix()
        for path in walk(tmp_path, lambda name: name != ".gitignore").files
    }
    wrong = {path.split("/")[0] for path in ours ^ theirs}
    assert not wrong, [(cases[int(at)], sorted(ours ^ theirs)) for at in wrong]


def _is_in_the_way(file: str) -> bool:
    """Whether a folder of this name is needed."""
    return any(other.startswith(f"{file}/") for other in FILES)


def test_rules_count_from_everywhere_they_may_stand(tmp_path: Path) -> None:
    """Around the folder up to the repository's root, in it, deeper, and in Git's own folder."""
    make(
        tmp_path,
        *("other/.gitignore", "repo/.git/info/exclude", "repo/.git/x.md", "repo/in/a.md"),
        *("repo/in/b.md", "repo/in/c.md", "repo/in/d.md", "repo/in/deep/a.md"),
        *(
            "repo/in/deep/c.md",
            "repo/in/deep/out/c.md",
            "repo/in/own/.git/HEAD",
            "repo/in/own/a.md",
        ),
    )
    (tmp_path / ".gitignore").write_text("*.md")  # not of this repository
    (tmp_path / "repo/.gitignore").write_text("a.md\n/in/c.md")
    (tmp_path / "repo/.git/info/exclude").write_text("/in/b.md\nc.md")
    (tmp_path / "repo/in/.gitignore").write_text("!/deep/a.md\nout/")
    (tmp_path / "repo/in/deep/.gitignore").write_text("!c.md\n")
    assert found(tmp_path / "repo/in") == ["d.md", "deep/a.md", "deep/c.md", "own/a.md"]
    assert found(tmp_path / "repo/in/deep/out") == ["c.md"]  # it is named itself


def test_what_is_installed_or_made_by_programs_is_left_out(tmp_path: Path) -> None:
    make(
        tmp_path,
        *(".github/workflows/a.yaml", ".claude/agents/a.md", ".opencode/a.md", "a.md"),
        *("node_modules/p/a.md", "x/node_modules/a.md", "vendor/a.md", ".git/a.md"),
        *("env/pyvenv.cfg", "env/lib/a.md", ".venv/a.md", "a.lock.yaml", "pnpm-lock.yaml"),
        *("a.min.md", "gen/a.md", "gen/b.md", "gen/deep/c.md", "lib/a.md"),
    )
    (tmp_path / ".gitattributes").write_text(
        "# made\ngen/* linguist-generated=true\ngen/b.md -linguist-generated\n"
        "/lib/** text linguist-vendored\n*.md diff=markdown\n"
    )
    (tmp_path / "gen/deep/.gitattributes").write_text("* linguist-generated\n")
    assert found(tmp_path) == [
        ".claude/agents/a.md", ".github/workflows/a.yaml", ".opencode/a.md", "a.md", "gen/b.md",
    ]  # fmt: skip
    assert found(tmp_path / "env") == ["lib/a.md"]
    assert found(tmp_path / "node_modules") == ["p/a.md"]


def test_links_are_followed_inside_the_folder_alone(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make(root, "real/a.md", "node_modules/p/a.md", "x/y/b.md", ".gitignore")
    make(tmp_path, "outside/a.md")
    for place, target in {
        "out.md": "../outside/a.md",
        "out": "../outside",
        "in.md": "real/a.md",
        "in": "real",
        "x/up": "../..",
        "x/here": ".",
        "x/y/real": "../../in",
        "packages": "node_modules",
        "dead.md": "nowhere",
        "round.md": "round.md",
        "dead": "nowhere",
        "real/again": "../x",
    }.items():
        (root / place).symlink_to(target)
    (root / ".gitignore").unlink()
    (root / ".gitignore").symlink_to("ignore")
    (root / "ignore").write_text("*.md")
    assert found(root) == [
        "dead.md", "in/a.md", "in.md", "real/a.md", "real/again/y/b.md", "round.md", "x/y/b.md",
        "x/y/real/a.md",
    ]  # fmt: skip


def test_what_cannot_be_listed_or_read_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "b/a.md")
    (tmp_path / ".gitignore").mkdir()
    (tmp_path / ".gitattributes").write_bytes(b"\xff\xfe linguist-generated")
    (tmp_path / "b/.gitignore").write_bytes(b"\xff\n")
    os.mkfifo(tmp_path / "b/.gitattributes")
    assert found(tmp_path) == ["a.md", "b/a.md"]
    assert walk(tmp_path / "absent", is_text)[:2] == ([], [])
    assert walk(tmp_path / "a.md", is_text)[:2] == ([], [])


def test_a_search_ends_whatever_it_meets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, *(f"{n}/a.md" for n in range(20)))
    monkeypatch.setattr(walking, "MAX_ENTRIES", 30)
    ((problem),) = walk(tmp_path, is_text).problems
    assert str(problem) == (
        f"{tmp_path} holds more than 30 files, the limit. Name the folders in it."
    )


def test_no_rules_take_long() -> None:
    """A regular expression of the first takes minutes for one name."""
    rules = read_ignore("*a*a*a*a*a*a*a*a*a*b\n" + "**/a/" * 20 + "b\n")
    assert rules.say(("a" * 200,), Budget(), folder=False) is None
    assert rules.say(("a",) * 400 + ("b",), Budget(), folder=False) is True
    many = read_ignore("x/**/y/**/a\n" * (MAX_RULES + 100))
    budget = Budget(MAX_RULES)
    assert many.say(("a",), budget, folder=False) is None
    with pytest.raises(TooMuch):
        many.say(("a",), budget, folder=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a linguist-generated", True),
        ("a linguist-generated=true", True),
        ("a linguist-generated=false", False),
        ("a -linguist-generated", False),
        ("* linguist-vendored\na -linguist-vendored", False),
        ("a text", None),
        ("a/ linguist-generated", None),
        ("a", None),
    ],
)
def test_what_attributes_mean(text: str, expected: bool | None) -> None:
    assert read_attributes(text).say(("a",), Budget(), folder=False) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model: x\n", None),
        ("# @generated by a tool\nmodel: x\n", LeftOut.GENERATED),
        ("//\n//\n//\n//\n// Code generated by x. DO NOT EDIT.\n", LeftOut.GENERATED),
        ("\n" * 5 + "# DO NOT EDIT", None),
        ("---\nname: a # @generated\n---\n", LeftOut.GENERATED),
        ('{\n  "//": "DO NOT EDIT",\n', LeftOut.GENERATED),
        ("<!-- DO NOT EDIT -->\n", LeftOut.GENERATED),
        ("---\ndescription: Reviews. DO NOT EDIT any file.\n---\n", None),
        ("---\nallowed-tools: '@generated'\n---\n", None),
        ("interactions:\n- request:\n", LeftOut.RECORDED),
        ("---\nhttp_interactions:\n- request:\n", LeftOut.RECORDED),
        ("---\nversion: 2\ninteractions:\n    - id: 0\n", LeftOut.RECORDED),
        ("interactions: 3\nmodel: x\n", None),
        ("  interactions:\nmodel: x\n", None),
        ("a" * LONGEST_LINE, None),
        ("b\n" + "a" * (LONGEST_LINE + 1), LeftOut.MINIFIED),
        ("", None),
    ],
)
def test_what_programs_write_is_known(text: str, expected: LeftOut | None) -> None:
    assert machine_made(text) is expected


def test_folders_lie_as_deep_as_they_may(tmp_path: Path) -> None:
    """Deeper than a path may be long: what cannot be listed is passed over."""
    here = os.open(tmp_path, os.O_RDONLY)
    for depth in range(3_000):
        os.mkdir("d", dir_fd=here)
        if depth in (5, 900):
            os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    assert found(tmp_path) == ["d/" * 5 + "a.md", "d/" * 900 + "a.md"]
    subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)
