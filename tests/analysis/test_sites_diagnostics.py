"""What is said of models in other programs' files, what fixes it, and what silences it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.analysis.foreign import CLAUDE, PROMPTFOO, agent, config, retired, said
from tests.analysis.support import CATALOG, OPTIONS, catalog, provider

from stagewright.analysis.choragen.lenses import lenses
from stagewright.analysis.choragen.navigation import name_at
from stagewright.analysis.choragen.symbols import folds, symbols
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.unreadable import cut_short
from stagewright.analysis.fixes.actions import fixes, preferred_fixes
from stagewright.dialects.dialect import Dialect, builtin, builtins
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position


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


def test_a_list_denies_models_only_at_the_providers_own_address() -> None:
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


def test_what_is_choragens_alone_is_not_said_of_other_files() -> None:
    document = Document(agent("sonnet"), CLAUDE)
    assert symbols(document) == folds(document) == lenses(document, CATALOG, OPTIONS) == []
    assert name_at(document, Position(1, 7)) is None
