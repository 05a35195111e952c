"""Stage chats over the wire: streamed, stopped, switched, saved under their models."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException
from tests import forks
from tests.e2e.editor import Editor, editor, environment
from tests.e2e.support import CLAUDE, GPT, saved, template
from tests.loopback.process import LoopbackProcess

from stagewright.cli.rpc import Client, RequestRefused
from stagewright.workflows.manager import WorkflowManager


async def start(editor: Editor, *model: str) -> str:
    """A workflow of a template with this default model."""
    uri = editor.open(template(*model))
    view = await editor.command("stagewright.chat.start", {"uri": uri})
    return str(view["workflow"]["id"])


async def test_two_turns_by_two_providers_are_saved_under_their_models(
    online: Editor, providers: LoopbackProcess
) -> None:
    providers.control(chats=[{"text": "From Claude."}, {"text": "From GPT."}])
    workflow = await start(online, CLAUDE["provider"], CLAUDE["model"])

    run = await online.command("stagewright.chat.send", {"workflowId": workflow, "content": "One?"})
    assert run["effective"] == {"model": CLAUDE, "origin": "stage"}
    started = await online.wait_for("stagewright/chat/started")
    assert started["model"] == CLAUDE
    assert started["runId"] == run["runId"]
    finished = await online.wait_for("stagewright/chat/finished")
    assert finished["message"]["content"] == "From Claude."
    assert finished["partial"] is False

    heard = len(online.said)
    await online.command(
        "stagewright.chat.send", {"workflowId": workflow, "content": "Two?", "model": GPT}
    )
    await online.wait_for("stagewright/chat/finished", after=heard)

    messages = saved(online, workflow)["messages"]
    assert [(m["role"], m["content"], m.get("model")) for m in messages] == [
        ("human", "One?", None),
        ("control", "From Claude.", CLAUDE),
        ("human", "Two?", GPT),
        ("control", "From GPT.", GPT),
    ]
    (asked,) = providers.requests("/responses")
    turns = json.loads(asked["body"])["input"]
    assert [(turn["role"], turn["content"]) for turn in turns] == [
        ("user", "One?"),
        ("assistant", "From Claude."),
        ("user", "Two?"),
    ]


async def test_with_an_answer_that_begins_comes_what_it_answers(
    online: Editor, providers: LoopbackProcess
) -> None:
    providers.control(chats=[{"text": text} for text in ("First.", "Once more.", "Anew.")])
    workflow = await start(online, CLAUDE["provider"], CLAUDE["model"])

    async def turn(command: str, **argument: Any) -> tuple[Any, dict[str, Any]]:
        """What is told with the answer's beginning, and the view at its end."""
        heard = len(online.said)
        await online.command(f"stagewright.chat.{command}", {"workflowId": workflow, **argument})
        await online.wait_for("stagewright/chat/finished", after=heard)
        started = await online.wait_for("stagewright/chat/started", after=heard)
        view = await online.command("stagewright.workflow.get", {"workflowId": workflow})
        return started["said"], view

    said, view = await turn("send", content="Why?")
    human, answer = view["workflow"]["messages"]
    assert said == {"message": human, "title": view["title"], "superseded": []}
    assert (human["content"], said["title"]) == ("Why?", "Why?")

    said, view = await turn("retry")
    assert said is None
    retried = view["workflow"]["messages"][-1]

    said, view = await turn("edit", messageId=human["id"], content="Why not?")
    anew = view["workflow"]["messages"][-2]
    assert said == {"message": anew, "title": "Why not?", "superseded": view["superseded"]}
    assert set(said["superseded"]) == {human["id"], answer["id"], retried["id"]}


async def test_deltas_come_before_the_end_and_add_up(
    online: Editor, providers: LoopbackProcess
) -> None:
    def told() -> str:
        return "".join(payload["text"] for name, payload in online.said if name.endswith("/delta"))

    providers.control(chats=[{"text": "word " * 40, "fault": "pause", "after": 20}])
    workflow = await start(online, CLAUDE["provider"], CLAUDE["model"])
    await online.command("stagewright.chat.send", {"workflowId": workflow, "content": "Go"})
    await online.wait_for("stagewright/chat/delta", lambda _: told() == "word " * 20)
    assert "stagewright/chat/finished" not in [name for name, _ in online.said]
    providers.resume()
    finished = await online.wait_for("stagewright/chat/finished")
    assert told() == finished["message"]["content"] == "word " * 40


