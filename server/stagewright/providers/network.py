"""HTTP clients for lists and chats: verified certificates, and the environment's proxies.

Proxies are never used for this machine's own addresses. NO_PROXY goes first, as curl reads it; then
the variable of the URL's scheme, then ALL_PROXY, of which one that cannot be used is passed over.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx2

from stagewright import __version__
from stagewright.providers.presets import OWN_HOSTS, ProviderConfig

_PROBE_SECONDS = 0.25


def new_client() -> httpx2.AsyncClient:
    """The client for all lists. The first one made reads the certificates: not on the loop."""
    return with_proxies(
        limits=httpx2.Limits(max_connections=32, max_keepalive_connections=8, keepalive_expiry=30),
        headers={
            "user-agent": f"stagewright/{__version__}",
            "accept": "application/json",
            "accept-encoding": "gzip, deflate",  # what can be unpacked up to a bound
        },
    )


def with_proxies(*, limits: httpx2.Limits, **options: Any) -> httpx2.AsyncClient:
    """A client with these options that goes by the environment's proxies."""
    return httpx2.AsyncClient(transport=_Ways(getproxies(), limits), trust_env=False, **options)


class UnusableProxy(httpx2.ProxyError):
    """A request that would have had to go through a proxy that cannot be used.

    Going around it could show a key to whom it must not reach. The message says why, and what to
    do, behind "... cannot be reached: ".
    """


class _Ways(httpx2.AsyncBaseTransport):
    """Directly, or through the proxy of a URL's scheme."""

    def __init__(self, proxies: Mapping[str, str], limits: httpx2.Limits) -> None:
        """`proxies` by scheme, `all` and `no`, without regard to how they are written."""
        self._direct = _transport(limits)
        self._spared = Spared.read(proxies.get("no", ""))
        self._through = {scheme: _through(proxies, scheme, limits) for scheme in ("http", "https")}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self._way(request.url).handle_async_request(request)

    def _way(self, url: httpx2.URL) -> httpx2.AsyncBaseTransport:
        if url.host in OWN_HOSTS or self._spared.has(url.host, url.port or _PORTS[url.scheme]):
            return self._direct
        return self._through.get(url.scheme) or self._direct

    async def aclose(self) -> None:
        for one in (self._direct, *self._through.values()):
            if one is not None:
                await one.aclose()


_PORTS = {"http": 80, "https": 443}


def _transport(limits: httpx2.Limits, proxy: str | None = None) -> httpx2.AsyncHTTPTransport:
    """Raises ImportError or ValueError on a proxy of which nothing can be made."""
    try:
        return httpx2.AsyncHTTPTransport(verify=_certificates(), limits=limits, proxy=proxy)
    except httpx2.InvalidURL as error:
        raise ValueError from error


def _through(
    proxies: Mapping[str, str], scheme: str, limits: httpx2.Limits
) -> httpx2.AsyncBaseTransport | None:
    """The first usable proxy for a scheme; what refuses where none is; None where none is set."""
    problem: str | None = None
    for name in (scheme, "all"):
        address = proxies.get(name, "").strip()
        if not address:
            continue
        variable = f"{name.upper()}_PROXY"
        try:
            proxy = _transport(limits, address if "://" in address else f"http://{address}")
        except ImportError:
            problem = problem or f"{variable} names a SOCKS proxy, which is not supported"
        except ValueError:  # without its words, which may quote a password
            problem = problem or f"{variable} is not the address of an HTTP proxy"
        else:
            return _Proxy(proxy, variable)
    if problem is None:
        return None
    return _NoWayOut(
        f"{problem}. Set {scheme.upper()}_PROXY to an address that begins with http:// or "
        "https://, or name the host in NO_PROXY."
    )


class _Proxy(httpx2.AsyncBaseTransport):
    """Tells a proxy that does not answer from a host that does not."""

    def __init__(self, transport: httpx2.AsyncBaseTransport, variable: str) -> None:
        self._transport = transport
        self._variable = variable

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await self._transport.handle_async_request(request)
        except httpx2.ConnectError as error:
            # Only the proxy is connected to; what is secured is the way to the host behind it.
            if caused(error, ssl.SSLError):
                raise
            problem = f"the proxy in {self._variable} does not answer. Check its address"
            raise UnusableProxy(
                f"{problem}, or name the host in NO_PROXY.", request=request
            ) from error

    async def aclose(self) -> None:
        await self._transport.aclose()


