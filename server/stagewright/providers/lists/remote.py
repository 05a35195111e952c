"""A provider on the network, and how it is asked: one answer, a list of pages, one model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import httpx2

from stagewright.catalog.model import Model
from stagewright.catalog.snapshot import Status
from stagewright.mask import Mask
from stagewright.providers.base import ChatEvent, ChatRequest, ModelList, ProviderError
from stagewright.providers.identity import identity
from stagewright.providers.lists import failures, fields
from stagewright.providers.lists.continuation import More, more
from stagewright.providers.lists.exchange import MAX_BYTES, Raw, Unfit, exchange, parsed, unpacked
from stagewright.providers.lists.fields import JsonObject
from stagewright.providers.presets import ProviderConfig

_CONNECT_SECONDS = 3.0
_MAX_PAGES = 200
_MAX_MODELS = 50_000
_MAX_TOTAL = 4 * MAX_BYTES  # bytes of a list's pages together
_MAX_PATTERNS = 500

Read = Callable[[JsonObject], Model | None]
"""A model from an entry of a list; None where it has no id."""


@dataclass(frozen=True, slots=True)
class JsonResponse:
    """What came: its HTTP status, its JSON, and how many bytes that was."""

    status: int
    body: Any
    headers: Mapping[str, str]
    size: int


_SILENCE = 300.0
"""Seconds; some models think for minutes without a sign of life."""

_SILENCE_HERE = 1800.0
"""Seconds; a model on this machine may first have to be loaded, and reads a long prompt slowly."""


@dataclass(frozen=True, slots=True)
class Remote:
    """What every provider on the network has; what each API says stands in its own module."""

    config: ProviderConfig
    timeout: float = 5.0  # seconds for a whole list
    chat_timeout: float | None = field(default=None, compare=False)  # as set; seconds of silence

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def mask(self) -> Mask:
        return self.config.mask

    @property
    def key(self) -> str | None:
        return self.config.key

    @property
    def key_variable(self) -> str | None:
        """The environment variable that holds the key, or should."""
        return self.config.key_variable

    @property
    def stall_seconds(self) -> float:
        """Seconds of silence after which a chat is given up."""
        return self.chat_timeout or (_SILENCE_HERE if self.config.is_local else _SILENCE)

    @property
    def chat_base_url(self) -> str:
        """What the chat SDK takes as its base URL."""
        return self.config.base_url

    @property
    def headers(self) -> Mapping[str, str]:
        """What lists and single models are asked with. Only ever sent to `origin`."""
        return identity("openai", self.config.base_url, self.key)

    @property
    def chat_headers(self) -> Mapping[str, str]:
        """What identifies us in a chat. Only ever sent to `origin`."""
        return self.headers

    async def prepare_chat(self) -> None:
        """Load the SDK and make its client."""
        from stagewright.providers.chat.openai import prepare  # with its first chat

        await prepare(self)

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer over Chat Completions, streamed. Raises ChatError."""
        from stagewright.providers.chat.openai import stream  # with its first chat

        return stream(self, request)

    def deadline(self) -> float:
        """When what begins now must have ended, as the event loop's time."""
        return asyncio.get_running_loop().time() + self.timeout

    async def ask(
        self,
        http: httpx2.AsyncClient,
        url: str,
        *,
        until: float,
        body: object = None,
        accept: Collection[int] = (),
    ) -> JsonResponse:
        """One JSON answer. A body makes it a POST.

        Statuses in `accept` are answers too; what of them is not JSON is None. Raises ProviderError
        for everything else, when `until` (the event loop's time) has passed too.
        """
        connect = min(self.timeout, _CONNECT_SECONDS)
        try:
            request = http.build_request(
                "GET" if body is None else "POST",
                url,
                json=body,
                headers=self.headers,
                timeout=httpx2.Timeout(self.timeout, connect=connect),
            )
            async with asyncio.timeout_at(until):
                raw = await exchange(http, request)
                if raw.status == 200 or raw.status in accept:
                    return await asyncio.to_thread(_answer, raw)
                # An error's body is small enough to be unpacked here.
                raise failures.refusal(self.config, raw.status, raw.headers, unpacked(raw))
        except (TimeoutError, httpx2.TimeoutException):
            raise failures.late(self.config, self.timeout) from None
        except Unfit as problem:
            raise failures.unfit(self.config, problem) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as problem:
            raise failures.connection_error(self.config, problem) from None

    async def all_pages(
        self, http: httpx2.AsyncClient, urls: Sequence[str], key: str, cursor: str, read: Read
    ) -> ModelList:
        """Every page of a list, in whichever way its server leads to the next one.

        `urls` are ways to ask for the first page: the next is taken when a server does not
        understand the one before. `key` names the entries in an answer (which may be a bare array
        too), `cursor` the parameter that takes the last id. When a later page fails, the earlier
        ones are kept and the list says that it is not complete. Raises ProviderError when not even
        the first page came.
        """
        until = self.deadline()
        found = _Found(self.config)
        url: str | None = urls[0]
        others = list(urls[1:])
        seen: set[str] = set()
        size = 0
        while url is not None:
            seen.add(url)
            try:
                answer = await self.ask(http, url, until=until)
                whole = isinstance(answer.body, list)
                body = fields.mapping(answer.body)
                entries = answer.body if whole else body.get(key, body.get("models"))
                if not isinstance(entries, list):
                    raise failures.no_list(self.config, body, answer.headers)
                # In a thread: thousands of entries would hold up the event loop.
                await asyncio.to_thread(found.take, entries, read)
            except ProviderError as problem:
                if len(seen) > 1:
                    return found.broken(problem, len(seen))
                understood = problem.status not in (Status.BAD_ANSWER, Status.NO_LIST)
                if not others or understood or problem.failing:
                    raise
                url, seen = others.pop(0), set()
                continue
            size += answer.size
            following = more(answer.body, answer.headers, url, cursor)
            found.note(following)
            url = following.url
            if url in seen:
                return found.ended("goes in circles")
            if url and (len(found.models) > _MAX_MODELS or size > _MAX_TOTAL):
                return found.ended("is longer than any list of models")
            if url and len(seen) >= _MAX_PAGES:
                return found.ended(f"has over {_MAX_PAGES} pages")
        return found.whole()

    async def look_up(
        self,
        http: httpx2.AsyncClient,
        models_url: str,
        model_id: str,
        *,
        read: Read,
        denies: Callable[[JsonObject], bool],
    ) -> Model | None:
        """The model at `models_url/ID`; None where the server says that there is none.

        `denies` tells from a 404's JSON whether it speaks of the model. One that does not only says
        that this server has no such path: raises ProviderError, as for every other failure.
        """
        segment = path_segment(model_id)
        if segment is None:
            return None
        url = f"{models_url}/{segment}"
        answer = await self.ask(http, url, until=self.deadline(), accept=(404,))
        body = fields.mapping(answer.body)
        if answer.status == 404:
            if denies(body):
                return None
            message = f"{self.name} cannot be asked about one model."
            raise failures.error(self.config, Status.NO_LIST, message)
        model = read(body)
        if model is None or self.mask.finds(model.id):
            raise failures.not_understood(self.config)
        return _shown(self.mask, model)


