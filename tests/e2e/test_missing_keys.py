"""A missing key over the wire: as data beside the words, so that no client has to read these."""

from __future__ import annotations

from lsprotocol import types
from tests.e2e.editor import Editor
from tests.e2e.support import document, template

MISTRAL = {"provider": "mistral", "variable": "MISTRAL_API_KEY"}


async def test_a_diagnostic_says_whose_key_is_missing_and_comes_back_with_it(
    offline: Editor,
) -> None:
    uri = offline.open(template("anthropic", "claude-opus-5-5").replace("design", "desing"))
    found = await offline.diagnostics(uri, lambda found: len(found) == 2)
    told, other = sorted(found, key=lambda one: one.code != "provider-not-configured")
    assert (told.code, other.data) == ("provider-not-configured", None)
    missing = {"provider": "anthropic", "variable": "ANTHROPIC_API_KEY"}
    assert told.data == {"missingKey": missing}
    actions = await offline.client.text_document_code_action_async(
        types.CodeActionParams(document(uri), told.range, types.CodeActionContext([told]))
    )
    named = [one for action in actions or () for one in getattr(action, "diagnostics", None) or ()]
    assert {one.code: one.data for one in named}["provider-not-configured"] == told.data


async def test_an_offer_says_whose_key_is_missing_and_is_found_again(offline: Editor) -> None:
    first, *others = (await offline.complete(template("mistral", "$0"))).items
    assert first.data["missingKey"] == MISTRAL
    assert first.documentation is None
    resolved = await offline.client.completion_item_resolve_async(first)
    assert "MISTRAL" in str(resolved.documentation)
    assert resolved.data == first.data
    assert others
    assert all(isinstance(one.data, list) for one in others)
