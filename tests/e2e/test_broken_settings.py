"""Whatever stands in the place of config.toml or the cache: told over the wire, and served on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.editor import environment
from tests.forks import program
from tests.hostile import FILES, FOLDERS, LIKE_OTHERS, open_again
from tests.loopback.process import LoopbackProcess, loopback_process

from stagewright.cli.rpc import Client

TEMPLATE = (
    "name: t\nstages:\n  - name: a\n    type: design\n"
    "    defaultModel: {provider: anthropic, model: claude-opus-5-5}\n"
)
AT_MODEL = {"line": 4, "character": 50}

SAID = {
    "a link to itself": "is a link to itself. Remove it.",
    "a link that leads nowhere": "is a broken link.",
    "a link to a folder": "is a folder, not a file. Move it away.",
    "a link without end": "is a pipe or a device, not a file.",
    "a folder": "is a folder, not a file. Move it away.",
    "a pipe": "is a pipe or a device, not a file. Remove it.",
    "a socket": "is a pipe or a device, not a file. Remove it.",
    "shut": "cannot be read: Permission denied. Make it readable for this user.",
    "empty": "",
    "too large": "is larger than 1 MiB",
    "not UTF-8": "UTF-8",
    "nothing but NUL": ":",
    "nested deep": ":",
    "a list nested deep": ":",
}
"""By what stands in the place of config.toml, what is told beside its name."""

TEXTS = {
    "[chat": "settings.toml",
    "chat = 1\n": "chat",
    "[chat]\ntimeoutSeconds = 'soon'\n": "timeoutSeconds",
    "[chatt]\n": "chatt",
    "[providers.acme]\nkind = 'ftp'\n": "acme",
    "[templates]\ninclude = ['/etc/**']\n": "include",
}


@contextmanager
def server(environ: dict[str, str], *before: str) -> Iterator[Client]:
    start = (*before, sys.executable, "-m", "stagewright") if before else program()
    with Client((*start, "server"), environ) as client:
        client.request("initialize", {"rootUri": None, "capabilities": {}}, timeout=60)
        client.notify("initialized", {})
        yield client


def goes_on(client: Client) -> dict[str, Any]:
    """That it serves: a hover, and the catalogue, which is the result."""
    document = {"languageId": "yaml", "version": 1}
    uri = "file:///w/.choragen/workflow-templates/t.yaml"
    client.notify(
        "textDocument/didOpen", {"textDocument": {**document, "uri": uri, "text": TEMPLATE}}
    )
    hover = client.request(
        "textDocument/hover", {"textDocument": {"uri": uri}, "position": AT_MODEL}, timeout=60
    )
    assert "claude-opus-5-5" in hover["contents"]["value"]
    catalog: dict[str, Any] = client.request(
        "workspace/executeCommand",
        {"command": "stagewright.models.refresh", "arguments": [{"provider": "anthropic"}]},
        timeout=60,
    )
    return catalog


@pytest.mark.parametrize("state", FILES)
def test_a_configuration_that_is_none_is_told_and_served_without(
    tmp_path: Path, state: str
) -> None:
    config = tmp_path / "settings.toml"
    FILES[state](config)
    try:
        with server(
            environment(tmp_path / "e", STAGEWRIGHT_CONFIG=str(config)),
            *(LIKE_OTHERS if state == "shut" else ()),
        ) as client:
            if wanted := SAID[state]:
                told = client.notification("window/showMessage", timeout=60)["message"]
                assert "settings.toml" in told
                assert wanted in told
                assert len(told) < 1000
            assert goes_on(client)["providers"]["anthropic"]["status"] == "not-configured"
            again = [one for one in client.unread() if one["method"] == "window/showMessage"]
            assert again == []
    finally:
        open_again(tmp_path)


@pytest.mark.parametrize("text", TEXTS)
def test_a_setting_that_cannot_be_taken_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    config = tmp_path / "settings.toml"
    config.write_text(text)
    with server(environment(tmp_path / "e", STAGEWRIGHT_CONFIG=str(config))) as client:
        told = client.notification("window/showMessage", timeout=60)["message"]
        assert str(config) in told
        assert TEXTS[text] in told
        goes_on(client)


@pytest.fixture(scope="module")
def providers() -> Iterator[LoopbackProcess]:
    with loopback_process() as running:
        yield running


def models(catalog: dict[str, Any]) -> tuple[str, int]:
    found = catalog["providers"]["anthropic"]
    return found["status"], len(found["models"])


def test_a_cache_that_is_none_costs_nothing_but_time(
    tmp_path: Path, providers: LoopbackProcess
) -> None:
    environ = environment(tmp_path / "e", **providers.environ)
    cache = Path(environ["STAGEWRIGHT_CACHE_DIR"])
    with server(environ) as client:
        status, count = models(goes_on(client))
        assert (status, count > 0) == ("ok", True)
    kept = sorted(path.relative_to(cache) for path in cache.rglob("*.jsonl"))
    assert kept
    for state in ("a link to itself", "a folder", "a pipe", "not UTF-8", "nested deep", "empty"):
        for name in kept:
            path = cache / name
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
            FILES[state](path)
        with server(environ) as client:
            assert models(goes_on(client)) == (status, count), state


@pytest.mark.parametrize("state", ["a link to itself", "a file", "a pipe", "a link to a device"])
def test_something_in_the_place_of_the_caches_folder_costs_nothing_but_time(
    tmp_path: Path, providers: LoopbackProcess, state: str
) -> None:
    environ = environment(tmp_path / "e", **providers.environ)
    cache = tmp_path / "cache"
    FOLDERS[state](cache)
    with server(environ | {"STAGEWRIGHT_CACHE_DIR": str(cache)}) as client:
        assert models(goes_on(client))[0] == "ok"
