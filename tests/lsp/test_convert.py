"""What offers look like to clients, by what these can show."""

from lsprotocol import types
from tests.analysis.support import CATALOG, OPTIONS, document_at

from stagewright.analysis.completion.complete import complete
from stagewright.lsp.convert import Client, completion_list


def offers(marked: str, *, label_details: bool) -> list[dict[str, object]]:
    item = types.ClientCompletionItemOptions(label_details_support=label_details)
    completion = types.CompletionClientCapabilities(completion_item=item)
    document = types.TextDocumentClientCapabilities(completion=completion)
    client = Client.of(types.ClientCapabilities(text_document=document), "utf-16")
    text, position = document_at(marked)
    answer = complete(text, position, CATALOG, OPTIONS)
    found: list[dict[str, object]] = completion_list(text.lines, answer, client, 1)["items"]
    return found


def test_model_and_detail_stand_apart_so_that_no_id_is_cut() -> None:
    marked = "stages:\n  - defaultModel:\n      provider: openai\n      model: $0\n"
    for offer in offers(marked, label_details=True):
        assert offer["labelDetails"] == {"description": offer["detail"]}
    for offer in offers(marked, label_details=False):
        assert "labelDetails" not in offer
        assert offer["detail"]


def test_of_several_providers_each_model_has_its_own_beside() -> None:
    found = offers("stages:\n  - defaultModel:\n      model: $0\n", label_details=True)
    beside = {str(one["label"]): one["labelDetails"] for one in found}
    assert beside["gpt-5"] == {"description": "openai"}
    assert beside["mistral-large-latest"] == {"description": "mistral · no key"}
