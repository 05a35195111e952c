"""A whole inventory: from paths to every place where a model is named, and its standing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from stagewright.analysis.diagnostics.unverified import unverified
from stagewright.analysis.inventory import Inventory, read_in_part, rows
from stagewright.analysis.named import Named, named_in
from stagewright.cli.checking.failures import log_failure
from stagewright.cli.checking.files import Target, find_files, known_by, read_what_governs
from stagewright.cli.checking.processes import Crew, workers_for
from stagewright.cli.checking.result import Asking
from stagewright.cli.checking.run import Request, catalog_for
from stagewright.cli.reports.common import shown_path
from stagewright.files import UnreadableFile
from stagewright.options import options_from
from stagewright.settings import Settings
from stagewright.walk import LeftOut


class Names(NamedTuple):
    """What one file names."""

    named: tuple[Named, ...]
    problem: str = ""
    warning: str = ""
    is_ours: bool = True  # a dialect claims it
    left_out: LeftOut | None = None


def take_inventory(
    request: Request,
    settings: Settings,
    environ: Mapping[str, str],
    advance: Callable[[float], None] = lambda _: None,
) -> Inventory:
    """Read files and folders. `advance` is told how much of the work is done, from 0 to 1."""
    now, here = datetime.now(UTC), Path.cwd()
    known = known_by(settings, code=request.code)
    targets, problems, left_out = find_files(request.paths, known)
    workers = workers_for([target.path for target in targets])
    if workers > 1:
        read_what_governs(targets)
    places: list[tuple[str, Named]] = []
    warnings: list[str] = []
    skipped: list[str] = []
    read = 0
    with Crew(targets, workers) as crew:
        for done, (target, found) in enumerate(
            zip(targets, crew.each(read_names, None), strict=True), 1
        ):
            path = shown_path(target.path, here)
            places += ((path, one) for one in found.named)
            read += found.is_ours and not found.problem and not found.left_out
            if found.left_out is not None:
                left_out[found.left_out] += 1
            problems += filter(None, (found.problem,))
            warnings += filter(None, (found.warning,))
            skipped += (path,) if target.is_named and not found.is_ours else ()
            advance(done / len(targets))
    references = {one.reference for _, one in places if one.reference}
    catalog = catalog_for(references, settings, environ, now, request.asking)
    asked = request.asking is not Asking.OFFLINE
    return Inventory(
        rows(places, catalog, options_from(settings, now=now)),
        read,
        tuple(unverified(references, catalog, now, asked=asked)),
        tuple(dict.fromkeys(problems)),
        tuple(warnings),
        tuple(skipped),
        {one.value: number for one, number in left_out.items()},
    )


def read_names(_: None, target: Target) -> Names:
    """The places of a file where a model is named. Where we fail, that is logged, and told."""
    path = target.path
    try:
        opened = target.open()
        if opened.document is None:
            return Names((), left_out=opened.left_out, is_ours=opened.is_ours)
        named = tuple(named_in(opened.document))
    except UnreadableFile as error:
        return Names((), problem=str(error))
    except Exception as error:  # noqa: BLE001 - files are apart
        log = log_failure(path, error, os.environ)
        return Names((), problem=f"Stagewright failed on {path}. {log}")
    bad = opened.bad_byte
    return Names(named, warning="" if bad is None else read_in_part(str(path), bad))
