"""`initialized`: the client can be asked from now on."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.parts import Parts
from stagewright.lsp.upkeep import pull_settings, watch


def initialized(parts: Parts, _: types.InitializedParams) -> None:
    """Watch the files we read, take the editor's settings, and wake after a rest."""
    session = parts.session
    session.spawn(watch(session))
    session.spawn(pull_settings(parts))
    session.wake_soon()
