"""Templates of one stage, and what is said of its model."""

from __future__ import annotations

from tests.analysis.support import CATALOG, OPTIONS, about_models

from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document


def one_stage(provider_id: str, model: str) -> Document:
    """A template whose one stage has this default model."""
    reference = f"      provider: {provider_id}\n      model: {model}\n"
    return Document(f"stages:\n  - name: a\n    defaultModel:\n{reference}")


def diagnostics(
    provider_id: str, model: str, known: Catalog = CATALOG, options: Options = OPTIONS
) -> list[Diagnostic]:
    """What is said of that model."""
    return about_models(one_stage(provider_id, model), known, options)


def codes(found: list[Diagnostic]) -> list[str]:
    return [diagnostic.code for diagnostic in found]
