"""What is shown while reading: lenses, hints, hovers, symbols, folds, links, names."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from tests.analysis.support import (
    CATALOG,
    NOW,
    OPTIONS,
    applied,
    catalog,
    document_at,
    provider,
    without_key,
)

from stagewright.analysis.choragen.hints import hints
from stagewright.analysis.choragen.lenses import lenses
from stagewright.analysis.choragen.navigation import name_at, names, rename
from stagewright.analysis.choragen.symbols import folds, links, symbols
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.hover import hover
from stagewright.analysis.results import Fold, Link, NameKind, Symbol
from stagewright.analysis.selection_range import widening
from stagewright.catalog.catalog import Catalog, Status
from stagewright.catalog.model import Lifecycle, Model, ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import read_roles
from stagewright.dialects.document import Dialect, Document
from stagewright.text.buffer import Position, Span

ROLES = read_roles(
    Document(
        "roles:\n  - id: designer\n    model: {provider: anthropic, model: claude-opus-4-1}\n",
        choragen.ROLES,
    )
)
TEMPLATE = Document(
    dedent(
        """\
        name: team
        stages:
          - name: "plan"
            type: request
          - name: design
            type: design
            roleId: designer
          - name: build
            type: implementation
            defaultModel:
              provider: openai
              model: gpt-5
          - name: check
            type: verification
        """
    )
)
WHOLE = Span(Position(0, 0), TEMPLATE.end())
OPTIONS_HERE = replace(OPTIONS, roles=ROLES, setting=ModelReference("openai", "gpt-4o"))


def test_a_lens_above_each_stage_says_its_model_and_where_it_comes_from() -> None:
    found = lenses(TEMPLATE, CATALOG, OPTIONS_HERE)
    assert [(lens.span.start.line, lens.title) for lens in found if lens.title.count("·")] == [
        (2, "gpt-4o · from the settings"),
        (4, "claude-opus-4-1 (retires 2026-11-30) · from role `designer`"),
        (7, "gpt-5 · stage default"),
        (12, "gpt-5 · from stage `build`"),
    ]
    assert [lens.title for lens in found[1:3]] == ["Chat", "Change model"]
    assert [lens.stage for lens in found] == [index for index in range(4) for _ in range(3)]


def test_without_any_model_a_lens_says_so() -> None:
    assert lenses(TEMPLATE, CATALOG, OPTIONS)[0].title == "No model"
    assert lenses(Document("roles:\n  - id: a\n", choragen.ROLES), CATALOG, OPTIONS) == []


def test_a_hint_where_a_stage_sets_no_model() -> None:
    found = hints(TEMPLATE, WHOLE, CATALOG, OPTIONS_HERE)
    assert [(hint.position, hint.label) for hint in found] == [
        (Position(2, 16), "gpt-4o (from the settings)"),
        (Position(4, 16), "claude-opus-4-1 (from role `designer`, retires 2026-11-30)"),
        (Position(12, 15), "gpt-5 (from stage `build`)"),
    ]
    middle = Span(Position(4, 0), Position(6, 0))
    assert len(hints(TEMPLATE, middle, CATALOG, OPTIONS_HERE)) == 1


def hovered(marked: str, known: Catalog = CATALOG) -> str | None:
    document, position = document_at(marked)
    answer = hover(document, position, known, OPTIONS)
    return answer.markdown if answer else None


def test_hover_on_a_model_tells_its_facts_and_who_says_so() -> None:
    text = "stages:\n  - defaultModel:\n      provider: anthropic\n      model: claude-op$0us-4-5\n"
    assert hovered(text) == (
        "**`claude-opus-4-5`** · Claude Opus 4.5 · Anthropic\n\n"
        "- Context window 200K, answers up to 64K tokens\n"
        "- $5 in, $25 out per million tokens *(offline knowledge: litellm 1.2, 2026-11-20)*\n"
        "- Released 2026-02-01\n\n"
        "*From Anthropic's list of 3 models, checked 3 minutes ago.*"
    )


def test_hover_on_a_retiring_model_adds_facts_to_what_the_diagnostic_says() -> None:
    text = "stages:\n  - defaultModel:\n      provider: anthropic\n      model: claude-opus-4-1$0\n"
    answer = hovered(text)
    assert answer is not None
    assert answer.startswith("**`claude-opus-4-1`** · Claude Opus 4.1 · Anthropic")
    assert "- **Retires 2026-11-30**\n- Successor: `claude-opus-4-5`" in answer
    assert "in 8 days" not in answer


@pytest.mark.parametrize(
    ("successors", "said"),
    [
        (("mid",), "Successor: `mid`, then `new`"),
        (("mid", "gone"), "Successors: `mid`, `gone`, then `new`"),
        (("mid", "new"), "Successors: `mid`, `new`"),
        (("new",), "Successor: `new`"),
        (("gone",), "Successor: `gone`"),
    ],
)
def test_hover_names_the_successor_that_the_diagnostic_names(
    successors: tuple[str, ...], said: str
) -> None:
    old = Model("old", lifecycle=Lifecycle.RETIRED, successors=successors)
    mid = Model("mid", lifecycle=Lifecycle.RETIRED, successors=("new",))
    text = "stages:\n  - defaultModel:\n      provider: openai\n      model: ol$0d\n"
    answer = hovered(text, catalog(provider("openai", old, mid, "new")))
    assert answer is not None
    assert f"- {said}\n" in answer


@pytest.mark.parametrize(
    ("provider_id", "model", "adds"),
    [
        (
            "groq",
            "gpt$0-9",
            "**`gpt-9`** · Groq\n\n*Groq's list of 1 model, checked 3 minutes ago.*",
        ),
        ("openai", "text-embedding$0-3-large", "**`text-embedding-3-large`** · OpenAI"),
        (
            "mis$0tral",
            "x",
            "**Mistral** · no key\n\n*Stagewright's offline know",
        ),
        ("opn$0ai", "x", None),
        (
            "mistral",
            "$0x",
            "**`x`** · Mistral\n\nMistral has no key",
        ),  # flagged at the provider alone
    ],
)
def test_hover_never_repeats_the_diagnostic_beside_it(
    provider_id: str, model: str, adds: str | None
) -> None:
    known = Catalog({**CATALOG.providers, "groq": provider("groq", "llama", asks_single=False)})
    text = f"stages:\n  - defaultModel:\n      provider: {provider_id}\n      model: {model}\n"
    document, position = document_at(text)
    about = hover(document, position, known, OPTIONS)
    assert (about and about.markdown[: len(adds or "")]) == adds
    for found in diagnose(document, known, OPTIONS):
        if about and found.span.contains(position):
            assert found.message not in about.markdown
            assert found.message.partition(". ")[0] not in about.markdown


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("openai", "**OpenAI** · ok\n\n*OpenAI's list of 4 models, checked 3 minutes ago.*"),
        (
            "mistral",
            "**Mistral** · no key\n\n"
            "Set the environment variable MISTRAL_API_KEY to have its models checked.\n\n"
            "*Stagewright's offline knowledge, 1 model.*",
        ),
        ("opnai", "Unknown provider `opnai`. Did you mean `openai`?"),
    ],
)
def test_hover_on_a_provider_tells_its_status_and_what_to_do(value: str, says: str) -> None:
    text = f"stages:\n  - defaultModel:\n      provider: $0{value}\n"
    assert hovered(text) == says


def test_hover_on_models_that_nothing_is_known_of() -> None:
    text = "stages:\n  - defaultModel:\n      provider: PROVIDER\n      model: mystery$0\n"
    late = provider(
        "openai",
        "gpt-5",
        status=Status.RATE_LIMITED,
        stale=True,
        error="OpenAI asks to wait a minute.",
        checked_at=NOW - timedelta(hours=5),
    )
    assert hovered(text.replace("PROVIDER", "openai"), catalog(late)) == (
        "**`mystery`** · OpenAI\n\nCould not check OpenAI's models. "
        "OpenAI asks to wait a minute. The last good list is from 09:30 UTC."
    )
    assert hovered(text.replace("PROVIDER", "groq"), catalog(without_key("groq"))) == (
        "**`mystery`** · Groq\n\nGroq has no key, so its models cannot be checked or used. "
        "Set the environment variable GROQ_API_KEY."
    )
    assert hovered(text.replace("PROVIDER", "nope"), catalog()) is not None


def test_hover_marks_the_word() -> None:
    document, position = document_at("stages: [{defaultModel: {provider: 'ope$0nai', model: x}}]")
    answer = hover(document, position, CATALOG, OPTIONS)
    assert answer is not None
    assert answer.span == Span(Position(0, 36), Position(0, 42))


@pytest.mark.parametrize("text", ["$0", "# model: $0x", "stages:\n  - name: $0"])
def test_no_hover_where_nothing_stands(text: str) -> None:
    assert hovered(text) is None


def outline(found: list[Symbol], indent: str = "") -> list[str]:
    return [
        line
        for one in found
        for line in (f"{indent}{one.name}|{one.detail}", *outline(list(one.children), f"{indent} "))
    ]


def test_symbols_are_the_template_and_its_stages() -> None:
    assert outline(symbols(TEMPLATE)) == [
        "team|",
        " plan|request",
        " design|design",
        " build|implementation · openai/gpt-5",
        " check|verification",
    ]
    (template,) = symbols(TEMPLATE)
    for stage in template.children:
        assert stage.span.start <= stage.name_span.start <= stage.name_span.end <= stage.span.end
    assert template.children[2].span == Span(Position(7, 4), Position(11, 18))


def test_symbols_without_names_are_counted() -> None:
    assert outline(symbols(Document("stages:\n  - type: x\n  -\n"))) == ["stage 1|x", "stage 2|"]
    assert outline(symbols(Document("roles:\n  - id: a\n", choragen.ROLES))) == ["a|"]


def test_symbols_are_found_by_their_letters() -> None:
    (template,) = symbols(TEMPLATE)
    assert [one.name for one in template.fitting("dsg")] == ["design"]
    assert len(list(template.fitting(""))) == 5


def test_folds_follow_the_indentation_and_the_comments() -> None:
    text = "# a\n# b\nstages:\n  - name: a\n    gate:\n      type: auto\n\n  - name: b\n# end\n"
    assert sorted(folds(Document(text)), key=lambda fold: (fold.first, fold.last)) == [
        Fold(0, 1, comment=True),
        Fold(2, 7),
        Fold(3, 5),
        Fold(4, 5),
    ]


def texts(document: Document, spans: list[Span]) -> list[str]:
    lines = list(document.lines)
    return [
        "\n".join(
            [*lines[span.start.line : span.end.line], lines[span.end.line][: span.end.column]]
        )[span.start.column :]
        for span in spans
    ]


def test_a_selection_widens_from_the_word_to_the_whole_text() -> None:
    found = texts(TEMPLATE, widening(TEMPLATE, Position(11, 15)))
    assert found[:4] == [
        "gpt-5",
        "model: gpt-5",
        "provider: openai\n      model: gpt-5",
        "defaultModel:\n      provider: openai\n      model: gpt-5",
    ]
    assert found[4].startswith("name: build")
    assert found[-1] == TEMPLATE.text
    head = texts(TEMPLATE, widening(TEMPLATE, Position(0, 7)))
    assert head[:2] == ["team", "name: team"]


def test_prompts_in_files_are_links() -> None:
    index = Document(
        "roles:\n  - id: a\n    systemPrompt: file:prompts/a.md\n  - id: b\n"
        "    systemPrompt: text\n  - id: c\n    systemPrompt: 'file: '\n",
        choragen.ROLES,
    )
    assert links(index) == [Link(Span(Position(2, 18), Position(2, 35)), "prompts/a.md")]
    assert links(TEMPLATE) == []


NAMED = """\
name: team
stages:
  - name: design
    type: design
    roleId: "designer"
    hooks:
      onEnter:
        - type: spawn_agent
          role: designer
        - type: emit_event
          role: designer
  - {name: build, roleId: designer}