async def test_a_stopped_answer_is_kept_and_marked(
    online: Editor, providers: LoopbackProcess
) -> None:
    providers.control(chats=[{"text": "never ending", "fault": "stall", "after": 2}])
    workflow = await start(online, CLAUDE["provider"], CLAUDE["model"])
    run = await online.command("stagewright.chat.send", {"workflowId": workflow, "content": "Go"})
    await online.wait_for("stagewright/chat/delta", lambda p: True)
    assert await online.command("stagewright.chat.stop", {"runId": run["runId"]}) == {
        "runId": run["runId"]
    }
    finished = await online.wait_for("stagewright/chat/finished")
    assert finished["partial"] is True
    message = saved(online, workflow)["messages"][-1]
    assert message["content"].startswith("never")
    assert message["metadata"]["partial"] is True
    assert message["model"] == CLAUDE
    view = await online.command("stagewright.workflow.get", {"workflowId": workflow})
    assert view["endings"] == {message["id"]: {"ended": "stopped", "reason": "Stopped by you."}}


async def test_a_view_tells_what_would_answer_had_nothing_been_chosen(offline: Editor) -> None:
    uri = offline.open(template(CLAUDE["provider"], CLAUDE["model"]))
    view = await offline.command("stagewright.chat.start", {"uri": uri})
    workflow = {"workflowId": view["workflow"]["id"]}
    await offline.command("stagewright.chat.setModel", {**workflow, "model": GPT})
    view = await offline.command("stagewright.workflow.get", workflow)
    assert view["effective"] == {"model": GPT, "origin": "message"}
    assert view["default"] == {"model": CLAUDE, "origin": "stage"}
    assert view["endings"] == {}


async def test_messages_sent_while_the_server_wakes_are_all_followed(
    online: Editor, providers: LoopbackProcess
) -> None:
    providers.control(chats=[{"text": "never ending", "fault": "stall", "after": 2}] * 2)
    manager = WorkflowManager(online.folder)
    workflows = [manager.create("ideation").id for _ in range(2)]
    runs = await asyncio.gather(
        *(
            online.command(
                "stagewright.chat.send", {"workflowId": each, "content": "Go", "model": CLAUDE}
            )
            for each in workflows
        )
    )
    for workflow, run in zip(workflows, runs, strict=True):
        seen = await online.command("stagewright.workflow.get", {"workflowId": workflow})
        assert seen["run"]["runId"] == run["runId"]
        await online.command("stagewright.chat.stop", {"runId": run["runId"]})


STAGED = """\
name: staged
stages:
  - name: design
    type: design
    initPrompt: Propose a design for {{requestId}}.
    defaultModel:
      provider: openai
      model: gpt-5.1
    gate:
      type: auto
  - name: build
    type: implementation
    initPrompt: Build it.
    gate:
      type: auto
"""


def write_request(folder: Path) -> None:
    """A request as Choragen keeps it."""
    path = folder / "docs/requests/change-requests/doing/CR-20251211-002-agents.md"
    path.parent.mkdir(parents=True)
    path.write_text("# Change Request: Agents\n\n**ID**: CR-20251211-002\n")


