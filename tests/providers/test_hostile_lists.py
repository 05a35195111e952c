"""Hostile lists and look-ups: each ends in words, within bounds, and claims nothing."""

# ruff: noqa: E501 - tables are easier to read with a case a line

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.loopback.asking import Clock, asking
from tests.loopback.plain import Plain, listed, plain
from tests.loopback.wire import Reply, Request

from stagewright.catalog.catalog import ProviderSnapshot, Standing
from stagewright.catalog.model import ModelReference
from stagewright.providers.base import ProviderError
from stagewright.providers.configured import provider_of
from stagewright.providers.lists import exchange, remote
from stagewright.providers.network import new_client
from stagewright.providers.presets import ProviderConfig
from stagewright.settings import Kind, Settings

MIB = 1024 * 1024
GOOD = {"object": "list", "data": [{"id": "one", "object": "model"}]}
DEEP = "[" * 100_000


def entry(**facts: Any) -> Reply:
    """A list with a second model of which these facts are told."""
    return listed("one", entries=[{"id": "two", **facts}])


def page(**facts: Any) -> Reply:
    """A list whose first page also says this."""
    return listed("one", **facts)


def packed(data: bytes, encoding: str = "gzip", status: int = 200) -> Reply:
    return Reply(data, status, {"content-encoding": encoding})


def text(written: str) -> Reply:
    """JSON as it is written, also where no writer of JSON would write it so."""
    return Reply(written.encode("utf-8", "surrogatepass"))


BOMB = gzip.compress(b" " * (40 * MIB), 9)

BAD_ANSWERS: dict[str, Reply] = {
    # Too much
    "a body over the bound": Reply(b"[" + b" " * exchange.MAX_BYTES + b"]"),
    "a bomb": packed(BOMB),
    "a bomb in deflate": packed(zlib.compress(b" " * (40 * MIB), 9), "deflate"),
    "a bomb in bare deflate": packed(zlib.compress(b" " * (40 * MIB), 9)[2:-4], "deflate"),
    "a bomb in a bomb": packed(gzip.compress(BOMB)),
    "too many values": text('{"data":[{"id":"one"}],"x":[' + "1," * 2_100_000 + "1]}"),
    "too many objects": text('{"data":[{"id":"one"}],"x":[' + "{}," * 400_000 + "{}]}"),
    "too many models": listed(*(f"m{n}" for n in range(remote._MAX_MODELS + 1))),
    # Packed wrongly
    "packed twice": packed(gzip.compress(gzip.compress(json.dumps(GOOD).encode())), "gzip, gzip"),
    "brotli, not asked for": packed(b"\x0b\x02\x80[]\x03", "br"),
    "zstd, not asked for": packed(b"(\xb5/\xfd", "zstd"),
    "an unknown encoding": packed(b"[]", "x-secret"),
    "gzip that is none": packed(b"[]"),
    "gzip cut short": packed(gzip.compress(json.dumps(GOOD).encode())[:-12]),
    "gzip with a wrong sum": packed(gzip.compress(b"[]")[:-8] + b"\0" * 8),
    # No JSON, or not this
    "deep arrays": text(DEEP),
    "deep objects": text('{"data":' * 50_000),
    "deep in a field": text('{"data":[{"id":"one"}],"x":' + DEEP + "]" * 100_000 + "}"),
    "a deep id": text('{"data":[{"id":' + "[" * 900 + "]" * 900 + "}]}"),
    "NUL bytes": Reply(b"\0" * 1000),
    "UTF-16 that breaks off": Reply('{"data": []}'.encode("utf-16")[:-1]),
    "not UTF-8": Reply(b'{"data":[{"id":"\xff\xfe"}]}'),
    "HTML": Reply("<html>" + "<div>" * 10_000),
    "an event stream": Reply("data: {}\n\n", headers={"content-type": "text/event-stream"}),
    "nothing": Reply(b""),
    "a number": text("7"),
    "not a number": text("NaN"),
    "a list of nothing": text('{"data":[null,1,"x",[],true]}'),
    "data in data": text('{"data":{"data":[{"id":"one"}]}}'),
    "ids of all types": text('{"data":[{"id":1},{"id":null},{"id":["x"]},{"id":{}},{"id":1e400}]}'),
    "ids that cannot be shown": text('{"data":[{"id":"a\\u0000b"},{"id":"\\ud800"},{"id":"\\u202e"}]}'),
    "ids of blanks": text('{"data":[{"id":" "},{"id":"\\n"},{"id":"\\u00a0"}]}'),
    "an id of a megabyte": listed("x" * MIB),
    # Redirects
    "a redirect to itself": Reply(b"", 302, {"location": "/v1/models?return_wildcard_routes=true"}),
    "a redirect elsewhere": Reply(b"", 301, {"location": "http://127.0.0.1:1/v1/models"}),
    "a redirect to another scheme": Reply(b"", 302, {"location": "https://127.0.0.1/v1/models"}),
    "a redirect to a file": Reply(b"", 302, {"location": "file:///etc/passwd"}),
    "a redirect to nonsense": Reply(b"", 302, {"location": "http://[::1"}),
    # Refusals
    "teapot": Reply({}, 418),
    "an error of a megabyte": Reply("x" * MIB, 400),
    "an error that is a bomb": packed(BOMB, status=400),
    "an error of deep JSON": Reply(DEEP, 400),
}  # fmt: skip


