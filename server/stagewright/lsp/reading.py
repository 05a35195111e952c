"""Handlers of what helps to read: lenses, hints, symbols, folds, links, and names across files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from stagewright.dialects import choragen
from stagewright.foreign import label, one_line
from stagewright.lsp import convert
from stagewright.lsp.documents import identity, path_of, uri_of
from stagewright.lsp.failures import apart
from stagewright.lsp.files import (
    File,
    Problems,
    files_of,
    read_file,
    why_untouched,
    workspace_edit,
    workspace_files,
)
from stagewright.lsp.protocol import failure

if TYPE_CHECKING:
    from stagewright.analysis.navigation import Name
    from stagewright.analysis.results import Lens, Symbol
    from stagewright.lsp.documents import OpenDocument
    from stagewright.lsp.server import StagewrightServer
    from stagewright.text.buffer import Edit, Span

_STAGE_ACTIONS = {
    "stagewright.chat.start": ("Chat with", "stagewright.chat"),
    "stagewright.stage.setModel": ("Change the model of", "stagewright.change-model"),
}
"""By the command of a lens: the title and kind of the code action that does the same."""

_SYMBOLS = {
    "template": types.SymbolKind.Module,
    "stage": types.SymbolKind.Class,
    "role": types.SymbolKind.Interface,
    "key": types.SymbolKind.Property,
}


# What stands in the text without being in it


async def code_lens(ls: StagewrightServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Each stage's model, and what can be done there; what can be done in a transcript."""
    from stagewright.analysis.lenses import lenses

    opened = ls.open_document(params.text_document.uri)
    if opened is None or not ls.session.settings.code_lens.enabled:
        return []
    if not ls.shows_lenses:
        ls.shows_lenses = True
        ls.ask_client_for_hints()  # lenses say from now on what hints said
    if opened.document.dialect is choragen.TRANSCRIPT:
        from stagewright.lsp import transcript_actions

        return await transcript_actions.lenses(ls, opened.uri)
    found = lenses(opened.document, ls.session.catalog, ls.publisher.options(opened.uri))
    return [
        types.CodeLens(
            range=convert.range_out(opened.document.lines, one.span, ls.client.encoding),
            command=types.Command(
                title=label(one.title),
                command=one.command,
                arguments=[_argument(opened.uri, one)],
            ),
        )
        for one in found
    ]


def stage_actions(ls: StagewrightServer, uri: str, span: Span) -> list[types.CodeAction]:
    """What the lenses of the stage under the cursor do, for editors that show no lenses."""
    from stagewright.analysis.lenses import lenses

    opened = ls.open_document(uri)
    index = opened.document.entry_at(span.start.line) if opened else None
    if opened is None or index is None:
        return []
    found = lenses(opened.document, ls.session.catalog, ls.publisher.options(uri))
    of_command = {one.command: one for one in found if one.stage == index}
    name = opened.document.entry(index).name
    stage = f"'{name.value}'" if name else "this stage"
    return [
        types.CodeAction(
            title=label(f"{words} {stage}"),
            kind=kind,
            command=types.Command(
                title=one.title, command=one.command, arguments=[_argument(uri, one)]
            ),
        )
        for command, (words, kind) in _STAGE_ACTIONS.items()
        if (one := of_command.get(command)) is not None
    ]


def _argument(uri: str, lens: Lens) -> dict[str, Any]:
    """A lens's command's; a chat is shown to clients that have no view of their own for it."""
    argument = {"uri": uri, "stage": lens.stage}
    return argument | {"open": True} if lens.command == "stagewright.chat.start" else argument


def inlay_hint(ls: StagewrightServer, params: types.InlayHintParams) -> list[types.InlayHint]:
    """The model in effect where a stage sets none, for editors that show no lenses."""
    from stagewright.analysis.hints import hints

    opened = ls.open_document(params.text_document.uri)
    settings = ls.session.settings
    if opened is None or not settings.inlay_hints.enabled:
        return []
    if ls.shows_lenses and settings.code_lens.enabled:
        return []  # once is enough
    lines, encoding = opened.document.lines, ls.client.encoding
    span = convert.span_in(lines, params.range, encoding)
    options = ls.publisher.options(opened.uri)
    return [
        types.InlayHint(
            position=convert.position_out(lines, one.position, encoding),
            label=label(one.label),
            tooltip=types.MarkupContent(types.MarkupKind.Markdown, one.tooltip),
            padding_left=True,
        )
        for one in hints(opened.document, span, ls.session.catalog, options)
    ]


# The outline


