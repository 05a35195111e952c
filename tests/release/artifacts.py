"""What is published, read as archives: what must be in it, what must not, and what it says."""

from __future__ import annotations

import json
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.metadata import Metadata

LICENCES = {
    ".whl": r"stagewright-[^/]+\.dist-info/licenses/LICENSE",
    ".gz": r"stagewright-[^/]+/LICENSE",
    ".vsix": r"extension/LICENSE\.txt",
}
"""Where each kind of archive has the licence."""

STRANGERS = re.compile(
    r"(^|/)(tests?|node_modules|__pycache__|\.git|\.venv|\.env[^/]*)(/|$)|\.pyc$"
)
"""What belongs into none."""

LONGEST_SUMMARY = 512


@dataclass(frozen=True)
class Archive:
    """An archive with all that is in it."""

    path: Path
    files: Mapping[str, bytes]

    def sole(self, pattern: str) -> bytes:
        """The one file whose whole name fits."""
        [name] = [name for name in self.files if re.fullmatch(pattern, name)]
        return self.files[name]


def read(path: Path) -> Archive:
    """A wheel, a source distribution or a VSIX."""
    if path.suffix == ".gz":
        with tarfile.open(path) as tar:
            members = [(one.name, tar.extractfile(one)) for one in tar if one.isfile()]
            return Archive(path, {name: file.read() for name, file in members if file})
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return Archive(path, {name: archive.read(name) for name in names})


def faults(archives: Iterable[Archive], version: str, paths: Iterable[str]) -> Iterator[str]:
    """What is wrong with the archives of a version. `paths` of this machine are told by none."""
    found = {one.path.suffix: one for one in archives}
    if set(found) != set(LICENCES):
        yield f"There must be a wheel, an sdist and a VSIX, not {', '.join(found) or 'nothing'}."
        return
    for suffix, archive in found.items():
        yield from _everywhere(archive, version, paths, LICENCES[suffix])
    wheel, vsix = found[".whl"], found[".vsix"]
    yield from _metadata(wheel.sole(r".*\.dist-info/METADATA"), version)
    yield from _manifest(vsix.sole(r"extension/package\.json"), version)
    inside = [name for name in vsix.files if name.endswith(".whl")]
    if inside != [f"extension/server/{wheel.path.name}"]:
        yield f"{vsix.path.name} must hold {wheel.path.name}, not {inside}."
    elif vsix.files[inside[0]] != wheel.path.read_bytes():
        yield f"{vsix.path.name} holds another {wheel.path.name} than the one published."


def _everywhere(
    archive: Archive, version: str, paths: Iterable[str], licence: str
) -> Iterator[str]:
    name = archive.path.name
    if not name.startswith((f"stagewright-{version}-", f"stagewright-{version}.")):
        yield f"{name} is not of version {version}."
    if not any(re.fullmatch(licence, one) for one in archive.files):
        yield f"{name} has no licence."
    for one in archive.files:
        if STRANGERS.search(one):
            yield f"{name} has {one}, which belongs into none."
    told = {path.encode() for path in paths if path.strip("/")}
    for one, data in archive.files.items():
        if not one.endswith(".png"):
            yield from (f"{name}: {one} tells {path!r}." for path in told if path in data)


def _metadata(data: bytes, version: str) -> Iterator[str]:
    """What an index would refuse or show badly."""
    try:
        told = Metadata.from_email(data, validate=True)
    except ExceptionGroup as group:
        yield from (f"Metadata: {error}" for error in group.exceptions)
        return
    if str(told.version) != version:
        yield f"The wheel says that it is {told.version}, not {version}."
    if told.description_content_type != "text/markdown":
        yield f"The description must be Markdown, not {told.description_content_type}."
    if not told.summary or len(told.summary) > LONGEST_SUMMARY:
        yield "The summary is missing, or too long for an index."
    if told.license_expression != "MIT" or told.license_files != ["LICENSE"]:
        yield "The licence is not told."
    for one in told.requires_dist or []:
        if one.url:
            yield f"An index takes no package that needs a URL: {one}."
    for link in re.findall(r"\]\((?!https?://|#)([^)]*)\)", told.description or ""):
        yield f"The description's link `{link}` leads nowhere on an index."


def _manifest(data: bytes, version: str) -> Iterator[str]:
    told = json.loads(data)
    if told["version"] != version:
        yield f"The VSIX says that it is {told['version']}, not {version}."
    for key in ("publisher", "repository", "license", "icon", "displayName", "description"):
        if not told.get(key):
            yield f"The VSIX's manifest has no `{key}`."
