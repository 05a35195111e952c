"""What workflows take from the workspace's other files: templates, prompts, feedback."""

from __future__ import annotations

import json
from pathlib import Path

from stagewright.templates.roles import Role
from stagewright.templates.template import Document
from stagewright.templates.values import template_values
from stagewright.workflows.creation import Values, builtin_templates, check
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.store import Store
from stagewright.workspace import UnreadableFile, read_text

TEMPLATES_FOLDER = ".choragen/workflow-templates"


def named_template(store: Store, name: str) -> Values:
    """The checked values of the workspace's template of this file name, or of a built-in one.

    Raises WorkflowError.
    """
    folder, known = store.root / TEMPLATES_FOLDER, builtin_templates()
    if name and Path(name).name == name:
        for path in (folder / f"{name}.yaml", folder / f"{name}.yml"):
            if path.is_file():
                where = f"Template '{name}'"
                return checked_values(Document(text(store, path, "template-invalid", where)), where)
        if name in known:
            return known[name]
    files = folder.glob("*.y*ml") if folder.is_dir() else ()
    names = sorted({*known, *(path.stem for path in files)})
    raise WorkflowError(
        "template-unknown",
        f"There is no template '{name}'; there are {', '.join(names)}.",
        {"templates": names},
    )


def checked_values(document: Document, where: str) -> Values:
    """What a template says, if Choragen takes it; `where` names it. Raises WorkflowError."""
    try:
        values = template_values(document)
    except ValueError as error:
        why = str(error).removesuffix(".")
        raise WorkflowError("template-invalid", f"{where} cannot be read: {why}.") from error
    check(values, where)
    return values


def system_prompt(store: Store, role: Role) -> str | None:
    """A role's system prompt; `file:PATH` is read, inside the workspace only.

    Raises WorkflowError.
    """
    prompt = role.system_prompt
    if prompt is None or not prompt.startswith("file:"):
        return prompt
    path = store.root / prompt.removeprefix("file:").strip()
    return text(store, path, "role-prompt-unreadable", f"The system prompt of role '{role.id}'")


def unresolved_blockers(store: Store, workflow_id: str) -> list[str]:
    """The ids of the feedback that forbids advancing. Raises WorkflowError."""
    folder = store.path(workflow_id).with_suffix("") / "feedback"
    found: list[str] = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        if path.name == "feedback-index.json" or not path.is_file():
            continue
        try:
            feedback = json.loads(store.real(path).read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            raise WorkflowError(
                "blockers-unresolved",
                f"{store.shown(path)} cannot be read, so it may be a blocker; mend it or move it"
                " away.",
                {"blockers": [path.stem]},
            ) from error
        match feedback:
            case {"type": "blocker", "status": "pending" | "acknowledged"}:
                found.append(str(feedback.get("id", path.stem)))
    return found


def text(store: Store, path: Path, code: str, what: str) -> str:
    """A text file inside the workspace. Raises WorkflowError with `code`, which names `what`."""
    try:
        real = store.real(path)
        if real.exists() and not real.is_file():
            raise UnreadableFile(f"{path} is not a file.")
        file = read_text(real)
    except (UnreadableFile, WorkflowError) as error:
        raise WorkflowError(code, f"{what} cannot be used: {error}") from error
    if file.bad_byte is not None:
        raise WorkflowError(code, f"{what}, {path}, is not UTF-8; save it as UTF-8.")
    return file.text
