"""Steps of workflows of which nothing is said: gateways, other routes, files elsewhere, aliases."""

from __future__ import annotations

from tests.dialects.silent import CLAUDE, OLD, WORKFLOW, Silent, plain, step

STEPS: dict[str, Silent] = {
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
}
