"""The user's severity of each code: it holds for that code alone; `off` leaves nothing of it."""

from dataclasses import replace

import pytest
from tests.analysis.support import CHECKED, OPTIONS, catalog, provider, retiring, without_key
from tests.catalog.knowing import known

from stagewright.analysis.diagnostics import failures
from stagewright.analysis.diagnostics.diagnose import SEVERITIES, diagnose
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.catalog.catalog import Status
from stagewright.catalog.model import Lifecycle, Model
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.document import Document

KNOWN = catalog(
    provider(
        "acme",
        "good",
        retiring("old", "2026-12-24"),
        Model("gone", lifecycle=Lifecycle.RETIRED),
        Model("embed", chat=False),
        absent=frozenset({"never"}),
    ),
    provider("silent", "good", asks_single=False),
    provider("away", "good", status=Status.UNREACHABLE, stale=True, checked_at=CHECKED),
    without_key("locked", Model("good"), knowledge=known({"good-one": {"a": {}}})),
)
ROLES = RoleIndex({})


def stage(name: str, model: str, provider_id: str = "acme", more: str = "") -> str:
    reference = f"    defaultModel:\n      provider: {provider_id}\n      model: {model}\n"
    return f"  - name: {name}\n    type: review\n{reference}    gate:\n      type: auto\n{more}"


TEXT = "name: all\nstages:\n" + "".join(
    (
        stage("a", "never"),
        stage("b", "other", "silent"),
        stage("c", "gone"),
        stage("d", "old"),
        stage("e", "embed"),
        stage("f", "good", "away"),
        stage("g", "good", "locked"),
        stage("g2", "goood-one", "locked"),
        stage("h", "good", "nobody"),
        stage("i", ""),
        stage("j", "good", more="    chainId: *nothing\n"),
        stage("k", "good").replace("review", "revue"),
        stage("l", "good").replace("    gate:\n      type: auto\n", "    colour: red\n"),
        stage("m", "good", more="    roleId: nobody\n"),
        stage("m", "good", more="    chainId: x # why\n"),
    )
)


def found(options: Options = OPTIONS) -> list[Diagnostic]:
    return diagnose(Document(TEXT), KNOWN, replace(options, roles=ROLES))


USUAL = found()


def test_the_text_raises_every_code() -> None:
    assert {one.code for one in USUAL} == {*SEVERITIES} - {failures.CODE, "file-unreadable"}


@pytest.mark.parametrize("severity", [*Severity, None])
@pytest.mark.parametrize("code", SEVERITIES)
def test_a_severity_holds_for_its_code_alone(code: str, severity: Severity | None) -> None:
    expected = [
        replace(one, severity=severity or one.severity) if one.code == code else one
        for one in USUAL
        if severity is not None or one.code != code
    ]
    assert found(replace(OPTIONS, severities={code: severity})) == expected


def test_all_off_is_silence() -> None:
    assert found(replace(OPTIONS, severities=dict.fromkeys(SEVERITIES))) == []


@pytest.mark.parametrize(
    ("severity", "expected"),
    [(Severity.HINT, [Severity.ERROR]), (Severity.WARNING, [Severity.ERROR]), (None, [])],
)
def test_what_a_time_limit_makes_an_error_stays_one_unless_it_is_off(
    severity: Severity | None, expected: list[Severity]
) -> None:
    options = replace(OPTIONS, severities={"model-deprecated": severity}, within_days=60)
    assert [one.severity for one in found(options) if one.code == "model-deprecated"] == expected
