"""Servers that speak OpenAI's API: their lists, with the facts that each adds in its own way."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from stagewright.catalog.model import Capability, Lifecycle, Model, Price
from stagewright.providers import fields
from stagewright.providers.base import ChatEvent, ChatRequest, ModelList
from stagewright.providers.fields import Json
from stagewright.providers.http import ask, deadline
from stagewright.providers.lookup import look_up
from stagewright.providers.openai import denies
from stagewright.providers.pages import Page, all_pages, read_models
from stagewright.providers.remote import Remote

if TYPE_CHECKING:
    import httpx2

_CHAT_TYPES = ("chat", "language", "code", "llm", "vlm", "base", "model")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Compatible(Remote):
    """OpenRouter, LiteLLM, vLLM, llama.cpp, LM Studio, Groq, Mistral, DeepSeek, xAI, Together."""

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """Every page, where there are pages."""
        until = deadline(self)

        async def fetch(link: str | None) -> Page:
            url = link or f"{self.plan.base_url}/models"
            body = (await ask(http, self, url, until=until)).body
            entries = body if isinstance(body, list) else fields.mapping(body).get("data")
            models, gap = await read_models(self, entries, read_model)
            named = [model for model in models if not _is_wildcard(model.id)]
            if len(named) < len(models):
                gap = f"{self.name} also passes on models that it does not list."
            following, astray = _next_page(self, url, body)
            return Page(named, following, gap or astray)

        return await all_pages(self, fetch)

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model, where the server can be asked about one."""
        url = f"{self.plan.base_url}/models"
        return await look_up(
            http, self, url, model_id, read=read_model, denies=partial(denies, model_id)
        )

    async def prepare_chat(self) -> None:
        """Load the SDK and make its client."""
        from stagewright.providers.chat.openai import prepare

        await prepare(self)

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer over Chat Completions, streamed. Raises ChatError."""
        from stagewright.providers.chat.openai import stream

        return stream(self, request)


def read_model(entry: Json) -> Model | None:
    """A model from whichever facts its server gives; None where it has no id."""
    model_id = fields.text(entry.get("id"))
    if model_id is None:
        return None
    ends = fields.day(entry.get("expiration_date")) or fields.day(entry.get("deprecation"))
    top = fields.mapping(entry.get("top_provider"))
    able, chat = _capabilities(entry)
    slug = fields.text(entry.get("canonical_slug"))
    return Model(
        id=model_id,
        name=fields.text(entry.get("name")) or fields.text(entry.get("display_name")),
        chat=chat,
        lifecycle=Lifecycle.DEPRECATED if ends else Lifecycle.UNKNOWN,
        created=fields.moment(entry.get("created")),
        retires_at=ends,
        successor=fields.text(entry.get("deprecation_replacement_model")),
        context_window=_first_count(
            entry, "context_length", "context_window", "max_context_length", "max_model_len"
        ),
        max_output=fields.count(top.get("max_completion_tokens"))
        or _first_count(entry, "max_completion_tokens", "max_output_tokens"),
        capabilities=able,
        aliases=tuple(
            name
            for name in (*fields.texts(entry.get("aliases")), slug)
            if name and name != model_id
        ),
        price=_price(fields.mapping(entry.get("pricing"))),
    )


def _capabilities(entry: Json) -> tuple[frozenset[Capability], bool]:
    """What it can do, and whether it chats: "not chat" only where something says so."""
    flags = fields.mapping(entry.get("capabilities"))  # Mistral
    modalities = fields.mapping(entry.get("architecture"))  # OpenRouter
    takes = fields.texts(modalities.get("input_modalities"))
    gives = fields.texts(modalities.get("output_modalities"))
    parameters = fields.texts(entry.get("supported_parameters"))
    kind = (fields.text(entry.get("type")) or "").lower()  # Together, LM Studio
    chat = (
        flags.get("completion_chat") is not False
        and (not gives or "text" in gives)
        and (not kind or kind in _CHAT_TYPES)
    )
    features = {
        Capability.CHAT: chat and bool(flags.get("completion_chat") or gives or kind),
        Capability.VISION: flags.get("vision") is True or "image" in takes or kind == "vlm",
        Capability.TOOLS: flags.get("function_calling") is True or "tools" in parameters,
        Capability.THINKING: "reasoning" in parameters or flags.get("reasoning") is True,
        Capability.EMBEDDING: kind in ("embedding", "embeddings") or "embeddings" in gives,
    }
    return frozenset(one for one, has in features.items() if has), chat


def _price(pricing: Json) -> Price | None:
    """Together gives dollars per million tokens, OpenRouter dollars per token, as text."""
    if "input" in pricing or "output" in pricing:
        price = Price(fields.amount(pricing.get("input")), fields.amount(pricing.get("output")))
    else:
        per_token = (fields.amount(pricing.get(side)) for side in ("prompt", "completion"))
        price = Price(*(None if one is None else round(one * _MILLION, 6) for one in per_token))
    return None if price == Price(None, None) else price


def _first_count(entry: Json, *names: str) -> int | None:
    return next((found for name in names if (found := fields.count(entry.get(name)))), None)


def _is_wildcard(model_id: str) -> bool:
    """LiteLLM lists `*` or `openai/*` where it passes everything on."""
    return model_id == "*" or model_id.endswith("/*")


def _next_page(remote: Remote, url: str, body: object) -> tuple[str | None, str | None]:
    """OpenRouter's `links.next`, or why it cannot be followed: another origin would get the key."""
    link = fields.text(fields.mapping(fields.mapping(body).get("links")).get("next"))
    if link is None:
        return None, None
    try:
        following = urljoin(url, link)
        if urlsplit(following)[:2] == urlsplit(remote.plan.base_url)[:2]:
            return following, None
    except ValueError:
        pass  # no address at all
    return None, f"The next page of {remote.name}'s list is not at its own address."
