"""Noticing that the editor has gone, also while the event loop is busy: a thread that only waits.

Its process ends, or nothing reads our output any more. What it has asked for is not worked off
then: what was saved is saved, and the rest is given a moment to end.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

GRACE = 1.5
"""Seconds in which what is being done may end after the editor has gone."""

LOOK_EVERY = 1.0
"""Seconds between two looks at the editor's process, where no system call waits for its end."""


def watch(process_id: int | None, output: int | None, gone: Callable[[], None]) -> None:
    """Have `gone` called, on a thread of its own, when the editor has left.

    `process_id` is the editor's, `output` the descriptor of our stdout. A process that is not
    there now is not watched: editors in containers tell numbers that mean nothing here.
    """
    if process_id is not None and not _is_alive(process_id):
        process_id = None
    if process_id is not None or output is not None:
        name = "stagewright-departure"
        threading.Thread(
            target=_wait, args=(process_id, output, gone), name=name, daemon=True
        ).start()


def end_soon() -> None:
    """End the process after a moment, whatever still runs in it."""
    after(GRACE, os._exit, 0)


def after(seconds: float, act: Callable[..., object], *args: object) -> None:
    """Do something later, on a thread that keeps nothing from ending."""
    timer = threading.Timer(seconds, act, args)
    timer.daemon = True
    timer.start()


def _wait(process_id: int | None, output: int | None, gone: Callable[[], None]) -> None:
    if sys.platform == "win32":
        _wait_on_windows(process_id)
    else:
        _wait_for_end(process_id, output)
    gone()


def _wait_for_end(process_id: int | None, output: int | None) -> None:
    """Until the process ends or nobody holds the other end of our output."""
    poll = select.poll()
    if output is not None:
        poll.register(output, 0)  # tells of errors and hang-ups all the same
    looks = process_id is not None
    if process_id is not None and hasattr(os, "pidfd_open"):
        with suppress(OSError):
            poll.register(os.pidfd_open(process_id), select.POLLIN)
            looks = False
    while not poll.poll(LOOK_EVERY * 1000 if looks else None):
        if process_id is not None and looks and not _is_alive(process_id):
            return


def _is_alive(process_id: int) -> bool:
    if process_id <= 0 or process_id == os.getpid():
        return False
    if sys.platform == "win32":
        return True
    try:
        os.kill(process_id, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


if sys.platform == "win32":

    def _wait_on_windows(process_id: int | None) -> None:
        """Until the process ends; for ever where it cannot be waited for."""
        import ctypes  # there alone

        synchronize, forever = 0x00100000, 0xFFFFFFFF
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        kernel.WaitForSingleObject.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        handle = kernel.OpenProcess(synchronize, False, process_id) if process_id else None
        if handle is None or kernel.WaitForSingleObject(handle, forever) != 0:
            threading.Event().wait()
