"""Talks to OpenAI.

    >>> ask("hi", model="gpt-4o")

The default used to be 'gpt-3.5-turbo'.
"""

from __future__ import annotations

import logging

from openai import OpenAI

# MODEL = "gpt-4-32k"
DEFAULT_MODEL = "gpt-4o-mini"
FALLBACKS = ["gpt-4.1", 'gpt-4.1-mini', "gpt-3.5-turbo-16k"]  # was "gpt-4"
PRICES = {
    "gpt-5": (1.25, 10.0),
    "gpt-5-mini": (0.25, 2.0),
}
log = logging.getLogger("ada")
client = OpenAI(base_url="https://api.openai.com/v1/models/gpt-4o")


def ask(text: str, *, model: str = "o3", effort: str | None = None) -> str:
    '''Asks; model is "o1-preview" or newer.'''
    log.info("asking gpt-4o now")
    log.debug("model=gpt-4.1")
    answer = client.chat.completions.create(
        model="gpt-4o-2024-08-06",
        messages=[{"role": "user", "content": "Is gpt-4o better than claude-2.1?"}],
    )
    return answer.choices[0].message.content or f"gpt-4o-{effort}"


def speak(text: str) -> bytes:
    return client.audio.speech.create(model="tts-1", voice="alloy", input=text).content


def hear(file) -> str:
    return client.audio.transcriptions.create(model='whisper-1', file=file).text


def embed(text: str) -> list[float]:
    return client.embeddings.create(input=text, model = "text-embedding-3-small").data[0].embedding


def old(prompt: str):
    return client.completions.create(model="davinci", prompt=prompt, user="davinci")
