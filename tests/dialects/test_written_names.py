"""Which model a name means in each format: by a prefix, by its id, or by what stands around it."""

from __future__ import annotations

import pytest
from tests.dialects.support import claimed

LITELLM = "model_list:\n  - model_name: a\n    litellm_params: {{model: {}}}\n"
PR_AGENT = '[config]\nmodel = "{}"\n'
AIDER = "model: {}\nalias: ['fast:gpt-6-luna']\n"
CONTINUE = "models:\n  - {{name: a, provider: {}, model: {}}}\n"
DOCKER = "models:\n  m: {{provider: google, model: g}}\nagents:\n  root: {{model: '{}'}}\n"
TASKS = '{{"models": {{"main": {{"provider": "{}", "modelId": "{}"}}}}, "global": {{{}}}}}'
LIBRECHAT = """\
endpoints:
  custom:
    - {{name: mine, baseURL: "{}", models: {{default: [m]}}, {}}}
"""
GOOSE = "GOOSE_PROVIDER: {}\nGOOSE_MODEL: m\n{}\n"


@pytest.mark.parametrize(
    ("path", "text", "named"),
    [
        ("litellm.yaml", LITELLM.format("anthropic/claude-x"), ["anthropic/claude-x"]),
        ("litellm.yaml", LITELLM.format("nvidia_nim/meta/llama"), ["nvidia/meta/llama"]),
        ("litellm.yaml", LITELLM.format("openai/responses/gpt-5"), ["openai/gpt-5"]),
        ("litellm.yaml", LITELLM.format("gpt-5"), ["openai/gpt-5"]),
        ("litellm.yaml", LITELLM.format("claude-x"), ["anthropic/claude-x"]),
        ("litellm.yaml", LITELLM.format("gpt-oss-120b"), ["opaque"]),
        ("litellm.yaml", LITELLM.format("gemini-2.5-pro"), ["opaque"]),
        ("litellm.yaml", LITELLM.format("zai/glm"), ["opaque"]),
        ("litellm.yaml", LITELLM.format("xai/grok-latest"), ["alias"]),
        (
            "litellm.yaml",
            LITELLM.format("mistral/mistral-large-latest"),
            ["mistral/mistral-large-latest"],
        ),
        (".pr_agent.toml", PR_AGENT.format("gpt-5_thinking"), ["openai/gpt-5"]),
        (".pr_agent.toml", PR_AGENT.format("claude-3-5-sonnet"), ["opaque"]),
        (
            ".pr_agent.toml",
            PR_AGENT.format("claude-3-5-sonnet-2"),
            ["anthropic/claude-3-5-sonnet-2"],
        ),
        (
            ".pr_agent.toml",
            '[config]\nfallback_models = "gpt-5, groq/a/b"\n',
            ["openai/gpt-5", "groq/a/b"],
        ),
        (
            ".aider.conf.yml",
            AIDER.format("gemini-2.5-pro"),
            ["gemini/gemini-2.5-pro", "openai/gpt-6-luna"],
        ),
        (".aider.conf.yml", AIDER.format("gemini-2.5-flash"), ["opaque", "openai/gpt-6-luna"]),
        (".aider.conf.yml", AIDER.format("fast"), ["local", "openai/gpt-6-luna"]),
        (".aider.conf.yml", AIDER.format("sonnet"), ["alias", "openai/gpt-6-luna"]),
        (".continue/config.yaml", CONTINUE.format("xAI", "grok"), ["xai/grok"]),
        (".continue/config.yaml", CONTINUE.format("zAI", "glm"), ["opaque"]),
        (".continue/config.yaml", CONTINUE.format("openai", "AUTODETECT"), ["alias"]),
        ("cagent.yaml", DOCKER.format("m,openai/gpt-5"), ["gemini/g", "local", "openai/gpt-5"]),
        ("cagent.yaml", DOCKER.format("auto"), ["gemini/g", "alias"]),
        ("cagent.yaml", DOCKER.format("dmr/ai/x"), ["gemini/g", "opaque"]),
        (".taskmaster/config.json", TASKS.format("google", "g", ""), ["gemini/g"]),
        (".taskmaster/config.json", TASKS.format("claude-code", "opus", ""), ["alias"]),
        (
            ".taskmaster/config.json",
            TASKS.format("claude-code", "claude-x", ""),
            ["anthropic/claude-x"],
        ),
        (".taskmaster/config.json", TASKS.format("codex-cli", "gpt-5", ""), ["opaque"]),
        (
            ".taskmaster/config.json",
            TASKS.format("ollama", "q", '"ollamaBaseURL": "http://localhost:11434/api"'),
            ["ollama/q"],
        ),
        (
            ".taskmaster/config.json",
            TASKS.format("ollama", "q", '"ollamaBaseURL": "http://nas:11434/api"'),
            [],
        ),
        (
            ".codex/config.toml",
            'model = "gpt-5"\n[profiles.a]\nmodel = "o3"\n',
            ["openai/gpt-5", "openai/o3"],
        ),
        (".codex/config.toml", 'model = "gpt-5.3-codex-spark"\n', ["alias"]),
        ("promptfooconfig.yaml", "providers: ['openai:chat:gpt-5']\n", ["openai/gpt-5"]),
        ("promptfooconfig.yaml", "providers: [{'xai:grok': {}}]\n", ["xai/grok"]),
        (
            "promptfooconfig.yaml",
            "providers: [file://a.py, 'azure:chat:gpt-4']\n",
            ["opaque", "opaque"],
        ),
        ("librechat.yaml", LIBRECHAT.format("https://api.x.ai/v1", "a: b"), ["xai/m"]),
        (
            "librechat.yaml",
            LIBRECHAT.format("https://openrouter.ai/api/v1/", "titleModel: t"),
            ["openrouter/m", "openrouter/t"],
        ),
        (
            "librechat.yaml",
            LIBRECHAT.format("https://api.groq.com/openai/v1", "titleEndpoint: o, titleModel: t"),
            ["groq/m"],
        ),
        ("librechat.yaml", LIBRECHAT.format("https://gateway.example/v1", "titleModel: t"), []),
        (
            "goose/config.yaml",
            GOOSE.format("google", "OPENAI_HOST: https://a.example"),
            ["gemini/m"],
        ),
        (
            "goose/config.yaml",
            GOOSE.format("openai", "OPENAI_HOST: https://api.openai.com"),
            ["openai/m"],
        ),
        (
            "goose/config.yaml",
            GOOSE.format("openai", "ANTHROPIC_HOST: https://a.example"),
            ["openai/m"],
        ),
        ("goose/config.yaml", GOOSE.format("openai", "OPENAI_HOST: https://a.example"), []),
    ],
)
def test_a_name_means_a_model(path: str, text: str, named: list[str]) -> None:
    """`provider/model` in our words, or why nothing is said of it."""
    document = claimed(path, text)
    assert [
        site.standing_word or (site.reference and str(site.reference))
        for index in document.parts()
        for site in document.sites(index)
    ] == named