async def test_a_stage_s_request_can_be_seen_before_and_after_it_is_sent(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> None:
    write_request(folder)
    providers.control(chats=[{"text": "Two halves."}, {"text": "Built."}])
    environ = environment(tmp_path, **providers.environ)
    async with editor("visual-studio-code", folder, environ) as online:
        found = await online.command("stagewright.request.list", {})
        assert [(one["id"], one["title"]) for one in found["requests"]] == [
            ("CR-20251211-002", "Agents")
        ]
        begin = {"uri": online.open(STAGED), "requestId": found["requests"][0]["id"]}
        view = await online.command("stagewright.chat.start", begin)
        workflow = {"workflowId": view["workflow"]["id"]}
        assert (view["title"], view["context"]["sees"]) == ("Agents", [])

        async def turn(content: str) -> None:
            heard = len(online.said)
            await online.command("stagewright.chat.send", {**workflow, "content": content})
            await online.wait_for("stagewright/chat/finished", after=heard)

        await turn("Go on.")
        view = await online.command("stagewright.workflow.advance", workflow)
        assert view["context"]["words"] == "sees: design's answer"
        seen = await online.command("stagewright.chat.preview", {**workflow, "content": "Now."})
        await turn("Now.")
        answer = saved(online, workflow["workflowId"])["messages"][-1]
        after = await online.command(
            "stagewright.chat.preview", {**workflow, "messageId": answer["id"]}
        )
        listed_ = await online.command(
            "stagewright.workflow.list", {"requestId": begin["requestId"]}
        )

    expected = [
        ("request", "This work is about: CR-20251211-002 (Agents)"),
        ("context", 'The answer of the earlier stage "design":\n\nTwo halves.'),
        ("prompt", "Build it."),
        ("message", "Now."),
    ]
    for preview in (seen, after):
        assert [(turn["source"], turn["text"]) for turn in preview["turns"]] == expected
    assert after["effective"]["model"] == GPT
    first, second = (json.loads(one["body"])["input"] for one in providers.requests("/responses"))
    assert "a design for CR-20251211-002 (Agents).\n\nGo on." in first[0]["content"]
    assert second == [{"role": "user", "content": "\n\n".join(text for _, text in expected)}]
    assert [one["title"] for one in listed_["workflows"]] == ["Agents"]


async def test_what_a_stage_sees_is_chosen_in_the_chat(offline: Editor) -> None:
    uri = offline.open(STAGED)
    view = await offline.command("stagewright.chat.start", {"uri": uri, "stage": "build"})
    workflow = {"workflowId": view["workflow"]["id"]}
    for chosen, expected in (("workflow", ("workflow", True)), (None, ("answers", False))):
        view = await offline.command("stagewright.chat.setContext", {**workflow, "context": chosen})
        assert (view["context"]["mode"], view["context"]["chosen"]) == expected
    with pytest.raises(JsonRpcException, match="must be answers, stage, workflow or null"):
        await offline.command("stagewright.chat.setContext", {**workflow, "context": "all"})


async def test_a_model_of_no_provider_cannot_be_chosen(offline: Editor) -> None:
    view = await offline.command("stagewright.chat.start", {"uri": offline.open(STAGED)})
    workflow = {"workflowId": view["workflow"]["id"]}
    wrong = {"provider": "anthropc", "model": "claude-opus-5-5"}
    with pytest.raises(JsonRpcException, match="Did you mean anthropic") as refused:
        await offline.command("stagewright.chat.setModel", {**workflow, "model": wrong})
    assert refused.value.data["code"] == "provider-unknown"
    assert saved(offline, workflow["workflowId"])["messages"] == []


async def test_without_a_key_it_says_what_to_set(offline: Editor) -> None:
    uri = offline.open(template("anthropic", "claude-opus-5-5"))
    view = await offline.command("stagewright.chat.start", {"uri": uri})
    with pytest.raises(JsonRpcException, match="ANTHROPIC_API_KEY") as refused:
        await offline.command(
            "stagewright.chat.send", {"workflowId": view["workflow"]["id"], "content": "Go"}
        )
    assert refused.value.data["code"] == "not-configured"
    assert saved(offline, view["workflow"]["id"])["messages"] == []


async def test_a_refused_key_ends_the_run_with_a_reason_and_keeps_the_question(
    online: Editor, providers: LoopbackProcess
) -> None:
    error = {"type": "error", "error": {"type": "authentication_error", "message": "invalid"}}
    providers.control(chats=[{"status": 401, "body": error}])
    workflow = await start(online, CLAUDE["provider"], CLAUDE["model"])
    await online.command("stagewright.chat.send", {"workflowId": workflow, "content": "Go"})
    failed = await online.wait_for("stagewright/chat/failed")
    assert failed["code"] == "auth-failed"
    assert "ANTHROPIC_API_KEY" in failed["message"]
    assert [m["content"] for m in saved(online, workflow)["messages"]] == ["Go"]


async def test_a_workflow_file_that_cannot_be_read_is_left_as_it_is(offline: Editor) -> None:
    path = offline.folder / ".choragen" / "workflows" / "WF-20260101-001.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"id": "WF-2026')
    with pytest.raises(JsonRpcException, match=r"WF-20260101-001\.json") as refused:
        await offline.command(
            "stagewright.chat.send", {"workflowId": "WF-20260101-001", "content": "Go"}
        )
    assert refused.value.data["code"] == "workflow-unreadable"
    listed = await offline.command("stagewright.workflow.list", {})
    assert [Path(problem["path"]).name for problem in listed["problems"]] == [path.name]
    assert path.read_text() == '{"id": "WF-2026'


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({}, "workflowId is missing"),
        ({"workflowId": "WF-20260101-001"}, "content is missing"),
        ({"workflowId": 1, "content": "x"}, "workflowId must be a string"),
        ({"workflowId": "WF-20260101-001", "content": "x", "modle": 1}, "unknown key modle"),
        (
            {"workflowId": "WF-20260101-001", "content": "x", "model": {"model": "m"}},
            "model must be an object {provider, model}",
        ),
    ],
)
async def test_a_wrong_argument_is_named(
    offline: Editor, argument: dict[str, Any], message: str
) -> None:
    with pytest.raises(JsonRpcException, match=message):
        await offline.command("stagewright.chat.send", argument)


