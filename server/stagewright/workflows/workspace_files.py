"""What workflows take from the workspace's other files: templates, prompts, feedback."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from stagewright.dialects.choragen import TEMPLATES_FOLDER
from stagewright.dialects.choragen.refusals import refusals
from stagewright.dialects.choragen.roles import Role
from stagewright.dialects.choragen.values import plain, resolved
from stagewright.dialects.document import Document
from stagewright.files import (
    MAX_FILE_BYTES,
    UnreadableFile,
    exists,
    names,
    read_bytes,
    read_text,
)
from stagewright.workflows.creation import Values, builtin_templates
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.settled import MAX_BYTES
from stagewright.workflows.store import WorkflowStore


@dataclass(frozen=True, slots=True)
class TemplateName:
    """A template that can be named."""

    name: str
    builtin: bool = False


def named_template(store: WorkflowStore, name: str) -> Values:
    """The checked values of the workspace's template of this file name, or of a built-in one.

    Raises WorkflowError.
    """
    folder, known = store.root / TEMPLATES_FOLDER, builtin_templates()
    if name and Path(name).name == name:
        where = f"Template `{name}`"
        for path in (folder / f"{name}.yaml", folder / f"{name}.yml"):
            found = text(store, path, "template-invalid", where)
            if found is not None:
                return checked_values(Document(found), where)
        if name in known:
            return known[name]
    there_are = sorted(one.name for one in template_names(store))
    raise WorkflowError(
        "template-unknown",
        f"Unknown template `{name}`. {folder} has {', '.join(there_are)}.",
        {"templates": there_are},
    )


def template_names(store: WorkflowStore) -> list[TemplateName]:
    """The templates that can be begun with: the workspace's, then those built in.

    Raises WorkflowError.
    """
    try:
        found = [Path(each) for each in names(store.root / TEMPLATES_FOLDER)]
    except UnreadableFile as error:
        raise WorkflowError("template-invalid", str(error)) from error
    own = sorted({path.stem for path in found if path.suffix in (".yaml", ".yml")})
    builtin = [name for name in builtin_templates() if name not in own]
    return [*(TemplateName(name) for name in own), *(TemplateName(n, True) for n in builtin)]


def checked_values(document: Document, where: str) -> Values:
    """What a template says, if Choragen takes it; `where` names it. Raises WorkflowError."""
    try:
        node = resolved(document)
    except ValueError as error:
        raise WorkflowError("template-invalid", f"{where} cannot be read: {error}") from error
    for violation in refusals(node):
        line = violation.span.start.line + 1
        raise WorkflowError("template-invalid", f"{where}, line {line}: {violation.message}")
    values: Values = plain(node)
    return values


def system_prompt(store: WorkflowStore, role: Role) -> str | None:
    """A role's system prompt; `file:PATH` is read, inside the workspace only.

    Raises WorkflowError.
    """
    prompt = role.system_prompt
    if prompt is None or not prompt.startswith("file:"):
        return prompt
    path = store.root / prompt.removeprefix("file:").strip()
    what = f"The system prompt of role `{role.id}`"
    found = text(store, path, "role-prompt-unreadable", what)
    if found is None:
        raise WorkflowError(
            "role-prompt-unreadable", f"{what} cannot be used: there is no file {path}."
        )
    return found


def transcript(store: WorkflowStore, path: Path) -> str | None:
    """The text of a transcript; None where there is none. Raises WorkflowError."""
    # As large as the workflow that it is made from, and what a person has written besides.
    most = 2 * MAX_BYTES
    return text(store, path, "transcript-unreadable", "The transcript", most)


def unresolved_blockers(store: WorkflowStore, workflow_id: str) -> list[str]:
    """The ids of the feedback that forbids advancing. Raises WorkflowError."""
    folder = store.path(workflow_id).with_suffix("") / "feedback"
    try:
        store.real(folder)
        listed = [folder / name for name in names(folder) if name.endswith(".json")]
    except UnreadableFile as error:
        raise _may_block(store, folder, error) from error
    found: list[str] = []
    for path in listed:
        if path.name == "feedback-index.json":
            continue
        try:
            store.real(path)
            feedback = json.loads(read_bytes(path))
        except (UnreadableFile, ValueError, RecursionError) as error:
            raise _may_block(store, path, error) from error
        match feedback:
            case {"type": "blocker", "status": "pending" | "acknowledged"}:
                found.append(str(feedback.get("id", path.stem)))
    return found


def _may_block(store: WorkflowStore, path: Path, error: Exception) -> WorkflowError:
    why = f" (it {error.why})" if isinstance(error, UnreadableFile) else ""
    return WorkflowError(
        "blockers-unresolved",
        f"{store.shown(path)} cannot be read{why}, so it may be a blocker; fix it or move it away.",
        {"blockers": [path.stem]},
    )


def text(
    store: WorkflowStore, path: Path, code: str, what: str, most: int = MAX_FILE_BYTES
) -> str | None:
    """A text file inside the workspace; None where there is none. Raises WorkflowError with `code`,
    which names `what`."""
    if not exists(path):
        return None
    try:
        store.real(path)
        file = read_text(path, most)
    except (UnreadableFile, WorkflowError) as error:
        if isinstance(error, UnreadableFile) and error.absent:
            return None
        raise WorkflowError(code, f"{what} cannot be used: {error}") from error
    if file.bad_byte is not None:
        raise WorkflowError(code, f"{what}, {path}, is not UTF-8; save it as UTF-8.")
    return file.text
