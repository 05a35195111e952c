"""A pygls server that does no work: the yardstick for start, answers and memory.

With a number as its argument it answers completions with so many offers that never change, which
is what it costs to bring an answer of that size to the client and nothing else.
"""

import logging
import sys

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("idle", "0")


def offers(count: int) -> types.CompletionList:
    """Offers of the size that a model's has."""
    place = types.Position(4, 14)
    return types.CompletionList(
        is_incomplete=False,
        items=[
            types.CompletionItem(
                label=f"claude-lab-{number:02}",
                kind=types.CompletionItemKind.Value,
                detail=f"Claude Lab {number:02} · 200K",
                sort_text=f"{number:05}",
                filter_text=f"claude-lab-{number:02}",
                text_edit=types.TextEdit(types.Range(place, place), f"claude-lab-{number:02}"),
            )
            for number in range(count)
        ],
    )


ANSWER = offers(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


@server.feature(
    types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", ":"])
)
def completion(_: types.CompletionParams) -> types.CompletionList:
    return ANSWER


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    server.start_io()
