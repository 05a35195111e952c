"""What a provider's own naming of its models tells, where its API says nothing."""

from __future__ import annotations

import re

_OPENAI_NOT_CHAT = re.compile(
    r"embedding|whisper|tts|dall-e|image|sora|moderation|transcribe|diarize|realtime"
    r"|^(babbage|davinci)-002$|-instruct(-|$)"
)
_GEMINI_NOT_CHAT = re.compile(r"tts|image|embedding|live|robotics|computer-use")

_NOT_CHAT = re.compile(
    r"embed|whisper|tts|image|moderation|transcribe|realtime|ocr|guard|orpheus|voice", re.IGNORECASE
)

_PLAINLY_NOT_CHAT = re.compile(
    r"(?:^|[-_.:@])(?:embed|embedder|embedding|embeddings|whisper|tts|dall-e|sora|moderation"
    r"|transcribe|transcription|rerank|reranker|gpt-image|imagen|stable-diffusion|sdxl"
    r"|gpt-realtime|gpt-4o-realtime|gpt-4o-mini-realtime"
    # families that only embed, or rank
    r"|all-minilm|all-mpnet|arctic-embed\d?|jina-(?:clip|colbert)|paraphrase-multilingual"
    r"|e5-(?:small|base|large|mistral)|gte-(?:small|base|large|qwen2?)"
    r"|bge-(?:m3|small|base|large|multilingual)"
    r"|voyage-(?:code|context|finance|large|law|lite|multilingual|\d))(?:[-_.:@\d]|$)",
    re.IGNORECASE,
)


def chats_at_openai(model_id: str) -> bool:
    """Whether an id of OpenAI's own names a chat model; fine-tuned ones and audio chat do."""
    return model_id.startswith("ft:") or not _OPENAI_NOT_CHAT.search(model_id)


def chats_at_gemini(model_id: str) -> bool:
    """Whether an id of the Gemini API names a model for plain chat."""
    return not _GEMINI_NOT_CHAT.search(model_id)


def chats_elsewhere(model_id: str) -> bool:
    """Whether an id of any other provider names a chat model, as far as its words tell."""
    return not _NOT_CHAT.search(model_id)


def plainly_not_chat(model_id: str) -> bool:
    """Whether an id, wherever it is served, can only be that of a model that does not chat.

    Only whole words count, in the name behind the vendor: `nomic-embed-text`, `whisper-1`,
    `text-embedding-3-small`, `sora-2`. What a server says of a model goes before.
    """
    return _PLAINLY_NOT_CHAT.search(model_id.rpartition("/")[2]) is not None
