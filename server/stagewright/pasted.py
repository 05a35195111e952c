"""What people copy into settings and variables: keys and addresses, put right or named as wrong.

Light: the server needs this before its first completion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_QUOTES = "\"'`“”„‘’‚‹›«»＂＇"
_AROUND = " \t\r\n\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff"


def clean(text: str) -> str:
    """A key or an address without what was copied around it: quotes, blanks, a comma."""
    return text.strip(_QUOTES + _AROUND + ",;")


def key_problem(key: str) -> str | None:
    """What cannot be right about a key, as what follows "The key in VARIABLE"; never shows it.

    None where a request can be sent with it.
    """
    for pattern, problem in _WRONG:
        if pattern.search(key):
            return problem
    return None


_WRONG = (
    (re.compile(r"[\r\n]"), "has a line break in it"),
    (re.compile(r"^bearer\b", re.IGNORECASE), "begins with 'Bearer', which is not part of a key"),
    (
        re.compile(
            r"^(?:(?:proxy-)?authorization|x-api-key|x-goog-api-key|api-key)\s*:", re.IGNORECASE
        ),
        "begins with the name of a header, which is not part of a key",
    ),
    (
        re.compile(r"^(?:(?:export|set)\s+|\$env:)?[A-Z][A-Z0-9]*_[A-Z0-9_]+\s*=\s*\S"),
        "begins with a variable's name and '=', which are not part of a key",
    ),
    (re.compile(r"^\$\{?\w+\}?$|^%\w+%$|^\$\("), "names a variable that was not replaced"),
    (re.compile(r"^https?://", re.IGNORECASE), "is an address and not a key"),
    (re.compile(r"^<.*>$|\.\.\.$|…$|^your[-_ ]", re.IGNORECASE), "is a placeholder"),
    (re.compile(r"[ \t\f\v\u00a0]"), "has a space in it"),
    (re.compile(r"[^\x00-\x7f]"), "has a character in it that is not ASCII"),
    (re.compile(r"[\x00-\x1f\x7f]"), "has a control character in it"),
)


_ENDPOINTS: Mapping[str, tuple[str, ...]] = {
    "anthropic": ("/messages", "/models", "/complete", "/v1"),
    "openai": ("/chat/completions", "/completions", "/responses", "/embeddings", "/models"),
    "gemini": ("/chat/completions", "/models", "/openai", "/v1beta", "/v1"),
    "ollama": (
        "/chat/completions", "/models", "/chat", "/generate", "/tags", "/show", "/api", "/v1",
    ),
}  # fmt: skip
"""What requests add to an address, the last first: people copy it with and without."""


def base_url(kind: str, address: str) -> str:
    """The address that requests begin with, from one of an endpoint or of a server, without a
    slash at its end.

    Takes what `origin_problem` finds nothing wrong with.
    """
    address = address.rstrip("/")
    for endpoint in _ENDPOINTS.get("openai" if kind == "openai-compatible" else kind, ()):
        if address.lower().endswith(endpoint):
            address = address[: -len(endpoint)].rstrip("/")
    if kind == "openai" and address.lower() in _OPENAI:
        address += "/v1"  # as its SDK wants it, and as nobody writes it who knows the others
    return address


_OPENAI = ("https://api.openai.com", "http://api.openai.com")


def origin_problem(text: str) -> str | None:
    """Why a text cannot be a provider's address, as a setting's problem; None where it can."""
    if re.search(r"[\s\x00-\x1f]", text):
        return "must not hold spaces"
    try:
        url = urlsplit(text)
        if url.scheme not in ("http", "https") or not url.hostname:
            return "must be a URL that begins with http:// or https://"
        if url.username is not None or url.password is not None:
            return "must not hold a user name or password: put the key into an environment variable"
        if url.query or url.fragment:
            return "must end before any ? or #"
        _ = url.port
    except ValueError:  # it quotes what stands in place of a port, which may be a password
        return "is not a URL: write https://HOST or https://HOST:PORT"
    return None


def endpoint_problem(kind: str, address: str) -> str | None:
    """Which API's endpoint an address is that this kind cannot speak to, as a setting's problem."""
    path = urlsplit(address).path.rstrip("/").lower()
    if kind in ("openai", "openai-compatible") and path.endswith("/messages"):
        return 'is an endpoint of Anthropic\'s API: set `kind` to "anthropic"'
    if kind in ("openai", "openai-compatible") and re.search(r"/api/(chat|tags|generate)$", path):
        return 'is an endpoint of Ollama\'s API: set `kind` to "ollama"'
    if re.search(r":(stream)?generatecontent$", path):
        return "is one model's endpoint: end it before the version, such as /v1beta"
    if kind == "anthropic" and path.endswith("/chat/completions"):
        return 'is an endpoint of OpenAI\'s API: set `kind` to "openai-compatible"'
    return None
