"""What a check could not verify: why, in every report, and when it fails the check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.support import OPTIONS, catalog, provider, without_key
from tests.cli.reports import GATEWAY, MISTRAL, sarif, shown

from stagewright.analysis.diagnostics.unverified import Unverified, unverified
from stagewright.catalog.catalog import Status
from stagewright.catalog.model import ModelReference
from stagewright.cli.check import exit_code
from stagewright.cli.checking.result import Asking, Result
from stagewright.cli.reports.as_github import to_github


def test_what_had_to_be_certain_is_an_error(tmp_path: Path) -> None:
    result = Result((), (), (MISTRAL,), Asking.LIVE)
    [said] = to_github(result, tmp_path)
    assert said.startswith("::error title=Stagewright%3A not verified::")
    [told] = sarif(result, tmp_path, 3)["runs"][0]["invocations"]
    assert told["toolExecutionNotifications"][0]["level"] == "error"


@pytest.mark.parametrize(
    ("unverified", "asking", "code", "levels"),
    [
        ((GATEWAY,), Asking.LIVE, 0, ["warning"]),
        ((GATEWAY, MISTRAL), Asking.LIVE, 3, ["warning", "error"]),
        ((replace(GATEWAY, answered=False),), Asking.LIVE, 3, ["error"]),
        ((GATEWAY, MISTRAL), Asking.USUAL, 0, ["warning", "warning"]),
    ],
)
def test_what_a_gateway_lacks_is_told_and_fails_nothing(
    tmp_path: Path, unverified: tuple[Unverified, ...], asking: Asking, code: int, levels: list[str]
) -> None:
    result = Result((), (), unverified, asking)
    assert exit_code(result, "error") == code
    [told] = sarif(result, tmp_path, code)["runs"][0]["invocations"]
    assert [one["level"] for one in told["toolExecutionNotifications"]] == levels
    text = " ".join(shown(result, tmp_path, width=200).split())
    assert "Not verified: " in text
    assert ("--live failed" in text) is (code == 3)


@pytest.mark.parametrize(
    ("status", "asked", "why"),
    [
        (Status.OK, True, "OpenAI did not say whether these models exist."),
        (Status.OK, False, "Not asked, because of --offline."),
        (Status.LOADING, False, "Not asked, because of --offline."),
        (Status.AUTH_FAILED, True, "Key refused: check OPENAI_API_KEY."),
        (Status.NO_LIST, True, "Offers no list of models."),
    ],
)
def test_why_something_is_not_certain(status: Status, asked: bool, why: str) -> None:
    known = catalog(provider("openai", "gpt-5", status=status))
    [said] = unverified({ModelReference("openai", "gpt-9")}, known, OPTIONS.now, asked=asked)
    assert (said.why, said.status, said.models) == (why, status.value, ("gpt-9",))


def test_what_is_certain_is_not_mentioned() -> None:
    known = catalog(provider("openai", "gpt-5"), without_key("mistral"))
    used = {
        ModelReference("openai", "gpt-5"),
        ModelReference("unheard-of", "x"),  # a diagnostic of its own
        ModelReference("mistral", "y"),
    }
    found = unverified(used, known, OPTIONS.now)
    assert [one.provider for one in found] == ["mistral"]


@pytest.mark.parametrize(("own", "elsewhere"), [(False, True), (False, False), (True, True)])
def test_what_a_gateway_lacks_is_not_certain_elsewhere(*, own: bool, elsewhere: bool) -> None:
    known = catalog(replace(provider("openai", "gpt-5"), own_origin=own, absent=frozenset({"x"})))
    used = {ModelReference("openai", "gpt-5"), ModelReference("openai", "x")}
    found = [
        (one.models, one.why, one.answered)
        for one in unverified(used, known, OPTIONS.now, elsewhere=used if elsewhere else ())
    ]
    why = "Another address was asked than OpenAI's own, and does not have them."
    assert found == ([(("x",), why, True)] if elsewhere and not own else [])


def test_a_gateway_of_whose_models_some_are_open_has_not_answered() -> None:
    known = catalog(
        replace(provider("openai", "gpt-5", status=Status.OK), own_origin=False, complete=False)
    )
    used = {ModelReference("openai", "gpt-5"), ModelReference("openai", "x")}
    [said] = unverified(used, known, OPTIONS.now, elsewhere=used)
    assert (said.models, said.answered, said.to_json()["status"]) == (("x",), False, "ok")
