"""Settings: which source decides, what is wrong with a value, and that the rest goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.catalog.model import ModelReference
from stagewright.settings import (
    BrokenProvider,
    CodeSettings,
    Ignored,
    ProviderSettings,
    Settings,
    load,
    settings_schema,
)
from stagewright.settings.sources import ollama_origin, without_defaults

NOWHERE = Path("/nonexistent/config.toml")


def loaded(tmp_path: Path, toml: str, **environ: str) -> tuple[Settings, list[str]]:
    file = tmp_path / "config.toml"
    file.write_text(toml, "utf-8")
    settings, problems = load(None, environ, file)
    return settings, [str(problem).removeprefix(f"{file}, ") for problem in problems]


def test_each_source_outweighs_the_next(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        "[models]\ncacheSeconds = 1\ntimeoutSeconds = 1\n"
        "[providers.openai]\nbaseUrl = 'http://file/v1'\napiKeyEnv = 'MINE'\n"
        "[providers.anthropic]\nbaseUrl = 'http://file'\n"
    )
    environ = {
        "OPENAI_BASE_URL": "http://env/v1",
        "ANTHROPIC_BASE_URL": "http://env",
        "STAGEWRIGHT_CONFIG": str(file),
        "MINE": "k",
    }
    editor = {
        "models": {"cacheSeconds": 2, "timeoutSeconds": 5},
        "providers": {"anthropic": {"baseUrl": "http://editor"}},
    }
    settings, problems = load(editor, environ, command_line={"inlayHints": {"enabled": False}})
    assert problems == []
    assert settings.models.cache_seconds == 2
    assert settings.models.timeout_seconds == 1, "an editor's default is no choice"
    assert settings.providers["anthropic"].base_url == "http://editor"
    assert settings.providers["openai"] == ProviderSettings(
        base_url="http://env/v1", api_key_env="MINE"
    )
    assert settings.inlay_hints.enabled is False
    assert settings.code_lens.enabled is True


def test_a_model_is_taken_whole(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("chat.defaultModel = {provider = 'openai', model = 'gpt-5'}")
    chosen = {"provider": "anthropic", "model": "claude-opus-5"}
    settings, _ = load({"chat": {"defaultModel": chosen}}, {}, file)
    assert settings.chat.default_model == ModelReference("anthropic", "claude-opus-5")
    settings, _ = load(None, {}, file)
    assert settings.chat.default_model == ModelReference("openai", "gpt-5")


def test_an_editors_defaults_and_nulls_say_nothing() -> None:
    sent = {
        "providers": {},
        "models": {"cacheSeconds": 300, "timeoutSeconds": None},
        "templates": {"include": [".choragen/workflow-templates/*.{yaml,yml}"]},
        "diagnostics": {"severity": {}, "retirementDays": 90},
        "chat": {"defaultModel": None},
        "inlayHints": {"enabled": True},
        "trace": None,
    }
    assert without_defaults(sent) == {}
    assert load(sent, {}, NOWHERE) == (Settings(), [])


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("[models]\n\ncacheSeconds = 'x'", "line 3, models.cacheSeconds: must be a number."),
        ("models = 4", "line 1, models: must be a table of keys."),
        ("[models]\ntimeoutSeconds = 0", "line 2, models.timeoutSeconds: must be at least 0.1."),
        (
            "[models]\ncacheSecond = 1",
            "line 2, models.cacheSecond: unknown setting. Did you mean `cacheSeconds`?",
        ),
        ("templates.include = '*.yaml'", "line 1, templates.include: must be a list of strings."),
        (
            "[diagnostics]\nseverity.model-retired = 'bad'",
            "line 2, diagnostics.severity.model-retired: "
            "must be 'error', 'warning', 'information', 'hint' or 'off'.",
        ),
        (
            "[diagnostics.severity]\nmodel-retird = 'off'",
            "line 2, diagnostics.severity.model-retird: "
            "unknown diagnostic. Did you mean `model-retired`?",
        ),
        (
            "[chat]\ndefaultModel = {provider = 'openai'}",
            "line 2, chat.defaultModel.model: needs both `provider` and `model`.",
        ),
        (
            "[chat.defaultModel]\nprovider = ''\nmodel = 'x'",
            "line 1, chat.defaultModel: needs both `provider` and `model`.",
        ),
        (
            "chat.defaultModel = 'openai/gpt-5'",
            'line 1, chat.defaultModel: must be a table: { provider = "...", model = "..." }.',
        ),
        (
            "[templates]\ninclude = ['/etc/*.yaml']",
            "line 2, templates.include: `/etc/*.yaml` is absolute: it must be relative to the "
            "workspace folder. It is left out.",
        ),
        (
            "templates.include = ['**.yaml', '']",
            "line 1, templates.include: `**.yaml` has `**` beside other characters: it stands "
            "alone, as in `**/*.yaml`. It is left out.\n"
            "line 1, templates.include: `` is empty. It is left out.",
        ),
        (
            "[code]\nexclude = ['../x', 'gen']",
            "line 2, code.exclude: `../x` must not leave the workspace folder with `..`. It is "
            "left out.",
        ),
        ("code = {enabled = 'no'}", "line 1, code.enabled: must be true or false."),
        ("diagnostics.ignore = 'gen'", "line 1, diagnostics.ignore: must be a list of tables."),
        (
            "diagnostics.ignore = ['gen']",
            'line 1, diagnostics.ignore.0: must be a table: { files = ["..."], codes = ["..."] }.',
        ),
        (
            "[[diagnostics.ignore]]\ncodes = []",
            "line 1, diagnostics.ignore.0.files: must say which `files`.",
        ),
        (
            "[[diagnostics.ignore]]\nfiles = ['a']\ncodes = ['model-retird']",
            "line 3, diagnostics.ignore.0.codes.0: "
            "unknown diagnostic. Did you mean `model-retired`?",
        ),
        (
            "[[diagnostics.ignore]]\nfiles = ['a']\ncode = ['model-retired']",
            "line 3, diagnostics.ignore.0.code: unknown setting. Did you mean `codes`?",
        ),
        (
            "[[diagnostics.ignore]]\nfiles = ['/a', 'b']",
            "line 2, diagnostics.ignore.0.files: `/a` is absolute: it must be relative to the "
            "workspace folder. It is left out.",
        ),
        ("a = 1\nb = = 2", "line 2: invalid TOML: Invalid value."),
        ("a = [", "line 1: invalid TOML: Invalid value."),
        (
            "[providers.acme]\nbaseUrl='http://x/v1'\nkind = 'grpc'",
            "line 3, providers.acme.kind: "
            "must be 'anthropic', 'openai', 'gemini', 'ollama' or 'openai-compatible'.",
        ),
        (
            "[providers.acme]\nbaseUrl = 'acme.com/v1'",
            "line 2, providers.acme.baseUrl: must be a URL that begins with http:// or https://.",
        ),
        (
            "[providers.acme]\nbaseUrl = 'https://me:pw@acme.com/v1'",
            "line 2, providers.acme.baseUrl: "
            "must not hold a user name or password: put the key into an environment variable.",
        ),
        (
            "[providers.opnai]\nenabled = true",
            "line 1, providers.opnai.baseUrl: "
            "is required: `opnai` is not a built-in provider (did you mean `openai`?).",
        ),
        (
            "[providers.'a/b']\nbaseUrl = 'http://x/v1'",
            "line 1, providers.a/b: a provider's id holds no spaces and no slash.",
        ),
        (
            "[providers.openai]\napiKeyEnv = 'ACME_KEY'",
            "line 2, providers.openai.apiKeyEnv: "
            "the environment variable ACME_KEY is not set: set it, and restart Stagewright.",
        ),
    ],
)
def test_a_problem_names_line_key_and_reason(tmp_path: Path, toml: str, problem: str) -> None:
    assert loaded(tmp_path, toml)[1] == problem.split("\n")


def test_what_is_right_goes_on_beside_what_is_wrong(tmp_path: Path) -> None:
    settings, problems = loaded(
        tmp_path,
        "[models]\ncacheSeconds = 'x'\ntimeoutSeconds = 9\n"
        "[providers.bad]\nbaseUrl = 'nope'\n"
        "[providers.good]\nbaseUrl = 'http://good/v1'\ncolour = 'red'\n",
    )
    assert len(problems) == 3
    assert (settings.models.cache_seconds, settings.models.timeout_seconds) == (300, 9)
    assert settings.providers["good"] == ProviderSettings(base_url="http://good/v1")
    assert isinstance(settings.providers["bad"], BrokenProvider), "it is shown with its reason"


def test_globs_that_can_be_used_stay_and_without_any_the_usual_ones_count(tmp_path: Path) -> None:
    some, problems = loaded(tmp_path, "templates.include = ['../x.yaml', 'flows/*.yaml']")
    assert (some.templates.include, len(problems)) == (("flows/*.yaml",), 1)
    none, problems = loaded(tmp_path, "templates.include = ['../x.yaml']")
    assert (none, len(problems)) == (Settings(), 1)
    sent = {"templates": {"include": ["a" * 10_000]}}
    settings, found = load(sent, {}, NOWHERE)
    assert settings == Settings()
    assert str(found[0]) == (
        f"Editor settings, templates.include: `{'a' * 60}…` is longer than 1,000 characters. "
        "It is left out."
    )


@pytest.mark.parametrize("editor", [None, {"inlayHints": {"enabled": False}}])
def test_a_named_file_that_is_not_there_is_told(
    tmp_path: Path, editor: dict[str, object] | None
) -> None:
    named = tmp_path / "absent.toml"
    _, problems = load(editor, {"STAGEWRIGHT_CONFIG": str(named)})
    assert list(map(str, problems)) == [
        f"{named}: STAGEWRIGHT_CONFIG names this file, but it does not exist. Create it, or unset "
        "the variable."
    ]
    assert load(editor, {"XDG_CONFIG_HOME": str(tmp_path)})[1] == []


@pytest.mark.parametrize("key", ["apiKey", "key", "token", "api_key"])
def test_a_key_in_the_settings_is_neither_used_nor_repeated(tmp_path: Path, key: str) -> None:
    settings, problems = loaded(tmp_path, f"[providers.openai]\n{key} = 'sk-secret'\n")
    assert "sk-secret" not in repr((settings, problems))
    assert "keys are not read from settings" in problems[0]


def test_a_key_in_place_of_its_variable_is_not_repeated(tmp_path: Path) -> None:
    settings, problems = loaded(tmp_path, "[providers.openai]\napiKeyEnv = 'sk-secret-1'\n")
    assert "sk-secret" not in repr((settings, problems))
    assert "must be the name of an environment variable" in problems[0]


def test_google_is_gemini(tmp_path: Path) -> None:
    settings, problems = loaded(tmp_path, "[providers.google]\nbaseUrl = 'http://g'\n")
    assert (list(settings.providers), problems) == (["gemini"], [])


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        (":1234", "http://127.0.0.1:1234"),
        ("box:1234", "http://box:1234"),
        ("[::]:1234", "http://[::1]:1234"),
        ("http://box", "http://box:80"),
        ("https://box/ollama/", "https://box:443/ollama"),
        (" box ", "http://box:11434"),
        ("box:port", "http://box:port"),
        ("::1", "http://[::1]:11434"),
        ("::", "http://[::1]:11434"),
        ("2001:db8::1", "http://[2001:db8::1]:11434"),
        ("http://[2001:db8::1]", "http://[2001:db8::1]:80"),
        ('"box"', "http://box:11434"),
        ("box:1234/", "http://box:1234"),
        ("ollama.com", "https://ollama.com:443"),
    ],
)
def test_ollama_host(host: str, origin: str) -> None:
    assert ollama_origin(host) == origin


@pytest.mark.parametrize("value", ["nope", "http://", "http://box:port", "http://[::1", "ftp://x"])
def test_a_bad_address_in_the_environment_names_its_variable(value: str) -> None:
    settings, problems = load(None, {"ANTHROPIC_BASE_URL": value}, NOWHERE)
    assert [problem.where for problem in problems] == ["Environment variable ANTHROPIC_BASE_URL"]
    assert isinstance(settings.providers["anthropic"], BrokenProvider)


@pytest.mark.parametrize("data", [b"\xff", b"\xef\xbb\xbf[models]\ncacheSeconds=1", b"x" * 2**21])
def test_any_bytes_are_at_worst_a_message(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(data)
    settings, problems = load(None, {}, file)
    assert (settings.models.cache_seconds == 1) != bool(problems)


def test_a_file_that_cannot_be_read_is_at_worst_a_message(tmp_path: Path) -> None:
    folder, circle, long = tmp_path / "folder", tmp_path / "circle", tmp_path / ("x" * 300)
    folder.mkdir()
    circle.symlink_to(circle)
    pipe, large = tmp_path / "pipe", tmp_path / "large"
    os.mkfifo(pipe)
    with large.open("wb") as sparse:
        sparse.truncate(2**21)
    for file, message in {
        folder: "is a folder, not a file. Move it away.",
        circle: "is a link to itself. Remove it.",
        long: "cannot be read: File name too long.",
        pipe: "is a pipe or a device, not a file. Remove it.",
        large: "is larger than 1 MiB, the limit. Split it.",
    }.items():
        settings, problems = load(None, {}, file)
        assert settings == Settings()
        assert list(map(str, problems)) == [f"{file}: {message}"]
    (tmp_path / "file").write_text("")
    assert load(None, {}, tmp_path / "file" / "config.toml") == (Settings(), [])


names = st.text(max_size=3) | st.sampled_from(["baseUrl", "kind", "severity", "defaultModel"])
values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
objects = st.dictionaries(names, values | st.lists(values, max_size=2), max_size=2)
keys = st.sampled_from(["providers", "models", "templates", "diagnostics", "chat", "codeLens", "x"])


@given(st.dictionaries(keys, values | st.dictionaries(names, values | objects), max_size=4))
def test_no_editor_can_send_anything_that_raises(sent: dict[str, object]) -> None:
    found, _ = load(sent, {}, NOWHERE)
    assert isinstance(found, Settings)


def test_the_schema_describes_every_setting() -> None:
    schema = settings_schema()
    assert json.dumps(schema)
    sections = {"Settings": schema, **schema["$defs"]}
    undocumented = [
        f"{name}.{key}"
        for name, section in sections.items()
        for key, described in section["properties"].items()
        if not described.keys() & {"description", "$ref"} and name != "ModelReference"
    ]
    assert undocumented == []
    assert "problem" not in json.dumps(schema), "what we note ourselves is no setting"


def test_loading_without_anything_set_imports_nothing_heavy() -> None:
    program = (
        "import sys, stagewright.settings as s\n"
        "s.load({'models': {'cacheSeconds': 300}}, {'HOME': '/nonexistent'})\n"
        "s.load({}, {'HOME': '/nonexistent', 'OPENAI_BASE_URL': 'http://x/v1'})\n"
        "print(*({'pydantic', 'platformdirs', 'tomllib', 'httpx2'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""


def test_what_is_ignored_is_read_whole(tmp_path: Path) -> None:
    settings, problems = loaded(
        tmp_path,
        """
        code.exclude = ["fixtures"]
        [[diagnostics.ignore]]
        files = ["a", "../b"]
        [[diagnostics.ignore]]
        files = ["**/*.json"]
        codes = ["model-retired"]
        """,
    )
    assert settings.code == CodeSettings(exclude=("fixtures",))
    every, some = Ignored(("a",)), Ignored(("**/*.json",), ("model-retired",))
    assert (settings.diagnostics.ignore, len(problems)) == ((every, some), 1)


def test_every_setting_of_chats_counts(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[chat]\ntimeoutSeconds = 900\ncontext = "stage"\n')
    settings, problems = load({"chat": {"context": "workflow"}}, {}, config)
    assert problems == []
    assert (settings.chat.timeout_seconds, settings.chat.context) == (900, "workflow")
