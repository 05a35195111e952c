"""How a request says whose it is: the headers that carry a key, for lists and chats alike."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from stagewright.providers.presets import OWN_HOSTS, PRESETS

Api = Literal["anthropic", "gemini", "gemini-chat", "openai"]
"""Whose way of naming a key a server expects."""

_GOOGLE = "generativelanguage.googleapis.com"

_BEARER_ONLY = {urlsplit(one.base_url).hostname for one in PRESETS.values()} - set(OWN_HOSTS)
"""Hosts that document `Authorization` for the OpenAI API, and need no guess."""


def identity(api: Api, base_url: str, key: str | None) -> dict[str, str]:
    """The headers that identify us at `base_url`; none without a key, as an empty one is refused.

    Gateways that speak Anthropic's or Google's API read either its own header or `Authorization`,
    so they get both; some that speak OpenAI's read `X-Api-Key` or Azure's `Api-Key`. The providers
    themselves get the one that they document.
    """
    if not key:
        return {}
    bearer = {"Authorization": f"Bearer {key}"}
    host = urlsplit(base_url).hostname
    match api:
        case "anthropic" if host == "api.anthropic.com":
            return {"X-Api-Key": key}
        case "anthropic":
            return {"X-Api-Key": key, **bearer}
        case "gemini" if host == _GOOGLE:
            return {"X-Goog-Api-Key": key}  # beside it, Google takes `Authorization` for OAuth
        case "gemini" | "gemini-chat" if host != _GOOGLE:
            return {"X-Goog-Api-Key": key, **bearer}
        case "openai" if host not in _BEARER_ONLY:
            return {"X-Api-Key": key, "Api-Key": key, **bearer}
        case _:
            return bearer
