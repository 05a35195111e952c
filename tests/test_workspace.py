"""Files are known by where they lie, and found from the workspace and from inside it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stagewright import workspace
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.dialect import Detect, builtin
from stagewright.dialects.document import Dialect
from stagewright.dialects.registry import Dialects
from stagewright.files import UnreadableFile
from stagewright.walk import LeftOut
from stagewright.workspace import claim, named_template, search


def find_templates(folder: Path, include: Sequence[str] = workspace.DEFAULT_INCLUDE) -> list[Path]:
    listing = search(folder, Dialects(), include)
    return [path for path, one in listing.files.items() if one is choragen.TEMPLATE]


def find_roles(folder: Path) -> list[Path]:
    found = search(folder, Dialects()).files
    return [path for path, one in found.items() if one is choragen.ROLES]


def find_loops(folder: Path, include: Sequence[str] = workspace.DEFAULT_INCLUDE) -> list[Path]:
    return [problem.path for problem in search(folder, Dialects(), include).problems]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/w/.choragen/workflow-templates/a.yaml", choragen.TEMPLATE),
        ("/w/.choragen/workflow-templates/a.yml", choragen.TEMPLATE),
        (".choragen/workflow-templates/a.yml", choragen.TEMPLATE),
        ("/w/.choragen/workflow-templates/deeper/a.yaml", None),
        ("/w/.choragen/workflow-templates/a.json", None),
        ("/w/x.choragen/workflow-templates/a.yaml", None),
        ("/w/.choragen/roles/index.yaml", choragen.ROLES),
        ("/w/.choragen/workflows/WF-20261122-001.chat.md", choragen.TRANSCRIPT),
        ("/w/.choragen/workflows/WF-20261122-001.json", None),
        ("/w/a.yaml", None),
    ],
)
def test_a_file_is_what_its_place_says(path: str, kind: Dialect | None) -> None:
    assert claim(Path(path), Dialects()) is kind


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("**/flows/*.yaml", "/w/a/b/flows/x.yaml", True),
        ("**/flows/*.yaml", "/w/flows/x.yaml", True),
        ("flows/**/*.yaml", "/w/flows/a/b/x.yaml", True),
        ("flows/?.yaml", "/w/flows/xy.yaml", False),
        ("./flows/*.{yaml,yml}", "/w/flows/xy.yml", True),
        ("flows/{a,b}.{yaml,yml}", "/w/flows/b.yml", True),
        ("flows/a+b.yaml", "/w/flows/aab.yaml", False),
    ],
)
def test_include_globs(glob: str, path: str, matches: bool) -> None:
    assert (claim(Path(path), Dialects(), [glob]) is choragen.TEMPLATE) is matches


def test_templates_are_found_from_the_workspace_and_from_inside_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ".choragen" / "workflow-templates"
    folder.mkdir(parents=True)
    for name in ("b.yaml", "a.yml", "c.txt"):
        (folder / name).touch()
    (folder / "loop").symlink_to(tmp_path)
    found = [folder / "a.yml", folder / "b.yaml"]
    assert find_templates(tmp_path) == found
    assert find_templates(tmp_path / ".choragen") == found
    assert find_templates(folder) == found
    assert find_templates(tmp_path, ["**/*.yml"]) == [folder / "a.yml"]
    assert find_templates(tmp_path / "absent") == []


def test_links_that_lead_back_are_named_where_templates_are_looked_for(tmp_path: Path) -> None:
    folder = tmp_path / ".choragen" / "workflow-templates"
    folder.mkdir(parents=True)
    (tmp_path / "shared" / "flows").mkdir(parents=True)
    for name, target in {
        "back": tmp_path,  # to the workspace
        "self.yaml": folder,  # named like a template
        "round.yaml": "round.yaml",  # a template that cannot be read: another's to say
        "elsewhere": tmp_path / "shared",
        "file.yaml": "/dev/null",
        "nowhere": "absent",
    }.items():
        (folder / name).symlink_to(target)
    (tmp_path / "flows").symlink_to("shared/flows")
    (tmp_path / "shared" / "flows" / "up").symlink_to("../..")
    (tmp_path / "ring").symlink_to("ring")
    assert find_loops(tmp_path) == [folder / "self.yaml"]
    assert find_loops(folder) == [folder / "self.yaml"]
    assert find_loops(tmp_path, ["flows/*.yaml"]) == []
    assert find_loops(tmp_path, ["flows/*"]) == [tmp_path / "flows" / "up"]
    assert find_loops(tmp_path, ["**/*.yaml"]) == [folder / "self.yaml"]
    assert search(tmp_path, Dialects()).left_out == {LeftOut.CIRCULAR: 3}
    assert find_loops(tmp_path / "absent") == []


def test_links_between_folders_are_followed_where_a_glob_names_them(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "a.yaml").touch()
    (tmp_path / ".choragen").mkdir()
    link = tmp_path / ".choragen" / "workflow-templates"
    link.symlink_to(tmp_path / "shared")
    (tmp_path / "linked").symlink_to("shared")
    assert find_templates(tmp_path) == [link / "a.yaml"]
    assert find_templates(tmp_path, ["l*/*.yaml"]) == [tmp_path / "linked" / "a.yaml"]
    assert find_templates(tmp_path, ["**/*.yaml"]) == [tmp_path / "shared" / "a.yaml"]


def test_the_role_index_is_found_where_there_is_one(tmp_path: Path) -> None:
    assert find_roles(tmp_path) == []
    assert workspace.role_index(tmp_path) == RoleIndex({}, exists=False)
    path = tmp_path / workspace.ROLES_FILE
    path.parent.mkdir(parents=True)
    path.touch()
    assert [find_roles(folder) for folder in (tmp_path, path.parent)] == [[path], [path]]
    assert workspace.role_index(tmp_path) == RoleIndex({})
    path.write_bytes(b"roles: \xff")
    with pytest.raises(UnreadableFile, match="is not UTF-8"):
        workspace.role_index(tmp_path)


def test_a_files_workspace_is_where_its_choragen_folder_lies() -> None:
    assert workspace.workspace_root(Path("/w/.choragen/roles/index.yaml")) == Path("/w")
    assert workspace.workspace_root(Path("/w/flows/a.yaml")) == Path("/w/flows")


def kind(name: str, *files: str, keys: Sequence[str] = (), **more: Any) -> Dialect:
    """A dialect of these files; with keys, of those of them that have one."""
    detect = (Detect(files, tuple(keys), ()),) if keys else ()
    return replace(
        builtin("promptfoo"), id=name, files=() if keys else files, detect=detect, **more
    )


WIDE = kind("wide", "**/*.yaml", "a/**")
LONG = kind("long", "**/config*.yaml")
TOLD = kind("told", "**/config.yaml", "**/other.yml", keys=["models"])
TOLD_TOO = kind("told-too", "**/*.yml", keys=["models", "agents"])
MINE = kind("mine", "**/*.yaml")
MINE_TOLD = kind("mine-told", "x/*.yaml", keys=["mine"])
WITHOUT = kind("without", "**/x.json", exclude=("old/**", "**/*.lock.json"))
CODE = builtin("code")
KINDS = Dialects((WIDE, LONG, TOLD, TOLD_TOO, WITHOUT))


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("/w/x.yaml", None, WIDE),
        ("/w/config.yaml", None, LONG),
        ("/w/config.yaml", "models:\n", LONG),  # a name before a content
        ("/w/a/b/x", None, WIDE),
        ("/w/other.yml", None, None),
        ("/w/other.yml", "models:\n", TOLD),  # more letters of its glob are literal
        ("/w/other.yml", "agents:\n", TOLD_TOO),
        ("/w/other.yml", "x:\n  models:\n", CODE),
        ("/w/x.json", None, WITHOUT),
        ("/w/old/x.json", None, None),  # what stands in it may tell
        ("/w/old/x.json", "{}", CODE),
        ("/w/old/deep/x.json", None, None),
        ("/w/old/x.py", None, CODE),
        ("/w/old/x.txt", "", None),
        ("/w/.choragen/workflows/WF-20261122-001.json", None, None),
        ("/w/.choragen/workflow-templates/x.yaml", None, choragen.TEMPLATE),
        ("/w/.choragen/roles/index.yaml", None, choragen.ROLES),
    ],
)
def test_one_dialect_claims_a_file(path: str, head: str | None, expected: Dialect | None) -> None:
    assert claim(Path(path), KINDS, head=head) is expected


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("/w/config.yaml", None, MINE),
        ("/w/promptfooconfig.yaml", None, MINE),
        ("/w/promptfooconfig.yml", None, builtin("promptfoo")),
        ("/w/x/a.yaml", "mine: 1\n", MINE),
        ("/w/.choragen/workflow-templates/x.yaml", None, choragen.TEMPLATE),
        ("/w/.choragen/roles/index.yaml", None, choragen.ROLES),
    ],
)
def test_the_users_own_goes_first(path: str, head: str | None, expected: Dialect) -> None:
    assert claim(Path(path), Dialects((MINE, MINE_TOLD)), head=head) is expected


AGENT = "---\nname: a\nmodel: sonnet\n---\n"


@pytest.mark.parametrize(
    ("name", "is_claimed"),
    [
        ("p/agents/a.md", True),
        ("p/agents/deep/a.md", True),
        ("p/commands/a.md", True),
        ("p/skills/a/SKILL.md", True),
        ("p/skills/a/README.md", False),
        ("p/docs/agents/a.md", False),  # the plugin has its agents elsewhere
        ("q/agents/a.md", False),
        ("agents/a.md", False),
    ],
)
def test_a_file_beside_tells_what_it_is(tmp_path: Path, name: str, is_claimed: bool) -> None:
    for file, text in (("p/.claude-plugin/plugin.json", "{}"), (name, AGENT)):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    expected = builtin("claude-code") if is_claimed else None
    path = tmp_path / name
    assert claim(path, Dialects(), head=AGENT) is expected
    assert workspace.claim_unread(path, Dialects(), workspace.DEFAULT_INCLUDE) is expected
    assert claim(path, Dialects()) is None
    listing = workspace.search(tmp_path, Dialects())
    assert path not in listing.files
    assert path in listing.undecided or not is_claimed


def test_what_was_told_by_its_content_stays_what_it_is() -> None:
    path = Path("/w/other.yml")
    assert claim(path, KINDS, head="models: 1\n") is TOLD
    assert claim(path, KINDS, head="agents: 1\n", before=TOLD) is TOLD
    assert claim(path, KINDS, head="", before=TOLD_TOO) is TOLD_TOO
    assert claim(path, Dialects(), head="", before=TOLD) is CODE


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.yaml", "name: x\nstages:\n", True),
        ("a.yml", "'stages': []\n", True),
        ("a.yaml", "a:\n  stages:\n", False),
        ("a.json", "stages:\n", False),
    ],
)
def test_a_named_file_with_stages_is_a_template(name: str, head: str, expected: bool) -> None:
    assert named_template(Path(name), head) is expected


def test_a_folder_is_searched_for_all_that_names_models(tmp_path: Path) -> None:
    places = (
        *("config.yaml", "deep/er/config.yaml", "other.yml", "gone/config.yaml", "x.txt"),
        *("node_modules/config.yaml", "config.lock.yaml", ".choragen/workflow-templates/a.yml"),
        *(".choragen/workflows/WF-20261122-001.chat.md", ".choragen/roles/index.yaml"),
    )
    for place in places:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()
    (tmp_path / ".gitignore").write_text("gone\n.choragen\n")
    found = search(tmp_path, Dialects((LONG, TOLD_TOO)))
    assert {path.relative_to(tmp_path).as_posix(): one.id for path, one in found.files.items()} == {
        ".choragen/roles/index.yaml": "choragen-roles",
        ".choragen/workflow-templates/a.yml": "choragen-template",
        "config.yaml": "long",
        "deep/er/config.yaml": "long",
    }
    assert found.undecided == [tmp_path / "other.yml"]
    inside = search(tmp_path / "gone", Dialects((LONG,)))  # it is named
    assert list(inside.files) == [tmp_path / "gone/config.yaml"]


def test_a_file_is_found_once_whatever_links_lead_to_it(tmp_path: Path) -> None:
    for place in (".claude/agents/a.md", "shared/b.md"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()
    (tmp_path / "package").mkdir()
    for link, target in {
        "package/.claude": "../.claude",  # the same for the same program
        ".claude/agents/again.md": "a.md",
        ".claude/agents/shared": "../../shared",  # where it really lies it is nobody's
        ".opencode": ".claude",  # another program's
    }.items():
        (tmp_path / link).symlink_to(target)
    found = search(tmp_path, Dialects()).files
    assert {path.relative_to(tmp_path).as_posix(): one.id for path, one in found.items()} == {
        ".claude/agents/a.md": "claude-code",
        ".claude/agents/shared/b.md": "claude-code",
        ".opencode/agents/a.md": "opencode",
    }


def test_a_users_content_may_claim_what_another_claims_by_name(tmp_path: Path) -> None:
    config = tmp_path / "promptfooconfig.yaml"
    config.touch()
    mine = Dialects((kind("mine", "**/*.yaml", keys=["mine"]),))
    assert search(tmp_path, mine)[:4] == ({config: builtin("promptfoo")}, [config], [], [])
    assert claim(config, mine, head="mine:\n") is mine.own[0]
    assert claim(config, mine, head="providers:\n") is builtin("promptfoo")


@pytest.mark.parametrize(
    ("name", "off", "expected"),
    [
        ("promptfooconfig.yaml", "promptfoo", None),
        ("sub/opencode.json", "opencode", None),
        (".codex/config.toml", "codex", None),
        ("other.ini", "opencode", CODE),
        ("promptfooconfig.yaml", "code", builtin("promptfoo")),
    ],
)
def test_what_is_turned_off_is_not_read_as_source_code(
    tmp_path: Path, name: str, off: str, expected: Dialect | None
) -> None:
    dialects = Dialects(off=frozenset({off}))
    file = tmp_path / name
    assert claim(file, dialects, head="") is expected
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    listing = search(tmp_path, dialects)
    found = CODE if file in listing.code else listing.files.get(file)
    assert found is expected
