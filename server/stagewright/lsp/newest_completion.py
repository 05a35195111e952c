"""The newest list of offers, kept for the client to ask for their documentation."""

from __future__ import annotations

from stagewright.analysis.results import Completion, CompletionItem


class NewestCompletion:
    """The list that was answered last, and its number."""

    def __init__(self) -> None:
        self._newest = (0, Completion(()))

    def keep(self, completion: Completion) -> int:
        """Keep a list in place of the one before; its number."""
        self._newest = (self._newest[0] + 1, completion)
        return self._newest[0]

    def find(self, data: object) -> CompletionItem | None:
        """The offer of `[list, item]`, which of an offer with more to say is its `offer`; None when
        the list is not the newest any more."""
        newest, completion = self._newest
        match data.get("offer") if isinstance(data, dict) else data:
            case [list_id, int(item)] if list_id == newest and 0 <= item < len(completion.items):
                return completion.items[item]
        return None
