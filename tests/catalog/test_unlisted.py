"""Models that no list names: what patterns pass on, and what goes with any of OpenRouter's ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.model import Model, ModelReference
from stagewright.catalog.naming import plainly_not_chat
from stagewright.catalog.unlisted import covered, split_variant

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LISTED = (Model("a/x"), Model("a/x:free"), Model("a/embed", chat=False))
ROUTER = ProviderSnapshot(
    "r", "R", Status.OK, LISTED, complete=True, checked_at=NOW, router="openrouter"
)
GATEWAY = replace(ROUTER, router="", patterns=("claude-*", "openai/*", "*:tuned"))


def standing(provider: ProviderSnapshot, model: str) -> str:
    return Catalog({"r": provider}).verdict(ModelReference("r", model), now=NOW).standing.value


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("a/x:nitro", "usable"),
        ("a/x:floor", "usable"),
        ("a/x:online", "usable"),
        ("a/x:exacto", "usable"),
        ("a/x:free", "usable"),
        ("a/x:free:nitro", "usable"),
        ("a/x:online:nitro", "usable"),
        ("a/x@preset/mine", "usable"),
        ("a/x:nitro@preset/mine", "usable"),
        ("@preset/mine", "usable"),
        ("a/embed:nitro", "not-chat"),
        ("a/x:thinking", "unlisted"),  # a model of its own, and not listed
        ("a/x:extended", "unlisted"),
        ("a/z:nitro", "unlisted"),
        ("a/z@preset/mine", "unlisted"),
        (":nitro", "unlisted"),
        ("a/x:nitroo", "unlisted"),
    ],
)
def test_variants(model: str, expected: str) -> None:
    assert standing(ROUTER, model) == expected


def test_elsewhere_a_variant_is_part_of_the_name() -> None:
    assert standing(GATEWAY, "a/x:nitro") == "unlisted"


def test_a_variant_stays_in_what_is_suggested() -> None:
    near = Catalog({"r": ROUTER}).nearest(ModelReference("r", "a/xx:nitro"))
    assert ModelReference("r", "a/x:nitro") in near


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        ("a/x", ("a/x", "")),
        ("a/x:nitro", ("a/x", ":nitro")),
        ("a/x:free:floor@preset/p", ("a/x:free", ":floor@preset/p")),
        ("@preset/p", ("", "@preset/p")),
        ("llama3:8b", ("llama3:8b", "")),
    ],
)
def test_parts_of_an_id(model: str, parts: tuple[str, str]) -> None:
    assert split_variant(model, "openrouter") == parts


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("claude-opus-4-8", "usable"),
        ("openai/gpt-9", "usable"),
        ("x:tuned", "usable"),
        ("openai/text-embedding-3-small", "not-chat"),
        ("openai/whisper-1", "not-chat"),
        ("Claude-opus", "unlisted"),
        ("xclaude-opus", "unlisted"),
        ("gpt-9", "unlisted"),
    ],
)
def test_patterns(model: str, expected: str) -> None:
    assert standing(GATEWAY, model) == expected
    late = replace(GATEWAY, status=Status.UNREACHABLE, stale=True)
    assert standing(late, model) in ("unverified", "not-chat")
    never = replace(GATEWAY, status=Status.LOADING, checked_at=None)
    assert standing(never, model) == "pending"


def test_matching_takes_no_time() -> None:
    assert covered("a" * 100_000 + "b", ["*a" * 100 + "*c"]) is None
    assert covered("a" * 100_000 + "c", ["*a" * 100 + "*c"]) is not None


@pytest.mark.parametrize(
    "model",
    [
        "text-embedding-3-small", "nomic-embed-text:latest", "openai/text-embedding-ada-002",
        "mxbai-embed-large", "jina-embeddings-v3", "whisper-1", "openai/whisper-large-v3", "sora-2",
        "sora-2-pro", "tts-1-hd", "gpt-4o-mini-tts", "dall-e-3", "omni-moderation-latest",
        "gpt-4o-transcribe", "bge-reranker-v2", "rerank-english-v3.0", "gpt-image-1", "imagen-4",
        "all-minilm", "sentence-transformers/all-MiniLM-L6-v2", "BAAI/bge-m3", "bge-large-en-v1.5",
        "intfloat/e5-mistral-7b-instruct", "multilingual-e5-large", "gte-Qwen2-1.5B", "voyage-3.5",
        "voyage-code-3", "snowflake-arctic-embed2", "databricks-gte-large-en",
    ],
)  # fmt: skip
def test_names_that_can_be_nothing_else(model: str) -> None:
    assert plainly_not_chat(model)


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o", "claude-opus-5", "whisperer-7b", "embedded-coder", "soraya-chat", "gpt-audio",
        "tts/llama3", "embeddings/house-model", "llama-guard-4", "mistral-ocr-chat", "imagine-1",
        "voyager-7b", "bge-chat", "gte-chat", "qwen2-7b", "e5", "arctic-instruct",
        "davinci-002", "gpt-3.5-turbo-instruct",
    ],
)  # fmt: skip
def test_names_that_tell_nothing(model: str) -> None:
    assert not plainly_not_chat(model)
