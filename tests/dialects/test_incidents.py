"""What people have lost in public, each of it told before it happens."""

from __future__ import annotations

import pytest
from tests.analysis.support import OPTIONS, catalog, provider
from tests.dialects.silence import SILENT
from tests.dialects.support import claimed
from tests.dialects.test_real_files import read

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import to_ask_about
from stagewright.analysis.fixes.actions import fix_all, fixes
from stagewright.analysis.results import Severity
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document

OPUS, GONE = "claude-opus-5-5", "claude-opus-4-20250514"


@pytest.mark.parametrize("name", ["base44__claude.yml", "base44__claude-code-review.yml"])
def test_a_workflow_with_a_retired_model(name: str, offline: Catalog) -> None:
    """base44/javascript-sdk#236: each run ended with a 404, and nobody saw why."""
    workflow = read(f"github-actions/{name}")
    [found] = diagnose(workflow, offline, OPTIONS)
    assert (found.code, found.severity) == ("model-retired", Severity.ERROR)
    assert f"Anthropic retired `{GONE}` on 2026-06-15" in found.message
    fixed = workflow.apply(fix_all(workflow, [found], offline, OPTIONS))
    assert GONE not in fixed
    assert diagnose(Document(fixed, workflow.dialect), offline, OPTIONS) == []


@pytest.mark.parametrize(
    "step",
    [
        f"with: {{model: {GONE}}}",
        f"with: {{fallback_model: '{GONE}'}}",
        f"with: {{claude_args: '--max-turns 5 --model {GONE}'}}",
        f"with: {{claude_args: '--model={GONE}[1m]'}}",
        f"with: {{claude_args: '--fallback-model sonnet,{GONE},haiku'}}",
        f"with: {{claude_args: '--fallback-model=\"sonnet, {GONE}\"'}}",
        f"with: {{fallback_model: 'haiku,{GONE}'}}",
        f"with: {{claude_args: \"--model opus --fallback-model '{GONE}'\"}}",
        f"with: {{claude_args: \"--model ${{{{ vars.M || '{GONE}' }}}}\"}}",
        f'with: {{settings: \'{{"model": "{GONE}"}}\'}}',
        f"env: {{ANTHROPIC_MODEL: {GONE}}}",
    ],
)
@pytest.mark.parametrize(
    "uses",
    ["anthropics/claude-code-action@v1", "anthropics/claude-code-base-action@beta"],
)
def test_the_same_in_every_way_of_writing(uses: str, step: str, offline: Catalog) -> None:
    """MemberJunction/MJ#2856, painted-porch/marcus#709."""
    text = f"jobs:\n  j:\n    steps:\n      - uses: {uses}\n        {step}\n"
    workflow = claimed(".github/workflows/w.yaml", text)
    [found] = diagnose(workflow, offline, OPTIONS)
    assert (found.code, found.severity) == ("model-retired", Severity.ERROR)
    assert workflow.text_of(found.span).strip("\"'") in (GONE, f"{GONE}[1m]")
    fixed = workflow.apply(fix_all(workflow, [found], offline, OPTIONS))
    before, after = text.split(GONE)
    assert fixed.startswith(f"{before}claude-opus-")
    assert fixed.endswith(after)
    assert GONE not in fixed
    assert diagnose(Document(fixed, workflow.dialect), offline, OPTIONS) == []


@pytest.mark.parametrize(
    "before",
    [
        "- run: echo ${{ vars.A }}\n",
        "- run: APP_BASE_URL=http://localhost:8000 npm test\n",
        "- run: echo ANTHROPIC_API_KEY=x >> $GITHUB_ENV\n",
        "- with: {script: 'echo ${{ secrets.A }}', claude_args: '--model ${{ vars.A }}'}\n",
    ],
)
def test_what_other_steps_run_hides_nothing(before: str, offline: Catalog) -> None:
    step = f"- uses: Anthropics/Claude-Code-Action@v1\n        with: {{model: {GONE}}}\n"
    other = "  other:\n    steps:\n      - run: echo ANTHROPIC_BASE_URL=x >> $GITHUB_ENV\n"
    text = f"jobs:\n{other}  j:\n    steps:\n      {before}      {step}"
    [found] = diagnose(claimed(".github/workflows/w.yaml", text), offline, OPTIONS)
    assert (found.code, found.severity) == ("model-retired", Severity.ERROR)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("config.model", "gpt-4-32k"),
        ("CONFIG__MODEL", "gpt-4-32k"),
        ("CONFIG.MODEL_WEAK", "gpt-4-32k"),
        ("config__fallback_models", "'[\"gpt-4-32k\"]'"),
        ("CONFIG__FALLBACK_MODELS", "'[\"gpt-4-32k\"]'"),
    ],
)
def test_a_model_of_pr_agent_in_every_way_of_writing(
    key: str, value: str, offline: Catalog
) -> None:
    step = f"- uses: qodo-ai/pr-agent@main\n        env: {{{key}: {value}, OPENAI_KEY: x}}\n"
    text = f"jobs:\n  j:\n    steps:\n      {step}"
    [found] = diagnose(claimed(".github/workflows/w.yaml", text), offline, OPTIONS)
    assert found.model == ModelReference("openai", "gpt-4-32k")


