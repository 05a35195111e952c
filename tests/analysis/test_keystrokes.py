"""Templates typed character by character: the right offers, and none in the wrong place."""

import re
from pathlib import Path

import pytest
from tests.analysis.support import OPTIONS, applied, catalog, provider, without_key

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.edits import set_model
from stagewright.analysis.results import ItemKind
from stagewright.catalog.model import Model, ModelReference
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span

pytestmark = pytest.mark.long(15)

TEMPLATES = Path(__file__).parents[1] / "data/choragen/workflow-templates"
PROVIDERS = ["anthropic", "openai", "mistral"]
MODELS = [f"claude-opus-4-{number}" for number in range(9)]
KNOWN = catalog(
    provider("anthropic", *MODELS),
    provider("openai", "gpt-5", "gpt-4o"),
    without_key("mistral", Model("mistral-large-latest")),
)

PROSE = """\
# provider: o
stages:
  - name: "provider: an"  # model: c
    type: request
    initPrompt: |
      provider: anthropic
      model: claude
      defaultModel:
        provider: openai
        model: gpt
    gate:
      type: human_approval
      prompt: "Which model: gpt or claude?
        provider: anthropic"
    defaultModel:
      # provider: mistral
      provider: anthropic
      model: claude-opus-4-3
"""


def with_models(text: str) -> str:
    """The template with `defaultModel` on every stage."""
    document = Document(text)
    for index in range(len(document.entries())):
        reference = ModelReference("anthropic", MODELS[index % len(MODELS)])
        for edit in reversed(set_model(document, index, reference)):
            document.edit(edit.span, edit.text)
    return document.text


@pytest.mark.parametrize("name", ["standard", "hotfix", "documentation", "ideation"])
def test_a_template_as_it_is_and_with_models_has_no_diagnostics(name: str) -> None:
    text = (TEMPLATES / f"team-{name}.yaml").read_text(encoding="utf-8")
    assert diagnose(Document(text), KNOWN, OPTIONS) == []
    assert diagnose(Document(with_models(text)), KNOWN, OPTIONS) == []
    assert with_models(text).count("defaultModel:") == text.count("  - name:")


@pytest.mark.parametrize("name", ["standard", "hotfix", "documentation", "ideation"])
def test_typing_a_template_offers_models_where_they_belong(name: str) -> None:
    text = with_models((TEMPLATES / f"team-{name}.yaml").read_text(encoding="utf-8"))
    assert type_and_check(text) > 800


def test_typing_prose_offers_no_models() -> None:
    assert type_and_check(PROSE) > 300


def test_typing_at_the_top_of_a_whole_template_and_in_its_middle() -> None:
    text = with_models((TEMPLATES / "team-standard.yaml").read_text(encoding="utf-8"))
    first, rest = text.split("  - name:", 1)
    stage, rest = ("  - name:" + rest).split("\n  - ", 1)
    assert type_and_check(stage + "\n", before=first, after=f"  - {rest}") > 100


def type_and_check(text: str, before: str = "", after: str = "") -> int:
    """Type the text between the others; check the offers after every key, and return how many."""
    document = Document(before + after)
    lines = before.split("\n")
    at = Position(len(lines) - 1, len(lines[-1]))
    typed = before
    for character in text:
        document.edit(Span(at, at), character)
        typed += character
        at = Position(at.line + 1, 0) if character == "\n" else Position(at.line, at.column + 1)
        check_offers(document, at, typed)
        diagnose(document, KNOWN, OPTIONS)
    assert document.text == before + text + after
    return len(text)


def check_offers(document: Document, at: Position, typed: str) -> None:
    answer = complete(document, at, KNOWN, OPTIONS)
    for item in answer.items:
        applied(document, [item.edit, *item.also])
    offered = [
        item.label for item in answer.items if item.kind in (ItemKind.MODEL, ItemKind.PROVIDER)
    ]
    half, prefix = expected_half(typed)
    if half is None:
        assert offered == [], typed[-80:]
        return
    fitting = [name for name in (PROVIDERS if half == "provider" else MODELS) if prefix in name]
    if fitting != [prefix]:
        assert sorted(offered) == sorted(fitting), typed[-80:]
    else:
        assert offered[0] == prefix


def expected_half(typed: str) -> tuple[str | None, str]:
    """Whether a provider or a model is being typed, told by the text alone, and what of it."""
    line = typed.rpartition("\n")[2]
    match = re.fullmatch(r" {6}(provider|model): ?([\w.-]*)", line)
    if match is None:
        return None, ""
    above = [one for one in typed.splitlines()[:-1] if not one.lstrip().startswith("#")]
    opener = next((one for one in reversed(above) if not one.startswith(" " * 6)), "")
    return (match[1], match[2]) if opener == "    defaultModel:" else (None, "")