"""
INDEX = "roles:\n  - id: designer\n    name: designer\n  - id: other\n"


@pytest.mark.parametrize(
    ("before", "kind", "text", "defines"),
    [
        ("  - name: des", NameKind.STAGE, "design", True),
        ('roleId: "desi', NameKind.ROLE, "designer", False),
        ("name: ", NameKind.TEMPLATE, "team", True),
        ("type: spawn_agent\n          role: ", NameKind.ROLE, "designer", False),
        ("{name: build, roleId: ", NameKind.ROLE, "designer", False),
    ],
)
def test_the_name_under_the_cursor(before: str, kind: NameKind, text: str, defines: bool) -> None:
    found = name_at(*document_at(NAMED.replace(before, f"{before}$0", 1)))
    assert found is not None
    assert (found.kind, found.text, found.defines) == (kind, text, defines)


@pytest.mark.parametrize("marked", ["stages:\n  - type: des$0ign", "$0", "stages:\n  - name: $0"])
def test_other_words_are_no_names(marked: str) -> None:
    assert name_at(*document_at(marked)) is None


def test_names_in_flow_style_are_told_apart() -> None:
    marked = "stages: [{name: a, roleId: x}, {name: $0b, roleId: x}]"
    document, position = document_at(marked)
    found = name_at(document, position)
    assert found is not None
    assert found.text == "b"
    assert len(names(document, NameKind.ROLE, "x")) == 2


def renamed(text: str, kind: NameKind, old: str, new: str, of: Dialect = choragen.TEMPLATE) -> str:
    document = Document(text, of)
    found = names(document, kind, old)
    return applied(document, rename(document, found[0], new))


def test_a_role_is_renamed_in_the_index_and_wherever_it_is_used() -> None:
    assert renamed(INDEX, NameKind.ROLE, "designer", "architect", choragen.ROLES) == (
        INDEX.replace("id: designer", "id: architect")
    )
    assert renamed(NAMED, NameKind.ROLE, "designer", "architect") == (
        NAMED.replace('"designer"', '"architect"')
        .replace("spawn_agent\n          role: designer", "spawn_agent\n          role: architect")
        .replace("roleId: designer}", "roleId: architect}")
    )


@pytest.mark.parametrize(
    ("written", "obstacle"),
    [
        ("old role", ""),
        ("'old role'", ""),
        ('"ol\\x64 role"', ""),
        ("\n      old role # why", ""),
        ("&r old role", "has an anchor"),
        ("&r\n      old role", "has an anchor"),
        ("*r", "is an alias"),
        ("old\n      role", "spans several lines"),
        ('"ol\\\n      d role"', "spans several lines"),
        (">- # why\n      old\n      role", "spans several lines"),
    ],
)
def test_every_way_to_write_a_name_is_found(written: str, obstacle: str) -> None:
    text = f"x-role: &r old role\nstages:\n  - name: a\n    roleId: {written}\n"
    document = Document(text)
    (found,) = names(document, NameKind.ROLE, "old role")
    assert (found.defines, found.obstacle) == (False, obstacle)
    assert name_at(document, found.span.start) == found
    if not obstacle:
        new = yaml.safe_load(applied(document, rename(document, found, "it's")))
        assert new["stages"] == [{"name": "a", "roleId": "it's"}]


def test_an_alias_stands_for_the_value_that_was_marked_last_above_it() -> None:
    stages = ["{name: &r a, roleId: *r}", "{name: &r b, roleId: *r}", "{name: c, roleId: *gone}"]
    for text in ("stages:\n- " + "\n- ".join(stages), f"{{stages: [{', '.join(stages)}]}}"):
        used = {name: len(names(Document(text), NameKind.ROLE, name)) for name in "abc"}
        assert used == {"a": 1, "b": 1, "c": 0}


def test_a_stage_is_renamed_where_it_stands() -> None:
    assert renamed(NAMED, NameKind.STAGE, "design", "a: b") == (
        NAMED.replace("name: design\n", 'name: "a: b"\n')
    )
    twice = NAMED.replace("name: build", "name: design")
    assert renamed(twice, NameKind.STAGE, "design", "draw") == (
        twice.replace("name: design\n", "name: draw\n")
    )
    assert renamed(NAMED, NameKind.STAGE, "design", "design") == NAMED


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "cannot be empty"),
        (" ", "cannot be empty"),
        (" a", "cannot start or end"),
        ("a\nb", "one line"),
        ("a\ufeffb", "one line"),
    ],
)
def test_what_can_be_no_name_is_refused(name: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        renamed(NAMED, NameKind.STAGE, "design", name)


def test_real_templates_and_roles_read_well() -> None:
    data = Path(__file__).parents[1] / "data/choragen"
    for path in [*(data / "workflow-templates").iterdir(), data / "roles/index.yaml"]:
        kind: Dialect = choragen.ROLES if path.name == "index.yaml" else choragen.TEMPLATE
        document = Document(path.read_text(encoding="utf-8"), kind)
        assert symbols(document)
        assert folds(document)
        for number, line in enumerate(document.lines):
            spans = widening(document, Position(number, len(line)))
            for inner, outer in pairwise(spans):
                assert outer.start <= inner.start <= inner.end <= outer.end
