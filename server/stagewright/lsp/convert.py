"""Between our plain data and LSP's: positions in the client's encoding, findings, offers, edits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from stagewright.analysis.results import (
    Completion,
    CompletionItem,
    Finding,
    Hover,
    ItemKind,
    Severity,
)
from stagewright.templates.buffer import (
    Edit,
    Encoding,
    Position,
    Span,
    from_units,
    to_units,
)

DIAGNOSTICS_PAGE = (Path(__file__).parents[1] / "docs" / "diagnostics.md").as_uri()
"""Ships with the package, so that it always describes the codes of this very version."""

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}

_KINDS = {
    ItemKind.MODEL: types.CompletionItemKind.Value,
    ItemKind.PROVIDER: types.CompletionItemKind.Module,
    ItemKind.KEY: types.CompletionItemKind.Property,
    ItemKind.ENUM: types.CompletionItemKind.EnumMember,
    ItemKind.REFERENCE: types.CompletionItemKind.Reference,
    ItemKind.SNIPPET: types.CompletionItemKind.Snippet,
    ItemKind.VARIABLE: types.CompletionItemKind.Variable,
}


@dataclass(frozen=True, slots=True)
class Client:
    """What the client can take, read once from its capabilities."""

    encoding: Encoding
    snippets: bool
    as_is_indentation: bool
    deprecated_tag: bool
    label_details: bool
    pulls_diagnostics: bool
    refreshes_diagnostics: bool
    pulls_settings: bool
    watches_files: bool
    versioned_edits: bool
    shows_progress: bool
    shows_documents: bool

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities, encoding: Encoding) -> Client:
        """Read a client's capabilities; whatever it leaves out, it cannot do."""
        document = capabilities.text_document or types.TextDocumentClientCapabilities()
        workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
        window = capabilities.window or types.WindowClientCapabilities()
        completion = document.completion or types.CompletionClientCapabilities()
        item = completion.completion_item or types.ClientCompletionItemOptions()
        modes = item.insert_text_mode_support.value_set if item.insert_text_mode_support else ()
        tags = item.tag_support.value_set if item.tag_support else ()
        diagnostics = workspace.diagnostics
        watched = workspace.did_change_watched_files
        edits = workspace.workspace_edit
        show = window.show_document
        refreshes = bool(diagnostics and diagnostics.refresh_support)
        return cls(
            encoding=encoding,
            snippets=bool(item.snippet_support),
            as_is_indentation=types.InsertTextMode.AsIs in modes,
            deprecated_tag=types.CompletionItemTag.Deprecated in tags,
            label_details=bool(item.label_details_support),
            pulls_diagnostics=document.diagnostic is not None and refreshes,
            refreshes_diagnostics=refreshes,
            pulls_settings=bool(workspace.configuration),
            watches_files=bool(watched and watched.dynamic_registration),
            versioned_edits=bool(edits and edits.document_changes),
            shows_progress=bool(window.work_done_progress),
            shows_documents=bool(show and show.support),
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


def text_edit(lines: Sequence[str], edit: Edit, encoding: Encoding) -> types.TextEdit:
    """One edit of ours."""
    return types.TextEdit(range_out(lines, edit.span, encoding), edit.text)


def text_edits(
    lines: Sequence[str], edits: Iterable[Edit], encoding: Encoding
) -> list[types.TextEdit]:
    """Edits of one document."""
    return [text_edit(lines, edit, encoding) for edit in edits]


def diagnostic(lines: Sequence[str], finding: Finding, encoding: Encoding) -> types.Diagnostic:
    """A finding, with a link to its code's section of the diagnostics page."""
    return types.Diagnostic(
        range=range_out(lines, finding.span, encoding),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(href=f"{DIAGNOSTICS_PAGE}#{finding.code}"),
        source="stagewright",
        tags=[types.DiagnosticTag.Deprecated] if finding.deprecated else None,
    )


def completion_list(
    lines: Sequence[str], completion: Completion, client: Client, list_id: int
) -> types.CompletionList:
    """Offers; each carries where `completionItem/resolve` finds its documentation."""
    return types.CompletionList(
        is_incomplete=completion.incomplete,
        items=[
            _completion_item(lines, item, client, {"list": list_id, "item": number})
            for number, item in enumerate(completion.items)
        ],
    )


def _completion_item(
    lines: Sequence[str], item: CompletionItem, client: Client, data: dict[str, int]
) -> types.CompletionItem:
    edit = item.edit
    multiline = "\n" in edit.text
    if multiline and not client.as_is_indentation:
        edit = Edit(edit.span, _without_base_indentation(lines, edit))
    snippet = item.snippet and client.snippets
    if item.snippet and not snippet:
        edit = Edit(edit.span, plain_text(edit.text))
    return types.CompletionItem(
        label=item.label,
        label_details=types.CompletionItemLabelDetails(description=item.description)
        if item.description and client.label_details
        else None,
        kind=_KINDS[item.kind],
        detail=item.detail or None,
        sort_text=item.sort_text,
        filter_text=item.filter_text,
        text_edit=text_edit(lines, edit, client.encoding),
        additional_text_edits=text_edits(lines, item.also, client.encoding) or None,
        insert_text_format=types.InsertTextFormat.Snippet if snippet else None,
        insert_text_mode=types.InsertTextMode.AsIs
        if multiline and client.as_is_indentation
        else None,
        tags=[types.CompletionItemTag.Deprecated]
        if item.deprecated and client.deprecated_tag
        else None,
        deprecated=True if item.deprecated and not client.deprecated_tag else None,
        data=data,
    )


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
        contents=types.MarkupContent(types.MarkupKind.Markdown, answer.markdown),
        range=range_out(lines, answer.span, encoding),
    )
