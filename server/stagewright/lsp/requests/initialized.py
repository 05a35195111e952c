"""`initialized`: the client can be asked from now on."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.publish import Publisher
from stagewright.lsp.session import Session
from stagewright.lsp.upkeep import pull_settings, watch


def initialized(session: Session, publisher: Publisher, _: types.InitializedParams) -> None:
    """Watch the files we read, take the editor's settings, and wake after a rest."""
    session.spawn(watch(session))
    session.spawn(pull_settings(session, publisher))
    session.wake_soon()
