"""One client's session: its settings, the current catalogue, and the registry that keeps it new.

Before the first completion has been answered nothing is imported that it does not need: the
registry (and with it the HTTP client) wakes after that answer, or after a short rest.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stagewright import garbage
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.files import UnreadableFile
from stagewright.lsp import logs
from stagewright.settings import Settings, SettingsProblem, load
from stagewright.workspace import role_index

if TYPE_CHECKING:
    from stagewright.providers.registry import Registry

WAKE_AFTER = 0.3
"""Seconds of rest after which the registry wakes without a completion."""

MOST_KEPT = 500
"""Folders whose roles are known, and messages of which is known that they have been logged."""

log = logging.getLogger(__name__)


class Session:
    """State that lives as long as the connection; everything runs on the event loop."""

    def __init__(
        self,
        *,
        on_catalog: Callable[[], None],
        on_settings_problems: Callable[[list[SettingsProblem]], None],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.environ = environ
        self.settings = Settings()
        self.registry: Registry | None = None
        self.learning = True  # until all that can be known at first is known
        self.roles: dict[Path, RoleIndex | None] = {}  # None: nothing can be said of them
        self._on_catalog = on_catalog
        self._on_settings_problems = on_settings_problems
        self._catalog: Catalog | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waking: asyncio.Task[None] | None = None
        self._awake = asyncio.Event()
        self._closed = False
        self._logged: set[str] = set()

    # Settings

    def configure(self, editor: Mapping[str, Any] | None) -> None:
        """Take the editor's settings; everything that rests on them follows."""
        settings, problems = load(editor, self.environ)
        self._on_settings_problems(problems)
        if settings == self.settings and self._catalog is not None:
            return
        from stagewright.providers.presets import secrets

        logs.hide(secrets(settings, self.environ))
        self.settings = settings
        if self.registry is not None:
            self.registry.reconfigure(settings)
            self.spawn(self.registry.refresh())
        else:
            self._catalog = None

    # Models

    @property
    def catalog(self) -> Catalog:
        """The current snapshot; at first what the disk cache or the program itself knows."""
        if self._catalog is None:
            from stagewright.providers.start import starting_catalog

            self._catalog = starting_catalog(self.settings, self.environ)
        return self._catalog

    def wake_soon(self) -> None:
        """Let the registry wake after a short rest, unless a completion wakes it earlier."""
        asyncio.get_running_loop().call_later(WAKE_AFTER, self.wake)

    def wake(self) -> None:
        """Start the registry in the background, once; later calls renew lists that are too old."""
        if self._closed:
            return
        if self._waking is None:
            self._waking = self.spawn(self._start_registry())
        elif self.registry is not None:
            self.spawn(self.registry.refresh())

    async def awake(self) -> Registry:
        """The registry, started if need be."""
        self.wake()
        await self._awake.wait()
        assert self.registry is not None
        return self.registry

    def ask_about(self, references: Iterable[ModelReference]) -> None:
        """Ask the providers about single models that their lists lack, in the background."""
        wanted = tuple(references)
        if wanted and self.registry is not None:
            self.registry.ask_about(wanted)

    async def _start_registry(self) -> None:
        garbage.clear()
        # Importing the HTTP client takes a tenth of a second: not on the event loop.
        module = await asyncio.to_thread(importlib.import_module, "stagewright.providers.registry")
        self.registry = module.Registry(self.settings, self.environ, on_change=self._take)
        self._take(self.registry.catalog)
        self._awake.set()
        await self.registry.refresh()
        self.learning = False

    def _take(self, catalog: Catalog) -> None:
        if catalog is not self._catalog:
            self._catalog = catalog
            self._on_catalog()

    # Roles

    def roles_of(self, root: Path) -> RoleIndex | None:
        """The workspace's role index as last read; None until it has been, and where it cannot."""
        return self.roles.get(root)

    async def known_roles(self, root: Path) -> RoleIndex | None:
        """The workspace's role index, read if that has not been done yet; None where it cannot."""
        if root not in self.roles:
            await self.read_roles(root)
        return self.roles[root]

    async def read_roles(self, root: Path) -> None:
        """Read a workspace's role index from disk."""
        if root not in self.roles and len(self.roles) >= MOST_KEPT:
            del self.roles[next(iter(self.roles))]
        try:
            self.roles[root] = await asyncio.to_thread(role_index, root)
        except UnreadableFile as error:
            self.log_once(str(error))
            self.roles[root] = None
        except Exception as error:
            self.roles[root] = None  # as for any file: see `lsp.failures`
            if self.is_news(f"{root}: {error!r}"):
                log.error("Stagewright failed on the roles of %s", root, exc_info=error)

    # Background work

    def log_once(self, message: str) -> None:
        """Log what stays as it is however often it is met."""
        if self.is_news(message):
            log.warning("%s", message)

    def is_news(self, message: str) -> bool:
        """Whether this has not been logged yet; from now on it has."""
        if len(self._logged) >= MOST_KEPT:
            self._logged.clear()
        new = message not in self._logged
        self._logged.add(message)
        return new

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something beside the requests; an error is logged, never shown as a pop-up."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Background work failed: %s", error.__class__.__name__, exc_info=error)

    async def close(self) -> None:
        """End all background work and close connections."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.registry is not None:
            await self.registry.close()
