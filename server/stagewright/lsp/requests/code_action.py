"""`textDocument/codeAction`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.features import features
from stagewright.analysis.fixes.actions import fix_all, fixes, touched
from stagewright.analysis.results import Diagnostic, FixElsewhere
from stagewright.dialects.document import site_at
from stagewright.foreign import label
from stagewright.lsp import convert
from stagewright.lsp.action_kinds import FIX_ALL, KINDS, QUICK_FIX
from stagewright.lsp.documents import OpenDocument, path_of, uri_of
from stagewright.lsp.files import File, read_file, workspace_edit
from stagewright.lsp.later import load
from stagewright.lsp.parts import Parts
from stagewright.lsp.session import Session
from stagewright.text.buffer import Span

_STAGE_ACTIONS = {
    "stagewright.chat.start": ("Chat with", "stagewright.chat"),
    "stagewright.stage.setModel": ("Change the model of", "stagewright.change-model"),
}
"""By the command of a lens: the title and kind of the code action that does the same."""


async def code_action(parts: Parts, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Quick fixes for the range, all of the file's obvious fixes at once, and a transcript's."""
    session = parts.session
    opened = session.documents.find(params.text_document.uri)
    if opened is None:
        return []
    document, catalog = opened.document, session.catalog
    options = session.options(opened.uri)
    file = File.of(opened)
    span = opened.span(params.range)
    wanted = params.context.only or KINDS
    automatic = params.context.trigger_kind is types.CodeActionTriggerKind.Automatic
    wants_fixes = _covers(wanted, QUICK_FIX)
    # While the cursor moves only the light bulb is wanted, and many fixes take a while.
    wants_all = _covers(wanted, FIX_ALL) and bool(params.context.only or not automatic)
    found = diagnose(document, catalog, options) if wants_fixes or wants_all else []
    actions = []
    if wants_fixes:
        here = touched(found, span)
        actions += [
            types.CodeAction(
                title=label(fix.title),
                kind=QUICK_FIX,
                diagnostics=[convert.diagnostic(document.lines, diagnostic, session.client)],
                is_preferred=fix.preferred or None,
                edit=workspace_edit(session, [(file, fix.edits)]),
            )
            for diagnostic in here
            for fix in fixes(document, diagnostic, catalog, options)
        ]
        actions += await _fixes_elsewhere(session, file, here)
    if wants_all and (edits := fix_all(document, found, catalog, options)):
        actions.append(
            types.CodeAction(
                title="Fix all auto-fixable problems",
                kind=FIX_ALL,
                edit=workspace_edit(session, [(file, edits)]),
            )
        )
    if document.dialect.follows_workflow:
        chat = await parts.chats.get()
        offered = await load("stagewright.lsp.chats.transcript_actions").actions(chat, opened.uri)
    else:
        # A light bulb on every line of a stage would say nothing: the lens above offers the same.
        offered = [] if automatic else _stage_actions(session, opened, span)
        if not (automatic or offered):
            offered = _site_actions(opened, span)
    return actions + [one for one in offered if _covers(wanted, str(one.kind))]


async def _fixes_elsewhere(
    session: Session, file: File, here: Sequence[Diagnostic]
) -> list[types.CodeAction]:
    """What fixes diagnostics by a change of another file."""
    path, more = path_of(file.uri), features(file.document.dialect)
    if path is None or more is None:
        return []
    actions = []
    for diagnostic in here:
        fix = more.fix_elsewhere(file.document, diagnostic, session.now())
        edit = await _edit_elsewhere(session, session.roots.of(path), fix) if fix else None
        if fix is None or edit is None:
            continue
        actions.append(
            types.CodeAction(
                title=label(fix.title),
                kind=QUICK_FIX,
                diagnostics=[convert.diagnostic(file.document.lines, diagnostic, session.client)],
                edit=edit,
            )
        )
    return actions


async def _edit_elsewhere(
    session: Session, root: Path, fix: FixElsewhere
) -> types.WorkspaceEdit | None:
    """The change of a file that may not be there yet; None where it cannot be made."""
    path = root / fix.path
    known = await read_file(session, uri_of(path))
    if known is not None:
        edits = fix.edits(known.document)
        return workspace_edit(session, [(known, edits)]) if edits else None
    if session.client.creates_files and not await asyncio.to_thread(path.exists):
        return _new_file(uri_of(path), fix.text)
    return None


def _new_file(uri: str, text: str) -> types.WorkspaceEdit:
    start = types.Position(0, 0)
    return types.WorkspaceEdit(
        document_changes=[
            types.CreateFile(uri, options=types.CreateFileOptions(ignore_if_exists=True)),
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri),
                [types.TextEdit(types.Range(start, start), text)],
            ),
        ]
    )


def _stage_actions(session: Session, opened: OpenDocument, span: Span) -> list[types.CodeAction]:
    """What the lenses of the stage under the cursor do, for editors that show no lenses."""
    index = opened.document.entry_at(span.start.line)
    if index is None:
        return []
    more, options = features(opened.document.dialect), session.options(opened.uri)
    found = more.lenses(opened.document, session.catalog, options) if more else ()
    of_command = {one.command: one for one in found if one.stage == index}
    name = opened.document.entry(index).name
    stage = f"`{name.value}`" if name else "this stage"
    return [
        types.CodeAction(
            title=label(f"{words} {stage}"),
            kind=kind,
            command=convert.lens_command(opened.uri, one),
        )
        for command, (words, kind) in _STAGE_ACTIONS.items()
        if (one := of_command.get(command)) is not None
    ]


def _site_actions(opened: OpenDocument, span: Span) -> list[types.CodeAction]:
    """Another model in the place of the one under the cursor, which the user is asked for."""
    document = opened.document
    found = site_at(document, span.start)
    if found is None or not (found.site.whole is None or found.site.is_settable):
        return []
    position = opened.place(span.start)
    argument = {
        "uri": opened.uri,
        "position": {"line": position.line, "character": position.character},
    }
    title = f"Change model `{document.text_of(found.site.span.shifted(found.line))}`"
    command = types.Command(label(title), command="stagewright.model.set", arguments=[argument])
    return [types.CodeAction(label(title), kind="stagewright.change-model", command=command)]


def _covers(wanted: Sequence[types.CodeActionKind | str], kind: str) -> bool:
    """Whether a client that asks for these kinds asks for this one: `source` covers `source.x`."""
    names = (one.value if isinstance(one, types.CodeActionKind) else one for one in wanted)
    return any(kind == name or kind.startswith(f"{name}.") for name in names)
