"""What the server logs: which method failed and how, and nothing of what it was about."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pygls.exceptions import JsonRpcException

from stagewright.mask import NO_SECRETS, Mask

log = logging.getLogger(__name__)

_method: ContextVar[str] = ContextVar("method", default="A message")


@contextmanager
def handling(method: str) -> Iterator[None]:
    """What fails in the block, or later in what it has started, is logged as this method's."""
    token = _method.set(method)
    try:
        yield
    finally:
        _method.reset(token)


def failed(error: Exception) -> None:
    """Log that what is being handled failed."""
    log.error("%s failed: %s", _method.get(), error)


def set_up() -> None:
    """Log warnings and errors to stderr.

    pygls logs whole messages below WARNING, and parameters with errors: they hold users' files.
    """
    logging.basicConfig(level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(discreet)
        handler.setFormatter(_masked)


class _Masked(logging.Formatter):
    """Hides secrets in whole entries: messages, and the errors below them."""

    mask: Mask = NO_SECRETS

    def format(self, record: logging.LogRecord) -> str:
        return self.mask(super().format(record))


_masked = _Masked("%(levelname)s %(name)s: %(message)s")


def hide(mask: Mask) -> None:
    """What the log is to hide from now on."""
    _masked.mask = mask


def discreet(record: logging.LogRecord) -> bool:
    """Put the method in place of what pygls says of a failure.

    Nothing is said of refusals, nor of a request that is cancelled when its answer is on its way.
    """
    if not record.name.startswith("pygls"):
        return True
    if str(record.msg).startswith("Cancel notification for unknown message id"):
        return False
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, JsonRpcException) or str(record.msg).startswith("Unable to deserialize"):
        return False  # the client has been told, with the reason
    if error is not None:
        record.msg, record.args = "%s failed.", (_method.get(),)
    return True
