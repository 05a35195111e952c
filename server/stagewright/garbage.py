"""Garbage is not looked for before the first answer, and never again in what was imported."""

from __future__ import annotations

import gc


def leave() -> None:
    """Until `clear`: imports leave classes behind by the thousand, and a start is to be short."""
    gc.disable()


def clear() -> None:
    """Collect as usual from now on. Takes about 50 ms the first time and nothing later."""
    if not gc.isenabled():
        gc.collect()
        keep()


def keep() -> None:
    """The same at once: what imports left behind stays."""
    if not gc.isenabled():
        gc.freeze()  # else each full collection would look through all that was imported
        gc.enable()
