"""What `make release-check` looks for in archives, on archives that are wrong in one thing each."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.release.artifacts import faults, read

INFO = "stagewright-1.2.3.dist-info"
METADATA = """\
Metadata-Version: 2.4
Name: stagewright
Version: 1.2.3
Summary: Knows models.
License-Expression: MIT
License-File: LICENSE
Description-Content-Type: text/markdown
Requires-Dist: attrs>=25

[A page](https://example.org/page) and [a place](#here).
"""
MANIFEST = {
    "version": "1.2.3",
    **dict.fromkeys(("publisher", "repository", "license", "icon"), "x"),
    **dict.fromkeys(("displayName", "description"), "x"),
}


def zipped(path: Path, files: Mapping[str, str | bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def tarred(path: Path, files: Mapping[str, str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))


def made(
    folder: Path,
    *,
    metadata: str = METADATA,
    manifest: Mapping[str, str] = MANIFEST,
    wheel: Mapping[str, str] | None = None,
    inner: bytes | None = None,
    name: str = "stagewright-1.2.3",
    licence: str = "stagewright-1.2.3/LICENSE",
) -> Iterator[str]:
    """What is told of three archives, of which these parts are other than usual."""
    paths = [
        folder / f"{name}-py3-none-any.whl",
        folder / f"{name}.tar.gz",
        folder / f"{name}.vsix",
    ]
    zipped(
        paths[0],
        {
            "stagewright/__init__.py": "",
            f"{INFO}/METADATA": metadata,
            f"{INFO}/licenses/LICENSE": "MIT",
            **(wheel or {}),
        },
    )
    tarred(paths[1], {licence: "MIT"})
    zipped(
        paths[2],
        {
            "extension/package.json": json.dumps(manifest),
            "extension/LICENSE.txt": "MIT",
            f"extension/server/{paths[0].name}": inner or paths[0].read_bytes(),
        },
    )
    return faults(map(read, paths), "1.2.3", ["/home/me/checkout", "/"])


def test_nothing_is_wrong(tmp_path: Path) -> None:
    assert list(made(tmp_path)) == []


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"name": "stagewright-1.2.4"}, "stagewright-1.2.4.vsix is not of version 1.2.3."),
        ({"licence": "stagewright-1.2.3/licence"}, "stagewright-1.2.3.tar.gz has no licence."),
        ({"wheel": {"tests/a.py": ""}}, "has tests/a.py, which belongs into none."),
        ({"wheel": {"stagewright/a.pyc": ""}}, "has stagewright/a.pyc, which belongs"),
        ({"wheel": {"stagewright/.env": "K=1"}}, "has stagewright/.env, which belongs"),
        (
            {"wheel": {"stagewright/a.py": "x = '/home/me/checkout/y'"}},
            "stagewright/a.py tells b'/home/me/checkout'.",
        ),
        ({"inner": b"other"}, "holds another stagewright-1.2.3-py3-none-any.whl than the one"),
        ({"manifest": MANIFEST | {"version": "1.2.2"}}, "The VSIX says that it is 1.2.2"),
        ({"manifest": MANIFEST | {"icon": ""}}, "The VSIX's manifest has no `icon`."),
        ({"metadata": METADATA.replace("1.2.3", "1.2.2")}, "The wheel says that it is 1.2.2"),
        ({"metadata": METADATA.replace("/markdown", "/plain")}, "The description must be Markdown"),
        ({"metadata": METADATA.replace("Summary: Knows models.\n", "")}, "The summary is missing"),
        ({"metadata": METADATA.replace("License-File: LICENSE\n", "")}, "The licence is not told."),
        ({"metadata": METADATA.replace("attrs>=25", "a @ https://example.org/a")}, "needs a URL"),
        ({"metadata": METADATA.replace("https://example.org/", "docs/")}, "link `docs/page` leads"),
        ({"metadata": METADATA.replace("Name: stagewright\n", "")}, "Metadata: "),
        ({"metadata": METADATA.replace("attrs>=25", "not one")}, "Metadata: "),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_is_told(tmp_path: Path, parts: Mapping[str, object], said: str) -> None:
    told = list(made(tmp_path, **parts))  # type: ignore[arg-type]
    assert any(said in one for one in told), told


def test_one_is_missing(tmp_path: Path) -> None:
    zipped(tmp_path / "stagewright-1.2.3.vsix", {})
    archives = [read(tmp_path / "stagewright-1.2.3.vsix")]
    assert list(faults(archives, "1.2.3", [])) == [
        "There must be a wheel, an sdist and a VSIX, not .vsix."
    ]
