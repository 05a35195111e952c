"""Which providers there are, and how settings and environment configure each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stagewright.providers.presets import PRESETS, ProviderConfig, configs
from stagewright.settings import PROVIDER_IDS, load

NOWHERE = Path("/nonexistent")


def config_of(provider: str, environ: dict[str, str], **settings: Any) -> ProviderConfig:
    editor = {"providers": {provider: settings}} if settings else None
    return next(
        one for one in configs(load(editor, environ, NOWHERE)[0], environ) if one.id == provider
    )


def test_every_known_provider_is_laid_out_in_the_promised_order() -> None:
    listed = configs(load(None, {}, NOWHERE)[0], {})
    assert tuple(config.id for config in listed) == PROVIDER_IDS[:-1]
    assert tuple(PRESETS) == PROVIDER_IDS[:-1]
    assert all(config.readiness != "ready" for config in listed)


@pytest.mark.parametrize("provider", PRESETS)
def test_a_preset_is_on_when_its_variable_is_set(provider: str) -> None:
    variable = PRESETS[provider].variables[0]
    config = config_of(provider, {variable: " k-1 "})
    assert (config.readiness, config.key, config.key_variable) == ("ready", "k-1", variable)
    assert config.base_url == PRESETS[provider].base_url


def test_a_key_is_taken_from_the_first_variable_that_is_set() -> None:
    config = config_of("gemini", {"GOOGLE_API_KEY": "g", "GEMINI_API_KEY": ""})
    assert (config.key, config.key_variable) == ("g", "GOOGLE_API_KEY")
    assert config_of("gemini", {}).key_variable == "GEMINI_API_KEY"
    config = config_of("openai", {"OPENAI_API_KEY": "o", "MINE": "m"}, apiKeyEnv="MINE")
    assert (config.key, config.key_variable) == ("m", "MINE")
    config = config_of("openai", {"OPENAI_API_KEY": "o"}, apiKeyEnv="MINE")
    assert (config.readiness, config.key_variable) == ("no-key", "MINE"), (
        "no key goes to another place"
    )


def test_local_servers_need_no_key() -> None:
    assert config_of("ollama", {}).readiness == "probed"
    assert config_of("ollama", {"OLLAMA_HOST": "box"}).readiness == "ready"
    assert config_of("ollama", {"OLLAMA_HOST": "box"}).base_url == "http://box:11434"
    assert config_of("vllm", {}).readiness == "off"
    assert config_of("vllm", {}, enabled=True).readiness == "ready"
    assert config_of("vllm", {}, baseUrl="http://gpu:8000/v1/").base_url == "http://gpu:8000/v1"


@pytest.mark.parametrize(
    ("provider", "environ", "router"),
    [
        ("openrouter", {}, "openrouter"),
        ("huggingface", {}, "huggingface"),
        ("cohere", {}, ""),
        ("acme", {}, ""),
    ],
)
def test_routers_take_more_than_an_id(provider: str, environ: dict[str, str], router: str) -> None:
    assert config_of(provider, environ, baseUrl="https://acme.example/v1").router == router
    hub = config_of("acme", {}, baseUrl="https://router.huggingface.co/v1")
    assert hub.router == "huggingface"


def test_turned_off_is_off() -> None:
    config = config_of("openai", {"OPENAI_API_KEY": "k"}, enabled=False)
    assert (config.readiness, config.problem) == ("off", "OpenAI is turned off in the settings.")


@pytest.mark.parametrize("key", [{}, {"ANTHROPIC_API_KEY": "k"}, {"MINE": "k"}])
def test_no_key_is_wanted_of_one_that_is_turned_off(key: dict[str, str]) -> None:
    assert config_of("anthropic", key, enabled=False).key_variable is None
    assert config_of("anthropic", key, enabled=False, apiKeyEnv="MINE").key_variable is None
    assert config_of("anthropic", key).key_variable == "ANTHROPIC_API_KEY"


def test_a_provider_of_ones_own() -> None:
    config = config_of("acme", {"ACME": "k"}, baseUrl="http://acme/v1", apiKeyEnv="ACME")
    assert (config.kind, config.readiness, config.key) == ("openai-compatible", "ready", "k")
    assert config_of("acme", {}, baseUrl="http://acme/v1").readiness == "ready"
    assert config_of("acme", {}, baseUrl="http://acme", kind="anthropic").kind == "anthropic"
    assert config_of("acme", {}, kind="anthropic").readiness == "broken"


@pytest.mark.parametrize(
    ("provider", "written", "meant"),
    [
        ("anthropic", "http://x/v1/", "http://x"),
        ("anthropic", "http://x/gateway", "http://x/gateway"),
        ("gemini", "http://x/v1beta", "http://x"),
        ("ollama", "http://x/v1", "http://x"),
        ("openai", "http://x/v1/", "http://x/v1"),
    ],
)
def test_addresses_are_taken_with_and_without_what_is_added(
    provider: str, written: str, meant: str
) -> None:
    assert config_of(provider, {}, baseUrl=written).base_url == meant


@pytest.mark.parametrize("key", ["sk-\nx", "sk-ü", "sk-\x00"])
def test_a_key_that_no_header_can_carry(key: str) -> None:
    config = config_of("openai", {"OPENAI_API_KEY": key})
    assert config.readiness == "broken"
    assert "OPENAI_API_KEY" in (config.problem or "")
    assert key not in (config.problem or "")


def test_rehearsal_is_listed_only_when_wanted() -> None:
    for environ, wanted in (({}, False), ({"STAGEWRIGHT_REHEARSAL": "1"}, True)):
        settings, _ = load(None, environ, NOWHERE)
        assert ("rehearsal" in {one.id for one in configs(settings, environ)}) is wanted
    settings, _ = load({"providers": {"rehearsal": {"enabled": True}}}, {}, NOWHERE)
    assert "rehearsal" in {one.id for one in configs(settings, {})}


def test_two_accounts_have_two_fingerprints_that_do_not_show_the_key() -> None:
    one, other = (config_of("openai", {"OPENAI_API_KEY": key}) for key in ("sk-1", "sk-2"))
    assert one.key_fingerprint != other.key_fingerprint
    assert "sk-1" not in one.key_fingerprint


def test_the_configuration_page_lists_every_provider_as_it_is() -> None:
    page = Path(__file__).parents[2] / "server" / "docs" / "configuration.md"
    rows = {
        row.split("`")[1]: row
        for row in page.read_text("utf-8").splitlines()
        if row.startswith("| `")
    }
    for provider, preset in PRESETS.items():
        for fact in (preset.name, preset.base_url, *preset.variables):
            assert fact in rows[provider]
        assert ("none" in rows[provider]) is not preset.needs_key


def test_the_configuration_pages_example_is_valid(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "server" / "docs" / "configuration.md"
    example = tmp_path / "config.toml"
    example.write_text(page.read_text("utf-8").partition("```toml\n")[2].partition("```")[0])
    settings, problems = load(None, {"ACME_API_KEY": "k"}, example)
    assert problems == []
    assert settings.providers["acme"].base_url == "https://models.acme.example/v1"
    assert settings.diagnostics.severity == {"model-deprecated": "error"}
