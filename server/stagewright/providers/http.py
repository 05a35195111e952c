"""Asking a provider over HTTP: one JSON answer, with a name for everything that can go wrong.

TLS certificates are always verified. Proxies come from the environment, and are never used for
this machine's own addresses.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2

from stagewright import __version__
from stagewright.catalog.snapshot import Status
from stagewright.providers.base import ProviderError
from stagewright.providers.chat.errors import causes, read_fault
from stagewright.providers.presets import Plan
from stagewright.providers.remote import Remote

_MAX_BYTES = 32 * 1024 * 1024
"""Larger answers are refused; 20,000 models with prices take some 10 MB."""

_MAX_REDIRECTS = 5
_CONNECT_SECONDS = 3.0
_PROBE_SECONDS = 0.25
_OWN_ADDRESSES = ("all://127.0.0.1", "all://localhost", "all://[::1]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: its HTTP status and its JSON."""

    status: int
    body: Any


def new_client() -> httpx2.AsyncClient:
    """The client for all lists. The first one made reads the certificates: not on the loop."""
    return with_proxies(
        limits=httpx2.Limits(max_connections=32, max_keepalive_connections=8, keepalive_expiry=30),
        headers={"user-agent": f"stagewright/{__version__}", "accept": "application/json"},
    )


def with_proxies(**options: Any) -> httpx2.AsyncClient:
    """A client with these options that uses the environment's proxies, if not to this machine.

    Where they cannot be used (SOCKS, no address) it only asks this machine: going around a proxy
    that was asked for could show a key to whom it must not reach.
    """
    options["verify"] = _certificates()
    here = dict.fromkeys(_OWN_ADDRESSES)
    try:
        return httpx2.AsyncClient(mounts=here, **options)
    except (ImportError, ValueError, httpx2.InvalidURL):
        mounts = {"all://": _NoWayOut(), **here}
        return httpx2.AsyncClient(mounts=mounts, trust_env=False, **options)


class UnusableProxy(httpx2.ProxyError):
    """A request that would have had to go through a proxy of which nothing can be made."""


