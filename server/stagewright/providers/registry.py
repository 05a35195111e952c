"""Keeps the catalogue current: asks providers side by side, and never loses what it had.

Lives on the event loop. The current snapshot can be read at any time; everything else happens in
the background and ends in a new snapshot. A failure changes a provider's status, never its last
good list, and is never taken for an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import httpx2

from stagewright.background import Background
from stagewright.catalog.catalog import (
    PROVIDER_ALIASES,
    Catalog,
    ProviderSnapshot,
    Standing,
    Status,
)
from stagewright.catalog.knowledge import knowledge_of
from stagewright.catalog.knowledge.fill import filled
from stagewright.catalog.model import ModelReference
from stagewright.folders import cache_folder
from stagewright.providers.base import Provider, ProviderError
from stagewright.providers.configured import provider_of
from stagewright.providers.last_good import failed, fresh_for, in_part, prepared, with_known_only
from stagewright.providers.model_lookups import ModelLookups
from stagewright.providers.network import new_client, runs_here
from stagewright.providers.presets import Readiness, configs
from stagewright.providers.refresh_state import RefreshState
from stagewright.providers.start import starting_snapshot
from stagewright.providers.store import CLOCK_SLACK, ListStore, StoredList
from stagewright.settings import Settings

_AT_ONCE = 16  # lists: so many that a dead provider holds up none of the others

ANSWERS_WITHIN = 60.0
"""Seconds after which `learn` goes on without the answers about single models."""


class Registry:
    """The current catalogue, and the means to renew it."""

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        *,
        on_change: Callable[[Catalog], None] = lambda _: None,
        store: ListStore | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        client: Callable[[], httpx2.AsyncClient] = new_client,
    ) -> None:
        """Begins with what is on disk or known offline; nobody is asked before `refresh`.

        `on_change` is called on the event loop with every new catalogue.
        """
        self._settings = settings
        self._environ = environ
        self._on_change = on_change
        self._store = store or ListStore(cache_folder(environ))
        self._now = now
        self._make_client = client
        self._client: asyncio.Task[httpx2.AsyncClient] | None = None
        self._lookups = ModelLookups(fresh_for(settings), now)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._background = Background()
        self._states: dict[str, RefreshState] = {}
        self._catalog = Catalog({})
        self._lay_out()

    @property
    def catalog(self) -> Catalog:
        """The current snapshot, at once."""
        return self._catalog

    def provider(self, provider_id: str) -> Provider | None:
        """The configured provider of this id or of one of its other names."""
        state = self._states.get(PROVIDER_ALIASES.get(provider_id, provider_id))
        return state.provider if state else None

    async def refresh(
        self,
        providers: Iterable[str] | None = None,
        *,
        force: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> Catalog:
        """Ask these providers (or all) whose lists are not fresh; `force` asks all the same.

        Who is being asked already is waited for, not asked twice. Free when all is fresh.
        Cancelling this ends the waiting only.
        """
        chosen = None if providers is None else {PROVIDER_ALIASES.get(p, p) for p in providers}
        tasks = [
            (state, task)
            for name, state in self._states.items()
            if (chosen is None or name in chosen) and (task := self._refresh_task(state, force))
        ]
        left = len(tasks)

        async def watch(state: RefreshState, task: asyncio.Task[None]) -> None:
            nonlocal left
            await asyncio.wait((task,))
            left -= 1
            if progress is not None:
                progress(f"{state.config.name} is done" + (f", {left} to go" if left else ""))

        await asyncio.gather(*(watch(*each) for each in tasks))
        return self._catalog

    def ask_about(self, references: Iterable[ModelReference]) -> list[asyncio.Task[None]]:
        """Ask, in the background, about single models whose verdict is pending.

        Returns the questions, for those who want to wait for the answers in the catalogue.
        """
        questions: list[asyncio.Task[None]] = []
        for reference in references:
            verdict = self._catalog.verdict(reference, now=self._now())
            if verdict.standing is not Standing.PENDING or verdict.provider is None:
                continue
            state = self._states.get(verdict.provider.id)
            if state and verdict.provider.conclusive:
                for question in self._questions(state, [reference.model]):
                    question.add_done_callback(partial(self._answered, state))
                    questions.append(question)
        return questions

    async def learn(
        self,
        references: Collection[ModelReference],
        *,
        force: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> Catalog:
        """Ask about all these models: their providers for the lists, as `refresh` does, and about
        each model that these lack. Answers that take too long are not waited for."""
        await self.refresh({one.provider for one in references}, force=force, progress=progress)
        if questions := self.ask_about(references):
            await asyncio.wait(questions, timeout=ANSWERS_WITHIN)
        return self._catalog

    def mark_refused(self, reference: ModelReference) -> None:
        """A chat call found no such model: it counts as unavailable until the next refresh."""
        if before := self._catalog.provider(reference.provider):
            self._publish(replace(before, refused=before.refused | {reference.model}))

    def reconfigure(self, settings: Settings) -> None:
        """Go on with other settings. What they do not touch stays; `refresh` asks for the rest."""
        if fresh_for(settings) != fresh_for(self._settings):
            self._lookups = ModelLookups(fresh_for(settings), self._now)
        self._settings = settings
        self._lay_out()
        self._on_change(self._catalog)

    async def close(self) -> None:
        """End everything that is under way, and the connections."""
        await self._background.close()
        if self._client is not None:
            await (await self._client).aclose()

    # Providers and their snapshots

    def _lay_out(self) -> None:
        """Refresh states and snapshots by the settings; those of unchanged providers are kept."""
        before, self._states = self._states, {}
        snapshots: dict[str, ProviderSnapshot] = {}
        for config in configs(self._settings, self._environ):
            known = self._catalog.providers.get(config.id)
            if config.kind is None or config.askable:
                provider = provider_of(config, self._settings)
                state = before.get(config.id)
                if state is None or state.provider != provider:
                    state, known = RefreshState(config, provider), None
                state.config, state.provider = config, provider  # whose mask may know another key
                self._states[config.id] = state
            else:
                known = None
            snapshots[config.id] = known or starting_snapshot(
                config, self._store, fresh_for(self._settings), self._now()
            )
        for name, state in before.items():
            if self._states.get(name) is not state:
                state.cancel()
        self._catalog = Catalog(with_known_only(snapshots, self._now().date()))

    def _snapshot(self, state: RefreshState) -> ProviderSnapshot:
        return self._catalog.providers[state.config.id]

    def _publish(self, *snapshots: ProviderSnapshot) -> None:
        changed = {snapshot.id: snapshot for snapshot in snapshots}
        self._catalog = Catalog({**self._catalog.providers, **changed})
        self._on_change(self._catalog)

    # Lists

    def _refresh_task(self, state: RefreshState, force: bool) -> asyncio.Task[None] | None:
        """The refresh of one provider: the one under way, or a new one where it is due."""
        if state.task is not None and not state.task.done():
            return state.task
        now, snapshot = self._now(), self._snapshot(state)
        if not state.config.askable or state.must_wait(now, force):
            return None
        if not force and snapshot.status is Status.OK and self._is_fresh(snapshot.checked_at):
            return None
        state.task = self._background.spawn(self._refresh_one(state, force))
        state.task.add_done_callback(partial(self._landed, state))
        return state.task

    def _landed(self, state: RefreshState, task: asyncio.Task[None]) -> None:
        """Whatever an answer made us stumble over stays with its provider."""
        if not task.cancelled() and task.exception() is not None:
            state.set_back(self._now())
            message = f"{state.config.name} gave an answer that could not be read."
            self._publish(failed(self._snapshot(state), Status.BAD_ANSWER, message))

    async def _refresh_one(self, state: RefreshState, force: bool) -> None:
        began = self._now()
        try:
            async with self._turns:
                if state.config.readiness is Readiness.PROBED and not await runs_here(state.config):
                    message = f"{state.config.name} is not running at {state.config.origin}."
                    raise ProviderError(Status.UNREACHABLE, message)
                async with self._store.turn(
                    state.config, self._settings.models.timeout_seconds + 1
                ):
                    found = await self._have_list(state, began if force else None)
        except ProviderError as error:
            state.set_back(self._now(), error.retry_after)
            before = self._snapshot(state)
            if state.config.readiness is Readiness.PROBED and before.checked_at is None:
                return  # nobody asked for it, and it is not here
            self._publish(failed(before, error.status, state.config.mask(str(error))))
            return
        if found is None:
            return
        await self._publish_list(state, found)

    async def _have_list(
        self, state: RefreshState, newer_than: datetime | None
    ) -> StoredList | None:
        """The list, from another process that has just asked or else from its provider.

        None when only a part of it came, which is published as such.
        """
        config = state.config
        stored = await asyncio.to_thread(self._store.read, config, self._now())
        if stored is not None and (
            self._is_fresh(stored.checked_at)
            if newer_than is None
            else stored.checked_at > newer_than
        ):
            return stored
        found = await state.provider.list_models(await self._http())
        now = self._now()
        if not found.models and not found.patterns and found.complete:
            message = f"{config.name} answered with an empty list of models."
            raise ProviderError(Status.BAD_ANSWER, message)
        models = await asyncio.to_thread(filled, found.models, knowledge_of(config.id, now.date()))
        stored = StoredList(models, now, found.complete, found.error, found.patterns)
        if found.status is Status.INCOMPLETE:
            state.set_back(now, found.retry_after)
            self._publish(await asyncio.to_thread(in_part, self._snapshot(state), stored))
            return None
        await asyncio.to_thread(self._store.write, config, stored)
        return stored

    async def _publish_list(self, state: RefreshState, stored: StoredList) -> None:
        config, before = state.config, self._snapshot(state)
        state.recover()
        snapshot = await asyncio.to_thread(prepared, config, stored, fresh_for(self._settings))
        # What was said of unlisted models is asked again with the list, not forgotten with it.
        names = (*before.confirmed, *before.absent)
        unlisted = [one for one in names if one not in snapshot.table.by_id]
        await asyncio.gather(*self._questions(state, unlisted))
        self._publish(self._with_answers(state, snapshot))

    def _is_fresh(self, checked_at: datetime | None) -> bool:
        if checked_at is None:
            return False
        # A list from the future was had before the clock was set back.
        return -CLOCK_SLACK <= self._now() - checked_at < fresh_for(self._settings)

    # Single models

    def _questions(self, state: RefreshState, names: Iterable[str]) -> list[asyncio.Task[None]]:
        """The questions about models that are worth asking now, each under way."""

        async def ask(name: str) -> None:
            await self._lookups.ask(state.config, state.provider, await self._http(), name)

        return self._lookups.start(
            state.config, names, lambda name: self._background.spawn(ask(name))
        )

    def _answered(self, state: RefreshState, _: asyncio.Task[None]) -> None:
        if self._states.get(state.config.id) is state:
            self._publish(self._with_answers(state, self._snapshot(state)))

    def _with_answers(self, state: RefreshState, snapshot: ProviderSnapshot) -> ProviderSnapshot:
        """The snapshot with what the provider said of models that its list lacks."""
        return replace(
            snapshot,
            asks_single=self._lookups.able(state.config),
            confirmed=self._lookups.confirmed(state.config),
            absent=self._lookups.absent(state.config),
        )

    # Asking

    async def _http(self) -> httpx2.AsyncClient:
        """The one client; made in a thread, since it reads the certificates."""
        if self._client is None:
            self._client = asyncio.create_task(asyncio.to_thread(self._make_client))
        return await asyncio.shield(self._client)
