"""Setting the model of a stage, and the text after it."""

from __future__ import annotations

from textwrap import dedent

from tests.analysis.support import applied

from stagewright.analysis.edits import set_model
from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document

GPT = ModelReference("openai", "gpt-5")


def after(
    text: str, reference: ModelReference | None, index: int = 0, kind: Dialect = choragen.TEMPLATE
) -> str:
    """The text once the model of a stage or role is set; removed by None."""
    document = Document(dedent(text).lstrip("\n"), kind)
    return applied(document, set_model(document, index, reference))


def assert_edited(
    before: str,
    expected: str,
    reference: ModelReference | None = GPT,
    *,
    kind: Dialect = choragen.TEMPLATE,
) -> None:
    """Check the text after the model of its first stage is set, and that it is read back."""
    assert after(before, reference, kind=kind) == dedent(expected).lstrip("\n")
    if reference is not None:
        entry = Document(dedent(expected).lstrip("\n"), kind).entries()[0]
        assert entry.model is not None
        assert entry.model.reference == reference
