"""`completionItem/resolve`."""

from __future__ import annotations

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from stagewright.analysis.completion.complete import documentation
from stagewright.lsp import convert
from stagewright.lsp.session import Session


def completion_resolve(session: Session, item: Any) -> convert.PlainJson:
    """The offer as it came, with its documentation if it is of the newest list."""
    if not isinstance(item, dict):
        raise JsonRpcInvalidParams
    offer = session.newest_completion.find(item.get("data"))
    if offer is not None and (text := documentation(offer, session.catalog, session.options())):
        item["documentation"] = {
            "kind": types.MarkupKind.Markdown.value,
            "value": convert.bounded(text),
        }
    return convert.PlainJson(item)
