"""The commands that tell which models a workspace names, and in which files they are looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from stagewright.analysis.diagnostics.unverified import unverified
from stagewright.analysis.inventory import Inventory, read_in_part, rows, to_json
from stagewright.analysis.inventory_csv import to_csv
from stagewright.analysis.named import Named, named_in
from stagewright.analysis.report_text import to_text
from stagewright.foreign import json_escaped
from stagewright.lsp.convert import range_json
from stagewright.lsp.documents import path_of
from stagewright.lsp.failures import apart
from stagewright.lsp.files import File, Problems, Sifted, every_file, read_file
from stagewright.lsp.progress import Progress, cancellable
from stagewright.lsp.session import Session
from stagewright.options import listed_dialects


@dataclass
class _Reading:
    """What has been read: for each place its path, with what LSP's clients are told besides."""

    places: list[tuple[str, Named]] = field(default_factory=list)
    locations: dict[tuple[str, Named], dict[str, Any]] = field(default_factory=dict)
    files: int = 0
    problems: Problems = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    sifted: Sifted = field(default_factory=Sifted)


async def workspace_inventory(session: Session, uris: list[str] | None = None) -> dict[str, Any]:
    """Every place of the workspace, or of some files, where a model is named.

    Of the workspace with progress that can be cancelled.
    """
    if uris is None:
        read, found = await _whole(session)
    else:
        read = _Reading()
        for uri in uris:
            if (file := await read_file(session, uri, read.problems)) is not None:
                with apart(session.news, file.uri):
                    _take_down(session, file, read)
        found = await _judged(session, read)
    told = to_json(found)
    for row, one in zip(found.rows, told["references"], strict=True):
        one |= read.locations[row.path, row.named]
    return told


async def workspace_export_inventory(
    session: Session, format_: Literal["json", "csv"]
) -> dict[str, Any]:
    """What the command line prints as the inventory of the workspace."""
    _, found = await _whole(session)
    if format_ == "csv":
        return {"text": to_csv(found.rows)}
    return {"text": f"{json_escaped(to_text(to_json(found)))}\n"}


async def _whole(session: Session) -> tuple[_Reading, Inventory]:
    """The inventory of all files, with progress that can be cancelled."""
    title = "Taking the inventory of models"
    return await cancellable(session, title, "The inventory", partial(_inventory, session))


async def _inventory(session: Session, shown: Progress) -> tuple[_Reading, Inventory]:
    read = _Reading()
    async for file in every_file(session, shown.report, read.problems, read.sifted):
        with apart(session.news, file.uri):
            _take_down(session, file, read)
    return read, await _judged(session, read, shown.report)


async def _judged(
    session: Session, read: _Reading, report: Callable[[str], None] | None = None
) -> Inventory:
    """What was read, and what the providers in use say of it, who are asked first."""
    references = {one.reference for _, one in read.places if one.reference}
    await (await session.awake()).learn(references, progress=report)
    catalog, options = session.catalog, session.options()
    return Inventory(
        rows(read.places, catalog, options),
        read.files + read.sifted.empty,
        tuple(unverified(references, catalog, options.now)),
        tuple(map(str, read.problems.values())),
        tuple(read.warnings),
        left_out=read.sifted.left_out,
    )


def _take_down(session: Session, file: File, read: _Reading) -> None:
    """Take down what one file names."""
    path = path_of(file.uri)
    root = session.roots.of(path) if path else None
    inside = path is not None and root is not None and path.is_relative_to(root)
    name = path.relative_to(root).as_posix() if inside and path and root else str(path or file.uri)
    read.files += 1
    if file.bad_byte is not None:
        read.warnings.append(read_in_part(name, file.bad_byte))
    for named in named_in(file.document):
        span = range_json(file.document.lines, named.span, session.client.encoding)
        read.places.append((name, named))
        read.locations[name, named] = {"uri": file.uri, "range": span}


def dialects_list(session: Session) -> dict[str, Any]:
    """The kinds of files that are read, and those that are turned off."""
    return {"dialects": [one.to_json() for one in listed_dialects(session.settings)]}
