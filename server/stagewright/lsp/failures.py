"""Errors of our own, kept to the file that they concern: logged once, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer

WHERE = "The server's log has the details."
"""It goes to stderr, which editors show as the output of the language server."""

log = logging.getLogger(__name__)


def log_failure(ls: StagewrightServer, uri: str, error: Exception) -> None:
    """Log that we failed on a file: once, however often that file is asked about."""
    from stagewright.analysis.failures import what_failed

    if ls.session.is_news(f"{uri}: {what_failed(error)}"):
        log.error("Stagewright failed on %s", uri, exc_info=error)


@contextmanager
def apart(ls: StagewrightServer, uri: str) -> Iterator[None]:
    """Leave out what the block does about one file where it fails. Refusals go on to the client."""
    try:
        yield
    except JsonRpcException:
        raise
    except Exception as error:  # noqa: BLE001 - files are apart
        log_failure(ls, uri, error)


def answering(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A request's handler that answers null where it fails, as if there were nothing to say."""

    @wraps(handler)
    def answer(ls: Any, params: Any) -> Any:
        with apart(ls, _uri(params)):
            return handler(ls, params)

    @wraps(handler)
    async def answer_later(ls: Any, params: Any) -> Any:
        with apart(ls, _uri(params)):
            result: Awaitable[Any] = handler(ls, params)
            return await result

    return answer_later if iscoroutinefunction(handler) else answer


def _uri(params: Any) -> str:
    document = getattr(params, "text_document", None)
    return document.uri if document is not None else type(params).__name__
