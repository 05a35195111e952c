"""Reading a file of Choragen's that another program may be in the middle of writing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TypeVar

from stagewright import files
from stagewright.files import Stamp
from stagewright.workflows import state
from stagewright.workflows.state import Record

SETTLING_SECONDS = 0.2
"""How long after its last change a broken file may still be in the middle of being written."""

MAX_BYTES = 256 * 1024 * 1024
"""Larger files are reported as unreadable."""

AnyRecord = TypeVar("AnyRecord", bound=Record)


def read_settled(
    kind: type[AnyRecord], path: Path, *, empty: AnyRecord | None = None
) -> tuple[AnyRecord, bytes, Stamp]:
    """A file's record, bytes and stamp; waits a moment for a file that is just being written.

    `empty` is what a file without content says. Raises UnreadableFile and ValueError.
    """
    while True:
        data, stamp = files.read_stamped(path, MAX_BYTES)
        if empty is not None and not data:
            return empty.model_copy(deep=True), data, stamp
        try:
            return state.read(kind, data), data, stamp
        except ValueError:
            # Choragen writes in place: for a moment the file is empty or half there.
            if abs(time.time_ns() - stamp.modified_ns) > SETTLING_SECONDS * 1e9:
                raise
            time.sleep(0.02)
