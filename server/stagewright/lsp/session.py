"""What handlers are given: the editor, what is open in it, its settings, models and roles.

Before the first completion has been answered nothing is imported that it does not need: the
registry (and with it the HTTP client) wakes after that answer, or after a short rest.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stagewright import garbage
from stagewright.analysis.options import Options
from stagewright.background import Background
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.catalog.snapshot import ProviderSnapshot
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.document import Dialect
from stagewright.dialects.governed import Governed
from stagewright.dialects.registry import Dialects
from stagewright.files import UnreadableFile
from stagewright.lsp import logs
from stagewright.lsp.convert import Client
from stagewright.lsp.documents import OpenDocuments, path_of
from stagewright.lsp.editor import Editor
from stagewright.lsp.later import load_beside
from stagewright.lsp.newest_completion import NewestCompletion
from stagewright.lsp.roots import Roots
from stagewright.options import dialects_from, options_from
from stagewright.providers.presets import secrets
from stagewright.providers.start import starting_catalog
from stagewright.settings import Settings, SettingsProblem, load
from stagewright.workspace import Listing, claim, governing, may_claim, role_index

if TYPE_CHECKING:
    from stagewright.providers.registry import Registry

WAKE_AFTER = 0.3
"""Seconds of rest after which the registry wakes without a completion."""

MOST_KEPT = 500
"""Folders whose roles are known."""

log = logging.getLogger(__name__)


class Session:
    """State that lives as long as the connection; everything runs on the event loop."""

    documents: OpenDocuments
    roots: Roots

    def __init__(
        self,
        editor: Editor,
        background: Background,
        *,
        on_catalog: Callable[[], None],
        on_files: Callable[[], None],
        on_settings_problems: Callable[[list[SettingsProblem]], None],
    ) -> None:
        self.editor = editor
        self.spawn = background.spawn
        self.news = logs.News()
        self.newest_completion = NewestCompletion()
        self.environ: Mapping[str, str] = os.environ
        self.settings = Settings()
        self.dialects = Dialects()
        self.initial_settings: dict[str, Any] = {}  # those that came with `initialize`
        self.registry: Registry | None = None
        self.learning = True  # until all that can be known at first is known
        self.roles: dict[Path, RoleIndex | None] = {}  # None: nothing can be said of them
        self.listings: dict[Path, Listing] = {}  # where others than Choragen's files lie, by folder
        self.watched_over: tuple[Path, ...] = ()
        """Closed files in which a check of the workspace found something: they are among those of
        which diagnostics are told, whatever their names."""
        self._on_catalog = on_catalog
        self._on_files = on_files
        self._on_settings_problems = on_settings_problems
        self._listed: Catalog | None = None  # what providers and the program itself know
        self._offered: dict[str, ProviderSnapshot] = {}  # what the editor itself offers
        self._catalog: Catalog | None = None  # both
        self._background = background
        self._waking: asyncio.Task[None] | None = None
        self.is_awake = asyncio.Event()  # set once the registry is there
        self._closed = False

    def adopt(self, client: Client, documents: OpenDocuments) -> None:
        """Take note of the client, and of what is open in it."""
        self.editor.client = client
        self.documents = documents
        self.roots = Roots(documents)

    @property
    def client(self) -> Client:
        """What the client can do."""
        return self.editor.client

    def now(self) -> datetime:
        """The time that answers are about."""
        return datetime.now(UTC)

    def options(self, uri: str | None = None) -> Options:
        """What an answer rests on besides texts and the catalogue; with a file, also its roles."""
        path = path_of(uri) if uri else None
        if path is None:
            return options_from(self.settings, now=self.now())
        root = self.roots.of(path)
        return options_from(
            self.settings, now=self.now(), file=(path, root), roles=self.roles_of(root)
        )

    def dialect_of(
        self, path: Path, text: str | None = None, before: Dialect | None = None
    ) -> Dialect | None:
        """What a file is, by the settings of now; None where it is none of ours. Where its name
        does not say, its text does; once that did, it stays what it has been `before`."""
        include, root = self.settings.templates.include, self.roots.of(path)
        return claim(path, self.dialects, include, text, before, root)

    def governing(self, path: Path, dialect: Dialect) -> Governed:
        """What settings files beside a file say of it, as they are on disk, and the editor."""
        found = governing(path, dialect)
        named_for_people = any(place.vendor for place in dialect.places)
        offered = frozenset(self._offered) if named_for_people else frozenset()
        return found._replace(offered=offered) if offered else found

    def may_claim(self, path: Path) -> bool:
        """Whether what stands in a file may make it one of ours."""
        return may_claim(path, self.dialects)

    # Settings

    def configure(self, editor: Mapping[str, Any] | None) -> None:
        """Take the editor's settings; everything that rests on them follows."""
        settings, problems = load(editor, self.environ)
        self._on_settings_problems(problems)
        if settings == self.settings and self._listed is not None:
            return
        logs.hide(secrets(settings, self.environ))
        self.settings, self.dialects = settings, dialects_from(settings)
        self.listings = {}  # another: who is searching goes on with the old one
        if self.registry is not None:
            self.registry.reconfigure(settings)
            self.spawn(self.registry.refresh())
        else:
            self._listed = self._catalog = None

    # Models

    @property
    def catalog(self) -> Catalog:
        """The current snapshot; at first what the disk cache or the program itself knows."""
        if self._catalog is None:
            self._listed = self._listed or starting_catalog(self.settings, self.environ)
            self._catalog = self._listed
            if self._offered:
                self._catalog = Catalog({**self._listed.providers, **self._offered})
        return self._catalog

    def offer(self, offered: dict[str, ProviderSnapshot]) -> None:
        """Take the models that the editor itself offers, in the place of those before."""
        self._offered, self._catalog = offered, None
        self.documents.govern()
        self._on_catalog()

    def watch_over(self, found: Iterable[Path]) -> None:
        """Tell diagnostics of these files from now on, and of no others that were told so far."""
        self.watched_over = tuple(found)
        self._on_files()

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
        await self.is_awake.wait()
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
        module = await load_beside("stagewright.providers.registry")
        self.registry = module.Registry(self.settings, self.environ, on_change=self._take)
        self._take(self.registry.catalog)
        self.is_awake.set()
        await self.registry.refresh()
        self.learning = False

    def _take(self, catalog: Catalog) -> None:
        if catalog is not self._listed:
            self._listed, self._catalog = catalog, None
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
            self.news.log_once(str(error))
            self.roles[root] = None
        except Exception as error:
            self.roles[root] = None  # as for any file: see `lsp.failures`
            if self.news.is_new(f"{root}: {error!r}"):
                log.error("Stagewright failed on the roles of %s", root, exc_info=error)

    async def close(self) -> None:
        """End all background work and close connections."""
        self._closed = True
        await self._background.close()
        if self.registry is not None:
            await self.registry.close()