def path_segment(model_id: str) -> str | None:
    """A model id as one segment of a URL's path; None for what no provider has as an id."""
    if fields.text(model_id) is None or model_id.strip(". ") != model_id.strip():
        return None
    return quote(model_id, safe=":@")


def _answer(raw: Raw) -> JsonResponse:
    """For a thread: an answer may take a while to unpack and to read."""
    data = unpacked(raw)
    try:
        body = parsed(data)
    except Unfit:
        if raw.status == 200:
            raise
        body = None
    return JsonResponse(raw.status, body, raw.headers, len(data))


class _Found:
    """What a list's pages have brought so far."""

    def __init__(self, config: ProviderConfig) -> None:
        self.models: dict[str, Model] = {}
        self._patterns: dict[str, None] = {}
        self._config = config
        self._entries = self._unread = self._total = 0
        self._astray: str | None = None

    def take(self, entries: list[object], read: Read) -> None:
        """The models of a page. Raises ProviderError when it is no list of models at all."""
        if len(entries) > _MAX_MODELS:
            raise failures.unfit(self._config, f"lists over {_MAX_MODELS:,} models.")
        mask = self._config.mask
        found = [read(entry) if isinstance(entry, dict) else None for entry in entries]
        models = [model for model in found if model is not None]
        # All at once, as it hardly ever is: a server that repeats a key.
        words = "\n".join(word for model in models for word in _words(model))
        if mask.hide(words) != words:
            models = [_shown(mask, model) for model in models if not mask.finds(model.id)]
        if entries and not models:
            raise failures.not_understood(self._config)
        self._entries += len(entries)
        self._unread += len(entries) - len(models)
        for model in models:
            if "*" in model.id:
                self._patterns.setdefault(model.id)
            else:
                self.models.setdefault(model.id, model)

    def note(self, said: More) -> None:
        """What a page says of the whole list."""
        self._total = max(self._total, said.total)
        self._astray = self._astray or said.astray

    def broken(self, problem: ProviderError, page: int) -> ModelList:
        """The list when a later page could not be had."""
        why = f"Page {page} of its list could not be had: {problem}"
        return replace(self._list(why), status=Status.INCOMPLETE, retry_after=problem.retry_after)

    def ended(self, why: str) -> ModelList:
        """The list when it is not followed to its end."""
        said = f"{self._config.name}'s list {why}."
        return replace(self._list(said), status=Status.INCOMPLETE)

    def whole(self) -> ModelList:
        """The list when its last page has come."""
        return self._list(self._gap())

    def _gap(self) -> str | None:
        """Why more models may exist than are listed, for people."""
        name = self._config.name
        if self._unread:
            entries = "An entry" if self._unread == 1 else f"{self._unread:,} entries"
            return f"{entries} of {name}'s list cannot be read."
        if self._astray:
            return f"{name}'s list {self._astray}."
        if self._total > self._entries:
            return f"{name} lists {self._entries:,} of {self._total:,} models."
        return None

    def _list(self, gap: str | None) -> ModelList:
        patterns = tuple(self._patterns)
        if len(patterns) > _MAX_PATTERNS:
            gap = gap or f"{self._config.name} lists more patterns than can be matched."
            patterns = patterns[:_MAX_PATTERNS]
        return ModelList(tuple(self.models.values()), gap is None, error=gap, patterns=patterns)


def _words(model: Model) -> tuple[str, ...]:
    return tuple(filter(None, (model.id, model.name, *model.successors, *model.aliases)))


def _shown(mask: Mask, model: Model) -> Model:
    """A model without secrets in what is shown of it."""
    return replace(
        model,
        name=mask.hide(model.name) if model.name else None,
        successors=tuple(after for after in model.successors if not mask.finds(after)),
        aliases=tuple(alias for alias in model.aliases if not mask.finds(alias)),
    )
