"""JSON-RPC as pygls speaks it, and what it leaves open: every request is answered, whatever came,
and nothing is kept of what has ended."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from concurrent.futures import Future
from typing import Any
from uuid import uuid4

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import JsonRPCNotification, JsonRPCRequestMessage, LanguageServerProtocol

from stagewright.lsp import logs
from stagewright.lsp.documents import UNVERSIONED, OpenDocuments
from stagewright.lsp.errors import failure
from stagewright.lsp.framing import BEGINNING, Frame, Unreadable
from stagewright.lsp.notifications import TO_THE_SERVER

log = logging.getLogger(__name__)

LEFT_OUT: dict[str | None, dict[str, Any]] = {
    types.TEXT_DOCUMENT_DID_OPEN: {"version": UNVERSIONED, "languageId": ""},
    types.TEXT_DOCUMENT_DID_CHANGE: {"version": UNVERSIONED},
}
"""What LSP demands in a `textDocument`, but not every client sends."""

AS_THEY_ARE = frozenset({types.COMPLETION_ITEM_RESOLVE, *TO_THE_SERVER})
"""Methods whose parameters go to their handler as JSON: they come back with something added, or are
ours."""

TOO_EARLY = "The server has not been initialized."

_HALVES = re.compile(
    r"(?<!\\)((?:\\\\)*)(?:(\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\ud[89a-f][0-9a-f]{2})"
)
"""Surrogates in JSON, whole pairs as group 2; before them, backslashes that are text."""

_ID = re.compile(rb'"id"\s*:\s*(-?[0-9]{1,15}\b|"(?:[^"\\]|\\.){0,200}")')


NOTIFICATIONS = frozenset(
    method for method, (_, answer, *_) in types.METHOD_TO_TYPES.items() if answer is None
)
"""The protocol's methods that nobody answers."""