class _NoWayOut(httpx2.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        raise UnusableProxy("the proxy that the environment names cannot be used", request=request)


@cache
def _certificates() -> ssl.SSLContext:
    """The certificates to trust: the usual ones, or those of SSL_CERT_FILE if they can be read."""
    try:
        return httpx2.create_ssl_context()
    except OSError:
        return httpx2.create_ssl_context(trust_env=False)


async def runs_here(plan: Plan) -> bool:
    """Whether something answers at once on a local provider's port."""
    url = urlsplit(plan.base_url)
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            _, writer = await asyncio.open_connection(url.hostname, url.port)
    except OSError:
        return False
    writer.close()
    return True


def deadline(remote: Remote) -> float:
    """When a request that begins now must have ended, as the event loop's time."""
    return asyncio.get_running_loop().time() + remote.timeout


async def ask(
    http: httpx2.AsyncClient,
    remote: Remote,
    url: str,
    *,
    until: float,
    query: Mapping[str, str | list[str]] | None = None,
    body: object = None,
    accept: Collection[int] = (),
) -> Answer:
    """One JSON answer of a provider. A body makes it a POST.

    Statuses in `accept` are answers too. Raises ProviderError for everything else, when `until`
    (the event loop's time) has passed too.
    """
    try:
        request = http.build_request(
            "GET" if body is None else "POST",
            url,
            params=query,
            json=body,
            headers=remote.headers,
            timeout=httpx2.Timeout(remote.timeout, connect=min(remote.timeout, _CONNECT_SECONDS)),
        )
        async with asyncio.timeout_at(until):
            status, headers, data = await _send(http, remote, request)
    except (TimeoutError, httpx2.TimeoutException):
        message = f"{remote.name} did not answer within {remote.timeout:g} seconds."
        raise ProviderError(Status.UNREACHABLE, message) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
        raise _connection_error(remote, error) from None
    if status == 200 or status in accept:
        return Answer(status, await _parsed(remote, status, data))
    raise _refusal(remote, status, headers, data)


async def _send(
    http: httpx2.AsyncClient, remote: Remote, request: httpx2.Request
) -> tuple[int, httpx2.Headers, bytes]:
    """Send it, and again where the same origin redirects it to. Other origins get nothing."""
    for _ in range(_MAX_REDIRECTS):
        response = await http.send(request, stream=True)
        try:
            following = response.next_request
            if following is None:
                return response.status_code, response.headers, await _read(remote, response)
            if _origin(following.url) != _origin(request.url):
                raise ProviderError(
                    Status.BAD_ANSWER,
                    f"{remote.name} redirects to {_origin(following.url)}, where its key is not "
                    f"sent. If that is right, make it the provider's base URL.",
                )
            request = following
        finally:
            await response.aclose()
    raise ProviderError(Status.BAD_ANSWER, f"{remote.name} redirects without end.")


async def _read(remote: Remote, response: httpx2.Response) -> bytes:
    data = bytearray()
    try:
        async for piece in response.aiter_bytes():
            data += piece
            if len(data) > _MAX_BYTES:
                limit = _MAX_BYTES // 1024 // 1024
                message = f"{remote.name} sent more than {limit} MiB, which is no list of models."
                raise ProviderError(Status.BAD_ANSWER, message)
    except (httpx2.ProtocolError, httpx2.NetworkError, httpx2.DecodingError):
        message = f"The answer of {remote.name} broke off. Refresh the models to ask again."
        raise ProviderError(Status.BAD_ANSWER, message) from None
    return bytes(data)


async def _parsed(remote: Remote, status: int, data: bytes) -> Any:
    try:
        return await asyncio.to_thread(json.loads, data)
    except (ValueError, RecursionError):
        if status != 200:
            return None
        raise not_understood(remote) from None


def not_understood(remote: Remote) -> ProviderError:
    """The error for an answer that is not what the API promises."""
    return ProviderError(
        Status.BAD_ANSWER,
        f"{remote.name} answered at {remote.plan.base_url} with something that is no list of "
        "models. Check the provider's base URL.",
    )


def _refusal(remote: Remote, status: int, headers: Mapping[str, str], data: bytes) -> ProviderError:
    """The error for an HTTP status; what the provider says itself may quote the key."""
    name, variable = remote.name, remote.key_variable
    key = f"the key in {variable}" if variable else "the key"
    retry_after = read_fault(status, None, headers).retry_after
    if status == 401 or (status == 400 and b"API_KEY_INVALID" in data):
        if remote.key is None:
            hint = f" Set {variable}." if variable else " Name its variable in `apiKeyEnv`."
            return ProviderError(Status.AUTH_FAILED, f"{name} wants a key ({status}).{hint}")
        message = f"{name} refused {key} ({status}). Check that it is complete and current."
        return ProviderError(Status.AUTH_FAILED, message)
    if status in (402, 403):
        message = (
            f"{name} does not let {key} list models ({status}): a matter of permission, region or "
            "credit."
        )
        return ProviderError(Status.FORBIDDEN, message)
    if status in (404, 405, 501):
        message = (
            f"{name} offers no list of models at {remote.plan.base_url} ({status}). Check the base "
            "URL; if it is right, its models cannot be checked."
        )
        return ProviderError(Status.NO_LIST, message)
    if status == 429:
        message = f"{name} limits how often it may be asked (429)."
        return ProviderError(Status.RATE_LIMITED, message, retry_after)
    if status == 529:
        return ProviderError(Status.RATE_LIMITED, f"{name} is overloaded (529).", retry_after)
    if status >= 500 or status == 408:
        message = f"{name} has a problem of its own ({status})."
        return ProviderError(Status.UNREACHABLE, message, retry_after)
    message = f"{name} refused to list its models ({status}). Check the provider's base URL."
    return ProviderError(Status.BAD_ANSWER, message)


def _connection_error(remote: Remote, error: Exception) -> ProviderError:
    origin = remote.origin
    chain = tuple(causes(error))

    def among(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in chain)

    if among(socket.gaierror):
        message = f"The host of {origin} was not found. Check the network and the address."
    elif among(ssl.SSLCertVerificationError):
        message = (
            f"The certificate of {origin} cannot be verified. Check the address, the proxy and "
            "SSL_CERT_FILE."
        )
    elif among(ssl.SSLError):
        message = f"No secure connection to {origin} came about. Check the address and the proxy."
    elif among(UnusableProxy):
        message = (
            f"{origin} cannot be reached: the environment's proxy is no address that begins with "
            "http:// or https://. Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY."
        )
    elif among(httpx2.ProxyError):
        message = f"The proxy on the way to {origin} refused. Check HTTPS_PROXY and NO_PROXY."
    elif among(httpx2.ConnectError) and remote.plan.is_local:
        message = f"{remote.name} is not running at {origin}. Start it, or correct its base URL."
    elif among(httpx2.ConnectError):
        message = f"{origin} refused the connection. Check the network and the address."
    elif among(httpx2.UnsupportedProtocol, httpx2.InvalidURL):
        message = f"{origin} is no address that can be asked. Check the provider's base URL."
    else:
        message = f"{origin} closed the connection without an answer."
    return ProviderError(Status.UNREACHABLE, message)


def _origin(url: httpx2.URL) -> str:
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    return f"{url.scheme}://{url.host}:{port}"
