"""Keys and addresses as people paste them: put right, or named as wrong without being shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stagewright.pasted import base_url, clean, endpoint_problem, key_problem
from stagewright.providers.presets import ProviderConfig, configs
from stagewright.settings import SettingsProblem, load

NOWHERE = Path("/nonexistent")
KEY = "sk-ant-0123-ABC_def"


def laid_out(
    provider: str, environ: dict[str, str], **settings: Any
) -> tuple[ProviderConfig, list[SettingsProblem]]:
    editor = {"providers": {provider: settings}} if settings else None
    loaded, problems = load(editor, environ, NOWHERE)
    return next(one for one in configs(loaded, environ) if one.id == provider), problems


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        f" {KEY}",
        f"{KEY}\n",
        f"{KEY}\r\n",
        f'"{KEY}"',
        f"'{KEY}'",
        f"`{KEY}`",
        f"“{KEY}”",
        f"„{KEY}“",
        f"‹{KEY}›",
        f"＂{KEY}＂",
        f" '{KEY}' \t",
        f'"{KEY}",',
        f"{KEY};",
        f"\ufeff{KEY}",
        f"\u00a0{KEY}\u200b",
        f"\"'{KEY}'\"",
    ],
)
def test_what_was_copied_around_a_key_is_left_out(written: str) -> None:
    assert clean(written) == KEY
    config, _ = laid_out("openai", {"OPENAI_API_KEY": written})
    assert (config.readiness, config.key) == ("ready", KEY)


@pytest.mark.parametrize("written", ["", " ", '""', "' '", "\n", "\ufeff", '","'])
def test_nothing_is_no_key(written: str) -> None:
    config, _ = laid_out("openai", {"OPENAI_API_KEY": written})
    assert (config.readiness, config.key) == ("no-key", None)
    config, _ = laid_out("gemini", {"GEMINI_API_KEY": written, "GOOGLE_API_KEY": KEY})
    assert (config.key, config.key_variable) == (KEY, "GOOGLE_API_KEY")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (f"sk-1\n{KEY}", "has a line break in it"),
        (f"{KEY}\rx", "has a line break in it"),
        (f"Bearer {KEY}", "begins with 'Bearer', which is not part of a key"),
        (f"bearer\t{KEY}", "begins with 'Bearer', which is not part of a key"),
        (f'"Bearer {KEY}"', "begins with 'Bearer', which is not part of a key"),
        (f"x-api-key: {KEY}", "begins with the name of a header, which is not part of a key"),
        (f"Authorization: Bearer {KEY}", "begins with the name of a header, which is not part of a"
                                         " key"),
        (f"OPENAI_API_KEY={KEY}", "begins with a variable's name and '=', which are not part of a"
                                  " key"),
        (f"export ANTHROPIC_API_KEY='{KEY}'", "begins with a variable's name and '=', which are not"
                                              " part of a key"),
        ("$OPENAI_API_KEY", "names a variable that was not replaced"),
        ("${OPENAI_API_KEY}", "names a variable that was not replaced"),
        ("%OPENAI_API_KEY%", "names a variable that was not replaced"),
        ("https://platform.example/keys", "is an address and not a key"),
        ("<your key>", "is a placeholder"),
        ("sk-...", "is a placeholder"),
        ("your-api-key", "is a placeholder"),
        (f"{KEY} {KEY}", "has a space in it"),
        (f"{KEY}\u00a0x", "has a space in it"),
        (f"{KEY}é", "has a character in it that is not ASCII"),
        (f"{KEY}\u2011x", "has a character in it that is not ASCII"),
        (f"{KEY}\x00x", "has a control character in it"),
        (f"{KEY}\x1b[31m", "has a control character in it"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_key_is_named_and_not_shown(written: str, problem: str) -> None:
    config, _ = laid_out("openai", {"OPENAI_API_KEY": written})
    assert config.readiness == "broken"
    assert config.problem == f"The key in OPENAI_API_KEY {problem}. Set it again."
    assert KEY not in repr(config)
    assert KEY not in config.mask(f"server says {written}")


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        "none",
        "x",
        "AB_CD+/ef==",
        "eyJhbGciOi.J9.x_y-z",
        "a=b",
        "team:secret",
        "AIzaSy_0",
        "01234567-89ab-cdef",
    ],
)
def test_unusual_keys_are_keys(key: str) -> None:
    assert key_problem(key) is None


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("anthropic", "https://x/v1/messages", "https://x"),
        ("anthropic", "https://x/gate/v1/models/", "https://x/gate"),
        ("anthropic", "https://x/messages", "https://x"),
        ("anthropic", "https://x/anthropic", "https://x/anthropic"),
        ("openai", "https://api.openai.com", "https://api.openai.com/v1"),
        ("openai", "https://api.openai.com/", "https://api.openai.com/v1"),
        ("openai", "https://api.openai.com/v1/responses", "https://api.openai.com/v1"),
        ("openai", "https://x/v1/chat/completions", "https://x/v1"),
        ("openai", "https://x", "https://x"),
        ("openai-compatible", "https://x/v1/models", "https://x/v1"),
        ("openai-compatible", "https://x/v1/chat/completions/", "https://x/v1"),
        ("openai-compatible", "https://x/v1beta/openai", "https://x/v1beta/openai"),
        ("openai-compatible", "https://x/api/v1//", "https://x/api/v1"),
        ("openai-compatible", "https://x/V1/Chat/Completions", "https://x/V1"),
        ("gemini", "https://x/v1beta/openai", "https://x"),
        ("gemini", "https://x/v1beta/openai/chat/completions", "https://x"),
        ("gemini", "https://x/v1beta/models", "https://x"),
        ("gemini", "https://x/v1/", "https://x"),
        ("ollama", "http://x:11434/api/chat", "http://x:11434"),
        ("ollama", "http://x:11434/v1/chat/completions", "http://x:11434"),
        ("ollama", "http://x:11434/api/", "http://x:11434"),
    ],
)
def test_an_endpoint_in_place_of_an_address(kind: str, written: str, meant: str) -> None:
    assert base_url(kind, written) == meant
    for around in ("{}", " {} ", '"{}"', "{},"):
        config, problems = laid_out("acme", {}, kind=kind, baseUrl=around.format(written))
        assert (problems, config.base_url) == ([], meant)


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        ("openai-compatible", "https://x/v1/messages", '`kind` to "anthropic"'),
        ("openai", "https://x/v1/messages/", '`kind` to "anthropic"'),
        ("openai-compatible", "http://x/api/chat", '`kind` to "ollama"'),
        ("anthropic", "http://x/v1/chat/completions", '`kind` to "openai-compatible"'),
        ("gemini", "http://x/v1beta/models/m:generateContent", "one model's endpoint"),
    ],
)
def test_an_endpoint_of_another_api_is_named(kind: str, written: str, said: str) -> None:
    assert said in (endpoint_problem(kind, written) or "")
    config, problems = laid_out("acme", {}, kind=kind, baseUrl=written)
    assert config.readiness == "broken"
    assert [said in str(problem) for problem in problems] == [True]


SECRET = "hunter2secret"


@pytest.mark.parametrize(
    "address",
    [
        f"http://me:{SECRET}@host",
        f"http://{SECRET}@host",
        f"http://host:{SECRET}",
        f"http://me:{SECRET}@host:99999",
        f"http://me:p/{SECRET}@host",
        f"http://host/?key={SECRET}",
        f"http://[{SECRET}]",
        f"http://host#{SECRET}",
        f"{SECRET}",
        f"me:{SECRET}@host",
    ],
)
@pytest.mark.parametrize("variable", ["OLLAMA_HOST", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"])
def test_an_address_that_holds_a_secret_is_not_shown(address: str, variable: str) -> None:
    provider = {"OLLAMA_HOST": "ollama", "OPENAI_BASE_URL": "openai"}.get(variable, "anthropic")
    environ = {variable: address}
    config, problems = laid_out(provider, environ)
    if (variable, address) == ("OLLAMA_HOST", SECRET):
        assert config.base_url == f"http://{SECRET}:11434"  # the name of a host
        return
    left_out = variable == "OLLAMA_HOST" and ("?" in address or "#" in address)
    assert config.readiness == ("ready" if left_out else "broken")
    assert bool(problems) is not left_out
    assert SECRET not in f"{problems}{config}{[str(one) for one in problems]}"


@pytest.mark.parametrize(
    "named", ["sk_live_0123456789", "gsk_abcdefgh0123", "a0b1c2d3e4f5a6b7c8d9"]
)
def test_a_key_in_place_of_a_variables_name_is_not_shown(named: str) -> None:
    config, problems = laid_out("openai", {}, apiKeyEnv=named)
    assert config.readiness == "broken"
    assert "not the key itself" in str(problems[0])
    assert named not in f"{problems}{config}"