class Protocol(LanguageServerProtocol):
    """pygls's, which never answers what it cannot read or what comes after `shutdown`, and keeps
    the results of commands for ever."""

    _ending: Future[Any] | None = None  # of the answer to `shutdown`, once it has come

    # What comes

    def receive(self, frame: Frame) -> None:
        """Have one message handled. What cannot be read is refused, and ends nothing."""
        if isinstance(frame, Unreadable):
            self._refuse(_id_in(frame.beginning), JsonRpcInvalidRequest(frame.reason))
            return
        try:
            data = _read(frame)
        except (ValueError, RecursionError) as error:
            said = f"The message is not JSON: {logs.short(str(error))}"
            self._refuse(_id_in(frame), JsonRpcParseError(said))
            return
        if violation := _violation(data):
            self._refuse(_id_of(data), JsonRpcInvalidRequest(violation))
        elif "method" not in data:
            self._take_reply(data)
        elif problem := self._objection(data):
            if "id" in data:
                self._refuse(data["id"], problem)
            elif not data["method"].startswith("$/"):
                log.warning("%s was passed over: %s", logs.short(data["method"]), problem)
        else:
            self._put_right(data["method"], data.get("params"))
            self._take(data)

    def _objection(self, data: dict[str, Any]) -> JsonRpcException | None:
        """Why a message is not handled, whatever its parameters are."""
        method = data["method"]
        if "id" in data and method in NOTIFICATIONS:  # pygls would not answer all of them
            return JsonRpcInvalidRequest(f"{method} is a notification.")
        if method == types.CANCEL_REQUEST:
            return None
        if method not in self.fm.builtin_features and method not in self.fm.features:
            return JsonRpcMethodNotFound(f"Method Not Found: {logs.short(method)}")
        if self._workspace is None and method not in (types.INITIALIZE, types.EXIT):
            return JsonRpcServerNotInitialized(TOO_EARLY)
        if self._workspace is not None and method == types.INITIALIZE:
            return JsonRpcInvalidRequest("The server is already initialized.")
        return None

    def _put_right(self, method: str, params: Any) -> None:
        """Name files as they are open, and fill in what some clients leave out."""
        if not isinstance(params, dict):
            return
        document = params.get("textDocument")
        if isinstance(document, dict):
            for key, value in LEFT_OUT.get(method, {}).items():
                if document.get(key) is None:
                    document[key] = value
        if method == types.TEXT_DOCUMENT_DID_OPEN:
            return  # the name that counts from now on
        arguments = params.get("arguments")
        for named in (document, *(arguments if isinstance(arguments, list) else ())):
            if isinstance(named, dict) and isinstance(named.get("uri"), str):
                named["uri"] = self._as_opened(named["uri"])

    def _as_opened(self, uri: str) -> str:
        documents = self._workspace
        return documents.as_opened(uri) if isinstance(documents, OpenDocuments) else uri

    def _take_reply(self, data: dict[str, Any]) -> None:
        """Give a reply to what waits for it, if anything does."""
        if data["id"] not in self._result_types:
            log.warning("The editor answered what it was not asked.")
            return
        self._take(data)

    def _handle_response(self, msg_id: Any, result: Any = None, error: Any = None) -> None:
        """Hand over a reply; one that is no longer waited for would raise, and is passed over."""
        waiting = self._request_futures.get(msg_id)
        if waiting is not None and waiting.done():
            self._request_futures.pop(msg_id)
            return
        super()._handle_response(msg_id, result, error)

    def _take(self, data: dict[str, Any]) -> None:
        try:
            message = self.structure_message(data)
        except JsonRpcException:
            return
        self.handle_message(message)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message as an object. Raises JsonRpcException where it is not what its method says;
        then a request has been refused, and what waits for a reply has been told."""
        if (method := data.get("method")) in AS_THEY_ARE:
            params = data.get("params")
            if "id" in data:
                return JsonRPCRequestMessage(data["id"], method, "2.0", params)
            return JsonRPCNotification(method, "2.0", params)
        try:
            return super().structure_message(data)
        except JsonRpcException:
            log.warning("%s could not be read.", data.get("method", "A reply"))
            if "id" in data and "method" in data:
                self._refuse(data["id"], JsonRpcInvalidParams())
            elif "id" in data:
                self._handle_response(data["id"], error=_unreadable_reply())
            raise
        finally:
            if "method" not in data:
                self._result_types.pop(data["id"], None)

    def handle_message(self, message: Any) -> None:
        """Have a message handled; after `shutdown` only `exit` is, once that has been answered."""
        method = getattr(message, "method", None)
        if self._shutdown and method is not None and hasattr(message, "id"):
            self._refuse(message.id, JsonRpcInvalidRequest("The server has been shut down."))
            return
        if method is not None and self._ending is not None and not self._ending.done():
            self._ending.add_done_callback(lambda _: self.handle_message(message))
            return
        with logs.handling(method or "A reply"):
            super().handle_message(message)
        if method == types.SHUTDOWN:
            self._ending = self._request_futures.get(message.id)

    def cancel_requests(self) -> None:
        """End all requests but the one that is being handled.

        pygls does so when it shuts down, but fails over those that leave its table at once.
        """
        for request, future in list(self._request_futures.items()):
            if request != self.msg_id and isinstance(future, Future):
                future.cancel()

    def _execute_handler(self, msg_id: Any, *args: Any, **kwargs: Any) -> None:
        """pygls's, after which nothing is left of what has been done."""
        super()._execute_handler(msg_id, *args, **kwargs)
        if (future := self._request_futures.get(msg_id)) is not None:
            future.add_done_callback(lambda done: self._forget(msg_id, done))

    def _forget(self, msg_id: Any, done: Any) -> None:
        if self._request_futures.get(msg_id) is done:
            del self._request_futures[msg_id]

    # What goes

    async def ask(self, method: str, within: float) -> Any:
        """What the client answers a request without parameters.

        Raises JsonRpcException, or TimeoutError; then nothing is kept of the request.
        """
        msg_id = str(uuid4())
        asked = asyncio.wrap_future(self.send_request(method, None, msg_id=msg_id))
        try:
            return await asyncio.wait_for(asked, within)
        finally:
            self._request_futures.pop(msg_id, None)
            self._result_types.pop(msg_id, None)

    def _refuse(self, msg_id: int | str | None, problem: JsonRpcException) -> None:
        """Answer with an error; without an id it says that something could not be read."""
        if msg_id is None:
            log.warning("%s", problem)
        self._send_data({"jsonrpc": "2.0", "id": msg_id, "error": problem.to_response_error()})

    def _send_data(self, data: Any) -> None:
        """Send a message; what cannot be written as JSON is answered with an error in its place."""
        if self.writer is None:
            return
        try:
            body = self._as_json(data)
        except (TypeError, ValueError, AttributeError, RecursionError) as error:
            log.exception("An answer could not be written.", exc_info=error)
            if (msg_id := getattr(data, "id", None)) is None or hasattr(data, "method"):
                return
            failed = JsonRpcInternalError("The answer cannot be written as JSON.")
            data = {"jsonrpc": "2.0", "id": msg_id, "error": failed.to_response_error()}
            body = self._as_json(data)
        written = without_halves(body).encode("ascii")
        self.writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(written), written))

    def _as_json(self, data: Any) -> str:
        try:
            return json.dumps(data, default=self._serialize_message, allow_nan=False)
        except ValueError:  # JSON knows no infinity: `1e400` is one when it has been read
            told = json.dumps(data, default=self._serialize_message)
            return json.dumps(json.loads(told, parse_constant=lambda _: None))