def _yaml(ls: StagewrightServer, uri: str) -> OpenDocument | None:
    """The open template or role index; transcripts are for the editor's Markdown."""
    opened = ls.open_document(uri)
    return (
        opened
        if opened is not None and opened.document.dialect is not choragen.TRANSCRIPT
        else None
    )


def document_symbol(
    ls: StagewrightServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol]:
    """The template with its stages, or the roles."""
    from stagewright.analysis.symbols import symbols

    opened = _yaml(ls, params.text_document.uri)
    if opened is None:
        return []
    return [_symbol(ls, opened.document.lines, one) for one in symbols(opened.document)]


async def workspace_symbol(
    ls: StagewrightServer, params: types.WorkspaceSymbolParams
) -> list[types.WorkspaceSymbol]:
    """Templates, stages and roles of the workspace whose names hold the query's letters."""
    from stagewright.analysis.symbols import find_symbols, symbols

    found: list[types.WorkspaceSymbol] = []
    async for file in workspace_files(ls):
        with apart(ls, file.uri):
            found += [
                types.WorkspaceSymbol(
                    name=one_line(one.name) or "?",
                    kind=_SYMBOLS[one.kind.value],
                    location=_location(ls, file, one.name_span),
                )
                for one in find_symbols(symbols(file.document), params.query)
            ]
        if len(found) >= convert.MOST_SYMBOLS:
            break
    return found[: convert.MOST_SYMBOLS]


def _symbol(ls: StagewrightServer, lines: Sequence[str], one: Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=one_line(one.name) or "?",
        kind=_SYMBOLS[one.kind.value],
        range=convert.range_out(lines, one.span, ls.client.encoding),
        selection_range=convert.range_out(lines, one.name_span, ls.client.encoding),
        detail=one_line(one.detail) or None,
        children=[_symbol(ls, lines, child) for child in one.children[: convert.MOST_SYMBOLS]],
    )


def folding_range(
    ls: StagewrightServer, params: types.FoldingRangeParams
) -> list[types.FoldingRange]:
    """Blocks and runs of comments."""
    from stagewright.analysis.symbols import folds

    opened = _yaml(ls, params.text_document.uri)
    if opened is None:
        return []
    return [
        types.FoldingRange(
            start_line=one.first,
            end_line=one.last,
            kind=types.FoldingRangeKind.Comment if one.comment else None,
        )
        for one in folds(opened.document)
    ]


def selection_range(
    ls: StagewrightServer, params: types.SelectionRangeParams
) -> list[types.SelectionRange]:
    """From the word to the value, the mapping, the stage, the file."""
    from stagewright.analysis.symbols import widening

    opened = _yaml(ls, params.text_document.uri)
    if opened is None:
        return []
    lines, encoding = opened.document.lines, ls.client.encoding
    answer = []
    for place in params.positions:
        position = convert.position_in(lines, place, encoding)
        around: types.SelectionRange | None = None
        for span in reversed(widening(opened.document, position)):
            around = types.SelectionRange(convert.range_out(lines, span, encoding), around)
        answer.append(around or types.SelectionRange(types.Range(place, place)))
    return answer


def document_link(
    ls: StagewrightServer, params: types.DocumentLinkParams
) -> list[types.DocumentLink]:
    """Files that the text names, such as a role's system prompt."""
    from stagewright.analysis.symbols import links

    opened = _yaml(ls, params.text_document.uri)
    path = path_of(params.text_document.uri)
    if opened is None or path is None:
        return []
    root = ls.root_of(path)
    return [
        types.DocumentLink(
            range=convert.range_out(opened.document.lines, one.span, ls.client.encoding),
            target=uri_of(root / one.path),
        )
        for one in links(opened.document)
    ]


# Names


async def definition(ls: StagewrightServer, params: types.DefinitionParams) -> list[types.Location]:
    """Where the role or stage under the cursor stands."""
    return [
        _location(ls, file, name.span)
        async for file, name in _uses(ls, params.text_document.uri, params.position)
        if name.defines
    ]


async def references(ls: StagewrightServer, params: types.ReferenceParams) -> list[types.Location]:
    """Every place that names the role or stage under the cursor."""
    return [
        _location(ls, file, name.span)
        async for file, name in _uses(ls, params.text_document.uri, params.position)
        if params.context.include_declaration or not name.defines
    ]


