"""Files are read without trust, found without getting lost, and replaced whole or not at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hostile import FILES, FOLDERS, like_others

from stagewright import files
from stagewright.files import (
    FileText,
    Stamp,
    UnreadableFile,
    find,
    names,
    read_bytes,
    read_text,
    read_wanted,
    real_path,
    replace,
    write_private,
)
from stagewright.globs import read

SAID = {
    "a link to itself": "is a link to itself. Remove it.",
    "a link that leads nowhere": "is a broken link. Remove it, or point it at a file.",
    "a link to a folder": "is a folder, not a file. Move it away.",
    "a link without end": "is a pipe or a device, not a file. Remove it.",
    "a folder": "is a folder, not a file. Move it away.",
    "a pipe": "is a pipe or a device, not a file. Remove it.",
    "a socket": "is a pipe or a device, not a file. Remove it.",
    "shut": "cannot be read: Permission denied. Make it readable for this user.",
    "too large": "is larger than 16 MiB, the limit. Split it.",
}


@pytest.mark.parametrize("state", SAID)
def test_what_cannot_be_read_is_said_with_what_to_do(tmp_path: Path, state: str) -> None:
    path = tmp_path / "x"
    FILES[state](path)
    with like_others(), pytest.raises(UnreadableFile) as told:
        read_text(path)
    assert str(told.value) == f"{path} {SAID[state]}"
    assert not told.value.absent


# Linux alone has both names, and CI runs on it; elsewhere there is nothing to be read by them.
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no such names here")
def test_a_pipe_that_a_shell_gives_a_name_is_not_to_be_removed() -> None:
    ends = os.pipe()
    try:
        for path in (Path(f"/dev/fd/{ends[0]}"), Path(f"/proc/self/fd/{ends[0]}")):
            with pytest.raises(UnreadableFile) as told:
                read_text(path)
            assert str(told.value) == (
                f"{path} is a pipe or a device, not a file. "
                "Save its output as a file, and pass that."
            )
    finally:
        for end in ends:
            os.close(end)
    with pytest.raises(UnreadableFile, match="Save its output as a file, and pass that"):
        read_text(Path(os.devnull))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("absent", "cannot be read: No such file or directory"),
        ("file/below", "cannot be read: Not a directory"),
        ("x\0", "is not a file name"),
        ("\ud800", "is not a file name"),
    ],
)
def test_what_is_not_there_at_all_is_known_to_be_absent(
    tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableFile) as told:
        read_bytes(tmp_path / name)
    assert (told.value.absent, told.value.why) == (True, why)
    assert not files.is_folder(tmp_path / name)
    assert not files.exists(tmp_path / name)
    assert Stamp.of(tmp_path / name) is None


def test_a_name_that_is_too_long_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="File name too long"):
        read_bytes(tmp_path / ("x" * 300))


def test_a_file_without_size_that_says_something_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="keeps changing"):
        read_bytes(Path("/proc/self/maps"))


def test_text_ends_where_it_stops_being_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"name: caf\xe9\n")
    assert read_text(path) == FileText("name: caf", bad_byte=9)


@pytest.mark.parametrize("size", [0, 3, 4, 5, 100_000])
def test_the_head_of_a_file_tells_whether_it_is_read(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(content := bytes(range(256)) * 400)
    with path.open("r+b") as file:
        file.truncate(size)
    heads: list[bytes] = []
    assert read_wanted(path, 4, lambda head: not heads.append(head)) == content[:size]
    assert read_wanted(path, 4, lambda head: bool(heads.append(head))) is None
    assert heads == [content[: min(size, 4)]] * 2


def test_a_file_over_the_limit_is_only_refused_when_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    os.truncate(path, files.MAX_FILE_BYTES + 1)
    assert read_wanted(path, 4, lambda _: False) is None
    with pytest.raises(UnreadableFile, match="is larger than 16 MiB") as refused:
        read_wanted(path, 4, lambda _: True)
    assert refused.value.too_large


def test_a_file_that_changes_after_its_head_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"before")

    def wants(_: bytes) -> bool:
        path.write_bytes(b"new and longer")
        return True

    assert read_wanted(path, 4, wants) == b"new and longer"


def test_a_file_that_others_replace_while_it_is_read_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"0" * 100_000)
    done = threading.Event()

    def keep_writing() -> None:
        for number in range(300):
            other = tmp_path / "other"
            other.write_bytes(str(number % 10).encode() * (100_000 + number))
            other.replace(path)
        done.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    while not done.is_set():
        assert len(set(read_bytes(path))) == 1
    writer.join()


# Folders


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("a link to itself", "is a link to itself. Remove it."),
        ("a link that leads nowhere", SAID["a link that leads nowhere"]),
        ("a file", "is not a folder. Move it away."),
        ("a pipe", "is not a folder. Move it away."),
        ("a socket", "is not a folder. Move it away."),
        ("a link to a device", "is not a folder. Move it away."),
        ("shut", "cannot be read: Permission denied. Make it readable for this user."),
    ],
)
def test_what_is_no_folder_is_told_wherever_a_glob_asks_for_one(
    tmp_path: Path, state: str, said: str
) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "a.yaml").touch()
    FOLDERS[state](tmp_path / "bad")
    with like_others():
        with pytest.raises(UnreadableFile) as told:
            names(tmp_path / "bad")
        found = find(tmp_path, read(("bad/*.yaml", "good/*.yaml")))
    assert str(told.value) == f"{tmp_path / 'bad'} {said}"
    assert found.files == [tmp_path / "good" / "a.yaml"]
    assert list(map(str, found.problems)) == [str(told.value)]


def test_a_file_in_the_way_of_a_folder_above_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableFile) as told:
        names(tmp_path / "file" / "a" / "b")
    assert told.value.path == tmp_path / "file"
    assert names(tmp_path / "absent" / "a") == []


def test_a_folder_named_like_a_file_is_told_but_not_for_stars(tmp_path: Path) -> None:
    (tmp_path / "flows" / "old.yaml").mkdir(parents=True)
    for glob, told in {"flows/*.yaml": 1, "flows/old.yaml": 1, "flows/*": 0, "**": 0}.items():
        assert len(find(tmp_path, read((glob,))).problems) == told


def test_a_search_has_a_bound_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ENTRIES", 10)
    for name in range(20):
        (tmp_path / f"{name}.yaml").touch()
    found = find(tmp_path, read(("*.yaml",)))
    assert len(found.files) == 10
    assert "holds more than 10 files" in str(found.problems[0])


def test_folders_within_folders_without_end_are_searched(tmp_path: Path) -> None:
    """Deeper than any path may be long."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(40):
        os.mkdir("d" * 120, dir_fd=here)
        here, before = os.open("d" * 120, os.O_RDONLY, dir_fd=here), here
        os.close(before)
    os.close(here)
    (tmp_path / "x.yaml").touch()
    found = find(tmp_path, read(("**/*.yaml",)))
    assert found.files == [tmp_path / "x.yaml"]
    assert "File name too long" in str(found.problems[0])


