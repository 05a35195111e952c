"""Between our plain data and LSP's: positions in the client's encoding, diagnostics, edits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from lsprotocol import types

from stagewright.analysis.missing_key import MissingKey
from stagewright.analysis.results import (
    Completion,
    CompletionItem,
    Diagnostic,
    Hover,
    ItemKind,
    Lens,
    Severity,
    SymbolKind,
)
from stagewright.foreign import label, one_line, printable
from stagewright.text.buffer import (
    Edit,
    Encoding,
    Position,
    Span,
    from_units,
    to_units,
)

DIAGNOSTICS_PAGE = (Path(__file__).parents[1] / "docs" / "diagnostics.md").as_uri()
"""Ships with the package, so that it always describes the codes of this very version."""

MOST_TEXT = 10_000
"""Characters of a hover, of an offer's documentation, of a diagnostic."""

MOST_OFFERS = 1_000
"""Offers in one answer; with more, the client asks again as soon as more has been typed."""

MOST_SYMBOLS = 5_000
"""Symbols in one answer."""

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}

_KINDS = {
    ItemKind.MODEL: types.CompletionItemKind.Value.value,
    ItemKind.PROVIDER: types.CompletionItemKind.Module.value,
    ItemKind.KEY: types.CompletionItemKind.Property.value,
    ItemKind.ENUM: types.CompletionItemKind.EnumMember.value,
    ItemKind.REFERENCE: types.CompletionItemKind.Reference.value,
    ItemKind.SNIPPET: types.CompletionItemKind.Snippet.value,
    ItemKind.VARIABLE: types.CompletionItemKind.Variable.value,
}


SYMBOL_KINDS: dict[str, types.SymbolKind] = {
    SymbolKind.TEMPLATE: types.SymbolKind.Module,
    SymbolKind.STAGE: types.SymbolKind.Class,
    SymbolKind.ROLE: types.SymbolKind.Interface,
    SymbolKind.KEY: types.SymbolKind.Property,
}


@dataclass(frozen=True, slots=True)
class Client:
    """What the client can take, read once from its capabilities."""

    encoding: Encoding
    snippets: bool
    as_is_indentation: bool
    deprecated_tag: bool
    label_details: bool
    edit_range: bool  # one range for all items of a list
    pulls_diagnostics: bool
    refreshes_lenses: bool
    refreshes_hints: bool
    pulls_settings: bool
    watches_files: bool
    versioned_edits: bool
    shows_progress: bool
    shows_documents: bool
    creates_files: bool
    code_link: str = f"{DIAGNOSTICS_PAGE}#{{code}}"  # what the links of codes lead to

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities, encoding: Encoding) -> Client:
        """Read a client's capabilities; whatever it leaves out, it cannot do."""
        document = capabilities.text_document or types.TextDocumentClientCapabilities()
        workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
        window = capabilities.window or types.WindowClientCapabilities()
        completion = document.completion or types.CompletionClientCapabilities()
        item = completion.completion_item or types.ClientCompletionItemOptions()
        modes = item.insert_text_mode_support.value_set if item.insert_text_mode_support else ()
        lists = completion.completion_list
        defaults = (lists.item_defaults if lists else None) or ()
        tags = item.tag_support.value_set if item.tag_support else ()
        diagnostics = workspace.diagnostics
        watched = workspace.did_change_watched_files
        edits = workspace.workspace_edit
        show = window.show_document
        return cls(
            encoding=encoding,
            snippets=bool(item.snippet_support),
            as_is_indentation=types.InsertTextMode.AsIs in modes,
            deprecated_tag=types.CompletionItemTag.Deprecated in tags,
            label_details=bool(item.label_details_support),
            edit_range="editRange" in defaults,
            pulls_diagnostics=bool(
                document.diagnostic and diagnostics and diagnostics.refresh_support
            ),
            refreshes_lenses=bool(workspace.code_lens and workspace.code_lens.refresh_support),
            refreshes_hints=bool(workspace.inlay_hint and workspace.inlay_hint.refresh_support),
            pulls_settings=bool(workspace.configuration),
            watches_files=bool(watched and watched.dynamic_registration),
            versioned_edits=bool(edits and edits.document_changes),
            shows_progress=bool(window.work_done_progress),
            shows_documents=bool(show and show.support),
            creates_files=bool(
                edits
                and edits.document_changes
                and types.ResourceOperationKind.Create in (edits.resource_operations or ())
            ),
        )


