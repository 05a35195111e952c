"""Models in files of other programs, over the wire: offered, judged, explained, set, replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.editor import Editor, editor, environment
from tests.e2e.support import CLAUDE, document, edited, template

AGENT = ".claude/agents/😀 reviewer.md"
TEXT = '---\nname: "😀"\nmodel: claude-sonnet-4-20250514 # old\n---\n\nReview it.\n'
CONFIG = "./promptfooconfig.yaml"
AT = {"line": 2, "character": 20}
REFUSED = (
    ({"line": 1, "character": 0}, CLAUDE, "site-unknown"),
    (AT, {"provider": "openai", "model": "gpt-5"}, "model-refused"),
    (AT, {"provider": "anthropic", "model": "claude-2.0"}, "model-unavailable"),
)


async def test_an_agents_model_is_told_and_set(offline: Editor) -> None:
    uri = offline.open(TEXT, AGENT)
    argument = {"uri": uri, "position": AT}
    site = (await offline.command("stagewright.model.at", argument))["site"]
    assert site == {
        "dialect": "claude-code",
        "where": "model",
        "range": {
            "start": {"line": 2, "character": 7},
            "end": {"line": 2, "character": 31},
        },
        "provider": "anthropic",
        "model": "claude-sonnet-4-20250514",
        "written": "claude-sonnet-4-20250514",
        "standing": site["standing"],
        "settable": True,
        "missingKey": {"provider": "anthropic", "variable": "ANTHROPIC_API_KEY"},
        "providers": ["anthropic"],
        "near": site["near"],
    }
    assert [one["model"] for one in site["near"]] == ["claude-sonnet-5-5"]
    for position, model, code in REFUSED:
        with pytest.raises(JsonRpcException) as refused:
            await offline.command(
                "stagewright.model.set", {"uri": uri, "position": position, "model": model}
            )
        assert refused.value.data["code"] == code
    done = await offline.command("stagewright.model.set", {**argument, "model": CLAUDE})
    assert done == {"applied": True}
    after = await edited(offline, uri, TEXT)
    assert after == TEXT.replace("claude-sonnet-4-20250514", "claude-opus-5-5")


async def test_a_place_that_is_none_is_refused_and_one_that_is_far_off_names_nothing(
    offline: Editor,
) -> None:
    uri = offline.open(TEXT, AGENT)
    with pytest.raises(JsonRpcException, match=r"position must be an object \{line, "):
        await offline.command("stagewright.model.at", {"uri": uri, "position": None})
    for place in ({"line": 2**40, "character": 0}, {"line": -1, "character": 2**70}):
        argument = {"uri": uri, "position": place}
        assert await offline.command("stagewright.model.at", argument) == {"site": None}


async def test_its_change_is_offered_where_the_cursor_is(offline: Editor) -> None:
    uri = offline.open(TEXT, AGENT)
    for line, offered in ((2, ["Change model `claude-sonnet-4-20250514`"]), (1, [])):
        place = types.Position(line, AT["character"])
        found = await offline.client.text_document_code_action_async(
            types.CodeActionParams(
                document(uri),
                types.Range(place, place),
                types.CodeActionContext([], only=["stagewright.change-model"]),
            )
        )
        assert [one.title for one in found or ()] == offered
        for one in found or ():
            assert isinstance(one, types.CodeAction)
            assert one.command is not None
            assert (one.command.command, [*(one.command.arguments or ())]) == (
                "stagewright.model.set",
                [{"uri": uri, "position": AT}],
            )


async def test_without_a_model_the_user_is_asked(answering: Editor) -> None:
    await answering.models_known()
    uri = answering.open("providers:\n  - anthropic:messages:claude-opus-4-1\n", CONFIG)
    argument = {"uri": uri, "position": {"line": 1, "character": 30}}
    assert await answering.command("stagewright.model.set", argument) == {"applied": False}
    asked: list[list[str]] = []

    def choose(params: types.ShowMessageRequestParams) -> str:
        asked.append([one.title for one in params.actions or ()])
        return "anthropic/claude-opus-5-5"

    answering.choose = choose
    assert await answering.command("stagewright.model.set", argument) == {"applied": True}
    assert "anthropic/claude-opus-5-5" in asked[0]
    assert "No default" not in asked[0]


async def test_a_configuration_is_completed_and_explained(offline: Editor) -> None:
    uri = offline.open("providers:\n  - openai:\n  - anthropic:messages:claude-opus-5-5\n", CONFIG)
    place = types.Position(1, 11)
    answer = await offline.client.text_document_completion_async(
        types.CompletionParams(document(uri), place)
    )
    assert isinstance(answer, types.CompletionList)
    texts = {one.text_edit.new_text for one in answer.items if one.text_edit}
    assert texts
    assert all(text.startswith("openai:") for text in texts)
    hover = await offline.client.text_document_hover_async(
        types.HoverParams(document(uri), types.Position(2, 30))
    )
    assert hover is not None
    assert "claude-opus-5-5" in str(hover.contents)
    argument = {"uri": uri, "position": {"line": 0, "character": 2}}
    assert await offline.command("stagewright.model.at", argument) == {"site": None}


async def test_a_model_is_told_and_replaced_in_files_of_every_kind(offline: Editor) -> None:
    old = {"provider": "anthropic", "model": "claude-sonnet-4-20250514"}
    agent = offline.open(TEXT, AGENT)
    config = offline.open("providers: ['anthropic:claude-sonnet-4-20250514']\n", CONFIG)
    stage = offline.open(template(**old))
    argument = {"uri": stage, "position": {"line": 6, "character": 15}}
    site = (await offline.command("stagewright.model.at", argument))["site"]
    assert (site["dialect"], site["where"], site["owner"]) == (
        "choragen-template",
        "stages[0].defaultModel",
        "a",
    )
    assert {key: site[key] for key in old} == old
    done = await offline.command(
        "stagewright.workspace.replaceModel", {"from": old, "to": CLAUDE, "dryRun": True}
    )
    counts = {one["uri"]: one["count"] for one in done["files"]}
    assert [counts[uri] for uri in (agent, config, stage)] == [1, 1, 1]
    other = {"from": old, "to": {"provider": "openai", "model": "gpt-6"}, "dryRun": True}
    done = await offline.command("stagewright.workspace.replaceModel", other)
    assert {one["uri"] for one in done["files"]} >= {config, stage}
    [skipped] = [one for one in done["skipped"] if one["uri"] == agent]
    why = ": 1 use unchanged; openai/gpt-6 cannot be named there."
    assert skipped["reason"].endswith(why)


@pytest.mark.parametrize("stage", [0, -1, "a"])
async def test_what_is_about_stages_is_refused_in_other_files(
    offline: Editor, stage: int | str
) -> None:
    config = offline.open("providers: ['anthropic:claude-sonnet-4-20250514']\n", CONFIG)
    for command, argument in (
        ("stage.setModel", {"uri": config, "stage": stage, "model": CLAUDE}),
        ("stage.setModel", {"uri": config, "stage": stage, "model": None}),
        ("chat.start", {"uri": config}),
        ("template.stages", {"uri": config}),
    ):
        with pytest.raises(JsonRpcException) as refused:
            await offline.command(f"stagewright.{command}", argument)
        assert refused.value.data["code"] == "template-unknown"


async def test_settings_beside_an_open_file_count(offline: Editor) -> None:
    settings = offline.folder / ".claude" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://llm.example"}}')
    uri = offline.open(TEXT, AGENT)
    argument = {"uri": uri, "position": AT}
    site = (await offline.command("stagewright.model.at", argument))["site"]
    assert (site["standing"], site["provider"]) == ("opaque", None)
    settings.write_text("{}")
    offline.client.text_document_did_save(types.DidSaveTextDocumentParams(document(uri)))
    site = (await offline.command("stagewright.model.at", argument))["site"]
    assert (site["standing"], site["provider"]) == ("retired", "anthropic")


OWN = """
[dialects.acme]
name = "Acme"
files = ["acme.yaml"]
[[dialects.acme.places]]
at = ["$.jobs[*].args"]
written = "model"
provider = "anthropic"
extract = { options = ["--model"] }
"""
JOBS = "jobs:\n  - args: |\n      --x --model claude-opus-4-1 '😀' \\\n      -y\n"


async def test_a_dialect_of_ones_own_within_a_text_of_many_lines(
    folder: Path, tmp_path: Path
) -> None:
    environ = environment(tmp_path)
    Path(environ["STAGEWRIGHT_CONFIG"]).write_text(OWN)
    async with editor("visual-studio-code", folder, environ) as running:
        uri = running.open(JOBS, "./acme.yaml")
        argument = {"uri": uri, "position": {"line": 2, "character": 30}}
        site = (await running.command("stagewright.model.at", argument))["site"]
        assert (site["dialect"], site["where"], site["written"], site["settable"]) == (
            "acme",
            "jobs[0].args",
            "claude-opus-4-1",
            True,
        )
        assert site["range"] == {
            "start": {"line": 2, "character": 18},
            "end": {"line": 2, "character": 33},
        }
        done = await running.command("stagewright.model.set", {**argument, "model": CLAUDE})
        assert done == {"applied": True}
        after = await edited(running, uri, JOBS)
        assert after == JOBS.replace("claude-opus-4-1", "claude-opus-5-5")
        other = {**argument, "model": {"provider": "openai", "model": "gpt-5"}}
        with pytest.raises(JsonRpcException, match="Acme cannot name a model of openai here"):
            await running.command("stagewright.model.set", other)