async def prepare_rename(
    ls: StagewrightServer, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The name that would be renamed; none where the cursor stands on something else."""
    file, name = await _name(ls, params.text_document.uri, params.position)
    if file is None or name is None:
        return None
    await _refuse_builtin(ls, file, name)
    range_ = convert.range_out(file.document.lines, name.span, ls.client.encoding)
    return types.PrepareRenamePlaceholder(range_, name.text)


async def rename(ls: StagewrightServer, params: types.RenameParams) -> types.WorkspaceEdit:
    """Give a stage or a template its new name, or a role in all templates of its workspace."""
    from stagewright.analysis import navigation

    file, name = await _name(ls, params.text_document.uri, params.position)
    if file is None or name is None:
        raise failure(
            "name-invalid", "Nothing here can be renamed: stages, roles and templates have names."
        )
    await _refuse_builtin(ls, file, name)
    new = params.new_name
    changes: list[tuple[File, tuple[Edit, ...]]] = []
    if new == name.text:
        return workspace_edit(ls, changes)
    problems: Problems = {}
    outside: list[str] = []
    try:
        async for each in _files_that_may_name(ls, file, name, problems):
            for other in navigation.names(each.document, name.kind, new):
                if other.defines:
                    where = _line_of(each, other)
                    raise failure("name-taken", f"There is a {name.kind} '{new}' already: {where}.")
            if name.kind is not navigation.NameKind.ROLE and each is not file:
                continue
            why = await why_untouched(ls, each)
            if why and each.bad_byte is not None:
                raise _read_in_part(name, why)
            for place in navigation.places(each.document, name):
                if place.obstacle:
                    raise failure(
                        "name-invalid",
                        f"The {name.kind} '{name.text}' {place.obstacle} at {_line_of(each, place)}"
                        ": write the name alone there, on one line, and rename again.",
                    )
            edits = navigation.rename(each.document, name, new)
            if edits and why:
                outside.append(why)
            elif edits:
                changes.append((each, edits))
    except ValueError as error:
        raise failure("name-invalid", str(error)) from error
    if problems and name.kind is navigation.NameKind.ROLE:
        raise _read_in_part(name, *map(str, problems.values()))
    if outside:
        ls.tell(types.MessageType.Warning, "\n".join(["Not renamed there:", *outside]))
    return workspace_edit(ls, changes)


def _read_in_part(name: Name, *why: str) -> Exception:
    """The refusal to rename what a file that cannot be read whole may name too."""
    sentence = f"The {name.kind} '{name.text}' may also be named where it cannot be read."
    return failure("file-unreadable", "\n".join([sentence, *why]))


def _line_of(file: File, name: Name) -> str:
    return f"line {name.span.start.line + 1} of {file.uri.rpartition('/')[2]}"


async def _refuse_builtin(ls: StagewrightServer, file: File, name: Name) -> None:
    """Raises JsonRpcException for a role that is nowhere defined but in Choragen itself."""
    from stagewright.analysis.navigation import NameKind
    from stagewright.dialects.choragen.roles import BUILTIN_ROLES

    path = path_of(file.uri)
    if name.kind is not NameKind.ROLE or name.text not in BUILTIN_ROLES or path is None:
        return
    roles = await ls.session.known_roles(ls.root_of(path))
    if roles is not None and not roles.exists:
        raise failure(
            "name-invalid",
            f"The role '{name.text}' comes with Choragen: a role of your own needs the role index.",
        )


async def _name(
    ls: StagewrightServer, uri: str, position: types.Position
) -> tuple[File | None, Name | None]:
    from stagewright.analysis.navigation import name_at

    file = await read_file(ls, uri)
    if file is None or file.document.dialect is choragen.TRANSCRIPT:
        return None, None
    at = convert.position_in(file.document.lines, position, ls.client.encoding)
    return file, name_at(file.document, at)


async def _uses(
    ls: StagewrightServer, uri: str, position: types.Position
) -> AsyncIterator[tuple[File, Name]]:
    from stagewright.analysis.navigation import names

    file, name = await _name(ls, uri, position)
    if file is None or name is None:
        return
    async for each in _files_that_may_name(ls, file, name):
        found: list[Name] = []
        with apart(ls, each.uri):
            found = names(each.document, name.kind, name.text)
        for use in found:
            yield each, use


async def _files_that_may_name(
    ls: StagewrightServer, file: File, name: Name, problems: Problems | None = None
) -> AsyncIterator[File]:
    """A stage is known in its template alone, roles and templates in one workspace."""
    from stagewright.analysis.navigation import NameKind

    yield file
    path = path_of(file.uri)
    if name.kind is not NameKind.STAGE and path is not None:
        here = identity(path)
        async for other in files_of(ls, ls.root_of(path), problems):
            if identity(path_of(other.uri) or path) != here:
                yield other


def _location(ls: StagewrightServer, file: File, span: Span) -> types.Location:
    return types.Location(
        file.uri, convert.range_out(file.document.lines, span, ls.client.encoding)
    )