def position_in(lines: Sequence[str], position: types.Position, encoding: Encoding) -> Position:
    """A client's position as ours; past the end of a line or of the text it is that end."""
    if position.line >= len(lines):
        return Position(len(lines) - 1, len(lines[-1]))
    line = lines[position.line]
    return Position(position.line, from_units(line, position.character, encoding))


def span_in(lines: Sequence[str], range_: types.Range, encoding: Encoding) -> Span:
    """A client's range as our span."""
    return Span(
        position_in(lines, range_.start, encoding), position_in(lines, range_.end, encoding)
    )


def position_out(lines: Sequence[str], position: Position, encoding: Encoding) -> types.Position:
    """Our position as the client's."""
    line = lines[position.line] if position.line < len(lines) else ""
    return types.Position(position.line, to_units(line, position.column, encoding))


def range_out(lines: Sequence[str], span: Span, encoding: Encoding) -> types.Range:
    """Our span as a range of the client's."""
    return types.Range(
        position_out(lines, span.start, encoding), position_out(lines, span.end, encoding)
    )


def range_json(lines: Sequence[str], span: Span, encoding: Encoding) -> dict[str, Any]:
    """The same as plain JSON."""
    range_ = range_out(lines, span, encoding)
    return {
        "start": {"line": range_.start.line, "character": range_.start.character},
        "end": {"line": range_.end.line, "character": range_.end.character},
    }


def text_edits(
    lines: Sequence[str], edits: Iterable[Edit], encoding: Encoding
) -> list[types.TextEdit]:
    """Edits of one document."""
    return [types.TextEdit(range_out(lines, edit.span, encoding), edit.text) for edit in edits]


def diagnostic(lines: Sequence[str], diagnostic: Diagnostic, client: Client) -> types.Diagnostic:
    """A diagnostic, with a link to its code's section of the diagnostics page."""
    return types.Diagnostic(
        range=range_out(lines, diagnostic.span, client.encoding),
        message=printable(diagnostic.message[:MOST_TEXT]),
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        code_description=types.CodeDescription(
            href=client.code_link.replace("{code}", diagnostic.code)
        ),
        source="stagewright",
        tags=[types.DiagnosticTag.Deprecated] if diagnostic.deprecated else None,
        data=missing_key(diagnostic.key) if diagnostic.key else None,
    )


def missing_key(key: MissingKey) -> dict[str, Any]:
    """Whose key is missing, as a client finds it in what it is told."""
    return {"missingKey": {"provider": key.provider, "variable": key.variable}}


def result_id(diagnostics: Sequence[types.Diagnostic]) -> str:
    """Names these diagnostics; the same ones have the same name in every session."""
    told = repr(diagnostics).encode(errors="surrogatepass")
    return blake2b(told, digest_size=16).hexdigest()


class PlainJson(dict[str, Any]):
    """LSP's JSON as it is: as lsprotocol's objects, long lists take three times as long."""


