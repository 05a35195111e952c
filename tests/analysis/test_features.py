"""What only some dialects have: it is added where there is something, and nothing is where not."""

from __future__ import annotations

import tomllib

import pytest
from tests.analysis.support import OPTIONS, catalog, provider

from stagewright.analysis.choragen.hints import hints
from stagewright.analysis.choragen.lenses import lenses
from stagewright.analysis.choragen.navigation import name_at, names
from stagewright.analysis.choragen.on_enter import on_enter
from stagewright.analysis.choragen.symbols import folds, links, symbols
from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.features import features
from stagewright.analysis.hover import hover
from stagewright.analysis.results import NameKind
from stagewright.dialects import choragen
from stagewright.dialects.dialect import Dialect, all_builtin, dialects_from
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span

CATALOG = catalog(provider("anthropic", "claude-a", "claude-b", asks_single=False, own_origin=True))
CHORAGENS = frozenset({choragen.TEMPLATE, choragen.ROLES, choragen.TRANSCRIPT})
LIKE_A_TEMPLATE = """\
name: mine
stages:
  - name: one
    roleId: nobody
    initPrompt: "Work on {{"
    model: {provider: anthropic, model: claude-a}

"""


def mine() -> Dialect:
    """A dialect that is not built in, whose files look like templates."""
    said = """
        name = "Mine"
        files = ["mine.yaml"]
        list = "stages"
        [[places]]
        at = ["$.stages[*].model"]
        written = "pair"
    """
    (found,) = dialects_from("mine", tomllib.loads(said))
    return found


@pytest.mark.parametrize("dialect", all_builtin(), ids=lambda one: f"{one.id}-{one.syntax}")
def test_choragen_s_files_have_more_and_no_others(dialect: Dialect) -> None:
    assert (features(dialect) is not None) is (dialect in CHORAGENS)
    assert dialect.runs_here is (dialect in CHORAGENS)
    assert dialect.follows_workflow is (dialect is choragen.TRANSCRIPT)
    assert dialect.begins_workflow is (dialect is choragen.TEMPLATE)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (1, 0),  # a key
        (2, 12),  # a stage's name
        (3, 18),  # a role
        (4, 26),  # a variable
        (6, 4),  # a new key
    ],
)
def test_nothing_but_models_is_offered_or_explained_elsewhere(line: int, column: int) -> None:
    document, at = Document(LIKE_A_TEMPLATE, mine()), Position(line, column)
    assert complete(document, at, CATALOG, OPTIONS).items == ()
    assert hover(document, at, CATALOG, OPTIONS) is None
    assert name_at(document, at) is None
    assert on_enter(document, at) == ()


def test_models_are_offered_explained_and_judged_there_all_the_same() -> None:
    document = Document(LIKE_A_TEMPLATE.replace("claude-a", "claude-x"), mine())
    at = Position(5, 48)
    offered = complete(document, at, CATALOG, OPTIONS).items
    assert {one.label for one in offered} == {"claude-a", "claude-b"}
    assert hover(document, at, CATALOG, OPTIONS) is not None
    template = Document(document.text.replace("model: {", "defaultModel: {"))
    codes = {one.code for one in diagnose(template, CATALOG, OPTIONS)}
    assert {"template-structure", "choragen-reads-differently"} <= codes
    assert {one.code for one in diagnose(document, CATALOG, OPTIONS)} == {"model-unlisted"}


def test_what_only_templates_have_is_nothing_there() -> None:
    document = Document(LIKE_A_TEMPLATE, mine())
    assert not lenses(document, CATALOG, OPTIONS)
    assert not symbols(document)
    assert not folds(document)
    assert not links(document)
    assert not names(document, NameKind.STAGE, "one")
    assert not hints(document, Span(Position(0, 0), document.end()), CATALOG, OPTIONS)
