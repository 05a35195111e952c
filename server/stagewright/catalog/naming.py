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


def chats_at_openai(model_id: str) -> bool:
    """Whether an id of OpenAI's own names a chat model; fine-tuned ones and audio chat do."""
    return model_id.startswith("ft:") or not _OPENAI_NOT_CHAT.search(model_id)


def chats_at_gemini(model_id: str) -> bool:
    """Whether an id of the Gemini API names a model for plain chat."""
    return not _GEMINI_NOT_CHAT.search(model_id)


def chats_elsewhere(model_id: str) -> bool:
    """Whether an id of any other provider names a chat model, as far as its words tell."""
    return not _NOT_CHAT.search(model_id)
