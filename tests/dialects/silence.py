"""Files of which nothing can be said: gateways, other routes, interpolations, aliases, keys.

Each stands for something that people write, with a model that has ended or never was wherever that
shows that it is not looked at.
"""

from __future__ import annotations

from tests.dialects.silent import (
    AGENT,
    AGENTIC,
    ARCHON,
    CLAUDE,
    OLD,
    OPENCODE,
    PROMPTY,
    SECRETS,
    SETTINGS,
    Silent,
    front,
    plain,
    step,
)
from tests.dialects.silent_steps import STEPS

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
    **STEPS,
}
