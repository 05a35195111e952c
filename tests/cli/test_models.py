"""`stagewright models`: the table, the JSON, and the exit codes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import typer
from inline_snapshot import snapshot
from rich.console import Console
from tests.loopback.lists import KEYS
from tests.loopback.process import LoopbackProcess, loopback_process
from typer.testing import CliRunner, Result

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.knowledge import knowledge_of
from stagewright.catalog.model import Capability, Lifecycle, Model, Price, Source
from stagewright.cli.model_table import write
from stagewright.cli.models import models_command
from stagewright.providers.presets import PRESETS

app = typer.Typer()
app.command()(models_command)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CATALOG = Catalog(
    {
        "anthropic": ProviderSnapshot(
            "anthropic",
            "Anthropic",
            Status.UNREACHABLE,
            (
                Model(
                    "claude-opus-5-5",
                    lifecycle=Lifecycle.ACTIVE,
                    context_window=1_000_000,
                    max_output=64_000,
                    capabilities=frozenset({Capability.CHAT, Capability.TOOLS, Capability.VISION}),
                    price=Price(4, 20),
                    offline_facts={"price": "litellm 1.2, 2026-11-20"},
                ),
                Model(
                    "claude-sonnet-4-5",
                    lifecycle=Lifecycle.DEPRECATED,
                    retires_at=date(2026, 11, 30),
                ),
                Model("claude-2", lifecycle=Lifecycle.RETIRED, retires_at=date(2025, 7, 21)),
            ),
            stale=True,
            checked_at=NOW - timedelta(minutes=7),
            error="Anthropic is failing (500).",
        ),
        "openai": ProviderSnapshot(
            "openai",
            "OpenAI",
            Status.NOT_CONFIGURED,
            (Model("gpt-5", context_window=400_000, source=Source.OFFLINE),),
            key_variable="OPENAI_API_KEY",
        ),
        "vllm": ProviderSnapshot(
            "vllm", "vLLM", Status.NOT_CONFIGURED, error="vLLM is not set up."
        ),
    }
)


def shown(*names: str, width: int = 100, terminal: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=terminal, color_system=None, highlight=False
    )
    named = [one for name in names if (one := CATALOG.provider(name))]
    write(console, CATALOG, named, now=NOW)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_the_table() -> None:
    assert shown() == snapshot("""\
Anthropic  unreachable · 3 models (1 deprecated, 1 retired) · last good list 7 minutes ago
  Anthropic is failing (500).
  MODEL              STATE               CONTEXT  IN / OUT PER 1M  OUTPUT  CAN
  claude-opus-5-5    active              1M       $4 / $20*        64K     vision tools
  claude-sonnet-4-5  retires 2026-11-30
  claude-2           retired 2025-07-21

* known offline, not from the provider
Known offline (no API key set):
  OpenAI (openai)  1 model: gpt-5
  List all of a provider's models: stagewright models PROVIDER
Without a key: OpenAI (OPENAI_API_KEY).
Not set up or turned off: vLLM.\
""")


def test_a_provider_of_which_no_chat_model_is_known() -> None:
    out = io.StringIO()
    mute = (Model("vector", chat=False, source=Source.OFFLINE),)
    acme = ProviderSnapshot("acme", "Acme", Status.NOT_CONFIGURED, mute, key_variable="ACME_KEY")
    write(Console(file=out, width=80), Catalog({"acme": acme}), [], now=NOW)
    assert "  Acme (acme)  1 model (1 not chat)\n" in out.getvalue()


def test_a_provider_that_has_ended() -> None:
    out = io.StringIO()
    known = knowledge_of("github", NOW.date())
    github = ProviderSnapshot("github", "GitHub Models", Status.NO_LIST, knowledge=known)
    write(Console(file=out, width=200), Catalog({"github": github}), [github], now=NOW)
    assert out.getvalue().startswith(
        "GitHub Models (github)  offers no list of models · ended on 2026-07-30 with all its "
        "models, known offline as of 20"
    )


def test_a_provider_without_a_key_asked_for_by_name() -> None:
    assert shown("openai") == snapshot("""\
OpenAI  no key: set OPENAI_API_KEY · 1 model, known offline
  MODEL  CONTEXT
  gpt-5  400K*

* known offline, not from the provider\
""")


def test_a_narrow_terminal_shows_fewer_columns_and_whole_ids() -> None:
    assert shown("anthropic", width=44, terminal=True) == snapshot("""\
Anthropic  unreachable · 3 models (1
deprecated, 1 retired) · last good list 7
minutes ago
  Anthropic is failing (500).
  MODEL              STATE
  claude-opus-5-5    active
  claude-sonnet-4-5  retires 2026-11-30
  claude-2           retired 2025-07-21

