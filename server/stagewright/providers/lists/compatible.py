"""Servers that speak OpenAI's API: their lists, with the facts that each adds in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from stagewright.catalog.model import Lifecycle, Model, Price
from stagewright.providers.base import ModelList
from stagewright.providers.lists import fields
from stagewright.providers.lists.abilities import abilities
from stagewright.providers.lists.fields import JsonObject, first_count
from stagewright.providers.lists.remote import Read, Remote, path_segment

if TYPE_CHECKING:
    import httpx2

_MILLION = 1_000_000
_COHERE = "/compatibility/v1"


@dataclass(frozen=True, slots=True)
class Compatible(Remote):
    """OpenRouter, LiteLLM, vLLM, llama.cpp, LM Studio, Groq, Mistral and many more."""

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """Every page, where there are pages."""
        url = f"{self.config.base_url}/models"
        # LiteLLM leaves its patterns out unless asked for them; others do not mind.
        patterns = () if self.config.at_usual_address else (f"{url}?return_wildcard_routes=true",)
        # Cohere documents its list beside its compatible API, not in it.
        beside = self.config.base_url.removesuffix(_COHERE)
        others = (f"{beside}/v1/models",) if beside != self.config.base_url else ()
        return await self.all_pages(http, (*patterns, url, *others), "data", "after", self.read)

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model, where the server can be asked about one."""
        url = f"{self.config.base_url}/models"
        denies_it = partial(denies, model_id)
        return await self.look_up(http, url, model_id, read=self.read, denies=denies_it)

    @property
    def read(self) -> Read:
        """How an entry of the list is read."""
        return read_model


def denies(model_id: str, body: JsonObject) -> bool:
    """Whether a 404's JSON says that there is no such model, as OpenAI's API says it."""
    error = fields.mapping(body.get("error")) or body
    if error.get("code") == "model_not_found":
        return True
    message = error.get("message", error.get("detail"))  # LiteLLM's is in `detail`
    said = message if isinstance(message, str) else ""
    # "Cannot GET /v1/models/gpt-5" names the path, and knows nothing of models.
    for path in (f"/models/{path_segment(model_id)}", f"/models/{model_id}"):
        said = said.replace(path, "")
    return model_id in said


def read_model(entry: JsonObject) -> Model | None:
    """A model from whichever facts its server gives; None where it has no id."""
    # Cohere's entries have a name for an id, and tell which endpoints take it.
    name = fields.text(entry.get("name"))
    model_id = fields.text(entry.get("id")) or (name if "endpoints" in entry else None)
    if model_id is None:
        return None
    ends = next(
        (
            day
            for name in ("expiration_date", "deprecation", "shutdown_date")
            if (day := fields.day(entry.get(name)))
        ),
        None,
    )
    lifecycle = Lifecycle.DEPRECATED if ends else Lifecycle.UNKNOWN
    if not ends and "shutdown_date" in entry:
        lifecycle = Lifecycle.ACTIVE
    if entry.get("is_deprecated") is True:
        lifecycle = Lifecycle.DEPRECATED
    top = fields.mapping(entry.get("top_provider"))
    able, chat = abilities(entry, model_id)
    slug = fields.text(entry.get("canonical_slug"))
    return Model(
        id=model_id,
        name=name or fields.text(entry.get("display_name")),
        chat=chat,
        lifecycle=lifecycle,
        created=fields.moment(entry.get("created")),
        retires_at=ends,
        successors=tuple(filter(None, [fields.text(entry.get("deprecation_replacement_model"))])),
        context_window=first_count(
            entry,
            "context_length",
            "context_window",
            "max_context_length",
            "max_model_len",
            "max_input_tokens",
        ),
        max_output=fields.count(top.get("max_completion_tokens"))
        or first_count(entry, "max_completion_tokens", "max_output_tokens"),
        capabilities=able,
        aliases=tuple(
            name
            for name in (*fields.texts(entry.get("aliases")), slug)
            if name and name != model_id
        ),
        # LiteLLM's prices stand beside the other facts.
        price=_price(fields.mapping(entry.get("pricing")))
        or _per_token(entry.get("input_cost_per_token"), entry.get("output_cost_per_token")),
    )


def _price(pricing: JsonObject) -> Price | None:
    """Together gives dollars per million tokens, OpenRouter dollars per token, as text."""
    if "input" in pricing or "output" in pricing:
        price = Price(fields.amount(pricing.get("input")), fields.amount(pricing.get("output")))
        return None if price == Price(None, None) else price
    return _per_token(pricing.get("prompt"), pricing.get("completion"))


def _per_token(asked: object, answered: object) -> Price | None:
    """Dollars per token as dollars per million."""
    found = (fields.amount(side) for side in (asked, answered))
    price = Price(*(None if one is None else round(one * _MILLION, 6) for one in found))
    return None if price == Price(None, None) else price
