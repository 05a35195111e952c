"""The SDKs' clients: imported off the event loop, configured by us alone, shared, and closed.

The environment's only say is what a provider was configured from: its key and its base URL. The
further variables that the SDKs read (ANTHROPIC_AUTH_TOKEN, ANTHROPIC_PROFILE,
ANTHROPIC_CUSTOM_HEADERS, OPENAI_ORG_ID, OPENAI_PROJECT_ID, OPENAI_CUSTOM_HEADERS, ...) are left
out: the model lists are asked without them, so a chat must be too, and the OpenAI SDK serves a
dozen other providers that such headers must never reach. Proxy variables are honoured.

Requests go through the SDKs' own `post`; of what it gives only the response is used, and its bytes
are read by `reading`. The SDKs' readers refuse much of what servers send, bound nothing, and cost
more than all the rest of a delta's way (measured).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

import httpx2

from stagewright.providers.bounded import bound_body
from stagewright.providers.chat.errors import Endpoint
from stagewright.providers.network import with_proxies


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a chat, and how often to ask again before its first text. In seconds."""

    stall: float  # silence, before the first text or later
    connect: float = 10.0
    retries: int = 2
    backoff: float = 0.5  # before the first retry; doubles
    longest_wait: float = 15.0  # a longer Retry-After is left to the user

    @property
    def timeout(self) -> httpx2.Timeout:
        return httpx2.Timeout(self.stall, connect=self.connect, write=30.0)


class _Closable(Protocol):
    async def close(self) -> None: ...


C = TypeVar("C", bound=_Closable)

_Clients = dict[tuple[object, ...], "asyncio.Task[_Closable]"]
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, _Clients] = WeakKeyDictionary()


Make = Callable[[Endpoint, httpx2.AsyncClient], C]


async def client(make: Make[C], endpoint: Endpoint) -> C:
    """The shared client of this endpoint and key; made in a thread when there is none yet.

    Making one imports the SDK (about 1 s) and reads the certificates (20 ms); sharing it also
    keeps connections open from one turn to the next.
    """
    mine = _clients.setdefault(asyncio.get_running_loop(), {})
    identity = (make, endpoint.chat_base_url, endpoint.key)
    making = mine.get(identity)
    if making is None or (making.done() and (making.cancelled() or making.exception())):
        making = mine[identity] = asyncio.create_task(
            asyncio.to_thread(_configured, make, endpoint)
        )
    return cast("C", await asyncio.shield(making))


async def post(
    api: Any,
    sdk: Any,
    path: str,
    parameters: Mapping[str, Any],
    endpoint: Endpoint,
    patience: Patience,
) -> Any:
    """The stream that answers, for `async with`. `sdk` is the module whose client `api` is."""
    return await api.post(
        path,
        body={**parameters, "stream": True},
        options={
            "timeout": patience.timeout,
            "headers": {"Authorization": sdk.Omit(), **endpoint.chat_headers},
        },
        cast_to=object,
        stream=True,
        stream_cls=sdk.AsyncStream[object],
    )


async def close_clients() -> None:
    """Close every client of this event loop and its connections."""
    for making in _clients.pop(asyncio.get_running_loop(), {}).values():
        if (await asyncio.wait([making])) and not making.cancelled() and not making.exception():
            await making.result().close()


def _configured(make: Make[C], endpoint: Endpoint) -> C:
    made = make(endpoint, _http())
    # In place of what *_CUSTOM_HEADERS say, which there is no public way to leave out.
    cast("Any", made)._custom_headers = {}
    # At info and debug, which ANTHROPIC_LOG and OPENAI_LOG switch on, they log whole conversations.
    for name in ("anthropic", "openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return made


def _http() -> httpx2.AsyncClient:
    """Connections for chats: many at once, and kept for a next turn that comes soon.

    A redirect is not followed: it would carry the conversation to where nobody sent it. Proxies
    come from the environment, and are never used for this machine's own addresses.
    """
    return with_proxies(
        event_hooks={"response": [bound_body]},
        headers={"accept-encoding": "identity"},  # what is compressed comes in heaps
        limits=httpx2.Limits(max_connections=1000, max_keepalive_connections=20),
        follow_redirects=False,
    )