@pytest.mark.parametrize(
    ("place", "belongs_to"),
    [("flows", "."), ("package/.choragen/workflow-templates", "package")],
    ids=["a template in another folder", "a project in a project"],
)
def test_a_workflow_lies_where_its_template_s_roles_do_and_is_found_there(
    folder: Path, tmp_path: Path, place: str, belongs_to: str
) -> None:
    uri = (folder / place / "mine.yaml").as_uri()
    root = (folder / belongs_to).resolve()
    roles = root / ".choragen/roles/index.yaml"
    Path(folder / place).mkdir(parents=True, exist_ok=True)
    roles.parent.mkdir(parents=True, exist_ok=True)
    model = {"provider": "rehearsal", "model": "rehearsal-2"}
    roles.write_text(
        "roles:\n  - id: mine\n    name: Mine\n    model:\n"
        "      provider: rehearsal\n      model: rehearsal-2\n"
    )
    (folder / place / "mine.yaml").write_text(
        "name: mine\nstages:\n  - name: a\n    type: design\n    roleId: mine\n"
        "    gate:\n      type: auto\n"
    )
    settings = {"templates": {"include": ["flows/*.yaml", ".choragen/workflow-templates/*.yaml"]}}
    start = {"rootUri": folder.as_uri(), "capabilities": {}, "initializationOptions": settings}
    with Client(forks.server(), environment(tmp_path, STAGEWRIGHT_REHEARSAL="1")) as client:
        client.request("initialize", start)
        client.notify("initialized", {})
        (stage,) = client.command("stagewright.template.stages", {"uri": uri})["stages"]
        view = client.command("stagewright.chat.start", {"uri": uri})
        assert stage["effective"] == view["effective"] == {"model": model, "origin": "role"}
        assert view["root"] == root.as_uri()
        workflow = {"workflowId": view["workflow"]["id"], "root": view["root"]}
        client.command("stagewright.chat.send", {**workflow, "content": "Hello"})
        client.notification("stagewright/chat/finished")
        assert workflow["workflowId"] in listed(client)
    with Client(forks.server(), environment(tmp_path, STAGEWRIGHT_REHEARSAL="1")) as client:
        client.request("initialize", start)
        client.notify("initialized", {})
        found = client.command("stagewright.workflow.get", workflow)
        assert [said["content"] for said in found["workflow"]["messages"]][:1] == ["Hello"]
        with pytest.raises(RequestRefused, match="not a folder of this workspace"):
            client.command("stagewright.workflow.get", {**workflow, "root": tmp_path.as_uri()})


def listed(client: Client) -> list[str]:
    """The ids of all workflows that the server lists."""
    return [one["id"] for one in client.command("stagewright.workflow.list", {})["workflows"]]