def completion_list(
    lines: Sequence[str], completion: Completion, client: Client, list_id: int
) -> PlainJson:
    """An LSP CompletionList; each item carries where its documentation is found again.

    The range that all items replace is said once where the client takes it so.
    """
    items = completion.items[:MOST_OFFERS]
    shared = items[0].edit.span if items else None
    if not client.edit_range or any(item.edit.span != shared for item in items):
        shared = None
    answer = PlainJson(
        isIncomplete=completion.incomplete or len(items) < len(completion.items),
        items=[
            _completion_item(lines, item, client, [list_id, number], shared is not None)
            for number, item in enumerate(items)
        ],
    )
    if shared is not None:
        answer["itemDefaults"] = {"editRange": range_json(lines, shared, client.encoding)}
    return answer


def _completion_item(
    lines: Sequence[str], item: CompletionItem, client: Client, data: list[int], shared: bool
) -> dict[str, Any]:
    written: dict[str, Any] = {
        "label": one_line(item.label),
        "kind": _KINDS[item.kind],
        "sortText": item.sort_text,
        "filterText": item.filter_text,
        "data": {"offer": data, **missing_key(item.key)} if item.key else data,
    }
    if item.detail:
        written["detail"] = one_line(item.detail)
    if client.label_details and (beside := item.description or item.detail):
        written["labelDetails"] = {
            "description": one_line(beside)
        }  # apart from the label, so both fit
    text = item.edit.text
    if "\n" in text:
        if client.as_is_indentation:
            written["insertTextMode"] = types.InsertTextMode.AsIs.value
        else:
            text = _without_base_indentation(lines, item.edit)
    if item.snippet and client.snippets:
        written["insertTextFormat"] = types.InsertTextFormat.Snippet.value
    elif item.snippet:
        text = plain_text(text)
    if shared:
        written["textEditText"] = text
    else:
        written["textEdit"] = _edit_json(lines, Edit(item.edit.span, text), client.encoding)
    if item.also:
        written["additionalTextEdits"] = [
            _edit_json(lines, edit, client.encoding) for edit in item.also
        ]
    if item.deprecated and client.deprecated_tag:
        written["tags"] = [types.CompletionItemTag.Deprecated.value]
    elif item.deprecated:
        written["deprecated"] = True
    return written


def _edit_json(lines: Sequence[str], edit: Edit, encoding: Encoding) -> dict[str, Any]:
    return {"range": range_json(lines, edit.span, encoding), "newText": edit.text}


def _without_base_indentation(lines: Sequence[str], edit: Edit) -> str:
    """For clients that indent the further lines themselves, by the indentation of the first."""
    line = lines[edit.span.start.line]
    base = line[: len(line) - len(line.lstrip(" "))]
    return edit.text.replace("\n" + base, "\n") if base else edit.text


def plain_text(snippet: str) -> str:
    """A snippet for clients without snippets: each place holds its default."""
    text = re.sub(r"(?<!\\)\$\{\d+\|([^,|]*)[^}]*\|\}", r"\1", snippet)
    text = re.sub(r"(?<!\\)\$\{\d+:([^}]*)\}", r"\1", text)
    text = re.sub(r"(?<!\\)\$(?:\d+|\{\d+\})", "", text)
    return re.sub(r"\\([$}\\])", r"\1", text)


def hover(lines: Sequence[str], answer: Hover, encoding: Encoding) -> types.Hover:
    """A hover, as Markdown."""
    return types.Hover(
        contents=types.MarkupContent(types.MarkupKind.Markdown, bounded(answer.markdown)),
        range=range_out(lines, answer.span, encoding),
    )


def lens_command(uri: str, lens: Lens) -> types.Command:
    """A lens's command; a chat is shown to clients that have no view of their own for it."""
    argument: dict[str, Any] = {"uri": uri, "stage": lens.stage}
    if lens.command == "stagewright.chat.start":
        argument["open"] = True
    return types.Command(title=label(lens.title), command=lens.command, arguments=[argument])


def bounded(markdown: str) -> str:
    """Markdown that is no longer than somebody reads, cut between lines."""
    if len(markdown) <= MOST_TEXT:
        return markdown
    return f"{markdown[:MOST_TEXT].rpartition(chr(10))[0]}\n\n…"