def without_halves(body: str) -> str:
    """ASCII JSON without halves of characters, which some clients' readers refuse: each becomes
    U+FFFD."""
    if "\\ud" not in body:
        return body
    return _HALVES.sub(lambda it: it[0] if it[2] else f"{it[1]}\\ufffd", body)


def _read(body: bytes) -> Any:
    """A message as JSON. Raises ValueError or RecursionError.

    What is only told is better taken with a few wrong characters than not at all.
    """
    try:
        text, is_utf_8 = body.decode(), True
    except UnicodeDecodeError:
        text, is_utf_8 = body.decode(errors="replace"), False
    data = json.loads(text.removeprefix("\ufeff"), parse_constant=_no_json)
    if not is_utf_8 and isinstance(data, dict) and "id" in data:
        raise ValueError("it is not UTF-8")
    return data


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")


def _violation(data: Any) -> str | None:
    """What keeps JSON from being a message, if anything does."""
    if not isinstance(data, dict):
        return "A message must be one JSON object."
    if data.get("jsonrpc") != "2.0":
        return 'A message must say "jsonrpc": "2.0".'
    if "id" in data and _id_of(data) is None:
        return "The id of a message must be a number or a string."
    if not isinstance(data.get("method", ""), str):
        return "The method of a message must be a string."
    if not isinstance(data.get("params"), dict | list | None):
        return "The parameters of a message must be an object."
    if "method" not in data and "id" not in data:
        return "A message must have a method, or answer one by its id."
    return None


def _id_of(data: Any) -> int | str | None:
    """The id of a message, if it has one that can be answered."""
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, int | str) and not isinstance(found, bool) else None


def _id_in(body: bytes) -> int | str | None:
    """The id of a message that cannot be read, where its beginning shows it."""
    beginning = body[:BEGINNING].partition(b'"params"')[0]
    found = _ID.search(beginning)
    return json.loads(found[1].decode(errors="replace"), strict=False) if found else None


def _unreadable_reply() -> types.ResponseError:
    """What a command is told that waits for a reply which is none."""
    return failure(
        "reply-unreadable",
        "The editor's answer could not be read, so it is not known whether it did what it was "
        "asked. Check, and try again if not. A newer editor may help.",
    ).to_response_error()
