"""Replies to what the server has asked, also late ones: none of them ends anything."""

from __future__ import annotations

import json

import pytest

from stagewright.lsp.jsonrpc import Protocol
from stagewright.lsp.server import StagewrightServer

REPLIES = [{"result": None}, {"result": {"title": "Yes"}}, {"error": {"code": 1, "message": "no"}}]


class Nowhere:
    """Where messages go that nobody reads."""

    def write(self, _: bytes) -> None: ...

    def close(self) -> None: ...


def protocol() -> Protocol:
    made = StagewrightServer().protocol
    made.set_writer(Nowhere())
    return made


@pytest.mark.parametrize("reply", REPLIES, ids=["null", "result", "error"])
def test_a_reply_that_is_no_longer_waited_for_is_passed_over(reply: dict[str, object]) -> None:
    asked = protocol()
    given_up = asked.send_request("workspace/codeLens/refresh", None, msg_id="first")
    given_up.cancel()
    late = json.dumps({"jsonrpc": "2.0", "id": "first", **reply}).encode()
    asked.receive(late)
    asked.receive(late)  # and once more
    waited_for = asked.send_request("workspace/codeLens/refresh", None, msg_id="second")
    asked.receive(json.dumps({"jsonrpc": "2.0", "id": "second", "result": None}).encode())
    assert waited_for.result(0) is None
