"""How chats fail and recover, hang up, and use their connections."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.loopback.chat import Protocol, Script
from tests.loopback.endpoint import HASTY, PROTOCOLS, QUICK, WHOLE, Endpoint, outcome
from tests.loopback.server import Loopback

from stagewright.providers.base import (
    Ended,
    TextDelta,
)
from stagewright.providers.chat import reading
from stagewright.providers.chat.sdk import Patience

all_protocols = pytest.mark.parametrize("protocol", PROTOCOLS)


@all_protocols
@pytest.mark.parametrize("fault", ["drop", "reset", "stall", "error", "broken", "no-end"])
async def test_a_broken_stream_keeps_what_came_and_the_next_one_works(
    server: Loopback, protocol: Protocol, fault: str
) -> None:
    server.then(Script(fault=fault))  # type: ignore[arg-type]
    provider = Endpoint(protocol, server.origin, patience=HASTY if fault == "stall" else QUICK)
    text, _, error = await outcome(provider.ask())
    assert text == "An answer "
    assert error
    assert (error.code, error.retryable) == ("interrupted", True)
    says = {
        "drop": "Connection lost;",
        "reset": "Connection lost;",
        "stall": "sent nothing more for 2 s, the limit that chat.timeoutSeconds sets;",
        "error": "is overloaded or failing. Try again in a moment. ",
        "broken": "sent something unreadable;",
        "no-end": "without a stop reason;",
    }
    kept = ' says: "Overloaded". The' if fault == "error" else "; the"
    assert str(error).endswith(f"{kept} partial answer is kept.")
    assert says[fault] in str(error)
    assert (await outcome(replace(provider, patience=QUICK).ask()))[0] == WHOLE


@all_protocols
async def test_a_connection_lost_before_any_text_is_tried_again(
    server: Loopback, protocol: Protocol
) -> None:
    server.then(Script(fault="silent-drop"), Script(fault="drop", after=0))
    text, _, error = await outcome(Endpoint(protocol, server.origin).ask())
    assert (text, error) == (WHOLE, None)
    assert len(server.calls) == 3


@all_protocols
async def test_trying_again_has_an_end(server: Loopback, protocol: Protocol) -> None:
    server.default = Script(fault="silent-drop")
    text, _, error = await outcome(Endpoint(protocol, server.origin).ask())
    assert (text, len(server.calls)) == ("", 3)
    assert error
    assert (error.code, error.retryable) == ("unreachable", True)
    assert "closed the connection without an answer" in str(error)


@all_protocols
async def test_silence_ends_in_an_error_and_is_not_repeated(
    server: Loopback, protocol: Protocol
) -> None:
    server.default = Script(fault="silent-stall")
    _, _, error = await outcome(Endpoint(protocol, server.origin, patience=HASTY).ask())
    assert error
    assert error.code == "unreachable"
    assert "sent nothing for 2 s, the limit that chat.timeoutSeconds sets." in str(error)
    assert len(server.calls) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
async def test_what_passes_is_waited_for(server: Loopback, status: int) -> None:
    error = {"error": {"type": "some_error", "message": "Not now."}}
    server.then(Script(status=status, body=error, headers={"retry-after": "0"}))
    text, _, failed = await outcome(Endpoint("anthropic", server.origin).ask())
    assert (text, failed) == (WHOLE, None)


async def test_a_long_wait_is_left_to_the_user(server: Loopback) -> None:
    error = {"error": {"type": "rate_limit_error", "message": "Too many tokens."}}
    server.default = Script(status=429, body=error, headers={"retry-after": "120"})
    _, _, failed = await outcome(Endpoint("anthropic", server.origin).ask())
    assert failed
    assert (failed.code, failed.retry_after, failed.retryable) == ("rate-limited", 120.0, True)
    assert "Try again in 120 s." in str(failed)
    assert len(server.calls) == 1


async def test_an_error_event_before_any_text_is_tried_again(server: Loopback) -> None:
    server.then(Script(fault="error", after=0))
    text, _, error = await outcome(Endpoint("anthropic", server.origin).ask())
    assert (text, error) == (WHOLE, None)


async def test_an_answer_is_whole_once_its_stop_reason_came(server: Loopback) -> None:
    server.then(Script(drop_usage=True))
    text, events, error = await outcome(Endpoint("completions", server.origin).ask())
    assert (text, error) == (WHOLE, None)
    assert Ended("whole", "stop") in events


async def test_a_web_page_is_not_an_answer(server: Loopback) -> None:
    server.default = Script(body="<html>Sign in</html>", content_type="text/html")
    for protocol in PROTOCOLS:
        _, _, error = await outcome(Endpoint(protocol, server.origin).ask())
        assert error
        assert error.code == "bad-answer"
        assert "answered with text/html in place of a chat stream" in str(error)


async def test_nobody_listens(unused_tcp_port: int) -> None:
    origin = f"http://127.0.0.1:{unused_tcp_port}"
    once = Patience(stall=20, backoff=3600)  # a second try would not come in time
    _, _, error = await outcome(Endpoint("completions", origin, patience=once).ask())
    assert error
    assert (error.code, str(error)) == (
        "unreachable",
        f"Completions is not running at {origin}. Start it, or correct its base URL.",
    )


async def test_no_tls_where_tls_is_expected() -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as listening:
        origin = f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        _, _, error = await outcome(Endpoint("anthropic", origin).ask())
    assert error
    assert str(error).startswith(f"No secure connection to {origin} could be made.")


@all_protocols
async def test_an_answer_ends_though_its_connection_does_not(
    server: Loopback, protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_AFTER_REASON", 0.05)
    server.then(Script(fault="open-end"))
    text, events, error = await outcome(Endpoint(protocol, server.origin).ask())
    assert (text, error) == (WHOLE, None)
    assert isinstance(events[-1], Ended)


# Hanging up


@all_protocols
async def test_closing_the_iterator_closes_the_connection(
    server: Loopback, protocol: Protocol
) -> None:
    server.then(Script(fault="stall"))
    answer = Endpoint(protocol, server.origin).ask()
    async for event in answer:
        if isinstance(event, TextDelta):
            break
    call = await server.call()
    assert not call.closed.is_set()
    await answer.aclose()
    await call.closed.wait()


@all_protocols
@pytest.mark.parametrize("fault", ["stall", "silent-stall"])
async def test_cancelling_closes_the_connection(
    server: Loopback, protocol: Protocol, fault: str
) -> None:
    server.then(Script(fault=fault))  # type: ignore[arg-type]
    task = asyncio.create_task(outcome(Endpoint(protocol, server.origin).ask()))
    call = await server.call()
    await call.stalled.wait()
    task.cancel()
    await call.closed.wait()


@all_protocols
async def test_what_was_prepared_is_used(server: Loopback, protocol: Protocol) -> None:
    provider = Endpoint(protocol, server.origin)
    await provider.prepare_chat()
    assert server.calls == []
    assert (await outcome(provider.ask()))[0] == WHOLE


async def test_connections_are_used_again(server: Loopback) -> None:
    provider = Endpoint("completions", server.origin)
    for _ in range(5):
        await outcome(provider.ask())
    assert len({call.closed for call in server.calls}) == 1
