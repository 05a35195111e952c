"""The list protocols: a page of models, and one model, as each API answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.loopback import world
from tests.loopback.wire import Reply, Request
from tests.loopback.world import Json

KEYS = {
    "anthropic": "sk-ant-loopback-7f3a",
    "openai": "sk-loopback-91c2",
    "gemini": "gm-loopback-55d0",
    "compatible": "cp-loopback-28be",
}
"""The keys that are accepted; any other is refused as the API refuses it."""


@dataclass
class World:
    """What each provider has."""

    anthropic: list[Json] = field(default_factory=world.anthropic_models)
    openai: list[Json] = field(default_factory=world.openai_models)
    gemini: list[Json] = field(default_factory=world.gemini_models)
    ollama: dict[str, Json] = field(default_factory=world.ollama_models)
    compatible: list[Json] = field(default_factory=world.compatible_models)
    anthropic_page: int = 20  # models to a page, at most
    gemini_page: int = 50
    compatible_page: int | None = None  # pages linked by `links.next`, as OpenRouter's may be
    compatible_bare: bool = False  # a bare array


Handler = Callable[[World, Request, bool], Reply]
"""Answers from the world; the flag asks for pages that point to the same next one for ever."""


def _anthropic_list(have: World, request: Request, looping: bool) -> Reply:
    if refused := _anthropic_key(request):
        return refused
    wanted = [value for key, value in request.query if key == "lifecycle[]"]
    models = [
        m for m in have.anthropic if m.get("lifecycle") in (wanted or ("active", "deprecated"))
    ]
    after = request.parameter("after_id")
    start = next((i + 1 for i, m in enumerate(models) if m["id"] == after), 0)
    size = min(int(request.parameter("limit") or 20), have.anthropic_page)
    page = models[:size] if looping else models[start : start + size]
    ids = [model["id"] for model in page]
    return Reply(
        {
            "data": page,
            "first_id": ids[0] if ids else None,
            "last_id": ids[-1] if ids else None,
            "has_more": looping or start + size < len(models),
        }
    )


def _anthropic_one(have: World, request: Request, looping: bool) -> Reply:
    if refused := _anthropic_key(request):
        return refused
    asked = request.path.rpartition("/models/")[2]
    model_id = world.ANTHROPIC_ALIASES.get(asked, asked)
    found = next((model for model in have.anthropic if model["id"] == model_id), None)
    if found is None:
        error = {"type": "not_found_error", "message": f"model: {asked}"}
        return Reply({"type": "error", "error": error}, 404)
    return Reply(found)


def _anthropic_key(request: Request) -> Reply | None:
    if not request.headers.get("anthropic-version"):
        error = {"type": "invalid_request_error", "message": "anthropic-version: required"}
        return Reply({"type": "error", "error": error}, 400)
    if request.headers.get("x-api-key") == KEYS["anthropic"]:
        return None
    error = {"type": "authentication_error", "message": "invalid x-api-key"}
    return Reply({"type": "error", "error": error}, 401)


def _openai_list(have: World, request: Request, looping: bool) -> Reply:
    return _bearer(request, "openai") or Reply({"object": "list", "data": have.openai})


def _openai_one(have: World, request: Request, looping: bool) -> Reply:
    if refused := _bearer(request, "openai"):
        return refused
    asked = request.path.rpartition("/models/")[2]
    found = next((model for model in have.openai if model["id"] == asked), None)
    if found is None and asked in world.OPENAI_UNLISTED:
        found = world.openai_model(asked)
    if found is None:
        error = {
            "message": f"The model '{asked}' does not exist",
            "type": "invalid_request_error",
            "param": "model",
            "code": "model_not_found",
        }
        return Reply({"error": error}, 404)
    return Reply(found)


def _bearer(request: Request, provider: str) -> Reply | None:
    if request.headers.get("authorization") == f"Bearer {KEYS[provider]}":
        return None
    error = {
        "message": "Incorrect API key provided.",
        "type": "invalid_request_error",
        "param": None,
        "code": "invalid_api_key",
    }
    return Reply({"error": error}, 401)


def _gemini_list(have: World, request: Request, looping: bool) -> Reply:
    if refused := _gemini_key(request):
        return refused
    start = int(request.parameter("pageToken") or 0)
    size = min(int(request.parameter("pageSize") or 50), have.gemini_page)
    body: Json = {"models": have.gemini[start : start + size]}
    if looping or start + size < len(have.gemini):
        body["nextPageToken"] = "0" if looping else str(start + size)
    return Reply(body)


def _gemini_one(have: World, request: Request, looping: bool) -> Reply:
    if refused := _gemini_key(request):
        return refused
    name = "models/" + request.path.rpartition("/models/")[2]
    found = next((model for model in have.gemini if model["name"] == name), None)
    error = {"code": 404, "message": f"{name} is not found", "status": "NOT_FOUND"}
    return Reply(found) if found else Reply({"error": error}, 404)


def _gemini_key(request: Request) -> Reply | None:
    if request.headers.get("x-goog-api-key") == KEYS["gemini"]:
        return None
    reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    error = {
        "code": 400,
        "message": "API key not valid. Please pass a valid API key.",
        "status": "INVALID_ARGUMENT",
        "details": [reason],
    }
    return Reply({"error": error}, 400)


def _ollama_list(have: World, request: Request, looping: bool) -> Reply:
    return Reply({"models": [{"name": name, "model": name, "size": 1} for name in have.ollama]})


def _ollama_one(have: World, request: Request, looping: bool) -> Reply:
    asked = request.json().get("model")
    if asked not in have.ollama:
        return Reply({"error": f"model '{asked}' not found"}, 404)
    return Reply(have.ollama[asked])


def _compatible_list(have: World, request: Request, looping: bool) -> Reply:
    if refused := _bearer(request, "compatible"):
        return refused
    if have.compatible_bare:
        return Reply(have.compatible)
    if have.compatible_page is None:
        return Reply({"object": "list", "data": have.compatible})
    start = int(request.parameter("start") or 0)
    following = start if looping else start + have.compatible_page
    page = have.compatible[start : start + have.compatible_page]
    more = looping or following < len(have.compatible)
    return Reply(
        {"data": page, "links": {"next": f"{request.path}?start={following}" if more else None}}
    )


HANDLERS: list[tuple[str, str, Handler]] = [
    ("GET", r"^/anthropic/v1/models$", _anthropic_list),
    ("GET", r"^/anthropic/v1/models/.", _anthropic_one),
    ("GET", r"^/openai/v1/models$", _openai_list),
    ("GET", r"^/openai/v1/models/.", _openai_one),
    ("GET", r"^/gemini/v1beta/models$", _gemini_list),
    ("GET", r"^/gemini/v1beta/models/.", _gemini_one),
    ("GET", r"^/ollama/api/tags$", _ollama_list),
    ("POST", r"^/ollama/api/show$", _ollama_one),
    ("GET", r"^/compatible/v1/models$", _compatible_list),
]
