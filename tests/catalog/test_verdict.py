"""What the catalogue says of a reference: one case per row of the contract's table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.catalog.knowing import ending, known

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Standing, Status
from stagewright.catalog.model import Lifecycle, Model, ModelReference, Source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TABLE = known({"old": ending("2026-06-15"), "ending": ending("2026-11-30")})
GOOD = ProviderSnapshot(
    "acme",
    "Acme",
    Status.OK,
    models=(
        Model("new", aliases=("newest",)),
        Model("late", lifecycle=Lifecycle.DEPRECATED, retires_at=date(2026, 1, 1)),
        Model("gone", lifecycle=Lifecycle.RETIRED),
        Model("embed", chat=False),
    ),
    complete=True,
    asks_single=True,
    knowledge=TABLE,
    checked_at=NOW,
)
FAILED = tuple(set(Status) - {Status.OK, Status.LOADING, Status.INCOMPLETE, Status.NOT_CONFIGURED})


def standing(provider: ProviderSnapshot, model: str, now: datetime = NOW) -> str:
    reference = ModelReference("acme", model)
    return Catalog({"acme": provider}).verdict(reference, now=now).standing.value


def test_a_listed_model_stands_as_the_list_says() -> None:
    assert standing(GOOD, "new") == "usable"
    assert standing(GOOD, "newest") == "usable", "an alias is its model"
    assert standing(GOOD, "gone") == "retired"
    assert standing(GOOD, "embed") == "not-chat"


def test_a_listed_model_past_its_announced_end_is_overdue_not_retired() -> None:
    assert standing(GOOD, "late") == "deprecated"


def test_an_unlisted_model_is_unavailable_only_when_the_provider_denies_it_alone() -> None:
    assert standing(GOOD, "nope") == "pending"
    assert standing(replace(GOOD, absent=frozenset({"nope"})), "nope") == "unavailable"
    assert standing(replace(GOOD, confirmed={"nope": Model("nope")}), "nope") == "usable"
    assert standing(replace(GOOD, asks_single=False), "nope") == "unlisted"


@pytest.mark.parametrize("variant", [":groq", ":fastest", ":fireworks-ai"])
def test_a_routers_id_may_say_who_is_to_answer(variant: str) -> None:
    hub = replace(GOOD, router="huggingface", asks_single=False)
    assert standing(hub, f"new{variant}") == "usable"
    assert standing(hub, f"nope{variant}") == "unlisted"
    assert standing(hub, variant) == "unlisted"
    assert standing(replace(hub, router=""), f"new{variant}") == "unlisted"


def test_a_refused_chat_call_outweighs_the_list() -> None:
    refused = replace(GOOD, refused=frozenset({"new"}))
    verdict = Catalog({"acme": refused}).verdict(ModelReference("acme", "new"), now=NOW)
    assert (verdict.standing, verdict.refused) == (Standing.UNAVAILABLE, True)


@pytest.mark.parametrize("status", sorted(FAILED))
def test_no_failure_ever_makes_a_model_unavailable(status: Status) -> None:
    failed = replace(GOOD, status=status, stale=True, absent=frozenset({"nope"}))
    assert standing(failed, "nope") == "unverified"
    assert standing(failed, "new") == "unverified"
    assert standing(replace(failed, asks_single=False), "nope") == "unverified"
    assert standing(failed, "gone") == "retired", "what the provider said before still counts"


def test_a_list_of_some_pages_shows_presence_and_no_absence() -> None:
    partial = replace(GOOD, status=Status.INCOMPLETE, complete=False, absent=frozenset({"nope"}))
    assert standing(partial, "new") == "usable"
    assert standing(partial, "nope") == "unverified"


def test_an_open_ended_list_shows_no_absence() -> None:
    assert standing(replace(GOOD, complete=False), "nope") == "unverified"


def test_nothing_is_said_while_the_first_answer_is_under_way() -> None:
    assert standing(ProviderSnapshot("acme", "Acme", Status.LOADING), "new") == "pending"
    yesterday = replace(GOOD, status=Status.LOADING, stale=True)
    assert standing(yesterday, "new") == "usable"
    assert standing(yesterday, "nope") == "pending"


def test_an_old_list_shows_no_absence() -> None:
    old = replace(GOOD, asks_single=False, fresh_until=NOW)
    assert standing(old, "nope") == "unlisted"
    assert standing(old, "nope", NOW + timedelta(seconds=1)) == "pending"


def test_the_dated_table_speaks_where_the_provider_is_silent() -> None:
    assert standing(GOOD, "old") == "retired"
    assert standing(
        ProviderSnapshot("acme", "Acme", Status.NOT_CONFIGURED, knowledge=TABLE), "old"
    ) == ("retired")
    listed = replace(GOOD, models=(Model("old"), Model("other", aliases=("ending",))))
    assert standing(listed, "old") == "usable", "its provider lists it"
    assert standing(listed, "ending") == "usable"


def test_a_dated_end_counts_from_its_day() -> None:
    silent = ProviderSnapshot("acme", "Acme", Status.UNREACHABLE, knowledge=TABLE)
    assert standing(silent, "ending", datetime(2026, 11, 29, 23, 59, tzinfo=UTC)) == "deprecated"
    assert standing(silent, "ending", datetime(2026, 11, 30, tzinfo=UTC)) == "retired"


def test_without_a_key_nothing_is_claimed() -> None:
    offline = (Model("new", source=Source.OFFLINE), Model("e", chat=False, source=Source.OFFLINE))
    keyless = ProviderSnapshot("acme", "Acme", Status.NOT_CONFIGURED, models=offline)
    assert standing(keyless, "new") == "not-configured"
    assert standing(keyless, "nope") == "not-configured"
    assert standing(keyless, "e") == "not-chat"


def test_the_pair_is_compared_exactly() -> None:
    assert standing(replace(GOOD, asks_single=False), "NEW") == "unlisted"
    verdict = Catalog({"acme": GOOD}).verdict(ModelReference("Acme", "new"), now=NOW)
    assert verdict.standing is Standing.UNKNOWN_PROVIDER


def test_google_is_another_name_of_gemini() -> None:
    gemini = ProviderSnapshot(
        "gemini", "Gemini", Status.OK, (Model("gemini-3-pro"),), complete=True
    )
    catalog = Catalog({"gemini": gemini})
    verdict = catalog.verdict(ModelReference("google", "gemini-3-pro"), now=NOW)
    assert verdict.standing is Standing.USABLE
    assert [model.id for _, model in catalog.usable("google")] == ["gemini-3-pro"]
