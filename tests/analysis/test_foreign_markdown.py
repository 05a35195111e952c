"""Hovers, documentation and tooltips show what files and providers say; none of it is markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.analysis.support import OPTIONS, catalog, document_at, provider, retiring, without_key
from tests.test_foreign import MARKUP, kinds

from stagewright.analysis.choragen.hints import hints
from stagewright.analysis.completion.complete import complete, documentation
from stagewright.analysis.hover import hover
from stagewright.analysis.options import Options
from stagewright.catalog.catalog import Catalog, Status
from stagewright.catalog.model import Model, ModelReference
from stagewright.dialects.choragen.roles import Role, RoleIndex
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span

OURS = {
    *("strong_open", "strong_close", "em_open", "em_close", "code_inline"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    *("blockquote_open", "blockquote_close"),
}
"""What our own Markdown is made of."""

NOWHERE = Span(Position(0, 0), Position(0, 0))


def known(said: str) -> Catalog:
    """Providers that say this wherever they can say anything."""
    line = " ".join(said.split())  # ids and names are of one line
    model = Model("m", said, successors=(line,), aliases=(line,))
    ended = retiring("old", "2026-01-01", line, name=said)
    lost = provider("mute", status=Status.UNREACHABLE, error=said, complete=False)
    found = (
        provider("acme", model, ended, Model(line, said), error=said),
        lost,
        provider("relay", "x", patterns=(f"m-*{line}",), complete=False),
        without_key("locked", Model("m", said), key_variable=line),
        provider(line, Model(line, said)),
    )
    return catalog(*(replace(one, name=said) for one in found))


def options(said: str) -> Options:
    role = Role("r", said, said, ModelReference(said, said), 0.5, 9, said, (said,), NOWHERE)
    return replace(OPTIONS, roles=RoleIndex({"r": role}))


HOVERED = [
    "  - roleId: r$0",
    "  - defaultModel: {provider: acme$0, model: m}",
    "  - defaultModel: {provider: mute$0, model: m}",
    "  - defaultModel: {provider: locked$0, model: m}",
    "  - defaultModel: {provider: relay$0, model: m}",
    "  - defaultModel: {provider: acme, model: m$0}",
    "  - defaultModel: {provider: acme, model: old$0}",
    "  - defaultModel: {provider: mute, model: m$0}",
    "  - defaultModel: {provider: locked, model: m$0}",
    "  - defaultModel: {provider: relay, model: m-1$0}",
    "  - defaultModel: {provider: acme, model: nope$0}",
]
OFFERED = [
    "  - roleId: $0",
    "  - defaultModel:\n      provider: $0",
    "  - defaultModel:\n      provider: acme\n      model: $0",
    "  - defaultModel:\n      provider: locked\n      model: $0",
    "  - defaultModel:\n      model: $0",
]


@pytest.mark.parametrize("said", MARKUP)
def test_hovers_hold_no_markup_of_others(said: str) -> None:
    for text in HOVERED:
        document, position = document_at(f"stages:\n{text}\n")
        about = hover(document, position, known(said), options(said))
        assert about, text
        assert kinds(about.markdown) <= OURS, about.markdown


def test_a_name_in_the_file_itself_is_no_markup_either() -> None:
    for said in (one for one in MARKUP if "\n" not in one and "'" not in one):
        for half in ("provider: '$0{}', model: m", "provider: acme, model: '$0{}'"):
            text = f"stages:\n  - defaultModel: {{{half.format(said)}}}\n"
            about = hover(*document_at(text), known("Fine"), OPTIONS)
            assert about is None or kinds(about.markdown) <= OURS, about.markdown


@pytest.mark.parametrize("said", MARKUP)
def test_the_documentation_of_offers_holds_none(said: str) -> None:
    every = known(said)
    for text in OFFERED:
        document, position = document_at(f"stages:\n{text}\n")
        items = complete(document, position, every, options(said)).items
        assert items, text
        for item in items:
            shown = documentation(item, every, options(said))
            assert kinds(shown) <= OURS, shown


@pytest.mark.parametrize("said", MARKUP)
def test_tooltips_hold_none(said: str) -> None:
    def tooltips() -> Iterator[str]:
        document = Document("stages:\n  - name: a\n    roleId: r\n  - name: b\n")
        whole = Span(Position(0, 0), document.end())
        for one in hints(document, whole, known(said), options(said)):
            yield one.tooltip
        setting = replace(OPTIONS, setting=ModelReference(said, said))
        for one in hints(document, whole, known(said), setting):
            yield one.tooltip

    shown = list(tooltips())
    assert len(shown) == 3
    for one in shown:
        assert kinds(one) <= OURS, one