class _NoWayOut(httpx2.AsyncBaseTransport):
    def __init__(self, problem: str) -> None:
        self._problem = problem

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        raise UnusableProxy(self._problem, request=request)


@dataclass(frozen=True, slots=True)
class Spared:
    """The hosts that no proxy is used for: NO_PROXY, as curl and requests read it."""

    every: bool
    names: tuple[tuple[str, int | None], ...]  # host or domain, and a port where one is written
    networks: tuple[Any, ...]  # of ipaddress

    @classmethod
    def read(cls, text: str) -> Spared:
        """Entries stand between commas or blanks; of an address, its host and port count."""
        names: list[tuple[str, int | None]] = []
        networks: list[Any] = []
        entries = text.replace(",", " ").lower().split()
        for entry in entries:
            if "://" in entry:
                entry = entry.partition("://")[2].partition("/")[0]
            try:
                networks.append(ip_network(entry.replace("]/", "/").strip("[]"), strict=False))
                continue
            except ValueError:
                pass
            host, colon, port = entry.rpartition(":")
            if colon and port.isdecimal() and (":" not in host or host.endswith("]")):
                names.append((_bare(host), int(port)))
            else:
                names.append((_bare(entry), None))
        return cls("*" in entries, tuple(one for one in names if one[0]), tuple(networks))

    def has(self, host: str, port: int) -> bool:
        """Whether `host` is asked without a proxy: itself, its domain, or its network is named."""
        if self.every:
            return True
        host = _bare(host.lower())
        try:
            address = ip_address(host)
        except ValueError:
            address = None
        if address is not None and any(address in network for network in self.networks):
            return True
        return any(
            (host == name or (address is None and host.endswith(f".{name}")))
            and wanted in (None, port)
            for name, wanted in self.names
        )


def _bare(host: str) -> str:
    """A host or domain as it is compared: `*.example.com`, `.example.com` and `example.com.`."""
    host = host.removeprefix("*").strip(".").strip("[]")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what caused it, and the members of groups on the way."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                yield from causes(member)
        error = error.__cause__ or error.__context__


def caused(error: BaseException, *kinds: type[BaseException]) -> bool:
    """Whether an error, or what caused it, is of these kinds."""
    return any(isinstance(cause, kinds) for cause in causes(error))


def why_unreachable(name: str, origin: str, error: BaseException, *, is_local: bool) -> str | None:
    """Why a provider could not be connected to, for people; None where that was not it."""
    proxy = next((cause for cause in causes(error) if isinstance(cause, UnusableProxy)), None)
    if proxy is not None:
        return f"{origin} cannot be reached: {proxy}"
    if caused(error, socket.gaierror):
        return f"The host of {origin} was not found. Check the network and the address."
    if caused(error, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {origin} cannot be verified. Check the address, the proxy and "
            "SSL_CERT_FILE."
        )
    if caused(error, ssl.SSLError):
        return f"No secure connection to {origin} could be made. Check the address and the proxy."
    if caused(error, httpx2.ProxyError):
        return f"The proxy on the way to {origin} refused. Check HTTPS_PROXY and NO_PROXY."
    if not caused(error, httpx2.ConnectError):
        return None
    if is_local:
        return f"{name} is not running at {origin}. Start it, or correct its base URL."
    did = "refused the connection" if caused(error, ConnectionRefusedError) else "cannot be reached"
    return f"{origin} {did}. Check the network and the address."


@cache
def _certificates() -> ssl.SSLContext:
    """The certificates to trust: the usual ones, or those of SSL_CERT_FILE if they can be read."""
    try:
        return httpx2.create_ssl_context()
    except OSError:
        return httpx2.create_ssl_context(trust_env=False)


async def runs_here(config: ProviderConfig) -> bool:
    """Whether something answers at once on a local provider's port."""
    url = urlsplit(config.base_url)
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            _, writer = await asyncio.open_connection(url.hostname, url.port)
    except OSError:
        return False
    writer.close()
    return True
