"""Lists at addresses that fail, lead elsewhere, or are reached through a proxy."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path

import httpx2
import pytest
from tests.loopback.asking import LISTS, asking, ids, sources
from tests.loopback.server import Loopback, loopback

from stagewright.providers.network import _certificates, new_client


@pytest.mark.parametrize("kind", LISTS)
async def test_nothing_listens(server: Loopback, tmp_path: Path, kind: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with asking(tmp_path, *sources(server, kind, origin=closed)) as registry:
            now = (await registry.refresh()).providers[f"my-{kind}"]
    assert now.status == "unreachable"
    assert f"is not running at {closed}" in (now.error or "")


@pytest.mark.parametrize("kind", LISTS)
async def test_a_name_that_does_not_resolve(server: Loopback, tmp_path: Path, kind: str) -> None:
    class NoSuchName(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            raise httpx2.ConnectError("no such name") from unknown

    def client() -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=NoSuchName())

    away = sources(server, kind, origin="https://models.example.invalid")
    async with asking(tmp_path, *away, client=client) as registry:
        now = (await registry.refresh()).providers[f"my-{kind}"]
    assert now.status == "unreachable"
    assert "was not found" in (now.error or "")


TLS = Path(__file__).parents[1] / "data" / "tls"


@pytest.mark.parametrize("kind", LISTS)
async def test_a_certificate_that_nobody_trusts(tmp_path: Path, kind: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "cert.pem", TLS / "key.pem")
    async with (
        loopback(tls=context) as server,
        asking(tmp_path, *sources(server, kind)) as registry,
    ):
        now = (await registry.refresh()).providers[f"my-{kind}"]
        assert server.requests == [], "not even the key's header was sent"
    assert now.status == "unreachable"
    assert "cannot be verified" in (now.error or "")


async def test_no_tls_at_all(tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as plain:
        origin = f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}"
        nowhere = Loopback()
        async with asking(tmp_path, *sources(nowhere, "openai", origin=origin)) as registry:
            now = (await registry.refresh()).providers["my-openai"]
    assert now.status == "unreachable"
    assert "No secure connection" in (now.error or "")


@pytest.mark.parametrize("kind", LISTS)
async def test_the_key_stays_at_its_origin(server: Loopback, tmp_path: Path, kind: str) -> None:
    async with loopback() as other:
        there = f"{other.origin}/anywhere"
        server.break_(LISTS[kind], status=308, headers={"location": there})
        async with asking(tmp_path, *sources(server, kind)) as registry:
            now = (await registry.refresh()).providers[f"my-{kind}"]
        assert other.requests == []
        assert other.origin in (now.error or "")


@pytest.mark.parametrize("kind", LISTS)
async def test_a_redirect_within_the_origin_is_followed(
    server: Loopback, tmp_path: Path, kind: str
) -> None:
    path = LISTS[kind].strip("^$")
    server.break_("^/old/", status=308, headers={"location": path})
    server.break_(LISTS[kind], status=301, headers={"location": f"/old{path}"}, times=1)
    async with asking(tmp_path, *sources(server, kind)) as registry:
        now = (await registry.refresh()).providers[f"my-{kind}"]
    assert now.status == "ok", now.error


async def test_a_link_to_another_origin_is_not_followed(server: Loopback, tmp_path: Path) -> None:
    async with loopback() as other:
        await follow(server, tmp_path, f"{other.origin}/compatible/v1/models")
        assert other.requests == []


async def test_a_link_that_is_no_address_leads_nowhere(server: Loopback, tmp_path: Path) -> None:
    await follow(server, tmp_path, "http://[")


async def follow(server: Loopback, folder: Path, link: str) -> None:
    """The page that came is kept, and the list is not taken for complete."""
    body = {"data": [{"id": "one"}], "links": {"next": link}}
    server.break_(LISTS["openai-compatible"], body=body)
    async with asking(folder, *sources(server, "openai-compatible")) as registry:
        now = (await registry.refresh()).providers["my-openai-compatible"]
    assert (now.status, now.complete, ids(now)) == ("ok", False, ["one"])
    assert "an address that is not its own" in (now.error or "")


async def test_proxies_come_from_the_environment_but_not_for_this_machine(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with loopback() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        async with asking(tmp_path, *sources(server, "openai"), client=new_client) as registry:
            now = (await registry.refresh()).providers["my-openai"]
        assert (now.status, proxy.requests) == ("ok", [])
        away = sources(server, "openai", origin="http://models.example")
        async with asking(tmp_path, *away, client=new_client) as registry:
            await registry.refresh()
        assert [r.path for r in proxy.requests] == ["/openai/v1/models"]
        assert proxy.requests[0].headers["host"] == "models.example"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1", "::::"])
async def test_a_proxy_that_cannot_be_used_is_never_gone_around(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    here, environ = sources(server, "openai")
    away, _ = sources(server, "anthropic", origin="http://127.0.0.2:1")
    both = {**here, "providers": {**here["providers"], **away["providers"]}}
    async with asking(tmp_path, both, environ, client=new_client) as registry:
        catalog = await registry.refresh()
    assert catalog.providers["my-openai"].status == "ok"
    blocked = catalog.providers["my-anthropic"]
    assert blocked.status == "unreachable"
    assert "ALL_PROXY" in (blocked.error or "")


@pytest.mark.parametrize("named", ["nothing-there", "no-certificates", "."])
async def test_certificates_that_cannot_be_read_change_nothing(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (tmp_path / "no-certificates").write_text("these are none")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / named))
    _certificates.cache_clear()
    try:
        async with asking(tmp_path, *sources(server, "openai")) as registry:
            assert (await registry.refresh()).providers["my-openai"].status == "ok"
    finally:
        _certificates.cache_clear()
