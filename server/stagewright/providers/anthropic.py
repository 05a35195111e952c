"""Anthropic's list of models, and its chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stagewright.catalog.model import Capability, Lifecycle, Model
from stagewright.catalog.snapshot import Status
from stagewright.providers import fields
from stagewright.providers.base import ChatEvent, ChatRequest, ModelList, ProviderError
from stagewright.providers.fields import Json
from stagewright.providers.http import ask, deadline
from stagewright.providers.identity import identity
from stagewright.providers.lookup import look_up
from stagewright.providers.pages import Page, all_pages, read_models
from stagewright.providers.remote import Remote

if TYPE_CHECKING:
    import httpx2

_PAGE = 1000  # the most that the API gives at once
_STAGES = ["active", "deprecated", "retired"]  # retired ones are listed only when asked for


@dataclass(frozen=True, slots=True)
class Anthropic(Remote):
    """Anthropic's API, or a gateway that speaks it."""

    @property
    def headers(self) -> Mapping[str, str]:
        return {"anthropic-version": "2023-06-01", **self.chat_headers}

    @property
    def chat_headers(self) -> Mapping[str, str]:
        return identity("anthropic", self.plan.base_url, self.key)

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """Every page, with the retired models."""
        until = deadline(self)
        url = f"{self.plan.base_url}/v1/models"
        lines: dict[str, str] = {}
        stages = _STAGES

        async def fetch(after: str | None) -> Page:
            nonlocal stages
            query: dict[str, str | list[str]] = {"limit": str(_PAGE)}
            if stages:
                query["lifecycle[]"] = stages
            if after:
                query["after_id"] = after
            try:
                answer = await ask(http, self, url, until=until, query=query)
            except ProviderError as error:
                if error.status is not Status.BAD_ANSWER or not stages or after:
                    raise
                stages = []  # a gateway that does not know the parameter
                return await fetch(after)
            body = fields.mapping(answer.body)
            entries = body.get("data")
            models, gap = await read_models(self, entries, read_model)
            lines.update(_lines(entries))
            following = fields.text(body.get("last_id")) if body.get("has_more") is True else None
            if body.get("has_more") is True and following is None:
                gap = f"{self.name} says that there are more models, but not where."
            return Page(models, following, gap)

        found = await all_pages(self, fetch)
        models = await asyncio.to_thread(_with_successors, found.models, lines)
        return replace(found, models=models)

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model, also by a name that is not listed."""
        url = f"{self.plan.base_url}/v1/models"
        return await look_up(http, self, url, model_id, read=read_model, denies=_denies)

    async def prepare_chat(self) -> None:
        """Load the SDK and make its client."""
        from stagewright.providers.chat.anthropic import prepare

        await prepare(self)

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer over the Messages API, streamed. Raises ChatError."""
        from stagewright.providers.chat.anthropic import stream

        return stream(self, request)


def read_model(entry: Json) -> Model | None:
    """A model from the API's JSON; None where it has no id. Gateways leave any fact out."""
    model_id = fields.text(entry.get("id"))
    if model_id is None:
        return None
    stage = entry.get("lifecycle")
    able = fields.mapping(entry.get("capabilities"))
    features = {
        Capability.CHAT: True,
        Capability.TOOLS: True,  # every model of this API takes tools
        Capability.VISION: _supported(able, "image_input"),
        Capability.THINKING: _supported(able, "thinking"),
    }
    return Model(
        id=model_id,
        name=fields.text(entry.get("display_name")),
        lifecycle=Lifecycle(stage) if stage in _STAGES else Lifecycle.UNKNOWN,
        created=fields.moment(entry.get("created_at")),
        deprecated_at=fields.day(entry.get("deprecated_at")),
        retires_at=fields.day(entry.get("retires_at")),
        context_window=fields.count(entry.get("max_input_tokens")),
        max_output=fields.count(entry.get("max_tokens")),
        capabilities=frozenset(one for one, has in features.items() if has),
    )


def _denies(body: Json) -> bool:
    return fields.mapping(body.get("error")).get("type") == "not_found_error"


def _supported(capabilities: Json, name: str) -> bool:
    return fields.mapping(capabilities.get(name)).get("supported") is True


def _lines(entries: object) -> dict[str, str]:
    """Which line each model belongs to: opus, sonnet, haiku ..."""
    listed = map(fields.mapping, entries) if isinstance(entries, list) else ()
    found = ((fields.text(one.get("id")), fields.text(one.get("line"))) for one in listed)
    return {model_id: line for model_id, line in found if model_id and line}


def _with_successors(models: Iterable[Model], lines: Mapping[str, str]) -> tuple[Model, ...]:
    """A model on its way out is followed by the newest active one of its line."""
    newest: dict[str, Model] = {}
    for model in models:
        line = lines.get(model.id)
        if line and model.created and model.lifecycle is Lifecycle.ACTIVE:
            leader = newest.get(line)
            if leader is None or leader.created is None or model.created > leader.created:
                newest[line] = model

    def followed(model: Model) -> Model:
        follower = newest.get(lines.get(model.id, ""))
        ending = model.lifecycle in (Lifecycle.DEPRECATED, Lifecycle.RETIRED)
        return replace(model, successor=follower.id) if follower and ending else model

    return tuple(map(followed, models))
