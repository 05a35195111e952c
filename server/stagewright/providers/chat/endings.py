"""How an answer ended, and why: the APIs' own words for an end, and sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Ending = Literal["whole", "cut", "broken", "stopped"]
"""`whole`: all of it came. `cut`: the provider ended it early. `broken`: the connection or the
provider failed in the middle. `stopped`: by the user."""

_LIMIT = "Stopped at the output limit."
_WINDOW = "Stopped at the limit of the model's context window."
_FILTER = "Stopped by a content filter."
_REFUSED = "The model refused to go on."
_FAILED = "The provider stopped because of an error."

_CUT: Mapping[str, str] = {
    "length": _LIMIT,
    "max_tokens": _LIMIT,
    "max_output_tokens": _LIMIT,
    "max_length": _LIMIT,
    "max_new_tokens": _LIMIT,
    "token_limit": _LIMIT,  # watsonx, and the next
    "time_limit": "Stopped at the provider's time limit.",
    "error_limit": _WINDOW,  # Cohere
    "model_length": _WINDOW,  # Mistral
    "model_context_window_exceeded": _WINDOW,
    "content_filter": _FILTER,
    "content_filtered": _FILTER,
    "sensitive": _FILTER,  # Zhipu
    "safety": _FILTER,  # this and the next four: Gemini
    "recitation": _FILTER,
    "blocklist": _FILTER,
    "prohibited_content": _FILTER,
    "spii": _FILTER,
    "guardrail_intervened": _FILTER,  # Bedrock
    "error_toxic": _FILTER,  # Cohere
    "refusal": _REFUSED,
    "error": _FAILED,
    "failed": _FAILED,
    "network_error": _FAILED,
    "insufficient_system_resource": _FAILED,  # DeepSeek
    "cancelled": "Cancelled by the provider.",
    "abort": "Cancelled by the provider.",  # vLLM
    "incomplete": "Ended early by the provider.",
    "pause_turn": "Paused by the provider.",
    "no_answer": "Only reasoning came, no answer.",  # our own
}
"""The stop reasons, in lower case, of answers that are not whole."""

_WHOLE = frozenset(
    {
        "",
        "stop",
        "stopped",  # this and the next two: llama.cpp and its kin
        "eos",
        "eos_token",
        "end_turn",
        "stop_sequence",
        "end_of_turn",
        "completed",
        "complete",
        "done",
        "finish",
        "finished",
        "success",
        "finish_reason_stop",
        "tool_calls",
        "tool_use",
        "function_call",
        "load",  # this and the next: Ollama
        "unload",
    }
)
"""The stop reasons of answers that are whole."""

NO_ANSWER = "no_answer"
"""The reason of an answer that ended in order and held nothing but reasoning."""


def ending_of(reason: str | None) -> Literal["whole", "cut"]:
    """How an answer ended that its API says ended for `reason`."""
    return "cut" if _word(reason) in _CUT else "whole"


def unknown(reason: str | None) -> bool:
    """Whether nothing is known of a stop reason. The answer counts as whole: most new words are
    for an end that was meant; but the word is said, and the answer can be gone on with."""
    word = _word(reason)
    return word not in _CUT and word not in _WHOLE


def why_cut(reason: str | None) -> str:
    """Why an answer was cut, in a sentence."""
    return _CUT.get(_word(reason), "Ended early by the provider.")


def _word(reason: str | None) -> str:
    """A reason as it stands in the table: `FinishReason.MAX_TOKENS` is `max_tokens`."""
    return (reason or "").lower().rpartition(".")[2].replace("-", "_")
