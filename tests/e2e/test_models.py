"""Completion and diagnostics over the wire, with models that live providers list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.e2e.editor import Editor
from tests.e2e.support import template
from tests.loopback.world import DEPRECATED, RETIRED, THIRD_PAGE

from stagewright.text.buffer import Position

DATA = Path(__file__).parents[1] / "data" / "choragen" / "workflow-templates"
TEMPLATES = sorted(path.name for path in DATA.glob("*.yaml"))


def with_default_model(text: str, provider: str, model: str) -> str:
    """The same template with a `defaultModel` on every stage."""
    block = f"    defaultModel:\n      provider: {provider}\n      model: {model}\n"
    return re.sub(r"(?m)^(    type: .*\n)", lambda found: found[1] + block, text)


@pytest.mark.parametrize("name", TEMPLATES)
async def test_a_real_template_offers_a_model_of_the_third_page(online: Editor, name: str) -> None:
    await online.models_known()
    text = (DATA / name).read_text()
    once = with_default_model(text, "anthropic", "$0")
    first, *others = once.split("$0")
    offers = await online.complete(first + "$0" + "".join(others), name)
    assert THIRD_PAGE in [offer.label for offer in offers.items]
    assert len([offer for offer in offers.items if offer.label.startswith("claude-")]) >= 44


@pytest.mark.parametrize("name", TEMPLATES)
async def test_a_real_template_has_no_diagnostic(online: Editor, name: str) -> None:
    await online.models_known()
    text = (DATA / name).read_text()
    uri = online.open(text, name)
    assert await online.diagnostics(uri, lambda found: True) == []
    online.replace(uri, with_default_model(text, "anthropic", RETIRED))
    stages = text.count("    type: ") - text.count("      type: ")
    found = await online.diagnostics(uri, lambda found: len(found) == stages)
    assert {one.code for one in found} == {"model-retired"}
    assert {online.covered(uri, one.range) for one in found} == {RETIRED}


async def test_the_range_is_right_behind_wide_characters(online: Editor) -> None:
    await online.models_known()
    text = (
        'name: "t"\nstages:\n  - name: "🎭 ä"\n'
        '    defaultModel: {"provider": "antropic", "model": "🎭"}\n    type: "design"\n'
    )
    uri = online.open(text)
    found = await online.diagnostics(
        uri, lambda found: any(one.code == "provider-unknown" for one in found)
    )
    unknown = next(one for one in found if one.code == "provider-unknown")
    assert online.covered(uri, unknown.range).strip('"') == "antropic"


async def test_an_unlisted_alias_is_asked_for_before_anything_is_said(online: Editor) -> None:
    await online.models_known()
    uri = online.open(template("anthropic", "claude-haiku-4-5"))
    other = online.open(template("anthropic", "claude-haiku-9-9"), "other.yaml")
    found = await online.diagnostics(other, lambda found: len(found) > 0)
    assert [one.code for one in found] == ["model-unavailable"]
    assert online.covered(other, found[0].range) == "claude-haiku-9-9"
    assert await online.diagnostics(uri, lambda found: True) == []


async def test_a_deprecated_model_says_when_it_ends(online: Editor) -> None:
    await online.models_known()
    uri = online.open(template("anthropic", DEPRECATED))
    (found,) = await online.diagnostics(uri, lambda found: len(found) == 1)
    assert found.code == "model-deprecated"
    assert "2026-11-30" in found.message


async def test_the_models_in_use_say_how_they_stand_and_what_could_take_their_place(
    online: Editor,
) -> None:
    await online.models_known()
    named = {
        DEPRECATED: "deprecated",
        "claude-haiku-9-9": "unavailable",
        "claude-opus-5-5": "usable",
    }
    for model in named:
        uri = online.open(template("anthropic", model), f"{model}.yaml")
        await online.diagnostics(
            uri, lambda found, model=model: bool(found) == (named[model] != "usable")
        )
    argument = {"provider": "anthropic"}
    found = (await online.command("stagewright.workspace.models", argument))["models"]
    stands = {one["model"]["model"]: one["standing"] for one in found}
    assert {model: stands[model] for model in named} == named
    for one in found:
        assert one["model"] not in one["near"]
        if one["near"]:
            providers = [near["provider"] for near in one["near"]]
            assert providers == sorted(providers, key=lambda name: name != "anthropic")
    (wrong,) = [one for one in found if one["model"]["model"] == "claude-haiku-9-9"]
    assert wrong["near"][0]["model"].startswith("claude-haiku-")


async def test_what_is_typed_is_completed(online: Editor) -> None:
    await online.models_known()
    uri = online.open(template("openai", ""))
    line = template("openai", "").split("\n").index("      model: ")
    typed = ""
    for character in "gpt-5":
        online.insert(uri, Position(line, len("      model: ") + len(typed)), character)
        typed += character
        offers = await online.complete_at(uri, Position(line, len("      model: ") + len(typed)))
        assert "gpt-5" in [offer.label for offer in offers.items]
        assert all(typed in str(offer.filter_text) for offer in offers.items)


async def test_diagnostics_follow_when_the_list_arrives(online: Editor) -> None:
    uri = online.open(template("anthropic", RETIRED))
    found = await online.diagnostics(
        uri, lambda found: [one.code for one in found] == ["model-retired"]
    )
    assert RETIRED in found[0].message