@pytest.mark.parametrize(
    "lines",
    [
        ["engine: codex", "model: openai/gpt-4-32k"],
        ["engine: codex", "model: gpt-4-32k"],
        ["engine: 'codex'", "model: gpt-4-32k"],
        ["engine: {id: codex, config: 'x = 1'}", "model: gpt-4-32k"],
        ["engine: {id: codex}", "model: openai/gpt-4-32k"],
    ],
)
def test_a_model_of_an_engine_in_every_way_of_writing(lines: list[str], offline: Catalog) -> None:
    text = "\n".join(["---", "on: push", *lines, "---", "", "Do it.", ""])
    [found] = diagnose(claimed(".github/workflows/w.md", text), offline, OPTIONS)
    assert found.model == ModelReference("openai", "gpt-4-32k")


@pytest.mark.parametrize(
    "lines",
    [
        [
            "claude_args: |",
            f'  --allowedTools "Bash(git log:*)" --model "{GONE}"',
            "  --max-turns 3",
        ],
        ["claude_args: |-", "  # the newest", "", f"    --model   {GONE}"],
        ["claude_args: >", "  --max-turns 3", f"  --model={GONE}"],
        [f'claude_args: "--max-turns 3\\n--model {GONE}"'],
        ["claude_args: --max-turns 3", f"  --model '{GONE}'  # pinned"],
        ["claude_args: |", "  --model \\", f"    {GONE} \\", "    --max-turns 3"],
        [
            "settings: |",
            "  {",
            f'    "model": "{GONE}",',
            '    "permissions": {"allow": ["Read"]}',
            "  }",
        ],
    ],
)
def test_the_same_in_a_text_of_several_lines(lines: list[str], offline: Catalog) -> None:
    step = "\n".join(f"          {line}" for line in lines)
    uses = "      - uses: anthropics/claude-code-action@v1\n        with:\n"
    text = f"jobs:\n  j:\n    steps:\n{uses}{step}\n"
    workflow = claimed(".github/workflows/w.yml", text)
    [found] = diagnose(workflow, offline, OPTIONS)
    assert workflow.text_of(found.span) == GONE
    fixed = workflow.apply(fix_all(workflow, [found], offline, OPTIONS))
    before, after = text.split(GONE)
    assert fixed.startswith(f"{before}claude-opus-")
    assert fixed.endswith(after)
    assert diagnose(Document(fixed, workflow.dialect), offline, OPTIONS) == []


def test_a_model_of_ones_own_is_valid() -> None:
    """anomalyco/opencode#46248: an enum of known models rejects it; the rest is judged as ever."""
    known = catalog(provider("anthropic", OPUS, absent=frozenset({"claude-opus-9"})))
    own = SILENT["a provider of one's own"]
    assert diagnose(claimed(own.path, own.text), known, OPTIONS) == []
    both = own.text.replace('"model":', '"small_model": "anthropic/claude-opus-9",\n  "model":')
    [found] = diagnose(claimed(own.path, both), known, OPTIONS)
    assert found.model == ModelReference("anthropic", "claude-opus-9")


@pytest.mark.parametrize(
    ("path", "before"),
    [
        (".claude/agents/a.md", "name: a\nmodel: "),
        (".claude/commands/deep/a.md", "model: "),
        (".claude/skills/a/SKILL.md", "name: a\nmodel: "),
    ],
)
@pytest.mark.parametrize("name", ["composer-2.5-fast", "gpt-5.4", "claude-sonnet-latest"])
def test_a_foreign_name_in_an_agent(path: str, before: str, name: str) -> None:
    """anthropics/claude-code#92190: a name of another tool's fails hard."""
    agent = claimed(path, f"---\n{before}{name}\n---\n\nDo it.\n")
    unsure = catalog(provider("anthropic", OPUS))
    assert diagnose(agent, unsure, OPTIONS) == []
    assert to_ask_about(agent, unsure, OPTIONS) == [ModelReference("anthropic", name)]
    denied = catalog(provider("anthropic", OPUS, absent=frozenset({name})))
    [found] = diagnose(agent, denied, OPTIONS)
    assert (found.code, found.severity) == ("model-unavailable", Severity.WARNING)
    assert name in found.message


