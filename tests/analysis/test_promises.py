"""What fixes promise, in every style of YAML: less is found, all parses, no comment is lost."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given, note, settings
from tests.analysis.styles import templates
from tests.analysis.support import CATALOG, OPTIONS, applied, with_marks

from stagewright.analysis.diagnostics.diagnose import ONCE_PER_FILE, diagnose
from stagewright.analysis.edits import refusal, set_model
from stagewright.analysis.fixes.actions import fix_all, fixes
from stagewright.analysis.results import Diagnostic
from stagewright.catalog.model import ModelReference
from stagewright.cli.checking.files import Target
from stagewright.cli.checking.judge import Evidence, Judged, judge
from stagewright.cli.checking.result import CheckedFile
from stagewright.dialects import choragen
from stagewright.dialects.document import Document

COMMENT = re.compile(r"# c\d+(?=\D|$)")
GPT = ModelReference("openai", "gpt-5")


def found_in(document: Document) -> list[Diagnostic]:
    return diagnose(document, CATALOG, OPTIONS)


def parses(text: str) -> bool:
    """Whether libyaml reads the text, and all aliases in it stand for something."""
    try:
        for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
            pass
    except yaml.YAMLError:
        return False
    return all(diagnostic.code != "template-syntax" for diagnostic in found_in(Document(text)))


def comments(text: str) -> Counter[str]:
    """How often each comment stands in a text; what only looks like one is not counted."""
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    texts = [event.value for event in events if isinstance(event, yaml.ScalarEvent)]
    counted = Counter(COMMENT.findall(text))
    counted.subtract(COMMENT.findall("\n".join(texts)))
    return +counted


@settings(max_examples=60)
@given(templates())
def test_every_fix_leaves_what_parses_with_its_comments(text: str) -> None:
    document = Document(text)
    diagnostics = found_in(document)
    note(with_marks(document, diagnostics))
    well = parses(text)
    for diagnostic in diagnostics:
        assert document.clamp(diagnostic.span.start) <= document.clamp(diagnostic.span.end)
        for fix in fixes(document, diagnostic, CATALOG, OPTIONS):
            after = applied(document, fix.edits)
            note(f"{fix.title}:\n{after}")
            assert not well or parses(after)
            if fix.silences and diagnostic.code not in ONCE_PER_FILE:
                assert len(found_in(Document(after))) < len(diagnostics)
            elif well and not fix.silences:
                assert comments(after) == comments(text)


@pytest.mark.parametrize(
    "stage",
    [
        {},
        {"type": "design", "gate": {"prompt": "p"}},
        {"name": "a", "type": "design", "defaultModel": {"model": "gpt-5"}},
        {"defaultModel": {"provider": "opnai", "model": "gpt-5"}, "name": "a", "tpye": "design"},
        {"gate": {"options": [{"label": "x"}], "type": "auto"}, "hooks": {"onExit": []}},
    ],
)
def test_every_fix_of_a_canonical_dump_leaves_what_parses(stage: dict[str, object]) -> None:
    document = Document(yaml.dump({"stages": [stage]}, canonical=True))
    for diagnostic in found_in(document):
        for fix in fixes(document, diagnostic, CATALOG, OPTIONS):
            assert parses(applied(document, fix.edits)), fix.title


def test_fixes_are_told_apart_by_what_they_do_whatever_ends_the_lines() -> None:
    text = "name: t\nstages:\n- gate:\n    type: auto\n  name: a\n  type: design\n- name: b\n"
    text = text.replace("\n", "\r")
    document = Document(text)
    assert parses(applied(document, fix_all(document, found_in(document), CATALOG, OPTIONS)))


@settings(max_examples=60)
@given(templates())
def test_all_fixes_of_a_file_leave_less_to_find(text: str) -> None:
    document = Document(text)
    diagnostics = found_in(document)
    if edits := fix_all(document, diagnostics, CATALOG, OPTIONS):
        after = applied(document, edits)
        note(with_marks(document, diagnostics))
        note(after)
        assert len(found_in(Document(after))) < len(diagnostics)
        if parses(text):
            assert parses(after)
            assert comments(after) == comments(text)


@settings(max_examples=40)
@given(templates())
def test_a_stage_has_the_model_that_was_set_or_it_is_said_why_not(text: str) -> None:
    document = Document(text)
    if not parses(text):
        return
    for index in range(document.count()):
        for reference in (GPT, None):
            after = applied(document, set_model(document, index, reference))
            note(after)
            assert parses(after)
            assert comments(after) == comments(text)
            if refusal(document, index, reference):
                assert after == text
            else:
                model = Document(after).entries()[index].model
                assert (model.reference if model else None) == reference


def judged(path: Path, *, fix: bool) -> CheckedFile:
    result: Judged = judge(
        Evidence(CATALOG, OPTIONS, {}, fix), Target(path, choragen.TEMPLATE, path.parent)
    )
    assert result.file is not None
    assert result.problem is None
    return result.file


@settings(max_examples=30)
@given(text=templates())
def test_check_fixes_as_much_as_it_promises(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("template") / "a.yaml"
    path.write_bytes(text.encode())
    before = judged(path, fix=False)
    assert path.read_bytes() == text.encode()
    after = judged(path, fix=True)
    assert len(after.fixed) == before.fixable
    assert bool(after.fixed) == (len(after.notes) < len(before.notes))
    assert judged(path, fix=False).fixable == 0
