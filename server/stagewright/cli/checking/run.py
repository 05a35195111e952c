"""A whole check: from paths to diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from stagewright.analysis.diagnostics.unverified import unverified
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.cli.checking.files import (
    Target,
    find_files,
    known_by,
    read_what_governs,
    workspace_of,
)
from stagewright.cli.checking.judge import Evidence, forget, judge, open_early, survey
from stagewright.cli.checking.processes import Crew, workers_for
from stagewright.cli.checking.result import Asking, CheckedFile, Result
from stagewright.dialects.choragen import FOLDER, ROLES_FILE
from stagewright.dialects.choragen.roles import RoleIndex, read_roles
from stagewright.dialects.dialect import Dialect
from stagewright.files import UnreadableFile, is_folder
from stagewright.options import options_from
from stagewright.providers.start import starting_catalog
from stagewright.settings import Settings
from stagewright.workspace import role_index


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be checked, and how."""

    paths: Sequence[Path]
    asking: Asking = Asking.USUAL
    within_days: int | None = None  # a retirement this near is an error
    fix: bool = False  # apply the preferred fixes
    code: bool = True  # source code and loose configuration as well


def check(
    request: Request,
    settings: Settings,
    environ: Mapping[str, str],
    advance: Callable[[float], None] = lambda _: None,
) -> Result:
    """Check files and folders. `advance` is told how much of the work is done, from 0 to 1."""
    now = datetime.now(UTC)
    options = options_from(settings, now=now, within_days=request.within_days)
    known = known_by(settings, code=request.code)
    targets, problems, left_out = find_files(request.paths, known)
    workers = workers_for([target.path for target in targets])
    if workers > 1:
        read_what_governs(targets)
    rounds = 1 if request.asking is Asking.OFFLINE else 2

    checked: list[CheckedFile] = []
    skipped: list[Path] = []
    empty = 0
    named: set[ModelReference] = set()
    elsewhere: set[ModelReference] = set()
    forget()
    roles = _role_indexes(targets)  # before processes are forked: what is read is theirs as well
    with Crew(targets, workers) as crew:
        if rounds == 2:
            for done, references in enumerate(crew.each(survey, None), 1):
                named.update(references)
                advance(done / len(targets) / 2)
        catalog = catalog_for(named, settings, environ, now, request.asking)
        ignore = settings.diagnostics.ignore
        evidence = Evidence(catalog, options, roles, request.fix, ignore)
        named.clear()
        for done, judged in enumerate(crew.each(judge, evidence), 1):
            named.update(judged.references)
            if judged.file is not None:
                checked.append(judged.file)
                if judged.file.dialect and _may_run_elsewhere(judged.file.dialect):
                    elsewhere.update(judged.references)
            elif judged.left_out is not None:
                left_out[judged.left_out] += 1
            elif judged.is_empty:
                empty += 1
            elif judged.problem is None and targets[done - 1].is_named:
                skipped.append(targets[done - 1].path)
            if judged.problem is not None:
                problems.append(judged.problem)
            advance(1 - (1 - done / len(targets)) / rounds)
    asked = request.asking is not Asking.OFFLINE
    left = tuple(unverified(named, catalog, now, asked=asked, elsewhere=elsewhere))
    found = tuple(dict.fromkeys(problems))
    return Result(
        tuple(checked), found, left, request.asking, tuple(skipped), empty, dict(left_out)
    )


def _may_run_elsewhere(dialect: Dialect) -> bool:
    """Whether files are another program's. Of source code no list says anything anyway."""
    return not dialect.runs_here and not dialect.presumes


def catalog_for(
    references: Collection[ModelReference],
    settings: Settings,
    environ: Mapping[str, str],
    now: datetime,
    asking: Asking,
) -> Catalog:
    """What is known of the models, asked for as far as that is wanted: live, also where a list of
    the last minutes is at hand."""
    if asking is Asking.OFFLINE or not references:
        return starting_catalog(settings, environ, now)
    from stagewright.cli.checking.asking import ask  # and asyncio, and an HTTP client

    return ask(references, settings, environ, force=asking is Asking.LIVE)


def _role_indexes(targets: Sequence[Target]) -> dict[Path, RoleIndex]:
    """The role index of every workspace that the files belong to.

    Nothing is said of roles where an index cannot be read, and where there is no workspace.
    """
    name = Path(ROLES_FILE).name
    checked = {one.path.absolute(): one for one in targets if one.path.name == name}
    indexes: dict[Path, RoleIndex] = {}
    for root in {workspace_of(target.path) for target in targets}:
        with suppress(Exception):  # why it cannot be read is told where it is checked itself
            target = checked.get(root / ROLES_FILE)
            index = role_index(root) if target is None else _roles_of(target)
            if index.exists or is_folder(root / FOLDER):
                indexes[root] = index
    return indexes


def _roles_of(target: Target) -> RoleIndex:
    """The roles of an index that is checked itself, too. Raises UnreadableFile."""
    document, bad_byte, _, _ = open_early(target)
    if document is None or bad_byte is not None:
        raise UnreadableFile(target.path, "is not UTF-8")
    return read_roles(document)
