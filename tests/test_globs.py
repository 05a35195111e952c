"""Globs: what they mean, which are refused and why, and that none takes longer than any other."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.files import find
from stagewright.globs import MAX_GLOBS, fits_in, read, usable


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("**/flows/*.yaml", "/w/a/b/flows/x.yaml", True),
        ("flows/**/*.yaml", "/w/flows/a/b/x.yaml", True),
        ("flows/**/*.yaml", "/w/flows/x.yaml", True),
        ("flows/**", "/w/flows/a/b/x.txt", True),
        ("flows/**/**/x.yaml", "/w/flows/x.yaml", True),
        ("flows/?.yaml", "/w/flows/xy.yaml", False),
        ("./flows//*.{yaml,yml}", "/w/flows/xy.yml", True),
        ("flows/{a,b}.{yaml,yml}", "/w/flows/b.yml", True),
        ("flows/{,old-}a.yaml", "/w/flows/a.yaml", True),
        ("flows/[a-c].yaml", "/w/flows/d.yaml", False),
        ("flows/[[]x[]]].yaml", "/w/flows/[x].yaml", False),
        ("flows/[[]x[]].yaml", "/w/flows/[x].yaml", True),
        ("flows/[!]]].yaml", "/w/flows/a].yaml", True),
        ("flows/a+b.yaml", "/w/flows/aab.yaml", False),
        ("flows/*.yaml", "/w/flows/.hidden.yaml", True),
        ("flows/*.yaml", "/w/flows/a\nb.yaml", True),
        ("flows/*.yaml", "flows/a.yaml", True),
        ("flows/*.yaml", "a.yaml", False),
        ("a/**/b/**/c", "/a/x/b/y/z/c", True),
        ("a/**/b/**/c", "/a/x/y/z/c", False),
    ],
)
def test_what_globs_mean(glob: str, path: str, fits: bool) -> None:
    assert usable([glob]) == ((glob,), ())
    assert read((glob,)).fits(PurePosixPath(path)) is fits


@pytest.mark.parametrize(
    ("glob", "why"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        (".", "names no file"),
        ("{.,a}", "names no file"),
        ("/etc/*.yaml", "is absolute"),
        ("//host/*.yaml", "is absolute"),
        ("{/,}etc/*.yaml", "is absolute"),
        ("C:/flows/*.yaml", "is absolute"),
        ("C:\\flows\\*.yaml", "is absolute"),
        ("../*.yaml", "must not leave the workspace folder"),
        ("flows/../../*.yaml", "must not leave the workspace folder"),
        ("{..,flows}/*.yaml", "must not leave the workspace folder"),
        ("**.yaml", "has `**` beside other characters"),
        ("flows/a**/x.yaml", "has `**` beside other characters"),
        ("flows/***/x.yaml", "has `**` beside other characters"),
        ("flows/{a,b.yaml", "has unbalanced or nested braces"),
        ("flows/a}.yaml", "has unbalanced or nested braces"),
        ("flows/{a,{b,c}}.yaml", "has unbalanced or nested braces"),
        ("flows/[.yaml", "has a bracket that is not closed"),
        ("flows/[]/x.yaml", "has a bracket that is not closed"),
        ("flows/[!].yaml", "has a bracket that is not closed"),
        ("[a]/{b,c[}.yaml", "has a bracket that is not closed"),
        ("{a,b}" * 7, "expands to more than 100 globs"),
        ("{" + "," * 200 + "}", "expands to more than 100 globs"),
        ("a/" * 51 + "x.yaml", "has more than 50 names"),
        ("*" * 10_000, "is longer than 1,000 characters"),
        ("flows/\0.yaml", "holds characters that cannot be shown"),
        ("flows/\ud800.yaml", "holds characters that cannot be shown"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_told(tmp_path: Path, glob: str, why: str) -> None:
    good, bad = usable(["good/*.yaml", glob])
    assert good == ("good/*.yaml",)
    assert [(one, why in said) for one, said in bad] == [(glob, True)]
    assert not read((glob,)).fits(PurePosixPath("/etc/passwd"))
    assert find(tmp_path, read((glob,))) == ([], [])


def test_globs_are_counted_with_their_braces() -> None:
    globs = [f"{number}/*.{{yaml,yml}}" for number in range(MAX_GLOBS)]
    good, bad = usable(globs)
    assert (len(good), len(bad)) == (MAX_GLOBS // 2, MAX_GLOBS // 2)
    assert bad[0] == (
        globs[50],
        "is left out: at most 100 globs are used, braces expanded",
    )


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*a" * 400 + "b", "a" * 255),
        ("?*" * 400 + "b", "a" * 255),
        ("[ab]*" * 199 + "c", "ab" * 127),
        ("**/a/" * 24 + "b", "a/" * 2_000 + "c"),
        ("**/" * 40 + "*a*a*a*a*b", "a/" * 2_000 + "a" * 255),
        ("{a,b}/**/" * 6 + "**/*a*b", "a/" * 2_000 + "a" * 200),
    ],
)
def test_stars_cost_no_more_than_names_times_parts(glob: str, path: str) -> None:
    """Ways that are tried one after another would be more than this test's life is long."""
    assert usable([glob])[1] == ()
    assert not read((glob,)).fits(PurePosixPath("/" + path))


@given(st.text("ab*?{},./[]!\\", max_size=12), st.text("ab./", max_size=12))
def test_no_text_raises(glob: str, path: str) -> None:
    good, bad = usable([glob])
    assert len(good) + len(bad) == 1
    read((glob,)).fits(PurePosixPath(path))


@pytest.mark.parametrize(
    ("glob", "found"),
    [
        ("**/*.yaml", ["a/b/x.yaml", "flows/a/x.yaml", "flows/x.yaml", "x.yaml"]),
        ("flows/**", ["flows/a/x.yaml", "flows/x.yaml"]),
        ("**/flows/**/*.{yaml,yml}", ["a/flows/b/x.yml", "flows/a/x.yaml", "flows/x.yaml"]),
        ("*/?/x.yaml", ["a/b/x.yaml", "flows/a/x.yaml"]),
        ("x.yaml", ["x.yaml"]),
        ("[a-e]/**/b/*", ["a/b/x.yaml", "a/flows/b/x.yml"]),
    ],
)
def test_what_is_found_fits(tmp_path: Path, glob: str, found: list[str]) -> None:
    for place in ("x.yaml", "flows/x.yaml", "flows/a/x.yaml", "a/flows/b/x.yml", "a/b/x.yaml"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()
    files = find(tmp_path, read((glob,))).files
    assert [path.relative_to(tmp_path).as_posix() for path in files] == found
    assert all(map(read((glob,)).fits, files))


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("gen", "/tests/w/gen/a/b.py", True),
        ("gen", "/tests/w/a/gen/b.py", True),
        ("gen/*.py", "/tests/w/gen/b.py", True),
        ("gen/**", "/tests/w/gen/a/b.py", True),
        ("**/*.gen.*", "/tests/w/b.gen.py", True),
        ("{old,new}/deep", "/tests/w/new/deep/b.py", True),
        ("gen", "/tests/w/general/b.py", False),
        ("tests", "/tests/w/b.py", False),  # only what lies below the folder counts
        ("tests/**", "/tests/w/b.py", False),
        ("tests", "/elsewhere/tests/b.py", True),
    ],
)
def test_a_glob_of_a_folder_means_all_in_it(glob: str, path: str, fits: bool) -> None:
    assert fits_in((glob,), PurePosixPath(path), PurePosixPath("/tests/w")) is fits
