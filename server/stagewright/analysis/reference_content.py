"""A reference as the two keys that Choragen's files have for it."""

from __future__ import annotations

from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document
from stagewright.text.yaml.writing import scalar


def reference_content(
    document: Document, reference: ModelReference, *, flow: bool = False
) -> tuple[tuple[str, str], tuple[str, str]]:
    """A reference as the content of its key, to be written in this document."""
    typed = document.dialect.typed
    return (
        ("provider", scalar(reference.provider, typed=typed, flow=flow)),
        ("model", scalar(reference.model, typed=typed, flow=flow)),
    )