# Replacing


def _written(path: Path) -> bool:
    return replace(path, b"new", expected=Stamp.of(path)) is not None


def test_a_file_is_replaced_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    path.chmod(0o640)
    assert _written(path)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)
    assert names(tmp_path) == ["x"]


def test_a_file_that_is_no_longer_as_expected_is_left(tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert replace(path, b"new", expected=None) == Stamp.of(path)
    assert replace(path, b"newer", expected=None) is None
    expected = Stamp.of(path)
    path.write_text("theirs")
    assert replace(path, b"newer", expected=expected) is None
    assert (path.read_text(), names(tmp_path)) == ("theirs", ["x"])


@pytest.mark.parametrize("write", [_written, lambda path: write_private(path, b"new")])
def test_nothing_is_written_through_a_link(tmp_path: Path, write: Callable[[Path], object]) -> None:
    outside = tmp_path / "outside"
    outside.write_text("old")
    path = tmp_path / "x"
    path.symlink_to(outside)
    write(path)
    assert (outside.read_text(), path.read_text()) == ("old", "new")


@pytest.mark.parametrize("state", ["a folder", "shut folder", "name too long"])
def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, state: str) -> None:
    folder, name = tmp_path / "folder", "x"
    folder.mkdir()
    if state == "a folder":
        (folder / name).mkdir()
    elif state == "shut folder":
        folder.chmod(0o500)
    else:
        name *= 240
    with like_others(), pytest.raises(OSError):
        replace(folder / name, b"new", expected=Stamp.of(folder / name), durable=False)
    assert names(folder) == (["x"] if state == "a folder" else [])


def test_leftovers_are_files_of_ours(tmp_path: Path) -> None:
    (tmp_path / ".x.1234.stagewright-tmp").touch()
    (tmp_path / ".folder.stagewright-tmp").mkdir()
    (tmp_path / ".link.stagewright-tmp").symlink_to("x")
    (tmp_path / "mine.stagewright-tmp").touch()
    assert files.leftovers(tmp_path) == [tmp_path / ".x.1234.stagewright-tmp"]
    assert files.leftovers(tmp_path / "absent") == []


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("a/x", True),
        ("a/absent", True),
        ("a/../a/x", True),
        ("out", False),
        ("out/x", False),
        ("../x", False),
        ("loop", True),
        ("a/x\0", False),
    ],
)
def test_a_path_is_where_its_links_lead(tmp_path: Path, path: str, inside: bool) -> None:
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (root / "out").symlink_to("../elsewhere")
    (root / "loop").symlink_to("loop")
    assert (real_path(root / path, root) is not None) is inside
