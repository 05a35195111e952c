"""Files of which nothing can be said: gateways, other routes, interpolations, aliases, keys.

Each stands for something that people write, with a model that has ended or never was wherever that
shows that it is not looked at.
"""

from __future__ import annotations

from textwrap import dedent
from typing import NamedTuple


class Silent(NamedTuple):
    """A file: where it lies, what it says, and how many models it names all the same."""

    path: str
    text: str
    sites: int


SECRET = "sk-ant-api03-" + "Zq7Xv2Lm9Tb4Kd8Wf1Rn6Yp3Hs5Gj0Ca"
SECRETS = (
    SECRET,
    "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2,
    "https://me:hunter2hunter2@llm.example/v1",
    "Zq7Xv2Lm9Tb4Kd8Wf1Rn6Yp3Hs5Gj0CaUe6Io2",
)
"""What looks like a key: with a known beginning, in an address, long and without meaning."""
AGENT = ".claude/agents/a.md"
SETTINGS = ".claude/settings.json"
WORKFLOW = ".github/workflows/w.yml"
AGENTIC = ".github/workflows/w.md"
OPENCODE = "opencode.json"
ARCHON = ".archon/workflows/w.yaml"
PROMPTY = "prompts/p.prompty"


def front(path: str, *lines: str, sites: int = 1) -> Silent:
    """A Markdown file with front matter."""
    return Silent(path, "---\n" + "\n".join(lines) + "\n---\n\nDo it.\n", sites)


def step(uses: str, *lines: str, sites: int = 1, above: str = "") -> Silent:
    """A workflow of one step; `above` is what stands around it."""
    inside = "\n".join(f"        {line}" for line in lines)
    text = f"on: push\n{above}jobs:\n  j:\n    runs-on: x\n    steps:\n      - uses: {uses}\n"
    return Silent(WORKFLOW, f"{text}{inside}\n", sites)


def plain(path: str, text: str, sites: int) -> Silent:
    return Silent(path, dedent(text).lstrip("\n"), sites)


CLAUDE = "anthropics/claude-code-action@v1"
OLD = "claude-2.0"

