"""The demo, as a newcomer starts it: the whole main job, with nobody's keys."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.editor import environment


def test_the_demo_shows_the_main_job(tmp_path: Path) -> None:
    key = "sk-ant-of-somebody-0000"
    environ = environment(tmp_path, ANTHROPIC_API_KEY=key, COLUMNS="80")
    command = [sys.executable, "-m", "stagewright", "demo"]
    run = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert key not in run.stdout
    _, completing, wrong, chat, saved = run.stdout.split("──\n")
    assert "model:▏" in completing
    assert "gpt-" in completing
    assert re.search(
        r"^        gpt-\S+ +GPT-.* · no key · offline knowledge$", completing, re.MULTILINE
    )
    assert "model-reference" not in wrong  # the model that was taken is there
    assert "error[model-retired]: Anthropic retired `claude-3-opus-20240229`" in wrong
    assert "on 2026-01-05 (offline knowledge of 20" in wrong
    assert re.search(r"= fix: Use `claude-[a-z0-9-]+`, its successor", wrong)
    assert "|              ^^^^^^^^^^^^^^^^^^^^^^" in wrong
    assert "Unknown provider `antropic`. Did you mean `anthropic`?" in wrong
    assert chat.index("rehearsal/rehearsal-1") < chat.index("rehearsal/rehearsal-2")
    rows = [line.split()[:2] for line in saved.splitlines() if line.startswith("  control")]
    assert rows == [["control", "rehearsal/rehearsal-1"], ["control", "rehearsal/rehearsal-2"]]
