"""What Choragen's files have besides models; each is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from stagewright.analysis.options import Options
from stagewright.analysis.results import (
    Completion,
    Diagnostic,
    Fix,
)
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position
from stagewright.text.cursor import Cursor

if TYPE_CHECKING:
    from stagewright.analysis.choragen.create_role import fix_elsewhere as fix_elsewhere
    from stagewright.analysis.choragen.diagnostics import diagnose as diagnose
    from stagewright.analysis.choragen.entry_cache import check as check
    from stagewright.analysis.choragen.hints import hints as hints
    from stagewright.analysis.choragen.hover import hover as hover
    from stagewright.analysis.choragen.lenses import lenses as lenses
    from stagewright.analysis.choragen.navigation import name_at as name_at
    from stagewright.analysis.choragen.navigation import names as names
    from stagewright.analysis.choragen.navigation import places as places
    from stagewright.analysis.choragen.navigation import rename as rename
    from stagewright.analysis.choragen.navigation import why_kept as why_kept
    from stagewright.analysis.choragen.on_enter import on_enter as on_enter
    from stagewright.analysis.choragen.stage_models import models_in_effect as models_in_effect
    from stagewright.analysis.choragen.symbols import folds as folds
    from stagewright.analysis.choragen.symbols import links as links
    from stagewright.analysis.choragen.symbols import symbols as symbols


def complete_text(document: Document, position: Position) -> Completion | None:
    """Variables, in the prompts of templates."""
    if "{{" not in document.lines[position.line][: position.column]:
        return None
    from stagewright.analysis.choragen.complete_names import complete_variable

    return complete_variable(document, position)


def complete(document: Document, cursor: Cursor, catalog: Catalog, options: Options) -> Completion:
    """Keys, words, roles and tools, as the schema has them."""
    from stagewright.analysis.choragen.complete_keys import complete_key, complete_word
    from stagewright.analysis.choragen.complete_names import complete_role, complete_tool
    from stagewright.dialects.choragen.schema import key_at

    if cursor.place == "key":
        return complete_key(document, cursor, catalog, options)
    key = key_at(document.dialect, cursor.path)
    if key is not None and key.refers_to == "role":
        return complete_role(document, cursor, options)
    if key is not None and key.refers_to == "tool":
        return complete_tool(document, cursor, options)
    return complete_word(document, cursor, options)


_ELSEWHERE = {
    "hover": "hover",
    "diagnose": "diagnostics",
    "symbols": "symbols",
    "folds": "symbols",
    "links": "symbols",
    "hints": "hints",
    "lenses": "lenses",
    "on_enter": "on_enter",
    "check": "entry_cache",
    "fix_elsewhere": "create_role",
    "name_at": "navigation",
    "names": "navigation",
    "places": "navigation",
    "rename": "navigation",
    "why_kept": "navigation",
    "models_in_effect": "stage_models",
}
"""The modules of further functions."""


def __getattr__(name: str) -> Any:
    if name not in _ELSEWHERE:
        raise AttributeError(name)
    return getattr(import_module(f"stagewright.analysis.choragen.{_ELSEWHERE[name]}"), name)


def fixes(document: Document, diagnostic: Diagnostic, options: Options) -> Iterable[Fix]:
    """Of what the schema and Choragen's own reader have against a file."""
    from stagewright.analysis.choragen.fix_differences import difference_fixes
    from stagewright.analysis.choragen.fix_structure import structure_fixes

    yield from structure_fixes(document, diagnostic, options)
    yield from difference_fixes(document, diagnostic)
