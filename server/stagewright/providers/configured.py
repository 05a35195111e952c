"""The configured providers, each ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stagewright.providers.base import Provider
from stagewright.providers.lists.anthropic import Anthropic
from stagewright.providers.lists.compatible import Compatible
from stagewright.providers.lists.gemini import Gemini
from stagewright.providers.lists.ollama import Ollama
from stagewright.providers.lists.openai import OpenAI
from stagewright.providers.presets import Plan, plans
from stagewright.providers.rehearsal import Rehearsal
from stagewright.settings import Kind, Settings

_KINDS: Mapping[Kind, Callable[[Plan, float, float | None], Provider]] = {
    "anthropic": Anthropic,
    "openai": OpenAI,
    "gemini": Gemini,
    "ollama": Ollama,
    "openai-compatible": Compatible,
}
"""A new kind of provider is one module and one line here."""


def configured_providers(settings: Settings, environ: Mapping[str, str]) -> dict[str, Provider]:
    """The providers that can be asked, by id. Local ones that may run here are among them."""
    return {
        plan.id: provider_of(plan, settings)
        for plan in plans(settings, environ)
        if plan.kind is None or plan.askable
    }


def provider_of(plan: Plan, settings: Settings) -> Provider:
    """The provider of a plan, with the patience that the settings say."""
    if plan.kind is None:
        return Rehearsal(plan)
    return _KINDS[plan.kind](plan, settings.models.timeout_seconds, settings.chat.timeout_seconds)
