"""Errors of our own, kept to the file that they concern: logged once, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import Any

from pygls.exceptions import JsonRpcException

from stagewright.analysis.diagnostics.failures import what_failed
from stagewright.lsp.logs import News

WHERE = "The server's log has the details."
"""It goes to stderr, which editors show as the output of the language server."""

log = logging.getLogger(__name__)


def log_failure(news: News, uri: str, error: Exception) -> None:
    """Log that we failed on a file: once, however often that file is asked about."""
    if news.is_new(f"{uri}: {what_failed(error)}"):
        log.error("Stagewright failed on %s", uri, exc_info=error)


@contextmanager
def apart(news: News, uri: str) -> Iterator[None]:
    """Leave out what the block does about one file where it fails. Refusals go on to the client."""
    try:
        yield
    except JsonRpcException:
        raise
    except Exception as error:  # noqa: BLE001 - files are apart
        log_failure(news, uri, error)


def answering(news: News, handler: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A request's handler that answers null where it fails, as if there were nothing to say."""

    def answer(params: Any) -> Any:
        with apart(news, _uri(params)):
            return handler(params)

    async def answer_later(params: Any) -> Any:
        with apart(news, _uri(params)):
            result: Awaitable[Any] = handler(params)
            return await result

    return answer_later if iscoroutinefunction(handler) else answer


def _uri(params: Any) -> str:
    document = getattr(params, "text_document", None)
    return document.uri if document is not None else type(params).__name__