* known offline, not from the provider\
""")


def test_columns_line_up_under_wide_characters() -> None:
    models = (Model("模型-1", context_window=1000), Model("model-1", context_window=2000))
    out = io.StringIO()
    wide = Catalog({"x": ProviderSnapshot("x", "X", Status.OK, models, checked_at=NOW)})
    write(Console(file=out, width=80), wide, [], now=NOW)
    assert out.getvalue() == snapshot("""\
X  ok · 2 models · asked just now
  MODEL    CONTEXT
  模型-1   1K
  model-1  2K

""")


def test_nothing_set_up() -> None:
    out = io.StringIO()
    nothing = Catalog({"openai": CATALOG.providers["openai"]})
    write(Console(file=out, width=80), nothing, [], now=NOW)
    assert out.getvalue() == snapshot("""\
Known offline (no API key set):
  OpenAI (openai)  1 model: gpt-5
  List all of a provider's models: stagewright models PROVIDER
To query a provider, set its API key, for example OPENAI_API_KEY.
""")


@pytest.mark.parametrize(
    ("width", "row"),
    [(80, "  OpenAI (openai)  1 model: gpt-5"), (30, "  OpenAI (openai)  1 model: g…"),
     (20, "  OpenAI (openai)  …")],
)  # fmt: skip
def test_what_is_known_of_a_provider_takes_one_line(width: int, row: str) -> None:
    out = io.StringIO()
    nothing = Catalog({"openai": CATALOG.providers["openai"]})
    terminal = Console(file=out, width=width, force_terminal=True, color_system=None)
    write(terminal, nothing, [], now=NOW)
    assert row in out.getvalue().splitlines()


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackProcess]:
    with loopback_process() as running:
        yield running


@pytest.fixture
def run(server: LoopbackProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in {variable for preset in PRESETS.values() for variable in preset.variables}:
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config.toml"
    config.write_text("[providers]\nollama.enabled = false\n")
    environ = {
        **server.environ,
        "STAGEWRIGHT_CACHE_DIR": str(tmp_path / "cache"),
        "STAGEWRIGHT_CONFIG": str(config),
        "COLUMNS": "120",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    server.fix()
    server.control(forget=True)

    def run(*arguments: str, **more: str) -> Result:
        return CliRunner().invoke(app, arguments, env=more)

    return run


def test_all_that_are_set_up(run) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert "Anthropic  ok · 46 models (1 deprecated, 1 retired) · asked just now" in result.stdout
    assert "claude-haiku-4-5-20251001" in result.stdout, "from the third page"
    assert "Google Gemini (GEMINI_API_KEY)" in result.stdout
    assert not any(key in result.output for key in KEYS.values())


def test_json(run) -> None:
    result = run("anthropic", "--format", "json")
    written = json.loads(result.stdout)
    assert (result.exit_code, written["version"]) == (0, 1)
    assert list(written["providers"]) == ["anthropic"]
    assert len(written["providers"]["anthropic"]["models"]) == 46


def test_lists_are_kept_until_a_refresh(run, server: LoopbackProcess) -> None:
    for arguments, requests in (([], 1), ([], 1), (["--refresh"], 2)):
        assert run("openai", *arguments).exit_code == 0
        assert len(server.requests("/openai/v1/models")) == requests


def test_a_provider_that_cannot_be_asked(run, server: LoopbackProcess) -> None:
    assert run("openai").exit_code == 0
    server.control(faults=[{"path": "^/openai", "status": 500}])
    result = run("openai", "--refresh")
    assert result.exit_code == 3
    assert "no usable answer · 20 models" in result.stdout, "the last good list is shown"
    assert "last good list just now" in result.stdout
    assert run("anthropic", "--refresh").exit_code == 0, "the others are fine"
    assert run("--refresh").exit_code == 3
    assert run("gemini").exit_code == 3
    assert run("openai", OPENAI_API_KEY="sk-wrong").exit_code == 3


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("anthropc", "Unknown provider `anthropc`. Did you mean anthropic?"),
        ("zzz", "Unknown provider `zzz`. Known providers: anthropic, openai, gemini,"),
        ("rehearsal", "is turned off. Set STAGEWRIGHT_REHEARSAL=1, or"),
    ],
)
def test_an_unknown_provider(run, server: LoopbackProcess, name: str, hint: str) -> None:
    result = run("openai", name)
    assert result.exit_code == 2
    assert hint in result.stderr
    assert server.requests() == [], "nobody is asked"


def test_google_is_gemini(run) -> None:
    assert list(json.loads(run("google", "--format", "json").stdout)["providers"]) == ["gemini"]


def test_a_wrong_setting_is_named_and_the_rest_goes_on(run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[providers.acme]\nbaseUrl = 'nope'\n")
    result = run("openai")
    assert result.exit_code == 0
    assert "config.toml, line 2, providers.acme.baseUrl: must be a URL" in result.stderr
