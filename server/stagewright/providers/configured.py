"""A configured provider, ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stagewright.providers.base import Provider
from stagewright.providers.lists.anthropic import Anthropic
from stagewright.providers.lists.compatible import Compatible
from stagewright.providers.lists.gemini import Gemini
from stagewright.providers.lists.ollama import Ollama
from stagewright.providers.lists.openai import OpenAI
from stagewright.providers.presets import ProviderConfig
from stagewright.providers.rehearsal import Rehearsal
from stagewright.settings import Kind, Settings

_KINDS: Mapping[Kind, Callable[[ProviderConfig, float, float | None], Provider]] = {
    "anthropic": Anthropic,
    "openai": OpenAI,
    "gemini": Gemini,
    "ollama": Ollama,
    "openai-compatible": Compatible,
}
"""A new kind of provider is one module and one line here."""


def provider_of(config: ProviderConfig, settings: Settings) -> Provider:
    """The provider of a config, with the patience that the settings say."""
    if config.kind is None:
        return Rehearsal(config)
    return _KINDS[config.kind](
        config, settings.models.timeout_seconds, settings.chat.timeout_seconds
    )
