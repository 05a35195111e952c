"""The page for clients and the server say the same: commands, arguments, results, notifications."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

from tests.e2e.editor import Editor, editor, environment
from tests.e2e.support import CLAUDE, template
from tests.loopback.process import LoopbackProcess

from stagewright.lsp.commands.table import MODULES, command_of
from stagewright.lsp.notifications import NOTIFICATIONS, TO_THE_SERVER

MODEL = {"line": 6, "character": 15}
"""Where the template names its model."""

PAGE = (Path(__file__).parents[2] / "server/docs/lsp-extensions.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### `(stagewright[./]\S+)`\n(.+?)$", PAGE, re.MULTILINE))
OF_EVERY_CHAT = {"runId", "workflowId", "root"}


def keys(described: str) -> set[str]:
    """The top-level keys of `{a, b?, c | d, e: {...}}`, `?` behind those that may be missing."""
    inner = described[1:-1]
    while (flat := re.sub(r": *(\{[^{}]*\}|\[[^][]*\])", "", inner)) != inner:
        inner = flat
    found = set()
    for part in inner.split(","):
        names = [name.strip() for name in part.split("|")]
        found |= {f"{name}?" for name in names} if len(names) > 1 else set(names)
    return found - {""}


def braces(text: str) -> str:
    """The first `{...}` of a text, with all that is in it."""
    start = text.index("{")
    depth = 0
    for place, character in enumerate(text[start:], start):
        depth += (character == "{") - (character == "}")
        if not depth:
            return text[start : place + 1]
    raise AssertionError(f"open braces: {text}")


def shape(name: str) -> set[str]:
    """The keys of one of the page's shapes, such as a view."""
    (found,) = re.findall(rf"^- \*\*{name}\*\*: `(\{{.*?\}})`", PAGE, re.MULTILINE)
    return keys(found)


def result(command: str) -> set[str]:
    """The keys that the page promises of a command's result."""
    text = SECTIONS[f"stagewright.{command}"]
    if other := re.search(r"[Rr]esult (?:is )?as for `(\S+)`", text):
        return result(other[1])
    if named := re.search(r"Result: (?:a )?(view|effective)", text):
        return shape(named[1])
    told = re.search(r"(?:Result:?|answers) (?:the catalogue as known now: )?`(?=\{)", text)
    assert told, text
    return keys(braces(text[told.end() :]))


def test_keys_are_read_as_they_are_written() -> None:
    assert keys("{uri | template, stage?, root?}") == {"uri?", "template?", "stage?", "root?"}
    assert keys("{a: [{b, c: {d}}], e, f: {g}}") == {"a", "e", "f"}


def test_every_command_is_described_with_its_argument() -> None:
    described = {
        name: keys(braces(text.removeprefix("Argument `")))
        for name, text in SECTIONS.items()
        if name.startswith("stagewright.")
    }
    expected = {
        f"stagewright.{name}": argument(module, name)
        for module, names in MODULES.items()
        for name in names
    }
    assert described == expected


def argument(module: str, name: str) -> set[str]:
    """The keys of a command's argument, by what carries it out."""
    _, *parameters = inspect.signature(command_of(module, name)).parameters.values()
    return {camel_case(one.name) + "?" * (one.default is not one.empty) for one in parameters}


def camel_case(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def test_every_notification_is_described() -> None:
    assert {name for name in SECTIONS if "/" in name} == {*NOTIFICATIONS, *TO_THE_SERVER}


async def test_what_is_sent_is_what_is_described(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> None:
    error = {"type": "error", "error": {"type": "authentication_error", "message": "invalid"}}
    stalled = {"text": "never ending", "fault": "stall", "after": 2}
    providers.control(chats=[{"status": 401, "body": error}, {"text": "Here."}, stalled])
    environ = environment(tmp_path, **providers.environ)
    async with editor("visual-studio-code", folder, environ) as running:
        await running.models_known()
        answers = await every_command(running)
    wrong = {
        name: (set(answer), result(name))
        for name, answer in answers.items()
        if set(answer) != result(name)
    }
    assert wrong == {}

    heard = {name: set(payload) for name, payload in running.said if name in NOTIFICATIONS}
    assert set(heard) == set(NOTIFICATIONS)
    for name, sent in heard.items():
        more = OF_EVERY_CHAT if "/chat/" in name else set()
        assert sent == keys(braces(SECTIONS[name])) | more, name


async def every_command(running: Editor) -> dict[str, dict[str, Any]]:
    """The results of the commands whose results have keys."""
    answers: dict[str, dict[str, Any]] = {}

    async def ask(name: str, **argument: Any) -> Any:
        answers[name] = await running.command(f"stagewright.{name}", argument)
        return answers[name]

    uri = running.open(template(CLAUDE["provider"], CLAUDE["model"]))
    await ask("models.list")
    await ask("models.refresh")
    await ask("template.stages", uri=uri)
    await ask("stage.setModel", uri=uri, stage=0, model=CLAUDE)
    await ask("model.at", uri=uri, position=MODEL)
    await ask("model.set", uri=uri, position=MODEL, model=CLAUDE)
    await ask("workspace.models")
    await ask("workspace.inventory")
    await ask("workspace.exportInventory", format="csv")
    await ask("workspace.check")
    await ask("dialects.list")
    await ask("workspace.replaceModel", **{"from": CLAUDE, "to": CLAUDE, "dryRun": True})
    view = await ask("chat.start", uri=uri)
    workflow = view["workflow"]["id"]
    await ask("chat.open", workflowId=workflow)
    await ask("chat.setModel", workflowId=workflow, model=CLAUDE)
    await ask("chat.send", workflowId=workflow, content="Hi")
    await running.wait_for("stagewright/chat/failed")
    await ask("chat.retry", workflowId=workflow)
    await running.wait_for("stagewright/chat/finished")
    heard = len(running.said)
    run = await ask("chat.send", workflowId=workflow, content="Go on")
    await running.wait_for("stagewright/chat/delta", after=heard)
    await ask("chat.stop", runId=run["runId"])
    await running.wait_for("stagewright/chat/finished", after=heard)
    await ask("chat.setContext", workflowId=workflow, context="workflow")
    await ask("chat.preview", workflowId=workflow)
    await ask("request.list")
    heard = len(running.said)
    await ask("chat.edit", workflowId=workflow, messageId=run["messageId"], content="Anew")
    await running.wait_for("stagewright/chat/finished", after=heard)
    await ask("workflow.setRequest", workflowId=workflow, requestId="CR-1")
    await ask("workflow.list")
    await ask("workflow.get", workflowId=workflow)
    await ask("workflow.satisfyGate", workflowId=workflow)
    await ask("workflow.setStatus", workflowId=workflow, status="paused")
    await ask("workflow.setStatus", workflowId=workflow, status="active")
    await ask("workflow.advance", workflowId=workflow)
    return answers
