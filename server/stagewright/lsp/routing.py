"""Every request and notification of the protocol, and the function that answers it.

A server is asked for completions first; what gives other answers is imported when they are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from lsprotocol import types

from stagewright.lsp.action_kinds import KINDS
from stagewright.lsp.failures import answering
from stagewright.lsp.later import load
from stagewright.lsp.notifications import OFFERED
from stagewright.lsp.parts import Parts
from stagewright.lsp.requests.completion import completion
from stagewright.lsp.requests.completion_resolve import completion_resolve
from stagewright.lsp.requests.did_change import did_change
from stagewright.lsp.requests.did_change_configuration import did_change_configuration
from stagewright.lsp.requests.did_change_watched_files import did_change_watched_files
from stagewright.lsp.requests.did_change_workspace_folders import did_change_workspace_folders
from stagewright.lsp.requests.did_close import did_close
from stagewright.lsp.requests.did_open import did_open
from stagewright.lsp.requests.did_save import did_save
from stagewright.lsp.requests.initialized import initialized
from stagewright.lsp.session import Session

Feature = Callable[..., Callable[[Callable[[Any], Any]], Any]]
"""pygls's `feature`: takes a method and its options, then the handler."""

TRIGGERS = [" ", ":", '"', "'", "`", "=", "{", ","]

OPTIONS: dict[str, Any] = {
    types.TEXT_DOCUMENT_DID_SAVE: types.SaveOptions(include_text=False),
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(
        trigger_characters=TRIGGERS, resolve_provider=True
    ),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(code_action_kinds=KINDS),
    types.TEXT_DOCUMENT_ON_TYPE_FORMATTING: types.DocumentOnTypeFormattingOptions(
        first_trigger_character="\n"
    ),
    types.TEXT_DOCUMENT_DIAGNOSTIC: types.DiagnosticOptions(
        identifier="stagewright", inter_file_dependencies=True, workspace_diagnostics=True
    ),
}

AT_ONCE = {
    types.TEXT_DOCUMENT_HOVER: "hover",
    types.TEXT_DOCUMENT_ON_TYPE_FORMATTING: "on_type_formatting",
}
"""Requests that are answered before the next message is looked at, and by which function of the
module of its name."""

IN_TURN = {
    types.TEXT_DOCUMENT_INLAY_HINT: "inlay_hint",
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: "document_symbol",
    types.WORKSPACE_SYMBOL: "workspace_symbol",
    types.TEXT_DOCUMENT_FOLDING_RANGE: "folding_range",
    types.TEXT_DOCUMENT_SELECTION_RANGE: "selection_range",
    types.TEXT_DOCUMENT_DOCUMENT_LINK: "document_link",
    types.TEXT_DOCUMENT_DEFINITION: "definition",
    types.TEXT_DOCUMENT_REFERENCES: "references",
    types.TEXT_DOCUMENT_PREPARE_RENAME: "prepare_rename",
    types.TEXT_DOCUMENT_RENAME: "rename",
}
"""The same of requests that other messages need not wait for."""

WITH_CHATS = {
    types.TEXT_DOCUMENT_CODE_ACTION: "code_action",
    types.TEXT_DOCUMENT_CODE_LENS: "code_lens",
}
"""The same of requests that are about transcripts too."""

PULLED = {
    types.TEXT_DOCUMENT_DIAGNOSTIC: "diagnostic",
    types.WORKSPACE_DIAGNOSTIC: "workspace_diagnostic",
}
"""The same of requests by which diagnostics are pulled."""

WHOLE = {types.TEXT_DOCUMENT_RENAME}
"""Requests that are refused where we fail: a part of a change would be worse than none."""


def register(feature: Feature, parts: Parts) -> None:
    """Tell pygls which messages are handled, and by what."""
    session = parts.session
    notifications: dict[str, Callable[[Any], Any]] = {
        types.INITIALIZED: partial(initialized, parts),
        types.TEXT_DOCUMENT_DID_OPEN: partial(did_open, parts),
        types.TEXT_DOCUMENT_DID_CHANGE: partial(did_change, parts),
        types.TEXT_DOCUMENT_DID_SAVE: partial(did_save, parts),
        types.TEXT_DOCUMENT_DID_CLOSE: partial(did_close, parts),
        types.WORKSPACE_DID_CHANGE_CONFIGURATION: partial(did_change_configuration, parts),
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES: partial(did_change_watched_files, parts),
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: partial(did_change_workspace_folders, parts),
        OFFERED: _at_once("models_offered", session),
    }
    feature(types.SHUTDOWN)(_in_turn("shutdown", parts))
    requests: dict[str, Callable[[Any], Any]] = {
        types.TEXT_DOCUMENT_COMPLETION: partial(completion, session),
        **{method: _at_once(name, session) for method, name in AT_ONCE.items()},
        **{method: _in_turn(name, session) for method, name in IN_TURN.items()},
        **{method: _in_turn(name, parts) for method, name in WITH_CHATS.items()},
    }
    for method, handler in notifications.items():
        feature(method, OPTIONS.get(method))(handler)
    feature(types.COMPLETION_ITEM_RESOLVE)(partial(completion_resolve, session))
    for method, handler in requests.items():
        safe = handler if method in WHOLE else answering(session.news, handler)
        feature(method, OPTIONS.get(method))(safe)


def register_pulled(feature: Feature, parts: Parts) -> None:
    """The same for clients that pull diagnostics; others never hear of it."""
    for method, name in PULLED.items():
        feature(method, OPTIONS.get(method))(_in_turn(name, parts))


def _at_once(name: str, given: Session) -> Callable[[Any], Any]:
    def answer(params: Any) -> Any:
        module = load(f"stagewright.lsp.requests.{name}")
        return getattr(module, name)(given, params)

    return answer


def _in_turn(name: str, given: Session | Parts) -> Callable[[Any], Any]:
    async def answer(params: Any) -> Any:
        module = load(f"stagewright.lsp.requests.{name}")
        result = getattr(module, name)(given, params)
        return await result if inspect.isawaitable(result) else result

    return answer
