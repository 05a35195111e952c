"""What is said of models from offline knowledge: diagnostics, fixes, hover, completion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.analysis.support import (
    NOW,
    OPTIONS,
    about_models,
    catalog,
    document_at,
    provider,
    without_key,
)
from tests.catalog.knowing import ending, known

from stagewright.analysis import phrases
from stagewright.analysis.completion.complete import complete
from stagewright.analysis.fixes.actions import fixes
from stagewright.analysis.hover import hover
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Standing, Status
from stagewright.catalog.model import Lifecycle, Model, ModelReference
from stagewright.dialects.document import Document

TODAY = NOW.date()
SAID: dict[str, Any] = {
    "gone": ending("2026-06-15", "ended", "next"),
    "ended": ending("2026-10-01", "next"),
    "next": {"a": {"mode": "chat", "context": 200_000}, "c": {"name": "Next"}},
    "old": {"b": {"end": "2026-12-24", "next": ["next"], "seen": "2026-11-02"}},
    "vague": {"a": {"end": "2026-12-01"}, "b": {"end": "2027-02-03", "seen": "2026-11-02"}},
    "vector": {"a": {"mode": "embedding"}},
    "strange": ending("2026-01-01", "unheard-of"),
    "circle": ending("2026-01-01", "circle-2"),
    "circle-2": ending("2026-01-01", "circle"),
    "vector-old": ending("2026-01-01", "vector") | {"b": {"mode": "embedding"}},
    "vector-older": ending("2026-01-01", "vector"),  # nobody says what it was for
    "chat-old": ending("2026-01-01", "vector") | {"b": {"mode": "chat"}},
    "to-ending": ending("2026-01-01", "gone", "old", "strange"),
    "late": ending("2026-12-30", "old"),
}
KNOWN = known(SAID, today=TODAY)


def keyless(**facts: Any) -> Catalog:
    return catalog(without_key("acme", knowledge=KNOWN, **facts))


def stage(model: str, provider_id: str = "acme") -> Document:
    reference = f"    defaultModel:\n      provider: {provider_id}\n      model: {model}\n"
    return Document(f"name: n\nstages:\n  - name: a\n{reference}")


def diagnostics(model: str, on: Catalog) -> list[Diagnostic]:
    return [one for one in about_models(stage(model), on) if one.code != "provider-not-configured"]


@pytest.mark.parametrize(
    ("model", "code", "message"),
    [
        (
            "gone",
            "model-retired",
            "Acme retired `gone` on 2026-06-15 (offline knowledge of 2026-11-20). "
            "Its successor is `next`.",
        ),
        (
            "old",
            "model-deprecated",
            "Acme retires `old` on 2026-12-24, in 32 days (offline knowledge of 2026-11-02). "
            "Its successor is `next`.",
        ),
        (
            "vague",
            "model-deprecated",
            "Acme retires `vague` about 2027-02-03, in 73 days (offline knowledge of 2026-11-02). "
            "Choose another model.",
        ),
        (
            "vector",
            "model-not-chat",
            "Acme's `vector` is an embedding model and cannot chat. Choose another model.",
        ),
        (
            "nxet",
            "model-unrecognized",
            "No Acme model known offline (as of 2026-11-20) is called `nxet`. Did you mean `next`?",
        ),
    ],
)
def test_what_is_found_without_a_key(model: str, code: str, message: str) -> None:
    (diagnostic,) = diagnostics(model, keyless())
    assert (diagnostic.code, diagnostic.message) == (code, message)


def test_a_model_without_an_end_and_one_that_nobody_knows_are_not_accused() -> None:
    for model in ("next", "next-2", "something-else"):
        assert diagnostics(model, keyless()) == []


def test_what_does_not_chat_may_end_too() -> None:
    both = known({"v": {"a": {"mode": "embedding", "end": "2026-12-24"}}}, today=TODAY)
    found = diagnostics("v", catalog(without_key("acme", knowledge=both)))
    assert [one.code for one in found] == ["model-deprecated", "model-not-chat"]


@pytest.mark.parametrize(
    ("mode", "offered"),
    [("chat", {"model-deprecated", "model-not-chat"}), ("image_edit", {"model-deprecated"})],
)
def test_what_cannot_chat_is_not_fixed_by_another_that_cannot(mode: str, offered: set[str]) -> None:
    old = {"mode": "image_edit", "end": "2026-12-24", "next": ["w"]}
    both = known({"v": {"a": old}, "w": {"a": {"mode": mode}}}, today=TODAY)
    acme, document = catalog(without_key("acme", knowledge=both)), stage("v")
    codes = {
        diagnostic.code
        for diagnostic in diagnostics("v", acme)
        for fix in fixes(document, diagnostic, acme, OPTIONS)
        if fix.title == "Use `w`, its successor"
    }
    assert codes == offered


@pytest.mark.parametrize(
    ("end", "said", "preferred"),
    [
        ("2026-11-01", {"mode": "chat"}, True),
        ("2026-11-01", {"end": "2028-01-01"}, True),
        ("2026-11-01", None, False),  # in no list
        ("2026-11-01", {"mode": "image_generation"}, False),
        ("2026-11-01", {"mode": "embedding"}, False),
        ("2026-12-24", {"mode": "chat"}, False),  # what is to be left still answers
        ("2026-12-24", None, False),
    ],
)
def test_a_successor_is_put_in_unasked_only_where_it_is_known_to_do(
    end: str, said: dict[str, str] | None, preferred: bool
) -> None:
    models: dict[str, Any] = {"v": {"a": {"end": end, "next": ["w"]}}}
    if said is not None:
        models["w"] = {"a": said}
    acme = catalog(without_key("acme", knowledge=known(models, today=TODAY)))
    found = [
        fix.preferred
        for diagnostic in diagnostics("v", acme)
        for fix in fixes(stage("v"), diagnostic, acme, OPTIONS)
        if fix.title == "Use `w`, its successor"
    ]
    assert found == [preferred]


def test_a_missing_key_says_what_is_known_nevertheless() -> None:
    (diagnostic,) = about_models(stage("next"), keyless())
    assert diagnostic.message == (
        "Acme has no key, so its models cannot be checked or used. Set the environment "
        "variable ACME_API_KEY. 5 of its models are known offline, as of 2026-11-20."
    )


def test_what_needs_no_key_is_said_to_lack_none() -> None:
    error = "Local is not set up. Set its `baseUrl` to have it asked."
    local = ProviderSnapshot("local", "Local", Status.NOT_CONFIGURED, error=error)
    (diagnostic,) = about_models(stage("x", "local"), catalog(local))
    assert (diagnostic.code, diagnostic.message) == ("provider-not-configured", error)


@pytest.mark.parametrize(
    "error",
    [
        "The key in ACME_API_KEY begins with 'Bearer', which is not part of a key. Set it again.",
        "The key in ACME_API_KEY has a line break in it. Set it again.",
        "Its settings cannot be used: providers.acme.baseUrl is no address.",
    ],
)
def test_a_key_that_is_there_and_cannot_be_used_is_not_said_to_lack(error: str) -> None:
    broken = keyless(error=error)
    (diagnostic,) = about_models(stage("next"), broken)
    assert diagnostic.message == f"{error} 5 of its models are known offline, as of 2026-11-20."
    (acme,) = broken.providers.values()
    assert phrases.status(acme) == "not configured"


def test_a_list_that_could_not_be_had_is_said_beside_a_slip() -> None:
    failed = keyless(status=Status.AUTH_FAILED, error="The key was refused.")
    assert [one.code for one in diagnostics("nxet", failed)] == [
        "model-unverified",
        "model-unrecognized",
    ]


@pytest.mark.parametrize(
    ("live", "said"),
    [
        ("gone", []),
        ("old", []),
        ("nxet", []),
        ("vector", []),
    ],
)
def test_a_live_answer_wins(live: str, said: list[str]) -> None:
    answered = catalog(provider("acme", live, knowledge=KNOWN))
    assert [one.code for one in diagnostics(live, answered)] == said
    alone = catalog(provider("acme", "x", confirmed={live: Model(live)}, knowledge=KNOWN))
    assert [one.code for one in diagnostics(live, alone)] == said


def test_while_an_answer_is_under_way_a_slip_is_not_claimed() -> None:
    asked = keyless(status=Status.LOADING)
    assert asked.verdict(ModelReference("acme", "nxet"), now=NOW).standing is Standing.PENDING
    had = catalog(provider("acme", "x", status=Status.UNREACHABLE, stale=True, knowledge=KNOWN))
    verdict = had.verdict(ModelReference("acme", "nxet"), now=NOW)
    assert verdict.standing is Standing.UNVERIFIED, "its last list lacks it, and proves nothing"


@pytest.mark.parametrize(
    ("model", "successor"),
    [
        ("gone", "next"),  # the first of those named has ended too, and its own follows
        ("old", "next"),
        ("strange", "unheard-of"),  # nothing is known against it
        ("circle", None),
        ("vague", None),
        ("vector-old", "vector"),
        ("vector-older", "vector"),
        ("chat-old", None),
        ("to-ending", "next"),
        ("late", "next"),
        ("next", None),
    ],
)
def test_successors_are_followed_until_one_lives(model: str, successor: str | None) -> None:
    found = keyless().successor(ModelReference("acme", model))
    assert (found and found.model) == successor


def test_where_a_list_is_at_hand_it_decides_what_lives() -> None:
    for listed, successor in (("next", "next"), ("ended", "ended"), ("other", None)):
        on = catalog(provider("acme", listed, knowledge=KNOWN))
        found = on.successor(ModelReference("acme", "gone"))
        assert (found and found.model) == successor


@pytest.mark.parametrize(
    ("model", "on", "titles"),
    [
        ("gone", keyless(), {"Use `next`, its successor": True}),
        ("old", keyless(), {"Use `next`, its successor": False}),
        ("nxet", keyless(), {"Use `next`": False}),
        (
            "old",
            catalog(
                provider(
                    "acme",
                    "next",
                    Model("old", lifecycle=Lifecycle.DEPRECATED, retires_at=date(2026, 12, 24)),
                    knowledge=KNOWN,
                )
            ),
            {"Use `next`, its successor": True},
        ),
    ],
)
def test_the_successor_is_the_obvious_fix_if_it_lives_or_the_other_has_ended(
    model: str, on: Catalog, titles: dict[str, bool]
) -> None:
    document = stage(model)
    (diagnostic,) = diagnostics(model, on)
    found = {
        fix.title: fix.preferred
        for fix in fixes(document, diagnostic, on, OPTIONS)
        if fix.title.startswith("Use ")
    }
    assert found == titles


def test_a_retirement_counts_for_its_own_route() -> None:
    other = catalog(
        without_key("acme", knowledge=KNOWN),
        without_key("other", knowledge=known({"gone": {"a": {"mode": "chat"}}})),
    )
    document = Document(
        "name: n\nstages:\n"
        + "".join(
            f"  - name: {name}\n    defaultModel: {{provider: {name}, model: gone}}\n"
            for name in ("acme", "other")
        )
    )
    retired = [one for one in about_models(document, other) if one.code == "model-retired"]
    assert [one.model for one in retired] == [ModelReference("acme", "gone")]


CLOUD = ProviderSnapshot("cloud", "Cloud", Status.NO_LIST, knowledge=KNOWN, askable=False)


def test_a_provider_that_cannot_be_asked_is_told_from_knowledge_alone() -> None:
    on = catalog(CLOUD, provider("acme", "x"))
    told = {one.code: one for one in about_models(stage("next", "cloud"), on)}
    assert {code: one.severity for code, one in told.items()} == {
        "model-unverified": Severity.INFORMATION
    }
    assert told["model-unverified"].message == (
        "Cloud's models cannot be listed or used from here. 5 of its models "
        "are known offline, as of 2026-11-20."
    )
    (retired,) = about_models(stage("gone", "cloud"), on)
    assert retired.code == "model-retired"


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        (
            "- defaultModel:\n    provider: acme\n    model: $0",
            ["Set ACME_API_KEY", "next", "old", "late", "vague"],
        ),
        ("- defaultModel:\n    provider: cloud\n    model: $0", ["next", "old", "late", "vague"]),
        (
            "- defaultModel:\n    model: $0",
            ["next", "old", "late", "vague"],
        ),  # none that cannot be chosen
        ("- defaultModel:\n    provider: $0", ["acme"]),
    ],
)
def test_what_is_known_is_offered_at_once(text: str, offers: list[str]) -> None:
    on = catalog(CLOUD, without_key("acme", knowledge=KNOWN))
    document, position = document_at("stages:\n  " + text.replace("\n", "\n  ") + "\n")
    answer = complete(document, position, on, OPTIONS)
    assert [item.label for item in answer.items] == offers


def test_hover_names_the_source_and_day_of_each_fact() -> None:
    document, position = document_at(
        "stages:\n  - defaultModel:\n      provider: acme\n      model: ol$0d\n"
    )
    named = replace(keyless().providers["acme"], knowledge=known({**SAID, "old": _OLD}))
    answer = hover(document, position, catalog(named), OPTIONS)
    assert answer is not None
    assert answer.markdown == (
        "**`old`** · Old · Acme\n\n"
        "- Context window 1K tokens *(first 1.0, 2026-11-20)*\n"
        "- $1 in, $2 out per million tokens *(third 3, 2026-11-20)*\n"
        "- Deprecated since 2026-05-01 *(second 2.1, 2026-11-20)*\n"
        "- **Retires about 2026-12-24** *(2026-12-24: second 2.1, 2026-11-02; "
        "2026-12-01: first 1.0, 2026-11-20)*\n"
        "- Successor: `next` *(second 2.1, 2026-11-20)*\n\n"
        "*From Stagewright's offline knowledge: no proof that Acme offers it to you.*"
    )


_OLD = {
    "a": {"mode": "chat", "context": 1000, "end": "2026-12-01"},
    "b": {"announced": "2026-05-01", "end": "2026-12-24", "next": ["next"], "seen": "2026-11-02"},
    "c": {"name": "Old", "price": [1, 2]},
}


def test_hover_does_not_doubt_that_what_has_ended_is_offered() -> None:
    document, position = document_at(
        "stages:\n  - defaultModel:\n      provider: acme\n      model: go$0ne\n"
    )
    answer = hover(document, position, keyless(), OPTIONS)
    assert answer is not None
    assert "**Retired 2026-06-15**" in answer.markdown
    assert answer.markdown.endswith("\n\n*From Stagewright's offline knowledge.*")
