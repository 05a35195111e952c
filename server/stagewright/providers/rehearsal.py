"""The built-in provider: two models that answer by a fixed rule, without a network."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagewright.catalog.model import Capability, Lifecycle, Model
from stagewright.mask import Mask
from stagewright.providers.base import ChatEvent, ChatRequest, ModelList
from stagewright.providers.presets import ProviderConfig

if TYPE_CHECKING:
    import httpx2

MODELS = tuple(
    Model(
        id=f"rehearsal-{number}",
        name=f"Rehearsal {number}",
        lifecycle=Lifecycle.ACTIVE,
        context_window=100_000,
        max_output=1_000,
        capabilities=frozenset((Capability.CHAT,)),
    )
    for number in (1, 2)
)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """For trying things out: it says itself that it only rehearses."""

    config: ProviderConfig

    @property
    def mask(self) -> Mask:
        return self.config.mask

    async def list_models(self, _: httpx2.AsyncClient) -> ModelList:
        """Always both."""
        return ModelList(MODELS)

    async def get_model(self, _: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One of the two, or none."""
        return next((model for model in MODELS if model.id == model_id), None)

    async def prepare_chat(self) -> None:
        """Nothing is needed."""

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer by the rule. Raises ChatError for other models."""
        from stagewright.providers.chat.rehearsal import stream  # with its first chat

        return stream(request)
