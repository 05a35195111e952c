"""What a workflow's work is about: a request's id or title, and the requests that Choragen keeps.

Choragen keeps each request in a Markdown file of its own, by kind and status:
`docs/requests/change-requests/doing/CR-20251211-002-agents-from-web.md`. The file begins with
`# Change Request: Agents from the web` and has a line `**ID**: CR-20251211-002`. Another folder may
be named in `.choragen/config.yaml` as `paths.requests`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PureWindowsPath

from stagewright.files import (
    UnreadableFile,
    is_folder,
    is_link,
    names,
    read_head,
    read_text,
    real_path,
)
from stagewright.text.buffer import Buffer
from stagewright.text.nodes import MappingNode, ScalarNode
from stagewright.text.yaml import recovery
from stagewright.workflows.errors import WorkflowError

ADHOC = "ADHOC"
"""The `requestId` of workflows that are about no request, as Choragen writes it."""

UNNAMED = "this request"
"""What a model is told in place of `ADHOC`."""

LONGEST = 200
"""Characters of a request's id or title. More belongs into a message."""

MOST_FILES = 5000
"""Files that are looked at below the folder of the requests."""

CONFIGURATION = ".choragen/config.yaml"
DEFAULT_FOLDER = "docs/requests"
STATUSES = ("doing", "todo", "backlog", "done")
"""Folders of requests, in the order in which they are offered."""

_DEPTH = 4
_HEAD_BYTES = 8192  # of a file: its title and id stand in the first lines
_JOINERS = "\u200c\u200d"  # parts of words and of emoji; other invisible characters are dropped
_ID = re.compile(r"^\s*(?:[-*]\s+)?\*\*ID\*\*:\s*(\S+)", re.MULTILINE)
_NAMED_ID = re.compile(r"[A-Za-z]{2,}-\d{8}-\d{3,}(?!\d)")
_TITLE = re.compile(r"^#\s+(?:(?:Change|Fix) Request:\s*)?(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request as its file tells it."""

    id: str
    title: str  # empty where the file has none
    status: str  # the folder that it lies in, such as `doing`
    path: Path


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of a workspace, those that are worked on first, and what could not be read."""

    folder: Path
    files: tuple[RequestFile, ...]
    problems: tuple[str, ...] = ()

    def title(self, request_id: str) -> str:
        """A request's title; empty where no file tells one."""
        return self.titles.get(request_id, "")

    @property
    def titles(self) -> dict[str, str]:
        """Titles by id, of the requests that have one."""
        return {one.id: one.title for one in self.files if one.title}


def clean(text: str | None) -> str:
    """A request's id or title as it is kept: one line, without invisible characters.

    `ADHOC` where there is none. Raises WorkflowError `request-too-long`.
    """
    kept = _one_line(text or "")
    if len(kept) > LONGEST:
        raise WorkflowError(
            "request-too-long",
            f"A request's id or title has at most {LONGEST} characters, and this has "
            f"{len(kept):,}. Give it a short title, and say the rest in the first message.",
        )
    return ADHOC if kept.upper() == ADHOC or not kept else kept


def subject(request_id: str, title: str) -> str:
    """A request in a sentence to a model."""
    if request_id == ADHOC:
        return UNNAMED
    return f"{request_id} ({title})" if title and title != request_id else request_id


def find(root: Path) -> Requests:
    """The requests of the workspace `root`. Never raises; follows no links."""
    folder, problems = _folder(root)
    found: dict[str, RequestFile] = {}
    paths = list(islice(_markdown(folder, _DEPTH), MOST_FILES + 1))
    if len(paths) > MOST_FILES:
        problems.append(f"{folder} holds more than {MOST_FILES:,} files; the others were not read.")
    for path in paths[:MOST_FILES]:
        try:
            request = _read(path)
        except UnreadableFile as error:
            problems.append(str(error))
            continue
        if request is not None:
            found.setdefault(request.id, request)
    newest_first = sorted(found.values(), key=lambda one: one.id, reverse=True)
    return Requests(folder, tuple(sorted(newest_first, key=_rank)), tuple(problems))


def _rank(request: RequestFile) -> int:
    known = request.status in STATUSES
    return STATUSES.index(request.status) if known else len(STATUSES)


def _folder(root: Path) -> tuple[Path, list[str]]:
    """Where the requests lie: as the configuration says, inside the workspace only."""
    named = None
    try:
        named = _configured(read_text(root / CONFIGURATION).text)
    except UnreadableFile as error:
        return root / DEFAULT_FOLDER, [] if error.absent else [str(error)]
    if named is None:
        return root / DEFAULT_FOLDER, []
    folder = root / named
    rooted = PureWindowsPath(named).anchor or Path(named).is_absolute()
    if rooted or real_path(folder, root) is None:
        problem = (
            f"{CONFIGURATION}: paths.requests leads out of the workspace ({named}); "
            f"{DEFAULT_FOLDER} is read instead."
        )
        return root / DEFAULT_FOLDER, [problem]
    return folder, []


def _configured(text: str) -> str | None:
    """`paths.requests` of a configuration, of any text at all."""
    node = recovery.read(Buffer(text).lines).node
    paths = node.get("paths") if isinstance(node, MappingNode) else None
    folder = paths.get("requests") if isinstance(paths, MappingNode) else None
    return folder.value.strip() or None if isinstance(folder, ScalarNode) else None


def _markdown(folder: Path, depth: int) -> Iterator[Path]:
    """Markdown files below a folder, in order. Links and hidden folders are passed over."""
    try:
        listed = [folder / name for name in names(folder)]
    except UnreadableFile:
        return  # there is none, or it is not to be seen
    for path in listed:
        if is_link(path):
            continue
        if is_folder(path):
            if depth > 1 and not path.name.startswith("."):
                yield from _markdown(path, depth - 1)
        elif path.name.lower().endswith(".md"):
            yield path


def _read(path: Path) -> RequestFile | None:
    """The request of a file; None where it holds none. Raises UnreadableFile."""
    head = read_head(path, _HEAD_BYTES).decode("utf-8", "replace").replace("\r\n", "\n")
    written = _ID.search(head)
    in_name = _NAMED_ID.match(path.stem)
    request_id = _one_line(written[1] if written else in_name[0] if in_name else "")
    if not request_id or len(request_id) > LONGEST or "{{" in request_id:  # a blank form
        return None
    title = _TITLE.search(head)
    return RequestFile(request_id, shortened(title[1] if title else ""), path.parent.name, path)


def shortened(text: str, most: int = 100) -> str:
    """Text for a title: on one line, of at most so many characters."""
    line = _one_line(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _one_line(text: str) -> str:
    """Text without line ends, control characters and characters that change its direction."""
    shown = (_visible(character) for character in unicodedata.normalize("NFC", text))
    return " ".join("".join(shown).split())


def _visible(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" if character not in _JOINERS:
            return ""
        case "Cs":
            return "\ufffd"
        case _:
            return character
