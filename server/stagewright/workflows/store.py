"""One workspace's workflow files and their index: locked, atomic, and never at odds for long.

The workflow files are the truth; the index repeats some of it, and is brought up to date from them
with every write and on the next start after a crash. A workflow is written before its entry in the
index; a new id is noted in the index first, so that no program gives it out again.

What cannot be read is left exactly as it is. With an unreadable index all goes on without one: it
is reported, not written, and rebuilt once it has been fixed or moved away.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from stagewright import files
from stagewright.dialects.choragen import FOLDER, WORKFLOWS_FOLDER
from stagewright.files import Stamp, UnreadableFile
from stagewright.workflows import state
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.index import WORKFLOW_ID, Summary, numbers_of, update_index
from stagewright.workflows.locking import Busy, FolderLock, Unlockable
from stagewright.workflows.settled import read_settled
from stagewright.workflows.state import Index, Workflow

WRITE_ATTEMPTS = 5
"""How often a change is made anew because a program without the lock wrote in between."""

_log = logging.getLogger(__name__)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that cannot be read, and was left as it is; the message is for people."""

    path: Path
    message: str


class WorkflowStore:
    """The workflow files below one folder. May be used from any thread."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / WORKFLOWS_FOLDER
        self.index_path = root / FOLDER / "workflow-index.json"
        self._lock_path = self.folder / ".stagewright.lock"
        self._lock = FolderLock(self._lock_path, self._make_folder)
        self._seen: dict[str, tuple[Stamp, Summary | Problem]] = {}
        self._settled = False

    def path(self, workflow_id: str) -> Path:
        """Where a workflow's file is or would be. Raises WorkflowError for what is no id."""
        if not WORKFLOW_ID.fullmatch(workflow_id):
            raise WorkflowError(
                "workflow-unknown",
                f"`{workflow_id}` is not a workflow's id, which looks like WF-20260131-001;"
                " list the workflows to see which there are.",
            )
        return self.folder / f"{workflow_id}.json"

    def real(self, path: Path) -> Path:
        """Where a path of this workspace really is. Raises WorkflowError when that is elsewhere."""
        real = files.real_path(path, self.root)
        if real is None:
            raise WorkflowError(
                "outside-workspace",
                f"{self.shown(path)} leads out of the workspace; put a real file or folder in its"
                " place.",
            )
        return real

    def shown(self, path: Path) -> str:
        """A path for people: from the workspace on where it is in there."""
        real = files.real_path(self.root, self.root)
        for root in (self.root, real or self.root):
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return str(path)

    async def in_turn(self, work: Callable[[], Result], threads: Executor) -> Result:
        """What `work` gives, which may write here, done in a thread when this workspace is free.

        Waiting for that takes no thread. Raises WorkflowError, and what `work` raises.
        """
        with self._refusing():
            return await self._lock.in_turn(work, threads)

    def read(self, workflow_id: str) -> Workflow:
        """A workflow as its file says now. Raises WorkflowError."""
        self._settle()
        return self._load(workflow_id)[0]

    def scan(self) -> tuple[list[Summary], list[Problem]]:
        """Every workflow by id, and every file that cannot be read; only changed files are read."""
        self._settle()
        found = self._survey().values()
        problems = [entry for entry in found if isinstance(entry, Problem)]
        try:
            files.names(self.folder)
        except UnreadableFile as error:
            problems.append(Problem(error.path, f"{self.shown(error.path)} {error.why}."))
        try:
            self._load_index()
        except ValueError as error:
            message = (
                f"{self.shown(self.index_path)} cannot be read ({error}). It is left as it is and"
                " not kept up to date; fix it, or move it away to have it rebuilt."
            )
            problems.append(Problem(self.index_path, message))
        return [entry for entry in found if isinstance(entry, Summary)], problems

    def mutate(
        self, workflow_id: str, change: Callable[[Workflow], Result]
    ) -> tuple[Workflow, Result]:
        """Change a workflow as its file says now, and save it.

        `change` may be called more than once, each time on a fresh reading; when it raises, nothing
        is written. Raises WorkflowError.
        """
        self._settle()
        if not files.exists(self._lock_path):
            # What is refused in a workspace of another program leaves no trace, not even a lock.
            change(self.read(workflow_id))
        with self._locked():
            for _ in range(WRITE_ATTEMPTS):
                workflow, before, stamp = self._load(workflow_id)
                entry = Summary.of(workflow).index_entry()
                result = change(workflow)
                data = self._bytes(workflow)
                if data == before:
                    return workflow, result
                if self._save(workflow, data, stamp):
                    if Summary.of(workflow).index_entry() != entry:
                        self._refresh_index()
                    return workflow, result
        raise self._busy(workflow_id)

    def create(self, day: str, build: Callable[[str], Workflow]) -> Workflow:
        """Save a new workflow under the next free id of a local date, YYYYMMDD.

        `build` makes the workflow of the id that it is given. Raises WorkflowError.
        """
        self._settle()
        with self._locked():
            number = self._next_number(day)
            workflow = build(f"WF-{day}-{number:03}")
            self._refresh_index(reserve=(day, number))
            if not self._save(workflow, self._bytes(workflow), None):
                raise self._busy(workflow.id)
            self._refresh_index()
        return workflow

    def repair(self, wait: float | None = None) -> None:
        """Put right what a crash left: the index is brought up to date, leftovers are deleted.

        Done before anything else by itself. Writes nothing where nothing is to be done. Raises
        WorkflowError, also where others still write after `wait` seconds, LOCK_SECONDS if None.
        """
        self._settled = True
        leftovers = [*files.leftovers(self.folder), *files.leftovers(self.folder.parent)]
        if not leftovers and not self._index_is_stale():
            return
        with self._locked(wait):
            # No writer is at work now, so what looks like a leftover is one.
            for folder in (self.folder, self.folder.parent):
                for leftover in files.leftovers(folder):
                    with suppress(OSError):
                        leftover.unlink()
            self._refresh_index()

    def rewrite(self, path: Path, make: Callable[[], str | None]) -> None:
        """Put a text of this workspace in its place, made from what is there.

        `make` is called more than once, each time to read anew; nothing is written when it gives
        None or raises. Raises WorkflowError.
        """
        if make() is None:
            return  # nobody is to wait for that
        real = self.real(path)
        with self._locked():
            for _ in range(WRITE_ATTEMPTS):
                stamp = Stamp.of(real)
                text = make()
                if text is None or self._replace(real, text.encode("utf-8", "replace"), stamp):
                    return
        raise self._busy(self.shown(path))

    def _settle(self) -> None:
        if not self._settled:
            try:
                self.repair(wait=0)
            except WorkflowError as error:
                # Who holds the lock brings the index up to date; the next look makes sure of it.
                self._settled = error.code != "workspace-busy"
                if self._settled:
                    _log.warning("%s was not put right: %s", self.shown(self.folder), error)

    @contextmanager
    def _locked(self, wait: float | None = None) -> Iterator[None]:
        with ExitStack() as stack:
            with self._refusing():
                stack.enter_context(self._lock.held(wait))
            yield

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Refuse what cannot be written: somebody else is at it, or nobody may."""
        try:
            yield
        except Busy as error:
            raise self._busy("this workspace's workflows") from error
        except Unlockable as error:
            raise self._not_written(self._lock_path, error) from error

    def _make_folder(self) -> None:
        self.real(self.folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._not_written(self.folder, error) from error

    def _survey(self) -> dict[str, Summary | Problem]:
        """What is known of each workflow file by its id; only files that changed are read."""
        seen: dict[str, tuple[Stamp, Summary | Problem]] = {}
        for workflow_id, stamp in self._stamps().items():
            known = self._seen.get(workflow_id)
            if known is None or known[0] != stamp:
                known = stamp, self._summary(workflow_id)
            seen[workflow_id] = known
        self._seen = seen
        return {workflow_id: entry for workflow_id, (_, entry) in seen.items()}

    def _summaries(self) -> dict[str, Summary | None]:
        survey = self._survey().items()
        return {key: entry if isinstance(entry, Summary) else None for key, entry in survey}

    def _stamps(self) -> dict[str, Stamp]:
        try:
            names = files.names(self.folder)
        except UnreadableFile:
            return {}  # it is reported
        ids = (name.removesuffix(".json") for name in names if name.endswith(".json"))
        paths = {each: self.folder / f"{each}.json" for each in filter(WORKFLOW_ID.fullmatch, ids)}
        return {each: stamp for each, path in paths.items() if (stamp := Stamp.of(path))}

    def _summary(self, workflow_id: str) -> Summary | Problem:
        try:
            return Summary.of(self.read(workflow_id))
        except WorkflowError as error:
            return Problem(self.path(workflow_id), error.message)

    def _next_number(self, day: str) -> int:
        # Transcripts and feedback folders count too: they may outlive their workflow's file.
        try:
            numbers = numbers_of(day, files.names(self.folder))
        except UnreadableFile as error:
            raise WorkflowError("write-failed", str(error)) from error
        with suppress(ValueError):
            index, _ = self._load_index()
            if index.last_date == day:
                numbers.append(index.last_sequence)
        return max(numbers, default=0) + 1

    def _load(self, workflow_id: str) -> tuple[Workflow, bytes, Stamp]:
        path = self.path(workflow_id)
        try:
            self.real(path)
            workflow, data, stamp = read_settled(Workflow, path)
            if workflow.id != workflow_id:
                raise ValueError(f"it holds {workflow.id}")
        except UnreadableFile as error:
            if error.absent:
                raise WorkflowError(
                    "workflow-unknown",
                    f"There is no workflow {workflow_id} in {self.root}; list the workflows to see"
                    " which there are.",
                ) from error
            raise self._unreadable(path, error) from error
        except ValueError as error:
            raise self._unreadable(path, error) from error
        return workflow, data, stamp

    def _load_index(self) -> tuple[Index, Stamp | None]:
        """The index, empty where there is none. Raises ValueError when it cannot be read."""
        try:
            self.real(self.index_path)
            index, _, stamp = read_settled(Index, self.index_path, empty=_NO_INDEX)
        except UnreadableFile as error:
            if error.absent:
                return _NO_INDEX.model_copy(deep=True), None
            raise ValueError(_reason(error)) from error
        except WorkflowError as error:
            raise ValueError(_reason(error)) from error
        return index, stamp

    def _index_is_stale(self) -> bool:
        try:
            return self._updated_index()[1]
        except ValueError:
            return False  # it is reported and left alone

    def _refresh_index(self, reserve: tuple[str, int] | None = None) -> None:
        """Make the index say what the files say; `reserve` is a date and number now given out.

        A failure is logged and passed over: the workflow itself is saved, and the next write or
        start brings the index up to date.
        """
        try:
            for _ in range(WRITE_ATTEMPTS):
                index, stale, stamp = self._updated_index(reserve)
                real = self.real(self.index_path)
                if not stale:
                    return
                # It follows from the workflows, so a loss of power may cost it its content.
                if files.replace(real, state.write(index), expected=stamp, durable=False):
                    return
        except (OSError, ValueError, RecursionError, WorkflowError) as error:
            _log.warning("%s was not brought up to date: %s", self.shown(self.index_path), error)

    def _updated_index(
        self, reserve: tuple[str, int] | None = None
    ) -> tuple[Index, bool, Stamp | None]:
        """The index as it should be, whether its file says otherwise, and that file's stamp."""
        index, stamp = self._load_index()
        before = index.to_json()
        update_index(index, self._summaries(), reserve)
        return index, index.to_json() != before, stamp

    def _save(self, workflow: Workflow, data: bytes, expected: Stamp | None) -> bool:
        """Whether the workflow was written; not if its file has changed since `expected`."""
        written = self._replace(self.real(self.path(workflow.id)), data, expected)
        if written is not None:
            self._seen[workflow.id] = written, Summary.of(workflow)
        return written is not None

    def _replace(self, path: Path, data: bytes, expected: Stamp | None) -> Stamp | None:
        try:
            return files.replace(path, data, expected=expected)
        except OSError as error:
            raise self._not_written(path, error) from error

    def _bytes(self, workflow: Workflow) -> bytes:
        try:
            return state.write(workflow)
        except (ValueError, RecursionError) as error:
            raise WorkflowError(
                "workflow-unreadable",
                f"{workflow.id} is nested too deeply to be written; nothing was changed.",
            ) from error

    def _unreadable(self, path: Path, error: Exception) -> WorkflowError:
        return WorkflowError(
            "workflow-unreadable",
            f"{self.shown(path)} cannot be read as a workflow ({_reason(error)}). It was left as it"
            " is; fix it or move it away.",
        )

    def _busy(self, what: str) -> WorkflowError:
        return WorkflowError(
            "workspace-busy", f"Another program keeps writing {what}; try again when it is done."
        )

    def _not_written(self, path: Path, error: Exception) -> WorkflowError:
        return WorkflowError(
            "write-failed",
            f"{self.shown(path)} cannot be written ({_reason(error)}); make room or give"
            " permission, then try again.",
        )


_NO_INDEX = Index(last_sequence=0, last_date="", workflows={})


def _reason(error: Exception) -> str:
    if isinstance(error, UnreadableFile):
        return f"it {error.why}"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
