"""Nothing is said of what cannot be judged, and nobody is asked about it."""

from __future__ import annotations

import pytest
from tests.analysis.support import OPTIONS, catalog, provider
from tests.dialects.silence import SILENT
from tests.dialects.silent import Silent
from tests.dialects.support import claimed

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import references, to_ask_about
from stagewright.dialects.document import sites

KNOWN = catalog(*(provider(name, "only-this") for name in ("anthropic", "openai", "gemini")))
"""Providers that deny everything that they are asked about."""


@pytest.mark.parametrize("silent", SILENT.values(), ids=SILENT)
def test_nothing_is_said(silent: Silent) -> None:
    document = claimed(silent.path, silent.text)
    found = [site for _, site in sites(document)]
    assert len(found) == silent.sites
    assert [site.reference for site in found] == [None] * silent.sites
    assert list(references(document)) == []
    assert to_ask_about(document, KNOWN, OPTIONS) == []
    assert diagnose(document, KNOWN, OPTIONS) == []
