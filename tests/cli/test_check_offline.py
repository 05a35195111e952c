"""`check --offline` opens no socket: looked at from inside a process that would not let it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.checking import run_program, stages, write
from tests.loopback.process import loopback_process
from tests.loopback.world import THIRD_PAGE

GUARD = """
import sys

def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        sys.stderr.write(f"opened: {event}\\n")
        sys.stderr.flush()
        raise RuntimeError(event)

sys.addaudithook(refuse)
"""


@pytest.fixture
def guard(tmp_path: Path) -> dict[str, str]:
    """Variables that make every Python process here refuse to use the network."""
    folder = tmp_path / "guard"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(GUARD)
    return {"PYTHONPATH": str(folder)}


@pytest.mark.parametrize("files", [1, 200])  # one process, and several
def test_offline_opens_no_socket(tmp_path: Path, guard: dict[str, str], files: int) -> None:
    text = stages(*[("anthropic", THIRD_PAGE), ("ollama", "llama3:8b"), ("openai", "gpt-none")] * 8)
    write(tmp_path, **{f"t{number}": text for number in range(files)})
    with loopback_process() as providers:
        ran = run_program(
            tmp_path, "--offline", "--no-code", environ={**providers.environ, **guard}
        )
        assert providers.requests() == []
    assert (ran.code, ran.err) == (0, "")
    assert f"{files} file" in ran.out
    assert "Not verified: OpenAI's `gpt-none`. Not asked, because of --offline." in ran.out


def test_a_first_run_finds_what_a_later_one_finds(tmp_path: Path, guard: dict[str, str]) -> None:
    """Also where no cache can be written, as in some CI containers."""
    write(tmp_path, a=stages(("openai", "text-embedding-3-small"), ("openai", "gpt-4o")))
    (tmp_path / "file").write_text("in the way")
    unwritable = {**guard, "STAGEWRIGHT_CACHE_DIR": str(tmp_path / "file" / "cache")}
    first, later, uncached = (
        run_program(tmp_path, "--offline", "--format", "json", environ=environ)
        for environ in (guard, guard, unwritable)
    )
    assert "model-not-chat" in first.codes
    assert first.json["findings"] == later.json["findings"] == uncached.json["findings"]


def test_without_the_option_it_would(tmp_path: Path, guard: dict[str, str]) -> None:
    write(tmp_path, a=stages(("anthropic", THIRD_PAGE)))
    with loopback_process() as providers:
        ran = run_program(tmp_path, environ={**providers.environ, **guard})
    assert "opened: socket." in ran.err
