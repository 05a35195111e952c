"""The log of the files on which this program itself failed: not on the screen, but kept."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from traceback import format_exception

from stagewright.files import Stamp
from stagewright.folders import cache_folder

_MOST = 1 << 20
"""Bytes from which the log is begun anew."""


def log_failure(path: Path, error: Exception, environ: Mapping[str, str]) -> str:
    """Log how we failed on a file; a sentence that says where. Only the user can read the log."""
    log = cache_folder(environ) / "errors.log"
    text = "".join(
        (time.strftime("%Y-%m-%dT%H:%M:%SZ ", time.gmtime()), f"{path}\n", *format_exception(error))
    )
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        written = Stamp.of(log)
        full = written is not None and written.size > _MOST
        mode = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if full else os.O_APPEND)
        mode |= getattr(os, "O_NONBLOCK", 0)  # a pipe in its place is not waited for
        with os.fdopen(os.open(log, mode, 0o600), "w", encoding="utf-8", errors="replace") as out:
            out.write(text)
    except OSError as refusal:
        return f"The details could not be written to {log}: {refusal.strerror}."
    return f"The details are in {log}."
