"""`textDocument/rename`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.analysis.results import Name, NameKind
from stagewright.lsp.errors import failure
from stagewright.lsp.files import File, Problems, why_untouched, workspace_edit
from stagewright.lsp.session import Session
from stagewright.lsp.uses import files_that_may_name, name_in, refuse_kept
from stagewright.text.buffer import Edit


async def rename(session: Session, params: types.RenameParams) -> types.WorkspaceEdit:
    """Give a stage or a template its new name, or a role in all templates of its workspace."""
    file, name = await name_in(session, params.text_document.uri, params.position)
    if file is None or name is None:
        raise failure(
            "name-invalid", "Nothing to rename here. Stages, roles and templates have names."
        )
    await refuse_kept(session, file, name)
    new = params.new_name
    changes: list[tuple[File, tuple[Edit, ...]]] = []
    if new == name.text:
        return workspace_edit(session, changes)
    problems: Problems = {}
    outside: list[str] = []
    try:
        async for each in files_that_may_name(session, file, name, problems):
            if (more := features(each.document.dialect)) is None:
                continue
            for other in more.names(each.document, name.kind, new):
                if other.defines:
                    where = _line_of(each, other)
                    raise failure("name-taken", f"The {name.kind} `{new}` already exists: {where}.")
            if name.kind is not NameKind.ROLE and each is not file:
                continue
            why = await why_untouched(session, each)
            if why and each.bad_byte is not None:
                raise _read_in_part(name, why)
            for place in more.places(each.document, name):
                if place.obstacle:
                    raise failure(
                        "name-invalid",
                        f"The {name.kind} `{name.text}` {place.obstacle} at {_line_of(each, place)}"
                        ": write the name alone there, on one line, and rename again.",
                    )
            edits = more.rename(each.document, name, new)
            if edits and why:
                outside.append(why)
            elif edits:
                changes.append((each, edits))
    except ValueError as error:
        raise failure("name-invalid", str(error)) from error
    if problems and name.kind is NameKind.ROLE:
        raise _read_in_part(name, *map(str, problems.values()))
    if outside:
        told = "\n".join(["Not renamed there:", *outside])
        session.editor.tell(types.MessageType.Warning, told)
    return workspace_edit(session, changes)


def _read_in_part(name: Name, *why: str) -> Exception:
    """The refusal to rename what a file that cannot be read whole may name too."""
    sentence = f"The {name.kind} `{name.text}` may also be named where it cannot be read."
    return failure("file-unreadable", "\n".join([sentence, *why]))


def _line_of(file: File, name: Name) -> str:
    return f"line {name.span.start.line + 1} of {file.uri.rpartition('/')[2]}"
