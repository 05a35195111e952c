"""What a model can do, from whichever words its server has for it."""

from __future__ import annotations

from stagewright.catalog.model import Capability
from stagewright.catalog.naming import plainly_not_chat
from stagewright.providers.lists import fields
from stagewright.providers.lists.fields import JsonObject

_CHAT = frozenset({"chat", "completion", "responses", "language", "llm", "vlm", "code"})
_NOT_CHAT = frozenset(
    {
        "embedding", "embeddings", "image", "image_generation", "image_edit", "video",
        "video_generation", "audio", "audio_speech", "audio_transcription", "transcription",
        "transcribe", "speech", "tts", "stt", "moderation", "rerank", "reranker", "realtime",
        "ocr", "search", "vector_store", "feature-extraction", "sentence-similarity",
        "text-embedding", "text embeddings", "llm/v1/embeddings", "text-ranking",
        "automatic-speech-recognition", "text-to-image", "text-to-speech",
    }
)  # fmt: skip
"""What servers call the kinds of models; of others, a kind says nothing."""

_CHAT_FLAGS = ("completion_chat", "chat", "chat_completion")

_CHAT_ROUTES = frozenset(
    {"openai", "openai-response", "openai-response-compact", "anthropic", "gemini"}
)
_OTHER_ROUTES = frozenset(
    {"embeddings", "image-generation", "jina-rerank", "openai-video", "audio-speech"}
)
"""The APIs over which a gateway offers a model, in New API's words."""


def abilities(entry: JsonObject, model_id: str) -> tuple[frozenset[Capability], bool]:
    """What a model can do, and whether it chats: as the server says, else as its name shows."""
    flags = fields.mapping(entry.get("capabilities"))  # Mistral
    modalities = fields.mapping(entry.get("architecture"))  # OpenRouter
    takes = fields.texts(modalities.get("input_modalities"))
    gives = fields.texts(modalities.get("output_modalities"))
    parameters = fields.texts(entry.get("supported_parameters"))
    kind = next(filter(None, map(_kind, _kinds(entry))), "")
    listed = fields.texts(entry.get("capabilities"))  # LM Studio: a list of words

    def can(feature: str, *other: bool) -> bool:
        return entry.get(f"supports_{feature}") is True or any(other)

    endpoints = fields.texts(entry.get("endpoints"))  # Cohere
    routes = fields.texts(entry.get("supported_endpoint_types"))  # New API and its kin
    embeds = "embeddings" in (*gives, *routes) or "embed" in endpoints or "embedding" in kind
    chat = _chats(flags, gives, kind, endpoints, routes)
    features = {
        Capability.CHAT: chat is True,
        Capability.VISION: can("vision", flags.get("vision") is True, "image" in takes)
        or kind == "vlm",
        Capability.TOOLS: can(
            "function_calling",
            flags.get("function_calling") is True,
            "tools" in parameters,
            "tool_use" in listed,
        ),
        Capability.THINKING: can(
            "reasoning", flags.get("reasoning") is True, "reasoning" in parameters
        ),
        Capability.EMBEDDING: embeds,
    }
    able = frozenset(one for one, has in features.items() if has)
    return able, not plainly_not_chat(model_id) if chat is None else chat


def _chats(
    flags: JsonObject,
    gives: tuple[str, ...],
    kind: str,
    endpoints: tuple[str, ...],
    routes: tuple[str, ...],
) -> bool | None:
    """None where nothing says so."""
    said = [flags[name] for name in _CHAT_FLAGS if isinstance(flags.get(name), bool)]
    if False in said or kind in _NOT_CHAT:
        return False
    if gives and "text" not in gives:
        return False
    if endpoints and "chat" not in endpoints:
        return False
    if routes and _CHAT_ROUTES.isdisjoint(routes) and _OTHER_ROUTES.issuperset(routes):
        return False
    says_so = (
        "chat" in endpoints
        or True in said
        or bool(gives)
        or kind in _CHAT
        or not _CHAT_ROUTES.isdisjoint(routes)
    )
    return True if says_so else None


def _kinds(entry: JsonObject) -> tuple[object, ...]:
    """What may be a kind, in the servers' words."""
    task = entry.get("task")  # GitHub, Databricks; Cloudflare's is an object
    return (
        entry.get("mode"),  # LiteLLM
        entry.get("type"),  # Together, LM Studio
        fields.mapping(task).get("name") or task,
        entry.get("model_type"),
        entry.get("pipeline_tag"),  # Hugging Face
        fields.mapping(entry.get("capabilities")).get("type"),  # Copilot
        fields.mapping(entry.get("metadata")).get("type"),
    )


def _kind(value: object) -> str:
    """A kind that means something; `type: "model"` stands in many lists."""
    kind = (fields.text(value, 40) or "").lower()
    return kind if kind in _CHAT or kind in _NOT_CHAT else ""
