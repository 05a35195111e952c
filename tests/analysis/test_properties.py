"""For random templates and random edits of them: no exception, and nothing outside of the text."""

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from tests.analysis.generate import changes, templates
from tests.analysis.support import CATALOG, OPTIONS, applied, with_marks

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.edits import set_model
from stagewright.analysis.fixes.actions import fix_all, fixes
from stagewright.analysis.hover import hover
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span

pytestmark = pytest.mark.long(27)

ABOUT_MODELS = ("model-", "provider-")


def comments(text: str) -> int:
    return sum(line.count("#") for line in text.splitlines())


def assert_inside(document: Document, span: Span) -> None:
    assert document.clamp(span.start) == span.start
    assert document.clamp(span.end) == span.end
    assert span.start <= span.end


@settings(max_examples=150)
@given(templates())
def test_valid_templates_have_no_diagnostics_but_those_about_models(text: str) -> None:
    found = diagnose(Document(text), CATALOG, OPTIONS)
    assert [one for one in found if not one.code.startswith(ABOUT_MODELS)] == []


@settings(max_examples=300)
@given(st.data())
def test_random_edits_never_lead_outside_of_the_text(data: st.DataObject) -> None:
    document = Document(data.draw(templates()))
    for _ in range(data.draw(st.integers(1, 4))):
        span, text = data.draw(changes(list(document.lines)))
        document.edit(span, text)
    diagnostics = diagnose(document, CATALOG, OPTIONS)
    for diagnostic in diagnostics:
        assert_inside(document, diagnostic.span)
        for fix in fixes(document, diagnostic, CATALOG, OPTIONS):
            applied(document, fix.edits)
    applied(document, fix_all(document, diagnostics, CATALOG, OPTIONS))
    for index in range(len(document.entries())):
        for reference in (ModelReference("openai", "gpt-5"), None):
            applied(document, set_model(document, index, reference))
    line = data.draw(st.integers(0, len(document.lines) - 1))
    column = data.draw(st.integers(0, len(document.lines[line])))
    answer = complete(document, Position(line, column), CATALOG, OPTIONS)
    for item in answer.items:
        assert_inside(document, item.edit.span)
        applied(document, [item.edit, *item.also])
    about = hover(document, Position(line, column), CATALOG, OPTIONS)
    if about:
        assert_inside(document, about.span)


@settings(max_examples=200)
@given(st.data())
def test_setting_a_model_changes_that_stage_alone_and_keeps_all_else(data: st.DataObject) -> None:
    document = Document(data.draw(templates()))
    entries = document.entries()
    index = data.draw(st.integers(0, len(entries) - 1))
    reference = data.draw(st.sampled_from([ModelReference("acme", "a b:c"), None]))
    text = applied(document, set_model(document, index, reference))
    after = Document(text).entries()
    assert len(after) == len(entries)
    for number, (one, other) in enumerate(zip(entries, after, strict=True)):
        assert (one.name and one.name.value) == (other.name and other.name.value)
        expected = reference if number == index else one.model and one.model.reference
        assert (other.model and other.model.reference) == expected
    assert comments(text) == comments(document.text)
    if reference is not None:
        removed = Document(text)
        back = entries[index].model.reference if entries[index].model else None
        assert applied(removed, set_model(removed, index, back)) == document.text


@settings(max_examples=200)
@given(st.data())
def test_applying_all_fixes_leaves_fewer_diagnostics(data: st.DataObject) -> None:
    document = Document(data.draw(templates()))
    span, text = data.draw(changes(list(document.lines)))
    document.edit(span, text)
    diagnostics = diagnose(document, CATALOG, OPTIONS)
    edits = fix_all(document, diagnostics, CATALOG, OPTIONS)
    if not edits:
        return
    fixed = Document(applied(document, edits))
    left = diagnose(fixed, CATALOG, OPTIONS)
    note(with_marks(document, diagnostics))
    note(with_marks(fixed, left))
    assert len(left) < len(diagnostics)
    syntax = "template-syntax"
    if not any(one.code == syntax for one in diagnostics):
        assert not any(one.code == syntax for one in left)
