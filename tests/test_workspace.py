"""Files are known by where they lie, and found from the workspace and from inside it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from stagewright import workspace
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.document import Dialect
from stagewright.files import UnreadableFile
from stagewright.workspace import dialect_of, search


def find_templates(folder: Path, include: Sequence[str] = workspace.DEFAULT_INCLUDE) -> list[Path]:
    return search(folder, include).templates


def find_loops(folder: Path, include: Sequence[str] = workspace.DEFAULT_INCLUDE) -> list[Path]:
    return [problem.path for problem in search(folder, include).problems]


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
    assert dialect_of(Path(path)) is kind


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
    assert (dialect_of(Path(path), [glob]) is choragen.TEMPLATE) is matches


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
    shallow = [tmp_path / "ring", folder / "back", folder / "self.yaml"]
    assert find_loops(tmp_path) == sorted(shallow)
    assert find_loops(folder) == [folder / "back", folder / "self.yaml"]
    assert find_loops(tmp_path, ["flows/*.yaml"]) == [
        tmp_path / "flows" / "up",
        tmp_path / "ring",
    ]
    deep = [*shallow, tmp_path / "shared" / "flows" / "up"]
    assert find_loops(tmp_path, ["**/*.yaml"]) == sorted(deep)
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
    assert search(tmp_path).roles == []
    assert workspace.role_index(tmp_path) == RoleIndex({}, exists=False)
    path = tmp_path / workspace.ROLES_FILE
    path.parent.mkdir(parents=True)
    path.touch()
    assert [search(folder).roles for folder in (tmp_path, path.parent)] == [[path], [path]]
    assert workspace.role_index(tmp_path) == RoleIndex({})
    path.write_bytes(b"roles: \xff")
    with pytest.raises(UnreadableFile, match="is not UTF-8"):
        workspace.role_index(tmp_path)


def test_a_files_workspace_is_where_its_choragen_folder_lies() -> None:
    assert workspace.workspace_root(Path("/w/.choragen/roles/index.yaml")) == Path("/w")
    assert workspace.workspace_root(Path("/w/flows/a.yaml")) == Path("/w/flows")
