"""`stagewright check` on files of which nothing can be said, with every provider in reach."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.checking import run, stages, write
from tests.dialects.silence import SILENT
from tests.dialects.silent import SECRETS
from tests.loopback.process import loopback_process


def test_no_question_about_them_leaves_the_machine(tmp_path: Path) -> None:
    paths = [write(tmp_path, a=stages(("anthropic", "claude-none")))]  # about this one, there is
    for number, silent in enumerate(SILENT.values()):
        path = tmp_path / str(number) / silent.path
        path.parent.mkdir(parents=True)
        path.write_text(silent.text, "utf-8")
        paths.append(path)
    with loopback_process() as providers:
        arguments = ("--live", "--format", "json", *map(str, paths))
        ran = run(tmp_path, *arguments, environ=providers.environ)
        asked = providers.requests()
    assert ran.json["summary"]["files"] == len(paths)
    assert ran.json["summary"]["skipped"] == 0
    assert [finding["path"] for finding in ran.json["findings"]] == [
        str(paths[0].relative_to(tmp_path))
    ]
    single = {one["path"] for one in asked if not one["path"].endswith("/models")}
    assert [path.rpartition("/")[2] for path in single] == ["claude-none"]
    told = json.dumps(asked) + ran.out + ran.err
    assert [secret for secret in SECRETS if secret in told] == []
