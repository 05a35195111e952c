"""Which unknown names are likely slips of the pen, and which may be newer models."""

from datetime import date

import pytest

from stagewright.catalog.knowledge import knowledge_of
from stagewright.catalog.slips import Names

KNOWN = (
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-6.1-sol",
    "gpt-6.1-terra",
    "claude-opus-4-5",
    "claude-sonnet-4-5",
    "claude-sonnet-4-20250514",
    "mistral-large-latest",
    "gemini-3-flash-lite",
    "meta-llama/Llama-3.3-70B",
    "text-embedding-3-small",
    "glm-4.5",
    "magistral-medium-latest",
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("gpt-4o-mni", "gpt-4o-mini"),
        ("gtp-4o", "gpt-4o"),
        ("gpt4o", "gpt-4o"),
        ("GPT-4o-Mini", "gpt-4o-mini"),
        ("gpt-6.1-soll", "gpt-6.1-sol"),
        ("gpt-6-1-sol", "gpt-6.1-sol"),
        ("claude-opus-4.5", "claude-opus-4-5"),
        ("claude-4-5-opus", "claude-opus-4-5"),
        ("cluade-opus-4-5", "claude-opus-4-5"),
        ("claude-sonet-4-5", "claude-sonnet-4-5"),
        ("mistral-large_latest", "mistral-large-latest"),
        ("meta-lama/llama-3.3-70b", "meta-llama/Llama-3.3-70B"),
        ("text-embeding-3-small", "text-embedding-3-small"),
    ],
)
def test_a_slip(text: str, meant: str) -> None:
    assert Names(KNOWN).meant(text) == (meant,)


@pytest.mark.parametrize(
    "text",
    [
        "gpt-5o",  # other digits
        "gpt-4o-2024-08-06",  # a date
        "claude-opus-4-9",
        "claude-opus-5-4",  # the same digits in another order
        "claude-5-4-opus",
        "glm-5.4",
        "claude-sonnet-4-20250515",
        "gpt-4o-nano",  # another size
        "gpt-6.1-luna",  # another word
        "magistral-large-latest",  # a word of another family's names
        "mistral-medium-latest",
        "gemini-3-flash",  # a word less
        "gemini-3-flash-ultra",
        "claude-opus-4-5-fast",
        "claude-opos-4-6",  # a slip in a name that is newer: nothing says which
        "claude",
        "",
        "-" * 10_000,
        "a-" * 10_000,
    ],
)
def test_a_name_that_may_be_newer(text: str) -> None:
    assert Names(KNOWN).meant(text) == ()


def test_the_nearest_come_first_and_are_few() -> None:
    names = Names(("abcdxy-1", "abcdef-1", "abcdex-1", "abcdey-1", "abcxyf-1"))
    assert names.meant("abcdeg-1") == ("abcdef-1", "abcdex-1", "abcdey-1")


@pytest.mark.parametrize(
    ("provider", "text"),
    [
        ("huggingface", "meta-llama/Llama-3.1-8B-Instruct"),  # so it is spelled there
        ("huggingface", "deepseek-ai/DeepSeek-R1"),
        ("huggingface", "meta-lama/llama-3.1-8b-instruct"),
        ("azure", "DeepSeek-V3.2"),
        ("azure", "gpt4o"),  # a deployment may be called so
        ("azure", "gpt-4o-mine"),
    ],
)
def test_nothing_is_a_slip_where_names_are_spelled_otherwise(provider: str, text: str) -> None:
    knowledge = knowledge_of(provider, date(2026, 11, 29))
    assert len(knowledge.current) > 100
    assert knowledge.get(text) is None
    assert knowledge.meant(text) == ()
