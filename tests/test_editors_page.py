"""The page about editors gives the set-ups that the editor tests use."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "server/docs/editors.md").read_text("utf-8")


def test_the_set_up_of_neovim_is_the_one_that_is_tested() -> None:
    _, _, tested = (ROOT / "tests/editors/neovim/init.lua").read_text("utf-8").partition("\n")
    assert f"```lua\n{tested}```" in PAGE
    assert "(editors/stagewright.lua)" in PAGE
    assert "cp server/docs/editors/stagewright.lua" in (
        ROOT / "tests/editors/neovim/test.sh"
    ).read_text("utf-8")


def test_the_set_up_of_emacs_is_the_one_that_is_tested() -> None:
    _, _, tested = (ROOT / "tests/editors/emacs/init.el").read_text("utf-8").partition("\n")
    assert f"```elisp\n{tested}```" in PAGE
