"""How a request says whose it is: the headers that carry a key, for lists and chats alike."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

Api = Literal["anthropic", "gemini", "openai"]
"""Whose way of naming a key a server expects."""


def identity(api: Api, base_url: str, key: str | None) -> dict[str, str]:
    """The headers that identify us at `base_url`; none without a key, as an empty one is refused.

    Gateways that speak Anthropic's API read either its own header or `Authorization`, so they get
    both; Anthropic itself gets the one that it documents.
    """
    if not key:
        return {}
    bearer = {"Authorization": f"Bearer {key}"}
    match api:
        case "anthropic" if urlsplit(base_url).hostname == "api.anthropic.com":
            return {"X-Api-Key": key}
        case "anthropic":
            return {"X-Api-Key": key, **bearer}
        case "gemini":
            return {"X-Goog-Api-Key": key}  # beside it, Google takes `Authorization` for OAuth
        case "openai":
            return bearer
