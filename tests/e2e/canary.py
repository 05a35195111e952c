"""A server that gives every key that it was ever sent back, in every form and every field."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.loopback.wire import Reply, Request

KINDS = ("anthropic", "openai", "openai-compatible", "gemini", "ollama")
MODES = ("fields", "error", "type", "redirect", "break")


def forms(key: str) -> dict[str, str]:
    """A key as servers may write it; each is searched for without blanks too."""
    data = key.encode()
    return {
        "as it is": key,
        "base64": base64.b64encode(data).decode().rstrip("="),
        "base64 behind a colon": base64.b64encode(b":" + data).decode()[2:].rstrip("=")[:-2],
        "base64 behind a user": base64.b64encode(b"u:" + data).decode()[3:].rstrip("=")[:-2],
        "hex": data.hex(),
        "HEX": data.hex().upper(),
        "URL": quote(key, safe=""),
        "every character escaped": "".join(f"%{byte:02X}" for byte in data),
        "in blanks": " ".join(key),
    }


def traces(key: str, text: str) -> Iterator[str]:
    """The forms of a key that are in a text, with blanks in between or without."""
    squeezed = "".join(text.split())
    for name, form in forms(key).items():
        if form in text or "".join(form.split()) in squeezed:
            yield name


class Echo:
    """The server; `seen` are the secrets of all requests so far."""

    def __init__(self) -> None:
        self.seen: dict[str, None] = {}
        self.count = 0

    def __call__(self, request: Request) -> Reply:
        self.count += 1
        for name in ("authorization", "x-api-key", "x-goog-api-key", "proxy-authorization"):
            if value := request.headers.get(name):
                self.seen.setdefault(value.removeprefix("Bearer "))
        words = [form for key in self.seen for form in forms(key).values()] or ["nothing"]
        said = " | ".join(words)
        mode = request.path.split("/")[1]
        chatting = request.path.endswith(("/messages", "/responses", "/completions"))
        match mode:
            case "error":
                error = {"message": said, "type": words[0], "code": words[-1], "param": said}
                return Reply({"error": error, "detail": said, "message": said}, 400)
            case "type":
                kind = words[0].encode("ascii", "replace").decode()
                return Reply(said, headers={"content-type": f"{kind}; charset={kind}"})
            case "redirect":
                where = f"http://{quote(words[0], safe='')}.example/{words[0]}?key={words[0]}"
                return Reply(said, 302, {"location": where})
        if not chatting:
            return Reply(listed(request, words))
        return stream(request.path, words, said, broken=mode == "break")


def listed(request: Request, words: list[str]) -> dict[str, Any]:
    """A list, or one model, with words in every field."""
    known = [{"id": "m", "name": "models/m" if "v1beta" in request.path else "m"}]
    facts = {
        "display_name": words[0],
        "displayName": words[-1],
        "aliases": words,
        "canonical_slug": words[0],
        "deprecation": "2030-01-01",
        "deprecation_replacement_model": words[0],
        "owned_by": words[0],
        "capabilities": words,
        "supportedGenerationMethods": ["generateContent", *words],
    }
    if request.path.endswith(("/api/show", "/m")):
        return {**known[0], **facts, "error": words[0]}
    models = [
        *({**one, **facts} for one in known),
        *({"id": word, "name": word} for word in words),
        *({"id": f"m-{number}", "name": word} for number, word in enumerate(words)),
        *({"id": f"x/{word}-*", "name": word} for word in words),
    ]
    following = {"next": f"http://{quote(words[0], safe='')}.example/"}
    return {"data": models, "models": models, **following}


def stream(path: str, words: list[str], said: str, *, broken: bool) -> Reply:
    """A chat that answers with words, in one delta and in many, and says them everywhere else."""
    spelled = ["Hello ", said, *words[0]]
    error = {"message": said, "type": words[0], "code": words[0]}
    if path.endswith("/messages"):
        events = [
            {"type": "message_start", "message": {"model": words[0], "id": said}},
            *({"type": "content_block_delta", "delta": {"text": one}} for one in spelled),
            {"type": "error", "error": error}
            if broken
            else {"type": "message_delta", "delta": {"stop_reason": words[0]}},
        ]
    elif path.endswith("/responses"):
        events = [
            {"type": "response.created", "response": {"model": words[0], "id": said}},
            *(
                {"type": "response.output_text.delta", "output_index": 0, "delta": one}
                for one in spelled
            ),
            {"type": "error", "error": error}
            if broken
            else {
                "type": "response.incomplete",
                "response": {"status": words[0], "incomplete_details": {"reason": words[0]}},
            },
        ]
    else:
        events = [
            {"model": words[0], "id": said, "choices": [{"delta": {"reasoning_content": said}}]},
            *({"choices": [{"delta": {"content": one}}]} for one in spelled),
            {"error": error} if broken else {"choices": [{"delta": {}, "finish_reason": words[0]}]},
        ]
    text = "".join(f"data: {json.dumps(one)}\n\n" for one in events)
    return Reply(text, headers={"content-type": "text/event-stream"})
