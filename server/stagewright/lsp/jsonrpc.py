"""JSON-RPC as pygls speaks it, and what it leaves open: every request is answered."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest
from pygls.protocol import LanguageServerProtocol

from stagewright.lsp import logs

log = logging.getLogger(__name__)


class Protocol(LanguageServerProtocol):
    """pygls's, which never answers what it cannot read or what comes after `shutdown`."""

    _ending: Future[Any] | None = None  # of the answer to `shutdown`, once it has come

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message as an object. Raises JsonRpcException where it is not what its method says;
        then a request has been refused, and what waits for a reply has been told."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            log.warning("%s could not be read.", data.get("method", "A reply"))
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            elif "id" in data:
                self._handle_response(data["id"], error=_unreadable_reply())
            raise

    def handle_message(self, message: Any) -> None:
        """Have a message handled; after `shutdown` only `exit` is, once that has been answered."""
        method = getattr(message, "method", None)
        if self._shutdown and method is not None and hasattr(message, "id"):
            refusal = JsonRpcInvalidRequest("The server has been shut down.")
            self._send_response(message.id, error=refusal.to_response_error())
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


def _unreadable_reply() -> types.ResponseError:
    """What a command is told that waits for a reply which is none."""
    from stagewright.lsp.protocol import failure

    return failure(
        "reply-unreadable",
        "The editor's answer could not be read, so it is not known whether it did what it was "
        "asked: look whether it did, and try again if not. A newer editor may answer better.",
    ).to_response_error()
