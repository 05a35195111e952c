"""Models in other programs' files: completed, explained, judged and replaced as they write them."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.support import CATALOG, OPTIONS, catalog, provider, retiring, with_marks

from stagewright.analysis.choragen.lenses import lenses
from stagewright.analysis.choragen.navigation import name_at
from stagewright.analysis.choragen.symbols import folds, symbols
from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import references
from stagewright.analysis.diagnostics.unreadable import cut_short
from stagewright.analysis.edits import replace_model, set_site
from stagewright.analysis.fixes.actions import fixes, preferred_fixes
from stagewright.analysis.hover import hover
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import Lifecycle, Model, ModelReference
from stagewright.dialects.dialect import Dialect, builtin, builtins
from stagewright.dialects.document import Document
from stagewright.dialects.registry import Dialects
from stagewright.text.buffer import Position
from stagewright.workspace import claim

CLAUDE, PROMPTFOO = builtin("claude-code"), builtin("promptfoo")


def at(marked: str, dialect: Dialect) -> tuple[Document, Position]:
    """The document without its `$0`, and where that stood."""
    before, mark, after = marked.partition("$0")
    assert mark
    lines = before.split("\n")
    return Document(before + after, dialect), Position(len(lines) - 1, len(lines[-1]))


def offered(marked: str, dialect: Dialect, known: Catalog = CATALOG) -> list[str]:
    return [item.label for item in complete(*at(marked, dialect), known, OPTIONS).items]


def taken(marked: str, label: str, dialect: Dialect) -> str:
    document, position = at(marked, dialect)
    items = complete(document, position, CATALOG, OPTIONS).items
    (item,) = [one for one in items if one.label == label]
    return document.apply([item.edit, *item.also])


def retired(name: str, successor: str) -> Model:
    return replace(retiring(name, "2026-01-01", successor), lifecycle=Lifecycle.RETIRED)


def agent(model: str) -> str:
    return f"---\nname: a\nmodel: {model}\n---\n\nBe brief. model: nothing\n"


def config(model: str) -> str:
    return f"providers:\n  - {model}\n"


def said(text: str, dialect: Dialect, known: Catalog = CATALOG) -> str:
    document = Document(text, dialect)
    return with_marks(document, diagnose(document, known, OPTIONS))


def test_an_agent_is_offered_aliases_then_models() -> None:
    labels = offered(agent("$0"), CLAUDE)
    aliases = list(CLAUDE.places[0].aliases)
    assert labels[: len(aliases)] == aliases
    assert {"inherit", "sonnet"} <= set(aliases)
    assert {"claude-opus-4-5", "claude-sonnet-4-5"} <= set(labels[len(aliases) :])
    assert not any(label.startswith("gpt") for label in labels)


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("$0", "sonnet", "sonnet"),
        ("son$0", "sonnet", "sonnet"),
        ("claude-o$0", "claude-opus-4-5", "claude-opus-4-5"),
        ('"claude-o$0"', "claude-opus-4-5", '"claude-opus-4-5"'),
        ("'$0", "claude-opus-4-5", "'claude-opus-4-5'"),
    ],
)
def test_what_is_taken_stands_in_the_front_matter(marked: str, label: str, after: str) -> None:
    assert taken(agent(marked), label, CLAUDE) == agent(after)


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("$0", "gpt-4o", "openai:gpt-4o"),
        ("op$0", "gpt-4o", "openai:gpt-4o"),
        ("openai:gpt-4$0", "gpt-4o", "openai:gpt-4o"),
        ("openai:chat:$0", "gpt-4o", "openai:chat:gpt-4o"),
        ("openai:$0", "gpt-4o", "openai:gpt-4o"),
        ("'openai:chat:gpt$0'", "gpt-4o", "'openai:chat:gpt-4o'"),
        ("id: openai:$0", "gpt-4o", "id: openai:gpt-4o"),
        ("id: $0", "claude-opus-4-5", "id: anthropic:claude-opus-4-5"),
        ("openai:wro$0ng", "gpt-4o", "openai:gpt-4o"),
    ],
)
def test_what_is_taken_names_provider_and_model(marked: str, label: str, after: str) -> None:
    assert taken(config(marked), label, PROMPTFOO) == config(after)


@pytest.mark.parametrize(
    "marked",
    [
        "prompts:\n  - $0\n",
        "description: $0\n",
        "providers:\n  - id: x\n    label: $0\n",
        "providers:\n  - bedrock:$0\n",
        "provid$0",
        "# openai:$0\n",
    ],
)
def test_nothing_is_offered_elsewhere(marked: str) -> None:
    assert offered(marked, PROMPTFOO) == []


def test_nothing_is_offered_in_an_agents_prose() -> None:
    assert offered(agent("sonnet") + "model: $0", CLAUDE) == []


def test_a_retired_model_of_an_agent() -> None:
    known = catalog(provider("anthropic", retired("claude-2", "claude-opus-4-5")))
    document = Document(agent("claude-2"), CLAUDE)
    (diagnostic,) = diagnose(document, known, OPTIONS)
    assert (diagnostic.code, diagnostic.severity) == ("model-retired", "warning")
    assert diagnostic.span == (Position(2, 7), Position(2, 15))


def test_what_is_retired_is_fixed_as_it_is_written() -> None:
    known = catalog(provider("openai", retired("gpt-3", "gpt-5"), "gpt-5"))
    text = config("'openai:chat:gpt-3' # fast")
    document = Document(text, PROMPTFOO)
    found = diagnose(document, known, OPTIONS)
    ((_, fix),) = preferred_fixes(document, found, known, OPTIONS)
    assert document.apply(fix.edits) == config("'openai:chat:gpt-5' # fast")


@pytest.mark.parametrize("mode", ["completion", "embedding", "realtime"])
def test_no_chat_model_is_put_by_itself_where_another_kind_belongs(mode: str) -> None:
    known = catalog(provider("openai", "gpt-5", retired("gpt-3", "gpt-5")))
    document = Document(config(f"openai:{mode}:gpt-3"), PROMPTFOO)
    (diagnostic,) = diagnose(document, known, OPTIONS)
    assert diagnostic.code == "model-retired"
    assert fixes(document, diagnostic, known, OPTIONS)
    assert preferred_fixes(document, [diagnostic], known, OPTIONS) == []


def test_a_fix_never_names_a_provider_that_the_format_cannot() -> None:
    asked = provider("anthropic", "claude-opus-4-5", absent=frozenset({"claude-opus-4-7"}))
    known = catalog(asked, provider("openai", "claude-opus-4-7"))
    document = Document(agent("claude-opus-4-7"), CLAUDE)
    (diagnostic,) = diagnose(document, known, OPTIONS)
    assert diagnostic.code == "model-unavailable"
    after = {
        document.apply(fix.edits).splitlines()[2]
        for fix in fixes(document, diagnostic, known, OPTIONS)
        if not fix.silences
    }
    assert after == {"model: claude-opus-4-5"}


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (agent("sonnet"), CLAUDE),
        (agent("opus[1m]"), CLAUDE),
        (agent("claude-opus-4-5"), CLAUDE),
        (agent("claude-opus-4-5[1m]"), CLAUDE),
        (agent("us.anthropic.claude-x-v1:0"), CLAUDE),
        (agent(""), CLAUDE),
        (agent("[a, b]"), CLAUDE),
        ("---\nname: a: b\nmodel: sonnet\n---\n", CLAUDE),  # no YAML: for others to tell
        ("no front matter\n", CLAUDE),
        (config("vertex:gemini-nope"), PROMPTFOO),
        (config("openai:{{env.MODEL}}"), PROMPTFOO),
        (config("file://x.py"), PROMPTFOO),
        (config("openai:embedding:text-embedding-3-large"), PROMPTFOO),
        (config("mistral:whatever-x"), PROMPTFOO),  # without a key
        (config("mycompany:gpt-9"), PROMPTFOO),
        ("providers: [\n", PROMPTFOO),
        ("", PROMPTFOO),
    ],
)
def test_silence(text: str, dialect: Dialect) -> None:
    assert said(text, dialect) == text.removesuffix("\n") + "\n" * text.endswith("\n")


def test_a_list_accuses_only_from_the_providers_own_address() -> None:
    own = provider("openai", "gpt-5", absent=frozenset({"gpt-9"}))
    (diagnostic,) = diagnose(Document(config("openai:gpt-9"), PROMPTFOO), catalog(own), OPTIONS)
    assert (diagnostic.code, diagnostic.severity) == ("model-unavailable", "warning")
    gateway = catalog(replace(own, own_origin=False))
    assert diagnose(Document(config("openai:gpt-9"), PROMPTFOO), gateway, OPTIONS) == []


@pytest.mark.parametrize(
    ("text", "dialect", "codes"),
    [
        ("---\nmodel: claude-x\n---\ncaf", CLAUDE, ["model-unavailable", "file-unreadable"]),
        ("---\nmodel: claude-x\ndescription: caf", CLAUDE, ["file-unreadable"]),
        ("", CLAUDE, ["file-unreadable"]),
        ("providers: [anthropic:claude-x]\ndescription: caf", PROMPTFOO, ["file-unreadable"]),
    ],
)
def test_a_byte_that_is_not_utf_8_is_told_of_other_files(
    text: str, dialect: Dialect, codes: list[str]
) -> None:
    known = catalog(provider("anthropic", "claude-a", absent=frozenset({"claude-x"})))
    document = Document(text, dialect)
    found = cut_short(document, diagnose(document, known, OPTIONS), len(text), OPTIONS)
    assert [one.code for one in found] == codes


def test_a_comment_silences_it_there() -> None:
    own = catalog(provider("openai", "gpt-5", absent=frozenset({"gpt-9"})))
    text = "providers:\n  # stagewright: ignore[model-unavailable]\n  - openai:gpt-9\n"
    assert diagnose(Document(text, PROMPTFOO), own, OPTIONS) == []


SAYS_NO = catalog(
    provider("openai", "gpt-5", absent=frozenset({"gpt-9"})),
    provider("anthropic", "claude-a", absent=frozenset({"claude-x"})),
)


@pytest.mark.parametrize(
    ("name", "text", "before"),
    [
        ("aider", "model: openai/gpt-9\n", "model"),
        ("codex", 'model = "gpt-9"\n', "model"),
        ("codex", 'a = 1\n  model = "gpt-9" # mine\n', "model"),
        ("codex", '[profiles.a]\nmodel="gpt-9"\n', "model"),
        ("pr-agent", '[config]\nfallback_models = [\n  "gpt-9",\n]\n', '"gpt-9"'),
        ("pr-agent", '[config]\nfallback_models = [\n  "gpt-9"\n]\n', '"gpt-9"'),
        ("claude-code", "---\nmodel: claude-x\n---\n", "model"),
    ],
)
def test_the_fix_that_silences_it_is_a_comment(name: str, text: str, before: str) -> None:
    document = Document(text, builtin(name))
    [found] = diagnose(document, SAYS_NO, OPTIONS)
    *_, fix = fixes(document, found, SAYS_NO, OPTIONS)
    assert fix.silences
    after = document.apply(fix.edits)
    line, begins = text.rpartition(before)[0].rpartition("\n")[0::2]
    comment = f"{begins}# stagewright: ignore[{found.code}]\n"
    assert after == f"{line}{chr(10) * bool(line)}{comment}{text[len(line) + bool(line) :]}"
    assert diagnose(Document(after, document.dialect), SAYS_NO, OPTIONS) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("taskmaster", '{"models": {"main": {\n"provider": "openai", "modelId": "gpt-9"}}}'),
        ("opencode", '{\n  "model": "openai/gpt-9"\n}'),
        ("claude-code", '{\n  "model":\n  "claude-x"\n}'),
        ("codex", "model = '''\ngpt-9'''\n"),
    ],
)
def test_no_fix_that_silences_it_where_no_comment_can_stand(name: str, text: str) -> None:
    syntax = "json" if text.startswith("{") else "toml"
    dialect = next(one for one in builtins(name) if one.syntax == syntax)
    document = Document(text, dialect)
    [found] = diagnose(document, SAYS_NO, OPTIONS)
    assert not any(fix.silences for fix in fixes(document, found, SAYS_NO, OPTIONS))


def test_a_comment_of_json_silences_it_there() -> None:
    text = '{\n  // stagewright: ignore[model-unavailable]\n  "model": "openai/gpt-9"\n}\n'
    dialect = next(one for one in builtins("opencode") if one.syntax == "json")
    assert diagnose(Document(text, dialect), SAYS_NO, OPTIONS) == []
    assert diagnose(Document(text.replace("//", "#"), dialect), SAYS_NO, OPTIONS) != []


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("op$0enai:gpt-4o", "Openai"),
        ("openai:chat:gp$0t-4o", "gpt-4o"),
        ("'anthropic:claude-o$0pus-4-5'", "Claude Opus 4.5"),
    ],
)
def test_hover_tells_of_the_half_under_the_cursor(marked: str, words: str) -> None:
    answer = hover(*at(config(marked), PROMPTFOO), CATALOG, OPTIONS)
    assert answer is not None
    assert words.lower() in answer.markdown.lower()


def test_hover_says_what_an_alias_means() -> None:
    answer = hover(*at(agent("inh$0erit"), CLAUDE), CATALOG, OPTIONS)
    assert answer is not None
    assert "the conversation" in answer.markdown
    assert hover(*at("---\nna$0me: a\nmodel: sonnet\n---\n", CLAUDE), CATALOG, OPTIONS) is None


def test_a_model_is_replaced_wherever_it_is_named() -> None:
    text = (
        "providers:\n  - openai:gpt-4o\n  - id: openai:chat:gpt-4o\n  - openai:gpt-5\n"
        "targets: ['openai:gpt-4o']\n"
    )
    document = Document(text, PROMPTFOO)
    old, new = ModelReference("openai", "gpt-4o"), ModelReference("google", "gemini-x")
    found = replace_model(document, old, ModelReference("openai", "gpt-6"))
    assert len(found) == 3
    after = document.apply([edit for edits in found for edit in edits])
    assert after == text.replace("gpt-4o", "gpt-6")
    assert references(document) == [old, ModelReference("openai", "gpt-5")]
    assert replace_model(document, new, old) == []


ARCHON, GH_AW, TASKS = builtin("archon"), builtin("gh-aw"), builtin("taskmaster")
CLAUDE_A, GPT = ModelReference("anthropic", "claude-a"), ModelReference("openai", "gpt-5.1")


@pytest.mark.parametrize(
    ("dialect", "text", "new", "expected"),
    [
        (ARCHON, "provider: claude\nmodel: sonnet\nnodes: []\n", GPT, None),
        (ARCHON, "provider: claude\nmodel: sonnet\nnodes: []\n", CLAUDE_A, ("sonnet", "claude-a")),
        (ARCHON, "provider: claude\nmodel: claude-b\nnodes: []\n", GPT, None),
        (ARCHON, "provider: codex\nmodel: gpt-5\nnodes: []\n", GPT, ("gpt-5", "gpt-5.1")),
        (ARCHON, "provider: pi\nmodel: anthropic/x\nnodes: []\n", CLAUDE_A, ("x", "claude-a")),
        (GH_AW, "---\nengine: {id: claude, model: sonnet}\n---\n", GPT, None),
        (GH_AW, "---\nengine: claude\nmodel: claude-b\n---\n", GPT, None),
        (GH_AW, "---\nengine: claude\nmodel: sonnet\n---\n", CLAUDE_A, ("sonnet", "claude-a")),
        (
            GH_AW,
            "---\nengine: codex\nmodel: openai/gpt-b\n---\n",
            GPT,
            ("gpt-b", "gpt-5.1"),
        ),
    ],
)
def test_another_provider_than_the_program_is_told_to_ask_is_refused(
    dialect: Dialect, text: str, new: ModelReference, expected: tuple[str, str] | None
) -> None:
    document = Document(text, dialect)
    edits = set_site(document, document.parts()[0], 0, new)
    assert document.apply(edits) == (text.replace(*expected) if expected else text)


@pytest.mark.parametrize(
    ("marked", "dialect"),
    [
        ("provider: claude\nmodel: $0\nnodes: []\n", ARCHON),
        ("---\nengine: {id: claude, model: $0}\n---\n", GH_AW),
        ("---\nengine: claude\nmodel: c$0\n---\n", GH_AW),
    ],
)
def test_no_other_provider_is_offered(marked: str, dialect: Dialect) -> None:
    labels = offered(marked, dialect)
    assert any(one.startswith("claude-") for one in labels)
    assert not [one for one in labels if "/" in one or one.startswith("gpt-4")]


@pytest.mark.parametrize(
    "word",
    ["claude-3-5-sonnet-2024'1022'", "'claude-3-5-sonnet'-20241022", 'cl"aude-x"y'],
)
def test_a_word_that_is_quoted_in_part_stays(word: str) -> None:
    step = f"uses: anthropics/claude-code-action@v1, with: {{claude_args: --model {word}}}"
    document = Document(f"jobs: {{j: {{steps: [{{{step}}}]}}}}\n", builtin("github-actions"))
    assert set_site(document, document.parts()[0], 0, CLAUDE_A) == ()


def test_what_is_choragens_alone_is_not_said_of_other_files() -> None:
    document = Document(agent("sonnet"), CLAUDE)
    assert symbols(document) == folds(document) == lenses(document, CATALOG, OPTIONS) == []
    assert name_at(document, Position(1, 7)) is None


STEP = "jobs:\n  a:\n    steps:\n      - uses: {}@v1\n        with:\n          {}\n"
CLAUDE_STEP, CODEX_STEP = "anthropics/claude-code-action", "openai/codex-action"
WORKFLOW, OPENCODE = ".github/workflows/a.yml", "opencode.json"


def claimed(path: str, marked: str) -> tuple[Document, Position]:
    """The document that lies at a path, and the place of its `$0`."""
    dialect = claim(Path(path).absolute(), Dialects(), head=marked.replace("$0", ""))
    assert dialect is not None
    return at(marked, dialect)


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        (WORKFLOW, STEP.format(CODEX_STEP, "model: ${{ vars.$0 }}")),
        (WORKFLOW, STEP.format(CODEX_STEP, "model: $0${{ vars.X || 'gpt-5' }}")),
        (WORKFLOW, STEP.format(CODEX_STEP, "model: '${{ vars.X$0 || ''gpt-5'' }}'")),
        (WORKFLOW, STEP.format(CODEX_STEP, "model: ${{ vars.$0")),
        (WORKFLOW, STEP.format(CLAUDE_STEP, "claude_args: --model ${{ vars.$0 }} -p")),
        (WORKFLOW, STEP.format(CLAUDE_STEP, 'claude_args: |\n            --model "$MO$0DEL"')),
        (OPENCODE, '{"model": "{env:$0}"}'),
        (OPENCODE, '{"model": "{file:a$0"}'),
        (".codex/config.toml", 'model = "${X$0}"\n'),
        (".claude/agents/a.md", "---\nmodel: us.anthropic.$0\n---\n"),
        ("promptfooconfig.yaml", "providers:\n  - openai:{{env.$0}}\n"),
        (".taskmaster/config.json", '{"models": {"main": {"provider": "${X$0}"}}}'),
    ],
)
def test_what_is_filled_in_elsewhere_is_not_replaced(path: str, marked: str) -> None:
    assert complete(*claimed(path, marked), CATALOG, OPTIONS).items == ()


@pytest.mark.parametrize(
    ("written", "label", "after"),
    [
        ("${{ vars.X || '$0' }}", "gpt-5-mini", "${{ vars.X || 'gpt-5-mini' }}"),
        ("${{ vars.X || 'gpt-5-m$0' }}", "gpt-5-mini", "${{ vars.X || 'gpt-5-mini' }}"),
        ("'${{ vars.X || ''$0'' }}'", "gpt-4o", "'${{ vars.X || ''gpt-4o'' }}'"),
        ("\"${{ vars.X || 'gpt$0' }}\"", "gpt-4o", "\"${{ vars.X || 'gpt-4o' }}\""),
    ],
)
def test_the_default_of_what_is_filled_in_is_completed(
    written: str, label: str, after: str
) -> None:
    marked = STEP.format(CODEX_STEP, f"model: {written}")
    document, position = claimed(WORKFLOW, marked)
    items = complete(document, position, CATALOG, OPTIONS).items
    (item,) = [one for one in items if one.label == label]
    changed = document.apply([item.edit, *item.also])
    assert changed == STEP.format(CODEX_STEP, f"model: {after}")


@pytest.mark.parametrize(
    ("path", "marked", "why"),
    [
        (OPENCODE, '{"model": "{env:$0X}"}', "depends on where"),
        (WORKFLOW, STEP.format(CODEX_STEP, "model: ${{ vars.$0X }}"), "depends on where"),
        (".claude/agents/a.md", "---\nmodel: $$0MODEL\n---\n", "depends on where"),
        (
            ".claude/settings.json",
            '{"model": "claude$0-x", "env": {"ANTHROPIC_BASE_URL": "https://x"}}',
            "another address",
        ),
        (
            WORKFLOW,
            STEP.format(CODEX_STEP, "responses-api-endpoint: x\n          model: gp$0t"),
            "another address",
        ),
    ],
)
def test_hover_says_why_a_name_is_not_checked(path: str, marked: str, why: str) -> None:
    answer = hover(*claimed(path, marked), CATALOG, OPTIONS)
    assert answer is not None
    assert why in answer.markdown


@pytest.mark.parametrize(
    ("before", "quote", "after"),
    [
        ("providers:\n  - {id: ", '"', ""),
        ("providers:\n  - {id: ", '"', "}\n"),
        ("providers:\n  - {label: x, id: ", '"', "\nprompts: [a]\n"),
        ("providers:\n  - {id: ", "'", ", label: x}\n"),
        ("providers: [{id: ", '"', "\n"),
        ("providers: [", "'", "]\n"),
    ],
)
def test_a_quote_that_is_open_in_brackets_is_closed(before: str, quote: str, after: str) -> None:
    marked = f"{before}{quote}openai:chat:$0{after}"
    closed = f"{before}{quote}openai:chat:gpt-4o{quote}{after}"
    assert taken(marked, "gpt-4o", PROMPTFOO) == closed
