"""Which way a request goes: directly, through which proxy, or not at all."""

from __future__ import annotations

import errno

import httpx2
import pytest
from tests.loopback.plain import Plain, listed, plain
from tests.loopback.wire import Reply, Request

from stagewright.providers.base import ProviderError
from stagewright.providers.configured import provider_of
from stagewright.providers.network import Spared, new_client, why_unreachable
from stagewright.providers.presets import ProviderConfig
from stagewright.settings import Settings

AWAY = "http://models.example"
SOCKS = "socks5://127.0.0.1:7891"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.mark.parametrize(
    ("no_proxy", "host", "spared"),
    [
        ("", "example.com", False),
        ("*", "example.com", True),
        ("other.com, *", "example.com", True),
        ("example.com", "example.com", True),
        ("example.com", "EXAMPLE.com", True),
        ("EXAMPLE.COM", "api.example.com", True),
        ("example.com", "notexample.com", False),
        (".example.com", "api.example.com", True),
        (".example.com", "example.com", True),
        ("*.example.com", "api.example.com", True),
        ("example.com.", "example.com", True),
        ("example.com", "example.com.evil.org", False),
        ("a.com,b.com", "b.com", True),
        ("a.com b.com", "b.com", True),
        (" a.com , b.com ,", "b.com", True),
        ("example.com:8080", "example.com", False),
        ("example.com:443", "example.com", True),
        ("127.0.0.0/8", "127.0.0.2", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "110.1.2.3", False),
        ("2.3", "10.1.2.3", False),
        ("10.1.2.3:443", "10.1.2.3", True),
        ("::1", "::1", True),
        ("[::1]", "::1", True),
        ("fd00::/8", "fd12::1", True),
        ("[fd00::1]:443", "fd00::1", True),
        ("[fd00::1]:80", "fd00::1", False),
        ("localhost", "localhost", True),
        ("...,,;;/", "example.com", False),
        ("999.0.0.0/99", "example.com", False),
        ("münchen.example", "münchen.example", True),
        ("xn--mnchen-3ya.example", "münchen.example", True),
        ("münchen.example", "api.xn--mnchen-3ya.example", True),
        (f"ü{'x' * 70}.example", f"ü{'x' * 70}.example", True),
        ("https://example.com", "api.example.com", True),
        ("https://example.com:443/v1", "example.com", True),
        ("https://example.com:8443/v1", "example.com", False),
        ("http://[fd00::1]:443/", "fd00::1", True),
        ("[fd00::]/8", "fd12::1", True),
        ("10.0.0.0/255.0.0.0", "10.1.2.3", True),
        ("10.*", "10.1.2.3", False),
        ("*example.com", "example.com", True),
        ("ex*.com", "example.com", False),
        ("::ffff:10.0.0.0/104", "10.1.2.3", False),
    ],
)
def test_no_proxy(no_proxy: str, host: str, spared: bool) -> None:
    assert Spared.read(no_proxy).has(host, 443) is spared


async def asked(base_url: str) -> str:
    """`ok`, or why not."""
    async with new_client() as http:
        try:
            await provider_of(
                ProviderConfig("acme", "Acme", "openai", base_url), Settings()
            ).list_models(http)
        except ProviderError as error:
            return str(error)
    return "ok"


async def way(
    monkeypatch: pytest.MonkeyPatch, direct: Plain, proxy: Plain, environ: dict[str, str]
) -> str:
    """How a server at 127.0.0.2, which does not count as this machine, is reached."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value.replace("PROXY", proxy.origin.removeprefix("http://")))
    answer = await asked(direct.origin.replace("127.0.0.1", "127.0.0.2"))
    if answer != "ok":
        return answer
    return "proxy" if proxy.requests else "direct"


DEAD = "cannot be reached"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "direct"),
        ({"http_proxy": "http://PROXY"}, "proxy"),
        ({"HTTP_PROXY": "http://PROXY"}, "proxy"),
        ({"HTTP_PROXY": "PROXY"}, "proxy"),
        ({"ALL_PROXY": "http://PROXY"}, "proxy"),
        ({"HTTPS_PROXY": "http://PROXY"}, "direct"),
        ({"http_proxy": "http://PROXY", "all_proxy": SOCKS}, "proxy"),
        ({"http_proxy": SOCKS, "all_proxy": "http://PROXY"}, "proxy"),
        ({"http_proxy": "http://PROXY", "https_proxy": SOCKS}, "proxy"),
        ({"http_proxy": "http://PROXY", "https_proxy": "x://", "all_proxy": "//"}, "proxy"),
        ({"http_proxy": "http://h:port", "all_proxy": "http://PROXY"}, "proxy"),
        ({"all_proxy": SOCKS, "no_proxy": "127.0.0.0/8"}, "direct"),
        ({"all_proxy": SOCKS, "NO_PROXY": "127.0.0.2"}, "direct"),
        ({"http_proxy": "http://PROXY", "no_proxy": "*"}, "direct"),
        ({"http_proxy": "http://PROXY", "no_proxy": "example.com"}, "proxy"),
        ({"all_proxy": SOCKS}, "ALL_PROXY names a SOCKS proxy, which is not supported"),
        ({"http_proxy": SOCKS}, "HTTP_PROXY names a SOCKS proxy, which is not supported"),
        ({"http_proxy": "ftp://x"}, "HTTP_PROXY is not the address of an HTTP proxy"),
        ({"http_proxy": "http://u:hunter2@h:p0rt"}, "HTTP_PROXY is not the address of an HTTP"),
        ({"http_proxy": "", "all_proxy": " "}, "direct"),
        ({"http_proxy": "http://127.0.0.1:1"}, "the proxy in HTTP_PROXY does not answer"),
        ({"all_proxy": "u:hunter2@127.0.0.1:1"}, "the proxy in ALL_PROXY does not answer"),
        ({"http_proxy": "http://proxy.invalid"}, "the proxy in HTTP_PROXY does not answer"),
    ],
)
async def test_ways(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], expected: str
) -> None:
    async with plain(_here, host="127.0.0.2") as direct, plain(_here) as proxy:
        found = await way(monkeypatch, direct, proxy, environ)
    assert expected in found
    assert "hunter2" not in found
    assert "hunter2" not in found


async def test_this_machine_needs_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with plain(_here) as direct:
        monkeypatch.setenv("all_proxy", SOCKS)
        monkeypatch.delenv("no_proxy", raising=False)
        assert await asked(direct.origin) == "ok"
        assert await asked(direct.origin.replace("127.0.0.1", "localhost")) == "ok"


def _here(_: Request) -> Reply:
    return listed("m")


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
            "refused the connection",
        ),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "cannot be reached"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "cannot be reached"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "cannot be reached"),
    ],
)
def test_only_who_refuses_is_said_to(cause: OSError, said: str) -> None:
    error = httpx2.ConnectError("All connection attempts failed")
    error.__cause__ = cause
    why = why_unreachable("Away", AWAY, error, is_local=False)
    assert why == f"{AWAY} {said}. Check the network and the address."
