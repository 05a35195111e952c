"""`workspace/didChangeConfiguration`."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types

from stagewright.lsp.parts import Parts
from stagewright.lsp.upkeep import configure, pull_settings


def did_change_configuration(parts: Parts, params: types.DidChangeConfigurationParams) -> None:
    """Settings come with the notification, or the client is asked for them."""
    sent = params.settings
    section = sent.get("stagewright") if isinstance(sent, Mapping) else None
    if isinstance(section, dict):
        configure(parts, section)
    else:
        parts.session.spawn(pull_settings(parts))
