"""Handlers of requests for answers: convert, call, convert back.

A server is asked for completions first; what gives other answers is imported when they are.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from stagewright.analysis.completion import complete, documentation
from stagewright.dialects import choragen
from stagewright.dialects.document import Document
from stagewright.foreign import label
from stagewright.lsp import convert
from stagewright.lsp.failures import answering
from stagewright.lsp.files import File, workspace_edit
from stagewright.options import options_from
from stagewright.text.buffer import Position, Span

if TYPE_CHECKING:
    from stagewright.lsp.documents import OpenDocument
    from stagewright.lsp.server import StagewrightServer

TRIGGERS = [" ", ":", '"', "'", "{", ","]

QUICK_FIX = types.CodeActionKind.QuickFix.value
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.stagewright"
ACTION_KINDS = [QUICK_FIX, FIX_ALL, "stagewright"]
"""`stagewright.send` and the like, in transcripts, are kinds of their own: keys can be bound to."""

READING = {
    types.TEXT_DOCUMENT_CODE_LENS: "code_lens",
    types.TEXT_DOCUMENT_INLAY_HINT: "inlay_hint",
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: "document_symbol",
    types.WORKSPACE_SYMBOL: "workspace_symbol",
    types.TEXT_DOCUMENT_FOLDING_RANGE: "folding_range",
    types.TEXT_DOCUMENT_SELECTION_RANGE: "selection_range",
    types.TEXT_DOCUMENT_DOCUMENT_LINK: "document_link",
    types.TEXT_DOCUMENT_DEFINITION: "definition",
    types.TEXT_DOCUMENT_REFERENCES: "references",
    types.TEXT_DOCUMENT_PREPARE_RENAME: "prepare_rename",
    types.TEXT_DOCUMENT_RENAME: "rename",
}
"""Requests that `lsp.reading` answers, and by which function."""


def register(server: StagewrightServer) -> None:
    """Tell pygls which requests are answered here."""
    feature = server.feature
    feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=TRIGGERS, resolve_provider=True),
    )(answering(completion))
    feature(types.COMPLETION_ITEM_RESOLVE)(completion_resolve)
    feature(types.TEXT_DOCUMENT_HOVER)(answering(text_hover))
    feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=ACTION_KINDS),
    )(answering(code_action))
    feature(
        types.TEXT_DOCUMENT_ON_TYPE_FORMATTING,
        types.DocumentOnTypeFormattingOptions(first_trigger_character="\n"),
    )(answering(on_type_formatting))
    for method, name in READING.items():
        changes = method == types.TEXT_DOCUMENT_RENAME  # a part of a change would be worse
        feature(method)(_read_by(name) if changes else answering(_read_by(name)))


def _read_by(name: str) -> Callable[..., Awaitable[Any]]:
    async def answer(ls: Any, params: Any) -> Any:
        from stagewright.lsp import reading

        result = getattr(reading, name)(ls, params)
        return await result if inspect.isawaitable(result) else result

    return answer


def completion(ls: StagewrightServer, params: types.CompletionParams) -> convert.Json | None:
    """Offers at the cursor, from what is known now: never waits."""
    opened = ls.open_document(params.text_document.uri)
    if opened is None:
        return None
    document, position = _at(ls, opened, params.position)
    answer = complete(document, position, ls.session.catalog, ls.publisher.options(opened.uri))
    if ls.session.learning:
        answer = replace(answer, incomplete=True)
    ls.session.wake()
    return convert.completion_list(document.lines, answer, ls.client, ls.remember(answer))


def completion_resolve(ls: StagewrightServer, item: Any) -> convert.Json:
    """The offer as it came, with its documentation if it is of the newest list."""
    if not isinstance(item, dict):
        raise JsonRpcInvalidParams
    offer = ls.remembered(item.get("data"))
    if offer is not None:
        options = options_from(ls.session.settings, now=ls.now())
        if text := documentation(offer, ls.session.catalog, options):
            item["documentation"] = {
                "kind": types.MarkupKind.Markdown.value,
                "value": convert.bounded(text),
            }
    return convert.Json(item)


def text_hover(ls: StagewrightServer, params: types.HoverParams) -> types.Hover | None:
    """What is known about the word under the cursor."""
    from stagewright.analysis.hover import hover

    opened = ls.open_document(params.text_document.uri)
    if opened is None:
        return None
    document, position = _at(ls, opened, params.position)
    options = ls.publisher.options(opened.uri)
    answer = hover(document, position, ls.session.catalog, options)
    return convert.hover(document.lines, answer, ls.client.encoding) if answer else None


def on_type_formatting(
    ls: StagewrightServer, params: types.DocumentOnTypeFormattingParams
) -> list[types.TextEdit]:
    """After Enter: the cursor goes to where the next key belongs."""
    from stagewright.analysis.on_enter import on_enter

    opened = ls.open_document(params.text_document.uri)
    if opened is None or params.ch != "\n":
        return []
    document, position = _at(ls, opened, params.position)
    return convert.text_edits(document.lines, on_enter(document, position), ls.client.encoding)


async def code_action(
    ls: StagewrightServer, params: types.CodeActionParams
) -> list[types.CodeAction]:
    """Quick fixes for the range, all of the file's obvious fixes at once, and a transcript's."""
    from stagewright.analysis.actions import fix_all, fixes_at
    from stagewright.analysis.diagnostics import diagnose

    opened = ls.open_document(params.text_document.uri)
    if opened is None:
        return []
    document, catalog = opened.document, ls.session.catalog
    options = ls.publisher.options(opened.uri)
    file = File.of(opened)
    span = convert.span_in(document.lines, params.range, ls.client.encoding)
    wanted = params.context.only or ACTION_KINDS
    actions = []
    if _covers(wanted, QUICK_FIX):
        actions += [
            types.CodeAction(
                title=label(fix.title),
                kind=QUICK_FIX,
                diagnostics=[convert.diagnostic(document.lines, finding, ls.client)],
                is_preferred=fix.preferred or None,
                edit=workspace_edit(ls, [(file, fix.edits)]),
            )
            for finding, fix in fixes_at(document, span, catalog, options)
        ]
        actions += await _role_actions(ls, file, span)
    automatic = params.context.trigger_kind is types.CodeActionTriggerKind.Automatic
    # While the cursor moves only the light bulb is wanted, and many fixes take a while.
    if _covers(wanted, FIX_ALL) and (params.context.only or not automatic):
        findings = diagnose(document, catalog, options)
        if edits := fix_all(document, findings, catalog, options):
            actions.append(
                types.CodeAction(
                    title="Fix all that Stagewright can",
                    kind=FIX_ALL,
                    edit=workspace_edit(ls, [(file, edits)]),
                )
            )
    if document.dialect is choragen.TRANSCRIPT:
        from stagewright.lsp import transcript_actions

        offered = await transcript_actions.actions(ls, opened.uri)
    else:
        from stagewright.lsp import reading

        # A light bulb on every line of a stage would say nothing: the lens above offers the same.
        offered = [] if automatic else reading.stage_actions(ls, opened.uri, span)
    return actions + [one for one in offered if _covers(wanted, str(one.kind))]


async def _role_actions(ls: StagewrightServer, file: File, span: Span) -> list[types.CodeAction]:
    """Creating the role that a stage within the span names and that there is not."""
    from stagewright.analysis.diagnostics import diagnose

    options = ls.publisher.options(file.uri)
    unknown = [
        one
        for one in diagnose(file.document, ls.session.catalog, options)
        if one.code == "role-unknown" and one.span.start <= span.end and span.start <= one.span.end
    ]
    if not unknown:
        return []
    from stagewright.lsp.roles import create_role

    return [action for one in unknown if (action := await create_role(ls, file, one))]


def _covers(wanted: Sequence[types.CodeActionKind | str], kind: str) -> bool:
    """Whether a client that asks for these kinds asks for this one: `source` covers `source.x`."""
    names = (one.value if isinstance(one, types.CodeActionKind) else one for one in wanted)
    return any(kind == name or kind.startswith(f"{name}.") for name in names)


def _at(
    ls: StagewrightServer, opened: OpenDocument, position: types.Position
) -> tuple[Document, Position]:
    document = opened.document
    return document, convert.position_in(document.lines, position, ls.client.encoding)