SILENT: dict[str, Silent] = {
    # Claude Code
    **{
        f"an agent's {name}": front(AGENT, "name: a", f"model: {model}")
        for name, model in {
            "id of Bedrock": "us.anthropic.claude-opus-4-20250514-v1:0",
            "id of Vertex": "claude-opus-4@20250514",
            "profile": "arn:aws:bedrock:us-east-1:1:application-inference-profile/x",
            "name at a router": "anthropic/claude-2.0",
            "variable": "${MODEL}",
            "template": "'{{ model }}'",
            "placeholder": "<model>",
            "alias": "inherit",
            "alias with a suffix": "sonnet[1m]",
            "alias in capitals": "Opus",
        }.items()
    },
    "a list of models": front(AGENT, "name: a", f"tools: [{OLD}]", f"models: [{OLD}]", sites=0),
    "settings with a gateway": plain(
        SETTINGS,
        """
        {
          "model": "claude-2.0",
          "env": {"ANTHROPIC_BASE_URL": "https://llm.example", "ANTHROPIC_MODEL": "claude-2.0"}
        }
        """,
        2,
    ),
    "settings with Bedrock": plain(
        SETTINGS,
        """
        {
          "env": {
            "CLAUDE_CODE_USE_BEDROCK": "1",
            "ANTHROPIC_DEFAULT_SONNET_MODEL": "claude-2.0"
          },
          "fallbackModel": ["claude-2.1", "haiku"]
        }
        """,
        3,
    ),
    "settings with ids of another route": plain(
        SETTINGS, '{"model": "claude-2.0", "modelOverrides": {"claude-2.0": "arn:aws:x"}}', 1
    ),
    # Steps of workflows
    **{
        f"a step with {name}": step(CLAUDE, "with:", f"  {line}", f"  claude_args: --model {OLD}")
        for name, line in {
            "Bedrock": 'use_bedrock: "true"',
            "Vertex": "use_vertex: true",
            "Foundry": "use_foundry: 'True'",
            "perhaps Bedrock": "use_bedrock: ${{ vars.BEDROCK }}",
            "settings that lead to a gateway": (
                'settings: \'{"env": {"ANTHROPIC_BASE_URL": "https://llm.example"}}\''
            ),
        }.items()
    },
    "a step with a gateway": step(
        CLAUDE, "env: {ANTHROPIC_BASE_URL: https://llm.example}", "with:", f"  model: {OLD}"
    ),
    "a workflow with a gateway": step(
        CLAUDE,
        "with:",
        f"  claude_args: --fallback-model {OLD}",
        above="env:\n  ANTHROPIC_BASE_URL: ${{ vars.GATEWAY }}\n",
    ),
    **{
        f"a step with {name} elsewhere": step(CLAUDE, "with:", f"  {line}", f"  model: {OLD}")
        for name, line in {
            "settings": "claude_args: --max-turns ${{ vars.TURNS }} --settings .github/claude.json",
            "settings in a file": "settings: .github/claude.json",
            "an environment": 'claude_env: "ANTHROPIC_BASE_URL: https://llm.example"',
            "an address": "anthropic_base_url: https://llm.example",
        }.items()
    },
    **{
        f"a step of a job that says {name}": plain(
            WORKFLOW,
            f"""
            jobs:
              j:
                steps:
                  - {before}
                  - uses: {CLAUDE}
                    with: {{claude_args: "--model {OLD}"}}
                  - uses: Anthropics/Claude-Code-Action@v1
                    env: {{ANTHROPIC_MODEL: {OLD}}}
            """,
            2,
        )
        for name, before in {
            "a gateway": 'run: echo "ANTHROPIC_BASE_URL=$URL" >> "$GITHUB_ENV"',
            "Bedrock": r'run: "set -e\necho CLAUDE_CODE_USE_BEDROCK=1 >> $GITHUB_ENV"',
            "settings": "run: cp ci/claude.json ~/.claude/settings.json",
            "a gateway in a script": "{uses: actions/github-script@v8, with: {script: "
            "\"core.exportVariable('ANTHROPIC_BASE_URL', url)\"}}",
        }.items()
    },
    **{
        f"a job in a container that says {key}": plain(
            WORKFLOW,
            f"""
            jobs:
              j:
                container: {{image: x, env: {{{key}: x}}}}
                steps:
                  - uses: {uses}
                    with: {{{model}}}
            """,
            1,
        )
        for key, uses, model in (
            ("ANTHROPIC_BASE_URL", CLAUDE, f"model: {OLD}"),
            ("CLAUDE_CODE_USE_VERTEX", CLAUDE, f"claude_args: --model {OLD}"),
            ("OPENAI_BASE_URL", "openai/codex-action@v1", "model: gpt-3.5-turbo-0301"),
            (
                "GOOGLE_GEMINI_BASE_URL",
                "google-github-actions/run-gemini-cli@v0",
                "gemini_model: gemini-1.0-pro",
            ),
        )
    },
    **{
        f"PR-Agent's own file with {section}": plain(
            ".pr_agent.toml", f'[config]\nmodel = "gpt-3.5-turbo-0301"\n[{section}]\n{line}\n', 1
        )
        for section, line in (
            ("OPENAI", 'API_BASE = "https://llm.example"'),
            ("openai", 'api_type = "azure"'),
            ("OpenRouter", 'KEY = "x"'),
            ("AZURE_AD", 'client_id = "x"'),
        )
    },
    "a composite action that says a gateway": plain(
        "claude/action.yml",
        f"""
        runs:
          using: composite
          steps:
            - uses: {CLAUDE}
              with: {{model: {OLD}}}
            - run: echo "anthropic_base_url=$URL" >> "$GITHUB_ENV"
        """,
        1,
    ),
    "a step with an alias of YAML": step(
        CLAUDE, "env: *env", f"with: {{model: {OLD}}}", above="x-env: &env {A: b}\n"
    ),
    "a variable in options": step(
        CLAUDE, "with:", "  claude_args: --max-turns 3 --model ${{ vars.MODEL }}"
    ),
    "an alias in options": step(
        CLAUDE,
        "with:",
        "  claude_args: |",
        "    --model=opus",
        "    --fallback-model 'sonnet'",
        sites=2,
    ),
    "a chain of aliases": step(
        CLAUDE, "with:", "  claude_args: --fallback-model 'sonnet,haiku,default'", sites=3
    ),
    "a chain of aliases as input": step(
        CLAUDE, "with:", "  fallback_model: sonnet, haiku", sites=2
    ),
    "a variable that is taken apart": step(
        CLAUDE,
        "with:",
        "  model: ${{ format('{0},{1}', vars.A, 'b') }}",
        "  claude_args: --model ${{ format('{0},{1}', vars.A, 'b') }}",
        sites=2,
    ),
    "options in a comment": step(
        CLAUDE, "with:", "  claude_args: |", f"    # --model {OLD}", "    --max-turns 3", sites=0
    ),
    "options in a prompt": step(CLAUDE, "with:", f"  prompt: Run it with --model {OLD}.", sites=0),
    "an option of another name": step(
        CLAUDE, "with:", f"  claude_args: --model-name {OLD} --my-model {OLD}", sites=0
    ),
    "another action's model": step("acme/thing@v1", "with:", f"  model: {OLD}", sites=0),
    "a run with options": plain(
        WORKFLOW,
        """
        on: push
        jobs:
          j:
            runs-on: x
            steps:
              - run: claude --model claude-2.0
        """,
        0,
    ),
    "Codex at another address": step(
        "openai/codex-action@v1",
        "with:",
        "  model: gpt-3.5-turbo-0301",
        "  responses-api-endpoint: https://x.openai.azure.com/openai/v1/responses",
    ),
    "Codex with a provider of its own": step(
        "openai/codex-action@v1",
        "with:",
        "  model: gpt-3.5-turbo-0301",
        '  codex-args: \'["-c", "model_provider=mine"]\'',
    ),
    "Codex at an address in its options": step(
        "openai/codex-action@v1",
        "with:",
        "  model: gpt-3.5-turbo-0301",
        "  codex-args: -c openai_base_url=https://llm.example",
    ),
    **{
        f"a job that sends {uses} elsewhere": plain(
            WORKFLOW,
            f"""
            jobs:
              j:
                steps:
                  - run: {run}
                  - uses: {uses}
                    {where}: {{{model}}}
            """,
            1,
        )
        for uses, run, where, model in (
            (
                "openai/codex-action@v1",
                "cat mine.toml >> ~/.codex/config.toml",
                "with",
                "model: gpt-3.5-turbo-0301",
            ),
            (
                "google-github-actions/run-gemini-cli@v0",
                "echo GOOGLE_GEMINI_BASE_URL=x >> $GITHUB_ENV",
                "with",
                "gemini_model: gemini-1.0-pro",
            ),
            (
                "sst/opencode/github@latest",
                "cp ci/opencode.json .",
                "with",
                f"model: anthropic/{OLD}",
            ),
            (
                "qodo-ai/pr-agent@main",
                "echo OPENAI__API_BASE=x >> $GITHUB_ENV",
                "env",
                "CONFIG__MODEL: gpt-3.5-turbo-0301",
            ),
        )
    },
    "OpenCode with Copilot": step(
        "anomalyco/opencode/github@latest", "with:", "  model: github-copilot/claude-2.0"
    ),
    "OpenCode with Zen": step(
        "sst/opencode/github@latest", "with:", "  model: opencode/big-pickle"
    ),
    "AI inference": step("actions/ai-inference@v2", "with:", "  model: claude-2.0"),
    "Gemini on Vertex": step(
        "google-github-actions/run-gemini-cli@v0",
        "with:",
        "  gemini_model: gemini-1.0-pro",
        "  use_vertex_ai: true",
    ),
    "Gemini by an alias": step(
        "google-github-actions/run-gemini-cli@v0", "with:", "  gemini_model: flash"
    ),
    "PR-Agent on Azure": step(
        "qodo-ai/pr-agent@main",
        "env:",
        "  OPENAI.API_TYPE: azure",
        "  config.model: gpt-3.5-turbo-0301",
    ),
    **{
        f"PR-Agent with {key}": step(
            "qodo-ai/pr-agent@main",
            "env:",
            f"  {key}: x",
            "  CONFIG__MODEL: gpt-3.5-turbo-0301",
            "  CONFIG.FALLBACK_MODELS: '[\"gpt-3.5-turbo-0301\"]'",
            sites=2,
        )
        for key in (
            "OPENAI__API_BASE",
            "openai.api_base",
            "OPENAI__API_TYPE",
            "OPENAI_API_BASE",
            "OPENROUTER__KEY",
            "AZURE_AD__CLIENT_ID",
            "LITELLM_BASE_URL",
        )
    },
    "PR-Agent on Bedrock": step(
        "the-pr-agent/pr-agent@main",
        "env:",
        "  config.model: bedrock/anthropic.claude-v2",
        "  config.fallback_models: '[\"bedrock/anthropic.claude-v2\"]'",
        sites=2,
    ),
    # OpenCode
    "a provider of one's own": plain(
        OPENCODE,
        """
        {
          // anomalyco/opencode#46248
          "$schema": "https://opencode.ai/config.json",
          "provider": {
            "internal": {
              "npm": "@ai-sdk/openai-compatible",
              "models": {"Qwen/Qwen3-Coder-30B-A3B-Instruct": {}},
            },
          },
          "model": "internal/Qwen/Qwen3-Coder-30B-A3B-Instruct",
        }
        """,
        1,
    ),
    "a known provider elsewhere": plain(
        OPENCODE,
        """
        {
          "provider": {"anthropic": {"options": {"baseURL": "https://llm.example/v1"}}},
          "agent": {"a": {"model": "anthropic/claude-2.0"}}
        }
        """,
        1,
    ),
    "models of one's own below a known provider": plain(
        OPENCODE,
        """
        {"provider": {"openai": {"models": {"gpt-ours": {}}}}, "small_model": "openai/gpt-ours"}
        """,
        1,
    ),
    **{
        f"OpenCode's {name}": plain(OPENCODE, f'{{"model": "{model}"}}', 1)
        for name, model in {
            "variable": "{env:MODEL}",
            "file": "{file:./model.txt}",
            "Copilot": "github-copilot/claude-2.0",
            "Bedrock": "amazon-bedrock/anthropic.claude-v2",
            "Vertex": "google-vertex-anthropic/claude-2.0@x",
            "Azure": "azure/gpt-3.5-turbo-0301",
            "mode of a model": "openai/gpt-5.5-fast",
            "provider that nobody knows": "acme/claude-2.0",
        }.items()
    },
    "OpenCode with Z.ai": plain(OPENCODE, '{"model": "zai/glm-4.6"}', 1),
    "OpenCode's step with Z.ai": step(
        "sst/opencode/github@latest", "with:", "  model: zai/glm-4.6"
    ),
    "promptfoo with others": plain(
        "promptfooconfig.yaml", "providers: ['zai:glm-4.6', 'llama:7b']\n", 2
    ),
    "an agent of OpenCode's": front(".opencode/agents/a.md", "model: github-copilot/gpt-4o"),
    # GitHub's agentic workflows
    "the engine that is used by itself": front(AGENTIC, "on: push", f"model: {OLD}"),
    "Copilot as engine": front(AGENTIC, "engine:", "  id: copilot", f"  model: {OLD}"),
    "Copilot as a word": front(AGENTIC, "engine: copilot", f"model: {OLD}"),
    "Copilot with a provider": front(
        AGENTIC, "engine: {id: copilot, model: openai/gpt-3.5-turbo-0301}"
    ),
    "Copilot with a provider at the top": front(
        AGENTIC, "engine: copilot", "model: openai/gpt-3.5-turbo-0301"
    ),
    "no engine but a provider": front(AGENTIC, "model: openai/gpt-3.5-turbo-0301"),
    "Foundry at the top": front(
        AGENTIC, "engine: claude", f"model: {OLD}", "env: {CLAUDE_CODE_USE_FOUNDRY: '1'}"
    ),
    "Gemini elsewhere": front(
        AGENTIC,
        "engine: {id: gemini, env: {GOOGLE_GEMINI_BASE_URL: https://llm.example}}",
        "model: gemini-1.0-pro",
    ),
    "an engine of one's own": front(AGENTIC, "engine:", "  id: custom", f"  model: {OLD}"),
    "an alias of gh-aw's": front(AGENTIC, "engine:", "  id: claude", "  model: opus?effort=high"),
    "a family of gh-aw's": front(AGENTIC, "engine:", "  id: codex", "  model: gpt-5.4"),
    "a variable of gh-aw's": front(
        AGENTIC, "engine:", "  id: claude", "  model: ${{ vars.MODEL }}"
    ),
    "an engine with a gateway": front(
        AGENTIC,
        "engine:",
        "  id: claude",
        f"  model: {OLD}",
        "  env: {ANTHROPIC_BASE_URL: https://llm.example}",
    ),
    **{
        f"an engine with {line}": front(
            AGENTIC, "engine:", "  id: codex", "  model: gpt-3.5-turbo-0301", f"  {line}"
        )
        for line in (
            "api-target: llm.example",
            "env: {OPENAI_API_BASE: https://llm.example}",
            "env: {OPENAI_BASE_URL: '${{ vars.URL }}'}",
            "config: 'base_url = \"https://llm.example\"'",
            "command: ./mine",
        )
    },
    "an engine behind a variable": front(
        AGENTIC, "engine: ${{ vars.ENGINE }}", "model: openai/gpt-3.5-turbo-0301"
    ),
    "an engine that chooses": front(
        AGENTIC,
        "engine:",
        "  id: claude",
        f"  model: {OLD}",
        f"  model-routing: {{allowed-models: [{OLD}]}}",
        sites=2,
    ),
    # Names for people
    "a prompt": front(".github/prompts/a.prompt.md", "model: Claude Opus 4 (copilot)"),
    "an agent with several": front("x/a.agent.md", "model: [GPT-4.1, 'claude-2.0',]", sites=2),
    "a chat mode": front(".github/chatmodes/a.chatmode.md", "model: gpt-3.5-turbo-0301"),
    # A service that has ended
    "a prompt file": plain(
        "prompts/a.prompt.yml", "messages: []\nmodel: openai/gpt-3.5-turbo-0301\n", 1
    ),
    # Archon
    "tiers": plain(ARCHON, "model: large\nnodes:\n  - id: a\n    model: small\n", 2),
    "an alias of one's own": plain(ARCHON, "provider: claude\nmodel: '@fast'\nnodes: []\n", 1),
    "an assistant that is not named": plain(ARCHON, f"model: {OLD}\nnodes: []\n", 1),
    "Copilot as assistant": plain(ARCHON, f"provider: copilot\nmodel: {OLD}\nnodes: []\n", 1),
    "Pi with a provider that nobody knows": plain(
        ARCHON, "provider: pi\nmodel: kiro/claude-2.0\nnodes: []\n", 1
    ),
    # Prompty
    **{
        f"a prompt with {name}": front(PROMPTY, "model:", *(f"  {line}" for line in lines))
        for name, lines in {
            "Azure": ("id: gpt-3.5-turbo-0301", "provider: azure"),
            "Foundry": ("id: gpt-3.5-turbo-0301", "provider: foundry"),
            "no provider": ("id: gpt-3.5-turbo-0301", "apiType: chat"),
            "an address": (
                f"id: {OLD}",
                "provider: anthropic",
                "connection: {kind: key, endpoint: https://llm.example}",
            ),
            "a connection by its name": (
                f"id: {OLD}",
                "provider: anthropic",
                "connection: mine",
            ),
            "a connection in a file": (
                f"id: {OLD}",
                "provider: anthropic",
                "connection: ${file:connection.json}",
            ),
            "a variable": ("id: ${env:MODEL}", "provider: openai"),
            "a deployment": ("configuration: {type: azure_openai, azure_deployment: gpt-35}",),
        }.items()
    },
    "a prompt with a name alone": front(PROMPTY, "model: gpt-3.5-turbo-0301"),
    # Codex
    "Codex with a profile": plain(
        ".codex/config.toml",
        """
        model = "gpt-3.5-turbo-0301"
        profile = "there"
        [profiles.there]
        model_provider = "azure"
        """,
        1,
    ),
    # LiteLLM
    **{
        f"LiteLLM with {key}": plain(
            "litellm_config.yaml",
            f"""
            model_list:
              - model_name: a
                litellm_params: {{model: openai/gpt-3.5-turbo-0301}}
            environment_variables: {{{key}: x}}
            """,
            1,
        )
        for key in ("OPENAI_API_BASE", "OPENAI_BASE_URL", "LITELLM_USE_LITELLM_PROXY")
    },
    # What is no name
    **{
        f"{name} that looks like a key ({number})": silent
        for number, secret in enumerate(SECRETS)
        for name, silent in {
            "an agent's model": front(AGENT, "name: a", f"model: {secret}", sites=0),
            "an option": step(CLAUDE, "with:", f"  claude_args: --model {secret}", sites=0),
            "OpenCode's model": plain(OPENCODE, f'{{"small_model": "{secret}"}}', 0),
            "a prompt's model": front(
                PROMPTY, f"model: {{id: '{secret}', provider: openai}}", sites=0
            ),
        }.items()
    },
}