NINE = [
    "claude-opus-4-1-20250805",
    "claude-opus-4-20250514",
    "claude-sonnet-4-20250514",
    "claude-3-7-sonnet-20250219",
    "claude-3-5-sonnet-20241022",
    "claude-3-5-sonnet-20240620",
    "claude-3-5-haiku-20241022",
    "claude-3-opus-20240229",
    "claude-3-haiku-20240307",
]


@pytest.mark.parametrize("name", NINE)
@pytest.mark.parametrize(
    "item",
    [
        "'anthropic:messages:{}'",
        "{{id: 'anthropic:{}'}}",
        "'anthropic:messages:{}': {{config: {{}}}}",
    ],
)
def test_ids_that_a_list_still_names(item: str, name: str, offline: Catalog) -> None:
    """promptfoo/promptfoo#10632: nine ids of its list of supported models answer 404."""
    text = f"providers:\n  - {item.format(name)}\n"
    configuration = claimed("promptfooconfig.yaml", text)
    [found] = diagnose(configuration, offline, OPTIONS)
    assert (found.code, found.severity) == ("model-retired", Severity.WARNING)
    fixed = configuration.apply(fix_all(configuration, [found], offline, OPTIONS))
    assert name not in fixed
    assert diagnose(Document(fixed, configuration.dialect), offline, OPTIONS) == []


DEPLOYMENTS = """\
model_list:
  - model_name: claude-fast
    litellm_params: {{model: anthropic/claude-haiku-4-5}}
  - model_name: gpt-big
    litellm_params: {{model: openai/gpt-5.4}}
  - model_name: gpt-big
    litellm_params: {{model: azure/of-mine, api_base: "https://mine.example"}}
router_settings:
  model_group_alias: {{quick: claude-fast}}
{}
"""


@pytest.mark.parametrize(
    ("wrong", "name", "meant"),
    [
        ("  fallbacks: [{gpt-big: [claude-fats]}]", "claude-fats", "claude-fast"),
        ("  fallbacks: [{cluade-fast: [gpt-big]}]", "cluade-fast", "claude-fast"),
        ("  fallbacks: [{quick: [gpt-big]}, {gpt-big: [quikc]}]", "quikc", "quick"),
        ("  context_window_fallbacks:\n    - gpt-big:\n        - 'gpt-bgi'", "gpt-bgi", "gpt-big"),
        ("  default_fallbacks: [gpt-bigg]", "gpt-bigg", "gpt-big"),
        (
            "litellm_settings: {content_policy_fallbacks: [{gpt-big: [gpt-igb]}]}",
            "gpt-igb",
            "gpt-big",
        ),
        ('litellm_settings: {"default_fallbacks": ["claude_fast"]}', "claude_fast", "claude-fast"),
    ],
)
def test_a_fallback_that_no_deployment_has(wrong: str, name: str, meant: str) -> None:
    """BerriAI/litellm#34877: only a request that fails over tells of it."""
    proxy = claimed("litellm_config.yaml", DEPLOYMENTS.format(wrong))
    [found] = diagnose(proxy, catalog(), OPTIONS)
    assert (found.code, found.severity) == ("model-reference", Severity.WARNING)
    assert proxy.text_of(found.span).strip("\"'") == name
    assert f"`{meant}`" in found.message
    first, *_ = fixes(proxy, found, catalog(), OPTIONS)
    fixed = proxy.apply(first.edits)
    assert fixed == proxy.text.replace(name, meant)
    assert diagnose(Document(fixed, proxy.dialect), catalog(), OPTIONS) == []


@pytest.mark.parametrize(
    "more",
    [
        "include: [more-models.yaml]",
        "general_settings: {store_model_in_db: true}",
    ],
)
def test_a_fallback_that_may_be_defined_elsewhere(more: str) -> None:
    text = DEPLOYMENTS.format(f"  default_fallbacks: [from-elsewhere]\n{more}")
    assert diagnose(claimed("litellm_config.yaml", text), catalog(), OPTIONS) == []
