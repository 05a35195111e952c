"""The page about what is read, and the hook's files: made from the dialects, and fit to be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from server.tools import dialects_page, writing
from server.tools.dialects_page import HOOKS, PAGE, hooks, page, pattern_of

from stagewright import globs
from stagewright.dialects.dialect import Dialect, all_builtin, dialects_from

BOTH = re.MULTILINE | re.DOTALL
TEXT = page(all_builtin())
[HOOK] = yaml.safe_load(hooks(HOOKS.read_text("utf-8"), all_builtin()))


def test_each_format_is_in_the_index_and_has_a_section() -> None:
    rows = re.findall(r"^\| \[(.+?)\]\(#(.+?)\) \| `(.+?)` \|", TEXT, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert [name for name, _, _ in rows] == headings
    assert {identifier for _, _, identifier in rows} == {one.id for one in all_builtin()}
    anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
    assert {anchor for _, anchor, _ in rows} == anchors
    assert len(anchors) == len(headings)


@pytest.mark.parametrize("dialect", all_builtin(), ids=lambda one: f"{one.id}-{one.syntax}")
def test_a_section_says_what_the_dialect_does(dialect: Dialect) -> None:
    [section] = re.findall(rf"^## {re.escape(dialect.name)}\n(.*?)(?=^## |\Z)", TEXT, BOTH)
    assert dialect.url in section
    assert dialect.unverified in section
    for glob in dialect.files:
        assert f"`{glob}`" in section
    rows = re.findall(r"^\| (.+) \| (.+) \|$", section.replace("\\|", "|"), re.MULTILINE)
    for place in dialect.places:
        for alias, meaning in place.aliases.items():
            assert any(f"`{alias}`" in names and said == meaning for names, said in rows)
        for theirs in place.providers:
            assert f"`{theirs}`" in section
    for line in section.splitlines():
        assert not re.search(r"unverifiable|None|\(\)|  +[^- ]|, or $", line.lstrip()), line


def test_a_dialect_of_every_key_in_words() -> None:
    made = dialects_from(
        "prompty",  # whose first line is read
        {
            "name": "All",
            "url": "https://example.org",
            "files": ["**/all.yml"],
            "exclude": ["**/not.yml"],
            "detect": [{"files": ["**/c.yml"], "keys": ["k"], "text": ["t"]}],
            "after": "make it",
            "service_ended": "2026-07-30",
            "unverified": "Much is not.",
            "defines": {"models": ["$.m[*].n"], "providers": ["$.p.*"]},
            "settings": [{"folder": ".x", "files": ["../y.json"], "redirects": ["$.e"]}],
            "places": [
                {
                    "at": ["$.a", "$.b[*]"],
                    "written": "provider/model",
                    "when": [{"at": "@^.uses", "is": ["x@*"]}, "@.w"],
                    "unless": ["$.u"],
                    "redirects": ["@^*.env.R", {"at": "@.q", "is": ["1", "2"]}],
                    "provider": {"from": ["@.provider"], "ids": {"gpt-*": "openai"}},
                    "suffix": ["[1m]"],
                    "opaque": ["${{"],
                    "default": [["|| '", "'"]],
                    "providers": {"az": "unverifiable", "oa": "openai"},
                    "aliases": {"best|most": "The best."},
                }
            ],
        },
    )
    section = page(made).partition("\n## ")[2]
    for said in (
        "All\n\n`prompty` · [its documentation](https://example.org)",
        "The service behind these files ended on 2026-07-30.",
        "**Files.** `**/all.yml`, `**/c.yml` with the key `k` or the text `t`",
        "; but not `**/not.yml`.",
        "- `a`, `b[*]`: PROVIDER/MODEL\n  - its provider is told by `provider` beside it",
        "**Where `uses` one level up is `x@*`, and `w` beside it is there:**\n\n- `a`",
        "  - not where `u` at the top is there",
        "**Providers.** `oa` (`openai`).",
        "**Without a provider** these are of `openai`: `gpt-*`.",
        "| `best\\|most` | The best. |",
        "**Suffixes.** `[1m]`.",
        "**Not verified.** Much is not.",
        "**Providers that are not verified.** `az`, and all not named here.",
        "**Not checked** are values that contain `${{`. The default in such a text is read.",
        "**Not checked** where the model is sent elsewhere: `env.R` beside it or further out; or "
        "`q` beside it is `1` or `2`.",
        "**Not checked** where `y.json` sends the model elsewhere: `e` at the top.",
        "**Names of its own**: `m[*].n`.",
        "**Providers of its own**: `p.*`.",
        "After a fix, run `make it`.",
    ):
        assert said in section, said


@pytest.mark.parametrize("glob", sorted({glob for one in all_builtin() for glob in one.files}))
def test_the_hook_takes_the_files_that_names_make_a_dialects(glob: str) -> None:
    name = re.sub(r"\{([^,}]*)[^}]*\}", r"\1", glob.replace("**/", "x/y/")).replace("*", "z")
    assert globs.read((glob,)).fits(Path(name))
    transcript = glob.endswith(".chat.md")
    assert is_taken(name) is not transcript
    assert is_taken(f"packages/one/{name}") is not transcript
    assert not is_taken(f"{name}/of.another-kind")


def is_taken(path: str) -> bool:
    """As pre-commit decides it."""
    return bool(re.search(HOOK["files"], path)) and not re.search(HOOK["exclude"], path)


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("src/app.py", True),
        ("x/config.yaml", True),
        ("locked/app.ts", True),
        ("vendor.py", True),
        ("README.md", False),
        ("logo.png", False),
        ("package-lock.json", False),
        ("x/pnpm-lock.yaml", False),
        ("x/uv.lock.toml", False),
        ("x/app.min.js", False),
        ("node_modules/x/a.js", False),
        ("x/.venv/lib/site-packages/a.py", False),
        ("vendor/x/a.go", False),
        ("x/.git/config.toml", False),
    ],
)
def test_the_hook_takes_what_people_write(path: str, taken: bool) -> None:
    assert is_taken(path) is taken


@pytest.mark.parametrize(
    ("glob", "pattern"),
    [
        ("**/a.b/*.{x,y}", r"a\.b/[^/]*\.(x|y)"),
        (".c/**/d", r"\.c/(.+/)?d"),
        ("**/e/**/*.f", r"e/(.+/)?[^/]*\.f"),
        ("**/a,b", "a,b"),
    ],
)
def test_globs_as_patterns(glob: str, pattern: str) -> None:
    assert pattern_of(glob) == pattern


def test_checking_tells_what_is_stale(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "dialects.md"
    hook = tmp_path / "hooks.yaml"
    hook.write_text(HOOKS.read_text("utf-8"))
    monkeypatch.setattr(dialects_page, "PAGE", copy)
    monkeypatch.setattr(dialects_page, "HOOKS", hook)
    monkeypatch.setattr(writing, "ROOT", tmp_path)
    assert dialects_page.main(["--check"]) == 1
    assert "dialects.md" in capsys.readouterr().err
    assert dialects_page.main([]) == 0
    assert copy.read_text("utf-8") == TEXT
    assert dialects_page.main(["--check"]) == 0


@pytest.mark.parametrize("first", ["", 'name = "x"', "#x", "#", "# "])
def test_a_dialect_that_does_not_begin_by_saying_what_it_is_for_is_refused(
    first: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialect = all_builtin()[0]
    (tmp_path / f"{dialect.id}.toml").write_text(f"{first}\n# More.\n", "utf-8")
    monkeypatch.setattr(dialects_page, "FILES", tmp_path)
    with pytest.raises(SystemExit, match=f"{dialect.id}.toml must begin with a comment"):
        page([dialect])


def test_links_of_the_page_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", TEXT):
        assert (PAGE.parent / target).exists()
