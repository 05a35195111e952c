"""Closed files of other programs: found, told when the server rests, changed with the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.watching import CHANGED, CREATED, DELETED, serving

OLD, NEW = "claude-2.0", "claude-opus-5-5"
AGENT = f"---\nname: a\nmodel: {OLD}\n---\n\nBe brief.\n"
PROXY = f"model_list:\n  - model_name: a\n    litellm_params:\n      model: anthropic/{OLD}\n"
CONFIG = f"providers:\n  - anthropic:messages:{OLD}\n"


def put(root: Path, **files: str) -> dict[str, Path]:
    places = {
        "agent": ".claude/agents/a.md",
        "deep": "packages/b/.claude/agents/deep/b.md",
        "config": "evals/promptfooconfig.yaml",
        "proxy": "deploy/config.yaml",
        "ignored": "out/.claude/agents/a.md",
        "installed": "node_modules/x/promptfooconfig.yaml",
        "made": ".claude/agents/made.md",
        "large": "data/big.json",
        "dead": ".claude/agents/dead.md",
    }
    texts = {
        "agent": AGENT, "deep": AGENT, "config": CONFIG, "proxy": PROXY, "ignored": AGENT,
        "installed": CONFIG, "made": AGENT.replace("name: a", "name: a # DO NOT EDIT"),
    }  # fmt: skip
    found = {name: root / place for name, place in places.items()}
    for name, path in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if name == "dead":
            path.symlink_to("nowhere")
        elif name == "large":
            with path.open("wb") as file:
                file.truncate(20 * 1024 * 1024)
        else:
            path.write_text(texts[name])
    (root / ".gitignore").write_text("out/\n")
    return found


def test_closed_files_are_told_when_the_server_rests(root: Path, tmp_path: Path) -> None:
    files = put(root)
    with serving(tmp_path, root) as client:
        told: dict[str, list[str]] = {}

        def all_told(message: dict[str, Any]) -> bool:
            told[message["uri"]] = [one["code"] for one in message["diagnostics"]]
            names = ("agent", "deep", "config")
            return all(told.get(files[name].as_uri()) == ["model-retired"] for name in names)

        client.notification("textDocument/publishDiagnostics", all_told)
        client.watches(lambda globs: "**/promptfooconfig*.{yaml,yml}" in globs)
        assert "**/.claude/agents/**/*.md" in client.globs()
        assert "**/.claude" in client.globs()
        assert not {"**/*", "**/**", "**/*.md", "**/*.yaml", "**/*.json"} & set(client.globs())
        late = root / ".claude/commands/late.md"
        late.parent.mkdir()
        late.write_text(AGENT)
        client.tell((late, CREATED))
        client.codes(late, "model-retired")
        assert {uri for uri, codes in told.items() if codes} == {
            files[name].as_uri() for name in ("agent", "deep", "config")
        }


def test_a_closed_file_that_is_not_utf_8_is_told(root: Path, tmp_path: Path) -> None:
    agent = root / ".claude/agents/a.md"
    agent.parent.mkdir(parents=True)
    agent.write_bytes(AGENT.replace("name: a", "name: caf\xe9").encode("latin-1"))
    with serving(tmp_path, root) as client:
        client.codes(agent, "file-unreadable")
        agent.write_text(AGENT)
        client.tell((agent, CHANGED))
        client.codes(agent, "model-retired")


def test_a_model_is_replaced_in_closed_files_of_every_kind(root: Path, tmp_path: Path) -> None:
    files = put(root)
    argument = {
        "from": {"provider": "anthropic", "model": OLD},
        "to": {"provider": "anthropic", "model": NEW},
        "dryRun": True,
    }
    with serving(tmp_path, root) as client:
        done = client.command("stagewright.workspace.replaceModel", argument)
        assert {one["uri"]: one["count"] for one in done["files"]} == {
            files[name].as_uri(): 1 for name in ("agent", "deep", "config", "proxy")
        }
        assert [one["uri"] for one in done["skipped"]] == [files["dead"].as_uri()]
        named = client.command("stagewright.workspace.models", {})["models"]
        assert [len(one["uses"]) for one in named] == [4]


def test_what_stands_in_a_file_says_whose_it_is(root: Path, tmp_path: Path) -> None:
    uri = (root / "config.yaml").as_uri()
    document = {"uri": uri, "languageId": "yaml", "version": 1}
    at = {"uri": uri, "position": {"line": 3, "character": 25}}
    with serving(tmp_path, root) as client:
        client.notify("textDocument/didOpen", {"textDocument": {**document, "text": "a: 1\n"}})
        assert client.command("stagewright.model.at", at) == {"site": None}
        change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": PROXY}]}
        client.notify("textDocument/didChange", change)
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        assert client.command("stagewright.model.at", at)["site"]["dialect"] == "litellm"
        change["contentChanges"] = [{"text": PROXY.replace("model_list", "model_lis")}]
        client.notify("textDocument/didChange", change)
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        change["contentChanges"] = [{"text": PROXY}]
        client.notify("textDocument/didChange", change)
        assert client.command("stagewright.model.at", at)["site"]["dialect"] == "litellm"


def test_settings_beside_files_count_as_they_are_now(root: Path, tmp_path: Path) -> None:
    """For a closed file, and for an open one that has not been touched since."""
    closed, opened = root / ".claude/agents/a.md", root / ".claude/agents/b.md"
    closed.parent.mkdir(parents=True)
    closed.write_text(AGENT)
    opened.write_text(AGENT)
    beside = root / ".claude/settings.json"
    item = {"uri": opened.as_uri(), "languageId": "markdown", "version": 1, "text": AGENT}
    with serving(tmp_path, root) as client:
        client.notify("textDocument/didOpen", {"textDocument": item})
        client.codes(opened, "model-retired")
        client.codes(closed, "model-retired")
        client.watches(lambda globs: "**/.claude/settings.json" in globs)
        beside.write_text('{"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}}')
        client.tell((beside, CREATED))
        client.codes(opened)
        client.codes(closed)
        beside.unlink()
        client.tell((beside, DELETED))
        client.codes(opened, "model-retired")
        client.codes(closed, "model-retired")


def test_what_is_ignored_from_now_on_is_told_no_longer(root: Path, tmp_path: Path) -> None:
    files = put(root)
    with serving(tmp_path, root) as client:
        client.codes(files["deep"], "model-retired")
        client.watches(lambda globs: "**/.gitignore" in globs)
        (root / ".gitignore").write_text("packages\n")
        client.tell((root / ".gitignore", CHANGED))
        client.codes(files["deep"])
        client.codes(files["ignored"], "model-retired")
