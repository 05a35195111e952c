"""`workspace/didChangeConfiguration`."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types

from stagewright.lsp.publish import Publisher
from stagewright.lsp.session import Session
from stagewright.lsp.upkeep import configure, pull_settings


def did_change_configuration(
    session: Session, publisher: Publisher, params: types.DidChangeConfigurationParams
) -> None:
    """Settings come with the notification, or the client is asked for them."""
    sent = params.settings
    section = sent.get("stagewright") if isinstance(sent, Mapping) else None
    if isinstance(section, dict):
        configure(session, publisher, section)
    else:
        session.spawn(pull_settings(session, publisher))
