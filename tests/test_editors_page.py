"""The page about editors gives the set-ups that the editor tests use."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_set_up_of_neovim_is_the_one_that_is_tested() -> None:
    _, _, tested = (ROOT / "tests/editors/neovim/init.lua").read_text("utf-8").partition("\n")
    assert f"```lua\n{tested}```" in (ROOT / "server/docs/editors.md").read_text("utf-8")
