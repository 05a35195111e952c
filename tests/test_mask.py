"""Secrets are hidden in whatever form a server sends them back; ordinary words are left alone."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from urllib.parse import quote

import pytest

from stagewright.mask import (
    HIDDEN,
    Hiding,
    Mask,
    looks_like_a_key,
    userinfo_secrets,
)
from stagewright.providers.presets import secrets
from stagewright.settings import BrokenProvider, ProviderSettings, Settings

KEY = "canary-0123456789-abc+/def?&%"
MASK = Mask(frozenset({KEY, "hunter2"}))

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 after one character": lambda key: base64.b64encode(f":{key}".encode()).decode(),
    "base64 after two characters": lambda key: base64.b64encode(f"u:{key}".encode()).decode(),
    "base64 of a header": lambda key: base64.b64encode(f"Bearer {key}\r\n".encode()).decode(),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
    "base64 in lines": lambda key: base64.encodebytes((key * 3).encode()).decode(),
    "hex": lambda key: key.encode().hex(),
    "hex in capitals": lambda key: key.encode().hex().upper(),
    "hex in pairs": lambda key: key.encode().hex(" "),
    "URL-encoded": lambda key: quote(key, safe=""),
    "URL-encoded in small letters": lambda key: quote(key, safe="").lower(),
    "URL-encoded to the last letter": lambda key: "".join(f"%{b:02x}" for b in key.encode()),
    "split by blanks": " ".join,
    "one letter a line": "\n".join,
    "split by what cannot be seen": "\u200b".join,
    "split by control characters": "\x00\x1b".join,
    "cut off": lambda key: key[:15],
    "the end of it": lambda key: key[-15:],
    "as a JSON text": lambda key: json.dumps(json.dumps(key)),
    "many times": lambda key: key * 50,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("around", ["{}", "Wrong key: {}.", "a/{}/b", "ü{}\ud800"])
def test_a_key_in_every_form(form: Callable[[str], str], around: str) -> None:
    masked = MASK(around.format(form(KEY)))
    assert HIDDEN in masked
    squeezed = "".join(char for char in masked if "!" <= char <= "~")
    for other in FORMS.values():
        written = "".join(char for char in other(KEY) if "!" <= char <= "~")
        runs = {written[at : at + 12] for at in range(len(written) - 11)}
        assert not any(run in squeezed for run in runs)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        # A short secret is hidden as a word, and is no part of one.
        ("password hunter2 is wrong", "password … is wrong"),
        ("me:hunter2@host", "me:…@host"),
        ("hunter2024", "hunter2024"),
        # What looks like a secret, whoever's it is.
        ("Incorrect API key provided: sk-ab***wxyz.", "Incorrect API key provided: …"),
        ("key gsk_0123456789ab", "key …"),
        ("header Bearer abcdef0123456789", "header …"),
        ("at https://user:pass@host/v1", "at https://…@host/v1"),
        ("at https://user:p@ss@host/v1", "at https://…@host/v1"),
        ("GET /v1/models?key=secret&page=2", "GET /v1/models?…&page=2"),
        ("AIzaSyA0123456789", "…"),
        # Ordinary words.
        ("a basic understanding of bearers", "a basic understanding of bearers"),
        ("task-management-model", "task-management-model"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini-2024-07-18"),
        ("canary-model", "canary-model"),
        ("see https://example.com/a@b", "see https://example.com/a@b"),
        ("", ""),
    ],
)
def test_words(text: str, masked: str) -> None:
    assert MASK(text) == masked


def test_what_looks_like_a_key_stays_in_an_answer() -> None:
    assert MASK.hide(f"Write sk-0123456789, not {KEY}.") == "Write sk-0123456789, not …."


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 11, 13, 40])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_key_in_pieces(form: Callable[[str], str], size: int) -> None:
    text = f"Your key is {form(KEY)}, keep it. canary-0, none, hunter2."
    hiding = Hiding(MASK)
    pieces = [hiding.feed(text[at : at + size]) for at in range(0, len(text), size)]
    told = "".join((*pieces, hiding.end()))
    assert not MASK.finds(told)
    assert told.startswith("Your key is ")
    assert told.endswith(", keep it. canary-0, none, hunter2.")


def test_ordinary_pieces_are_told_at_once() -> None:
    hiding = Hiding(MASK)
    for word in ("An ", "answer ", "in ", "a ", "few ", "words", ".", " can", "not"):
        assert hiding.feed(word) == word
    assert hiding.feed("See canary") == "See "
    assert hiding.feed(" birds") == "canary birds"
    assert hiding.end() == ""


def test_what_stands_for_no_key_is_no_secret() -> None:
    mask = Mask(frozenset({"ollama", "none", "opensesame"}))
    assert mask("ollama/llama3: none, opensesame") == "ollama/llama3: none, …"


def test_a_quoted_line_is_bounded() -> None:
    assert MASK.line(f"a\n b\t{KEY}") == "a b …"
    assert MASK.line("x" * 10_000_000, 40) == "x" * 39 + "…"
    assert KEY[:12] not in MASK.line("x" * 30 + KEY, 40)


def test_the_time_is_in_proportion_to_the_text() -> None:
    """Anything worse would take minutes here."""
    mask = Mask(frozenset({"a" * 40, KEY}))
    pieces = ["a", "canary-01234", "://", "sk-", "?key=", "bearer ", "%", " ", "://@", KEY]
    for piece in pieces:
        mask(piece * (300_000 // len(piece)))


def test_random_texts_are_left_alone() -> None:
    chance = random.Random(1)
    for _ in range(200):
        text = "".join(chance.choices(string.ascii_lowercase + " -", k=500))
        assert MASK.hide(text) == text


def test_every_provider_s_secrets_are_known() -> None:
    environ = {
        "ANTHROPIC_API_KEY": " key-of-anthropic ",
        "GOOGLE_API_KEY": "key-of-google-0",
        "ACME": "key-of-acme-000",
        "BROKEN": "key-of-broken-0",
        "https_proxy": "http://me:pass%40word-0@proxy:1",
        "OLLAMA_HOST": "me:hunter2secret@host",
        "UNRELATED": "not-a-secret-at-all",
    }
    settings = Settings(
        providers={
            "acme": ProviderSettings(api_key_env="ACME", base_url="http://token-0123456789@acme"),
            "broken": BrokenProvider(api_key_env="BROKEN", problem="."),
        }
    )
    text = (
        "key-of-anthropic key-of-google-0 key-of-acme-000 key-of-broken-0 pass@word-0 pass%40word-0"
        " hunter2secret bWU6aHVudGVyMnNlY3JldA== token-0123456789 not-a-secret-at-all"
    )
    masked = secrets(settings, environ)(text)
    assert masked.replace("…", "").split() == ["A==", "not-a-secret-at-all"]


@pytest.mark.parametrize(
    ("url", "has_secrets"),
    [
        ("http://me:pw@host:1/v1", True),
        ("me:pw@host", True),
        ("http://token@host", True),
        ("http://me:p@w@host/a@b", True),
        ("http://host/a@b", False),
        ("host:1", False),
    ],
)
def test_user_and_password_of_an_address_are_secrets(url: str, has_secrets: bool) -> None:
    assert bool(list(userinfo_secrets(url))) == has_secrets


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ACME_API_KEY", False),
        ("MY_COMPANY_GATEWAY_API_KEY_2", False),
        ("key", False),
        ("sk_live_0123456789", True),
        ("gsk_abcdefgh0123", True),
        ("a0b1c2d3e4f5a6b7c8d9e0f1", True),
    ],
)
def test_a_key_in_place_of_a_variable_s_name(name: str, key: bool) -> None:
    assert looks_like_a_key(name) is key
