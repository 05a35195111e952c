"""The workflows of the client's folders, and the work on their files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from stagewright.catalog.effective import Effective
from stagewright.dialects.choragen import FOLDER
from stagewright.files import is_folder
from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.documents import identity, path_of
from stagewright.lsp.errors import failure
from stagewright.lsp.session import Session
from stagewright.workflows.chat import Chats, Running
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import RunEvent
from stagewright.workflows.state import Workflow
from stagewright.workflows.turns import Defaults

P = ParamSpec("P")
Result = TypeVar("Result")

FILE_THREADS = 4
"""Threads for the files of workflows, none of those that everything else needs."""


class Workflows:
    """The managers of the workspace's folders and the chats that run in them."""

    def __init__(self, session: Session, on_event: Callable[[RunEvent], None]) -> None:
        self._session = session
        self._on_event = on_event
        self._managers: dict[Path, WorkflowManager] = {}
        self._chats: Chats | None = None
        self._threads = ThreadPoolExecutor(FILE_THREADS, thread_name_prefix="stagewright-files")
        self._closed = False

    def manager(self, root: Path) -> WorkflowManager:
        """The workflows of one folder."""
        if root not in self._managers:
            self._managers[root] = WorkflowManager(root)
        return self._managers[root]

    async def chats(self) -> Chats:
        """The answers that are coming."""
        registry = await self._session.awake()
        if self._chats is None:  # asked behind the wait, so that there is only one
            self._chats = Chats(
                provider=registry.provider,
                catalog=lambda: self._session.catalog,
                on_event=self._on_event,
                on_refused=registry.mark_refused,
            )
        return self._chats

    def running(self, place: WorkflowPlace) -> Running | None:
        """The answer that is coming in a workflow."""
        return self._chats.running(*place) if self._chats else None

    async def read(
        self, place: WorkflowPlace, look: Callable[[Workflow], Result]
    ) -> tuple[Result, Running | None]:
        """What is to be known of a workflow as it is on disk, and the answer that is coming in it.
        The file is read once, but for where an answer begins or ends meanwhile."""
        await self.know_roles(place.root)
        manager = self.manager(place.root)
        return await with_answer(
            lambda: self.do(lambda: look(manager.get(place.workflow_id))),
            lambda: self.running(place),
        )

    async def state(self, place: WorkflowPlace) -> tuple[Workflow, Effective, Running | None]:
        """A workflow as it is on disk, the model of its current stage, and why; and the answer that
        is coming in it."""
        (workflow, effective), running = await self.read(
            place, lambda workflow: (workflow, self.model(place.root, workflow))
        )
        return workflow, effective, running

    async def close(self) -> None:
        """Stop all answers; what has come is saved."""
        if self._chats is not None:
            await self._chats.close()
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def do(self, work: Callable[[], Result]) -> Result:
        """Run file work beside the event loop; a refusal reaches the client with its code."""
        if self._closed:
            raise failure("shutting-down", "Stagewright is shutting down: nothing was done.")
        with refusals():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def change(
        self,
        place: WorkflowPlace,
        change: Callable[Concatenate[WorkflowManager, str, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        """Change one workflow by a method of its manager."""
        root, workflow_id = place
        work = partial(change, self.manager(root), workflow_id, *args, **kwargs)
        return await self.write(root, work)

    async def write(self, root: Path, work: Callable[[], Result]) -> Result:
        """As `do`, for work that writes in a folder. While another program holds that folder, it
        waits without a thread: reading, and all other folders, go on."""
        if self._closed:
            raise failure("shutting-down", "Stagewright is shutting down: nothing was done.")
        with refusals():
            return await self.manager(root).in_turn(work, self._threads)

    def place(self, root: str | None, workflow_id: str) -> WorkflowPlace:
        """The workflow that a command is about."""
        return WorkflowPlace(self.root(root), workflow_id)

    def root(self, uri: str | None) -> Path:
        """The folder that a command is about: one of the workspace, or one with a `.choragen` of
        its own in it, or that of a file from which a workflow was started."""
        roots = self._session.roots.all() or list(self._managers)
        if uri is not None:
            path = self._as_known(path_of(uri), roots)
            if path is None or not (
                path in roots or path in self._managers or _nested(path, roots)
            ):
                raise failure("root-unknown", f"{uri} is not a folder of this workspace.")
            return path
        if len(roots) == 1:
            return roots[0]
        if not roots:
            raise failure("no-folder", "Open a folder first: workflows are kept in its files.")
        raise failure("root-needed", "This workspace has several folders. Pass one as `root`.")

    def _as_known(self, path: Path | None, roots: list[Path]) -> Path | None:
        """A folder by the name under which its workflows are known, if they are."""
        known = (*roots, *self._managers)
        if path is None or path in known:
            return path
        wanted = identity(path)
        return next((one for one in known if identity(one) == wanted), path)

    def roots(self) -> list[Path]:
        """The folders whose workflows are known: the workspace's, those in them whose templates or
        roles have been read, and those in which a workflow was begun."""
        roots = self._session.roots.all()
        nested = [path for path in self._session.roles if _nested(path, roots)]
        return list(dict.fromkeys([*roots, *nested, *self._managers]))

    def defaults(self, root: Path) -> Defaults:
        """What counts where a workflow of a folder says nothing, by the roles that are known."""
        chat = self._session.settings.chat
        return Defaults(self._session.roles_of(root), chat.default_model, chat.context)

    async def know_roles(self, root: Path) -> None:
        """Read the roles of a folder, unless they are known."""
        if self._session.roles_of(root) is None:
            await self._session.read_roles(root)

    def model(self, root: Path, workflow: Workflow | str) -> Effective:
        """The model of the current stage, and why, by the roles that are known. For `do`."""
        return self.manager(root).get_current_model(workflow, self.defaults(root))

    async def effective(self, root: Path, workflow: Workflow | str) -> Effective:
        """The model of the current stage, and why."""
        await self.know_roles(root)
        return await self.do(lambda: self.model(root, workflow))


async def with_answer(
    read: Callable[[], Awaitable[Result]], running: Callable[[], Running | None]
) -> tuple[Result, Running | None]:
    """What `read` gives and what is `running` then. Where an answer has begun or ended meanwhile,
    what was read may lack what it answers or how it ended, and is read again."""
    now = running()
    while True:
        before = now
        found = await read()
        now = running()
        if (now and now.run_id) == (before and before.run_id):
            return found, now


def _nested(path: Path, roots: list[Path]) -> bool:
    """Whether a project of its own lies in one of the folders, as in a repository of several."""
    inside = ".." not in path.parts and any(root in path.parents for root in roots)
    return inside and is_folder(path / FOLDER)


@contextmanager
def refusals() -> Iterator[None]:
    """A refused request reaches the client as it is: a sentence, a code, what to confirm."""
    try:
        yield
    except WorkflowError as error:
        raise failure(error.code, error.message, error.data) from error
