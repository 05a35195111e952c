"""From bytes to events: a reader of event streams that takes what servers really send. Pure.

The standard's readers drop or refuse much of it: a last event without its blank line, JSON on lines
of its own without `data:`, a whole JSON answer where a stream was asked for. What each means is for
the readers of the APIs to say; here are only events and bounds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that is taken of an answer, in bytes after decompression."""

    event: int = 4 * MEBIBYTE  # also a line, and an answer that is one JSON text
    answer: int = 256 * MEBIBYTE  # with all that stands around its text, some 50 times as long


_GROUPS = 400_000
"""Objects and arrays of an event: each takes up to a hundred times its room on the wire."""


class TooLong(ValueError):
    """More came than is taken; the message says of what, for people."""


class NotJson(ValueError):
    """An event that is neither JSON nor the end."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name, often absent, and its data."""

    name: str
    data: str

    @property
    def is_end(self) -> bool:
        """Whether it is the end of the stream as OpenAI's protocols say it."""
        return self.data.startswith("[DONE]")

    @property
    def is_heartbeat(self) -> bool:
        """Whether it is a sign of life alone, by its name or by a bare word as its data."""
        return bool(_ALIVE.fullmatch(self.name) or _ALIVE.fullmatch(self.data))

    def json(self) -> Mapping[str, Any]:
        """The data as an object, with the event's name as its `type` where it has none.

        Raises NotJson.
        """
        try:
            if self.data.count("{") + self.data.count("[") > _GROUPS:
                raise NotJson
            found = json.loads(self.data)
        except (ValueError, RecursionError):
            if self.name != "error":
                raise NotJson from None
            found = self.data
        if isinstance(found, list) and len(found) == 1:
            found = found[0]  # Google's errors
        is_object = isinstance(found, dict)
        if self.name == "error":
            told = is_object and (found.get("error") or found.get("type") == "error")
            return found if told else {"type": "error", "error": found}
        if not is_object:
            return {}
        return {"type": self.name, **found} if self.name else found


_ALIVE = re.compile(r"\s*(?:ping|pong|heartbeat|keep[-_ ]?alive)\s*", re.IGNORECASE)

_TELLING = ("error", "message_stop")
"""Events whose names say enough where their data are empty."""

_LINE_END = re.compile(b"\r\n?|\n")


class EventReader:
    """Bytes in, events out; any piece may end anywhere. Raises TooLong, and can then do no more."""

    def __init__(self, bounds: Bounds = Bounds()) -> None:  # it is immutable
        self._bounds = bounds
        self._taken = 0  # bytes
        self._line = bytearray()
        self._after_return = False  # a line feed that comes next belongs to the line end before
        self._name = ""
        self._data: list[str] = []
        self._size = 0  # of the event so far
        self._begun = False
        self._text: list[str] | None = None  # the lines of what is one JSON text

    def feed(self, data: bytes) -> Iterator[Event]:
        """The events that this piece completes."""
        self._taken += len(data)
        if self._taken > self._bounds.answer:
            raise TooLong(f"more than {self._bounds.answer // MEBIBYTE} MiB for one answer")
        if self._after_return and data.startswith(b"\n"):
            data = data[1:]
        if data:
            self._after_return = data.endswith(b"\r")
        start = 0
        for end in _LINE_END.finditer(data):
            self._extend(data[start : end.start()])
            start = end.end()
            yield from self._end_of_line()
        self._extend(data[start:])

    def end(self) -> Iterator[Event]:
        """The event that the end of the stream completes, if it left one without its blank line."""
        if self._line:
            yield from self._end_of_line()
        yield from self._end_of_event()
        if self._text is not None:
            yield Event("", "\n".join(self._text))
            self._text = None

    def _extend(self, part: bytes) -> None:
        self._line += part
        if self._size + len(self._line) > self._bounds.event:
            raise TooLong(f"an event of more than {self._bounds.event // MEBIBYTE} MiB")

    def _end_of_line(self) -> Iterator[Event]:
        line, size = self._line.decode("utf-8", "replace"), len(self._line)
        self._line.clear()
        if not self._begun:
            line = line.removeprefix("\ufeff")
        if self._text is not None:
            self._text.append(line)
            self._size += size + 1
        elif not line:
            yield from self._end_of_event()
        elif line.lstrip()[:1] in ("{", "["):
            yield from self._bare(line)
        else:
            self._field(line)
        self._begun = self._begun or bool(line)

    def _bare(self, line: str) -> Iterator[Event]:
        """A line of JSON without `data:`: an event, or the first line of a JSON text."""
        yield from self._end_of_event()
        if self._begun or _is_json(line):
            yield Event("", line)
        else:
            self._text = [line]
            self._size = len(line)

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name.strip():
            case "event":
                self._name = value.strip()
            case "data":
                self._data.append(value)
                self._size += len(line)

    def _end_of_event(self) -> Iterator[Event]:
        data, name = "\n".join(self._data), self._name
        self._data.clear()
        self._name, self._size = "", 0
        if data.strip():  # an empty one is a sign of life
            yield Event(name, data)
        elif name in _TELLING:
            yield Event(name, "{}")


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    except RecursionError:
        pass
    return True
