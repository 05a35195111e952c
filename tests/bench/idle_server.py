"""A pygls server that does no work: the yardstick for start, answers and memory."""

import logging

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("idle", "0")


@server.feature(
    types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", ":"])
)
def completion(_: types.CompletionParams) -> types.CompletionList:
    return types.CompletionList(is_incomplete=False, items=[])


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    server.start_io()
