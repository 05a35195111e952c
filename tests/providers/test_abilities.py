"""What servers say of a model's kind, wherever they say it, goes before its name."""

from __future__ import annotations

import pytest

from stagewright.catalog.model import Capability
from stagewright.providers.lists.abilities import abilities


@pytest.mark.parametrize(
    "entry",
    [
        {"mode": "embedding"},
        {"type": "embeddings"},
        {"task": "embeddings"},
        {"task": "llm/v1/embeddings"},
        {"task": {"name": "Text Embeddings"}},
        {"model_type": "embedding"},
        {"capabilities": {"type": "embeddings"}},
        {"metadata": {"type": "embedding"}},
        {"type": "model", "mode": "embedding"},
        {"supported_endpoint_types": ["embeddings"]},
    ],
)
def test_an_embedding_model_is_none_for_chats(entry: dict[str, object]) -> None:
    able, chats = abilities(entry, "house-model")
    assert (Capability.EMBEDDING in able, chats) == (True, False)


@pytest.mark.parametrize(
    "entry",
    [
        {"pipeline_tag": "feature-extraction"},
        {"pipeline_tag": "text-ranking"},
        {"task": "rerank"},
        {"type": "rerank"},
        {"capabilities": {"chat": False}},
        {"capabilities": {"chat_completion": False, "completion": True}},
        {"supported_endpoint_types": ["image-generation"]},
        {"supported_endpoint_types": ["jina-rerank"]},
        {"supported_endpoint_types": ["openai-video", "image-generation"]},
    ],
)
def test_other_kinds_are_none_for_chats(entry: dict[str, object]) -> None:
    assert not abilities(entry, "house-model")[1]


@pytest.mark.parametrize(
    "entry",
    [
        {"mode": "chat"},
        {"capabilities": {"type": "chat"}},
        {"model_type": "llm"},
        {"capabilities": {"chat": True}},
        {"supported_endpoint_types": ["openai", "embeddings"]},
        {"supported_endpoint_types": ["anthropic"]},
    ],
)
def test_a_kind_that_chats_goes_before_the_name(entry: dict[str, object]) -> None:
    assert abilities(entry, "text-embedding-house")[1]


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"task": 7},
        {"task": "text-generation"},
        {"capabilities": ["type"]},
        {"capabilities": {"chat": "no"}},
        {"supported_endpoint_types": ["of-tomorrow"]},
        {"supported_endpoint_types": []},
        {"type": "x"},
    ],
)
def test_what_says_nothing_leaves_it_to_the_name(entry: dict[str, object]) -> None:
    assert abilities(entry, "house-model")[1]
    assert not abilities(entry, "text-embedding-house")[1]
