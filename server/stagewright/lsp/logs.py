"""What the server logs: which method failed and how, and nothing of what it was about."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pygls.exceptions import JsonRpcException

from stagewright.mask import NO_SECRETS, Mask

log = logging.getLogger(__name__)

LONGEST = 4000
"""Characters of one entry of the log."""

REPEATS = 20
"""So many entries of one kind are logged; after that each time their number has doubled."""

LESS_OFTEN = f"{REPEATS} entries like this one; most of those that follow are left out"

MOST_KEPT = 500
"""Messages of which is known that they have been logged."""

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
    log.error("%s failed: %s", _method.get(), short(str(error), LONGEST))


class News:
    """What stays as it is however often it is met, and is logged once."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def log_once(self, message: str) -> None:
        """Log it unless that has been done."""
        if self.is_new(message):
            log.warning("%s", message)

    def is_new(self, message: str) -> bool:
        """Whether this has not been logged yet; from now on it has."""
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        new = message not in self._known
        self._known.add(message)
        return new


def set_up() -> None:
    """Log warnings and errors to stderr.

    pygls logs whole messages below WARNING, and parameters with errors: they hold users' files.
    """
    logging.basicConfig(level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_entry)
        handler.addFilter(discreet)
        handler.addFilter(Seldom())


def short(text: str, most: int = 200) -> str:
    """Some text that a client sent, as it can stand in a message or a log."""
    shown = "".join(one if one.isprintable() else "?" for one in text[:most])
    return shown if len(text) <= most else f"{shown} ..."


class _Entry(logging.Formatter):
    """Whole entries, messages and the errors below them: secrets are hidden, much is left out."""

    mask: Mask = NO_SECRETS

    def format(self, record: logging.LogRecord) -> str:
        text = self.mask(super().format(record))
        if len(text) <= LONGEST:
            return text
        return f"{text[: LONGEST // 2]}\n ... \n{text[-LONGEST // 2 :]}"


_entry = _Entry("%(levelname)s %(name)s: %(message)s")


def hide(mask: Mask) -> None:
    """What the log is to hide from now on."""
    _entry.mask = mask


class Seldom(logging.Filter):
    """Lets what is logged again and again through only now and then, so that no log grows large."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: Counter[tuple[str, int]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is logged; the place in the program tells its kind."""
        self._seen[record.pathname, record.lineno] += 1
        times = self._seen[record.pathname, record.lineno]
        if times < REPEATS:
            return True
        if times == REPEATS:
            record.msg, record.args = f"{record.getMessage()} ({LESS_OFTEN})", ()
            return True
        if times & (times - 1):
            return False
        record.msg, record.args = f"{record.getMessage()} ({times} times so far)", ()
        return True


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