async def ask(
    tmp_path: Path, server: Plain, kind: Kind = "openai-compatible", **config: Any
) -> ProviderSnapshot:
    """What is known of the server after it was asked once."""
    editor = {
        "providers": {
            "acme": {"kind": kind, "baseUrl": f"{server.origin}/v1"},
            "ollama": {"enabled": False},
        },
        "models": {"timeoutSeconds": 50},
    }
    async with asking(tmp_path, editor, {}, clock=Clock(), **config) as registry:
        return (await registry.refresh()).providers["acme"]


@pytest.mark.parametrize("case", BAD_ANSWERS)
async def test_a_bad_answer_is_told_so(tmp_path: Path, case: str) -> None:
    reply = BAD_ANSWERS[case]
    async with plain(lambda _: reply) as server:
        found = await ask(tmp_path, server)
        assert len(server.requests) <= 2 * exchange._MAX_REDIRECTS
    assert (found.status, found.models, found.complete) == ("bad-answer", (), False)
    check_words(found)


OTHER_STATUSES: dict[str, tuple[str, Reply]] = {
    "401 with pages of text": ("auth-failed", Reply("x" * MIB, 401)),
    "a wrong key, deep in a bomb": ("auth-failed", packed(
        gzip.compress(b'"API_KEY_INVALID"' + b" " * (50 * MIB), 9), status=400)),
    "403 with markup": ("forbidden", Reply("<script>", 403)),
    "404 with deep JSON": ("no-list", Reply(DEEP, 404)),
    "429 for ever": ("rate-limited", Reply({}, 429, {"retry-after": "9" * 400})),
    "429 till no day": ("rate-limited", Reply({}, 429, {"retry-after": "Mon, 99 Foo 9999"})),
    "429 for less than nothing": ("rate-limited", Reply({}, 429, {"retry-after-ms": "-1e400"})),
    "429 for no number": ("rate-limited", Reply({}, 429, {"retry-after-ms": "nan"})),
    "503 with a bomb": ("bad-answer", packed(BOMB, status=503)),
    "599": ("bad-answer", Reply({}, 599)),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHER_STATUSES)
async def test_a_refusal_is_read_by_its_status(tmp_path: Path, case: str) -> None:
    status, reply = OTHER_STATUSES[case]
    async with plain(lambda _: reply) as server:
        found = await ask(tmp_path, server)
    assert (found.status, found.models) == (status, ())
    check_words(found)


