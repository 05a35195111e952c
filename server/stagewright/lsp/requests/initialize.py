"""`initialize`: what the client can do, and the settings that it sends along."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from lsprotocol import types

from stagewright.lsp.convert import DIAGNOSTICS_PAGE
from stagewright.lsp.session import Session


def initialize(session: Session, params: types.InitializeParams) -> None:
    """Take the settings for the start; the client and its documents have been adopted."""
    if isinstance(params.initialization_options, dict):
        settings = dict(params.initialization_options)
        if isinstance(link := settings.pop("codeLink", None), str):
            link = link.replace("{page}", quote(DIAGNOSTICS_PAGE, safe=""))
            session.editor.client = replace(session.client, code_link=link)
        session.initial_settings = settings
    session.configure(session.initial_settings)