HUGE = "1" * 5000
KEPT: dict[str, tuple[bool, Reply]] = {
    # name: whether the list is complete all the same; of all of them, "one" is read
    "1e400 in facts": (True, text('{"data":[{"id":"one","created":1e400,"context_length":1e400}]}')),
    "minus infinity": (True, text('{"data":[{"id":"one","created":-Infinity,"max_model_len":NaN}]}')),
    "a number of 5,000 digits": (True, text('{"data":[{"id":"one","created":' + HUGE + "}]}")),
    "a lone surrogate in a name": (True, text('{"data":[{"id":"one","name":"\\ud83d"}]}')),
    "a name of a megabyte": (True, entry(name="x" * MIB)),
    "a name that moves the cursor": (True, entry(name="\x1b[2J\x1b]0;x\x07")),
    "a name that turns the text": (True, entry(name="\u202egnp.exe")),
    "a million aliases": (True, entry(aliases=["x"] * 300_000)),
    "prices that are none": (True, entry(pricing={"prompt": "1e400", "completion": "nan"})),
    "dates out of time": (True, entry(expiration_date="99999-99-99", created=10**18)),
    "facts of wrong types": (True, entry(architecture=[1], capabilities=7, top_provider="x",
                                         pricing=[], mode={}, type=[], supported_parameters="x")),
    "a type of its own": (True, entry(type="model", mode="conversation")),
    "the same model a thousand times": (True, listed(*["one"] * 1000)),
    "an entry that is none": (False, listed("one", entries=[{"name": "no id"}])),
    "an id with a control character": (False, listed("one", "two\x07")),
    "patterns of stars": (True, listed("one", "*" * 200, "a" + "*a" * 100)),
    "more patterns than are matched": (False, listed("one", *(f"p{n}-*" for n in range(1000)))),
    # Signs of more
    "more, but not where": (False, page(next={"x": 1})),
    "more at another origin": (False, page(next="http://127.0.0.1:1/v1/models?page=2")),
    "more in a file": (False, page(links={"next": "file:///etc/passwd"})),
    "more at no address": (False, page(next_page_url="http://[")),
    "more at an endless address": (False, page(next="/v1/models?" + "x" * 100_000)),
    "more of a cursor that is none": (False, page(next_cursor={"a": 1})),
    "more than it lists": (False, page(total=2)),
    "many more than it lists": (False, page(total_count=10**30 // 10**13)),
    "no more than it lists": (True, page(total=1)),
    "nothing more, in many words": (True, page(has_more=False, next=None, links={"next": ""},
                                               next_page_token="", nextPageToken=None, next_cursor="")),
}  # fmt: skip


@pytest.mark.parametrize("case", KEPT)
async def test_what_can_be_read_is_kept(tmp_path: Path, case: str) -> None:
    complete, reply = KEPT[case]
    async with plain(lambda _: reply) as server:
        found = await ask(tmp_path, server)
        again = await ask(tmp_path, server)
        assert len(server.requests) == 1, "the second time it is read from the cache"
    assert (found.status, found.complete) == ("ok", complete)
    assert "one" in found.table.by_id
    assert [(m.id, m.name) for m in again.models] == [(m.id, m.name) for m in found.models]
    assert bool(found.error) is not complete
    check_words(found)


PAGES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    # name: status, what the first page says beside its model, what every later one does
    "the same page for ever": ("incomplete", {"next": "?p=2"}, {"next": "?p=2"}),
    "a circle": ("incomplete", {"next": "?p=2"}, {"next": "?return_wildcard_routes=true"}),
    "more for ever, by last id": ("incomplete", {"has_more": True}, {"has_more": True}),
    "more in words": ("incomplete", {"has_more": "yes"}, {"has_more": "yes"}),
    "always one page more": ("incomplete", {"page": 1, "total_pages": 9}, {"page": 1, "total_pages": 9}),
    "by last id": ("ok", {"has_more": True, "last_id": "one"}, {"has_more": False}),
    "by the last entry's id": ("ok", {"has_more": True}, {"has_more": False}),
    "by a link": ("ok", {"links": {"next": "/v1/models?p=2"}}, {"links": {"next": None}}),
    "by a link in a link": ("ok", {"_links": {"next": {"href": "?p=2"}}}, {"_links": {}}),
    "by a whole link": ("ok", {"next": "ORIGIN/v1/models?p=2"}, {"next": None}),
    "by a token": ("ok", {"next_page_token": "t"}, {"next_page_token": ""}),
    "by Google's token": ("ok", {"nextPageToken": "t"}, {}),
    "by a cursor": ("ok", {"pagination": {"next_cursor": "c"}}, {"pagination": {"next_cursor": None}}),
    "by a page's number": ("ok", {"page": 1, "total_pages": 2}, {"page": 2, "total_pages": 2}),
    "by the next page's number": ("ok", {"meta": {"next_page": 2}}, {"meta": {"next_page": None}}),
    "by more, in capitals": ("ok", {"hasMore": True}, {"hasMore": False}),
    "by a next one": ("ok", {"has_next": True}, {"has_next": False}),
    "by more": ("ok", {"pagination": {"more": True}}, {"pagination": {"more": False}}),
    "by truncation": ("ok", {"is_truncated": True}, {"is_truncated": False}),
}  # fmt: skip


@pytest.mark.parametrize("case", PAGES)
async def test_pages_are_followed_and_bounded(tmp_path: Path, case: str) -> None:
    status, first, later = PAGES[case]

    def answer(request: Request) -> Reply:
        if len(server.requests) == 1:
            said = json.loads(json.dumps(first).replace("ORIGIN", server.origin))
            return listed("one", **said)
        return listed("two", **later)

    async with plain(answer) as server:
        found = await ask(tmp_path, server)
        assert 2 <= len(server.requests) <= 3
        assert {one.path for one in server.requests} == {"/v1/models"}
    assert (found.status, sorted(m.id for m in found.models)) == (status, ["one", "two"])
    assert found.complete is (status == "ok")
    check_words(found)


async def test_a_link_in_a_header_is_followed(tmp_path: Path) -> None:
    def answer(_: Request) -> Reply:
        first = len(server.requests) == 1
        link = '</v1/models?p=1>; rel="prev", </v1/models?p=2>; rel="next"'
        return replace(listed("one" if first else "two"), headers={"link": link} if first else {})

    async with plain(answer) as server:
        found = await ask(tmp_path, server)
    assert (found.complete, sorted(m.id for m in found.models)) == (True, ["one", "two"])


@pytest.mark.parametrize(
    "second",
    [
        Reply(b"x" * 100),
        Reply(b"[" + b" " * exchange.MAX_BYTES + b"]"),
        packed(BOMB),
        Reply({}, 500),
        Reply(DEEP),
        listed(*(f"m{n}" for n in range(remote._MAX_MODELS + 1))),
    ],
    ids=["no JSON", "too large", "a bomb", "an error", "too deep", "too many"],
)
async def test_what_came_before_is_kept(tmp_path: Path, second: Reply) -> None:
    def answer(_: Request) -> Reply:
        return listed("one", has_more=True) if len(server.requests) == 1 else second

    async with plain(answer) as server:
        found = await ask(tmp_path, server)
    assert (found.status, [m.id for m in found.models]) == ("incomplete", ["one"])
    assert found.error
    assert found.error.startswith("Page 2 of its list could not be had: ")
    verdict = found.conclusive
    assert not verdict, "nothing is called missing"


async def test_pages_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_MAX_PAGES", 20)
    async with plain(
        lambda r: listed(f"m{len(r.path)}", has_more=True, last_id=r.body.hex())
    ) as no:
        assert (await ask(tmp_path, no)).status == "incomplete"

    def endless(_: Request) -> Reply:
        number = len(server.requests)
        return listed(f"m{number}", next=f"?page={number + 1}")

    async with plain(endless) as server:
        found = await ask(tmp_path, server)
        assert len(server.requests) == 20
    assert (found.status, len(found.models)) == ("incomplete", 20)


async def test_a_bomb_costs_no_more_than_the_bound() -> None:
    async with plain(lambda _: packed(BOMB)) as server, new_client() as http:
        acme = provider_of(
            ProviderConfig("acme", "Acme", "openai-compatible", server.origin), Settings()
        )
        tracemalloc.start()
        try:
            with pytest.raises(ProviderError):
                await acme.list_models(http)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 2 * exchange.MAX_BYTES + MIB, "it would be 40 MiB, and a copy or two"


NO_MODEL = "no-such-model"

LOOKUPS: dict[str, tuple[str, Callable[[Request], Reply]]] = {
    # name: what becomes of the model, what the server says of it alone
    "denied": ("unavailable", lambda _: Reply({"error": {"code": "model_not_found"}}, 404)),
    "denied, deep": ("pending", lambda _: Reply('{"error":' + DEEP, 404)),
    "denied in a bomb": ("pending", lambda _: packed(BOMB, status=404)),
    "denied with a message of another type": (
        "pending", lambda _: Reply({"error": {"message": [NO_MODEL]}}, 404)),
    "a message of deep JSON": ("pending", lambda _: Reply(
        '{"error":{"message":' + "[" * 900 + "]" * 900 + "}}", 404)),
    "another model": ("usable", lambda _: Reply({"id": "other"})),
    "no model": ("pending", lambda _: Reply({"id": 7})),
    "a list": ("pending", lambda _: Reply([1])),
    "a body over the bound": ("pending", lambda _: Reply(b" " * (exchange.MAX_BYTES + 1))),
    "a bomb": ("pending", lambda _: packed(BOMB)),
    "an endless redirect": ("pending", lambda r: Reply(b"", 302, {"location": r.path})),
    "an error that quotes it": ("pending", lambda _: Reply({"error": {"message": NO_MODEL}}, 500)),
}  # fmt: skip


@pytest.mark.parametrize("case", LOOKUPS)
async def test_look_ups(tmp_path: Path, case: str) -> None:
    standing, reply = LOOKUPS[case]

    def answer(request: Request) -> Reply:
        return reply(request) if request.path.endswith(NO_MODEL) else listed("one")

    editor = {"providers": {"ollama": {"enabled": False}}, "models": {"timeoutSeconds": 50}}
    async with plain(answer) as server:
        editor["providers"]["acme"] = {"kind": "openai", "baseUrl": f"{server.origin}/v1"}
        async with asking(tmp_path, editor, {}) as registry:
            await registry.refresh()
            reference = ModelReference("acme", NO_MODEL)
            for question in registry.ask_about([reference]):
                await question
            verdict = registry.catalog.verdict(reference, now=Clock()())
    # Where it cannot be told, nothing is said, or that this server cannot be asked about one model.
    allowed = {standing} | ({"unlisted"} if standing == "pending" and "den" in case else set())
    allowed |= {"unlisted"} if "message" in case else set()
    assert verdict.standing in {Standing(one) for one in allowed}


@pytest.mark.parametrize(
    ("kind", "path", "body"),
    [
        ("anthropic", "/v1/models", {"data": [{"id": "one"}], "has_more": True, "last_id": "one"}),
        ("gemini", "/v1beta/models", {"models": [{"name": "models/one"}], "nextPageToken": "t"}),
        ("ollama", "/api/tags", {"models": [{"name": "one"}], "next": "?page=2"}),
        ("openai", "/models", {"data": [{"id": "one"}], "has_more": True}),
    ],
)
async def test_every_api_s_pages_are_bounded(
    tmp_path: Path, kind: Kind, path: str, body: dict[str, Any]
) -> None:
    async with plain(lambda r: Reply(body if r.path.endswith(path) else {})) as server:
        found = await ask(tmp_path, server, kind)
        assert len(server.requests) <= 3
    assert (found.status, [model.id for model in found.models]) == ("incomplete", ["one"])


def check_words(found: ProviderSnapshot) -> None:
    """What is said is bounded and can be shown; so is every word of the models."""
    words = [
        found.error or "",
        *(w for m in found.models for w in (m.id, m.name or "", *m.aliases)),
    ]
    assert all(word.isprintable() and len(word) <= 1000 for word in words)
    assert all(len(model.id) <= 256 and len(model.aliases) <= 70 for model in found.models)
