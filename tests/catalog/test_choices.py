"""What is offered, in which order, and what is suggested instead of a wrong name."""

import random
from datetime import UTC, date, datetime

import pytest

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.model import Lifecycle, Model, ModelReference, Source

DEPRECATED, RETIRED = Lifecycle.DEPRECATED, Lifecycle.RETIRED


def provider(name: str, *models: str | Model, **facts: object) -> ProviderSnapshot:
    made = [Model(model) if isinstance(model, str) else model for model in models]
    random.Random(7).shuffle(made)
    return ProviderSnapshot(name, name.title(), Status.OK, tuple(made), complete=True, **facts)  # type: ignore[arg-type]


def catalog(*providers: ProviderSnapshot) -> Catalog:
    return Catalog({one.id: one for one in providers})


def offered(*models: str | Model, **facts: object) -> list[str]:
    return [model.id for _, model in catalog(provider("acme", *models, **facts)).usable("acme")]


@pytest.mark.parametrize(
    "order",
    [
        "claude-opus-4-5 claude-opus-4-5-20251101 claude-opus-4-1 claude-opus-4-20250514",
        "gpt-6.1 gpt-5.4 gpt-5 gpt-4o gpt-4o-2024-11-20 gpt-4o-2024-05-13 gpt-3.5-turbo-16k",
        "gemini-3-pro-preview gemini-2.5-pro gemini-2.5-pro-preview gemini-1.5-pro",
        "llama3.2:70b llama3:8b llama2:70b mixtral",
        "mistral-small mistral-small-2506 mistral-small-2409",
        "gpt-4 gpt-4-32k",
    ],
)
def test_of_unknown_age_the_id_tells_the_version(order: str) -> None:
    assert offered(*order.split()) == order.split()


def test_the_release_day_outweighs_the_name() -> None:
    def born(name: str, day: int) -> Model:
        return Model(name, created=datetime(2026, 1, day, tzinfo=UTC))

    assert offered(born("a-9", 1), born("a-1", 2), born("a-5", 3)) == ["a-5", "a-1", "a-9"]


def test_deprecated_last_retired_refused_and_not_chat_never() -> None:
    models = (
        Model("m-9", lifecycle=DEPRECATED),
        "m-1",
        Model("m-8", lifecycle=RETIRED),
        Model("m-7", chat=False),
        "m-6",
    )
    assert offered(*models) == ["m-6", "m-1", "m-9"]
    assert offered(*models, refused=frozenset({"m-6"})) == ["m-1", "m-9"]


def test_without_a_provider_all_are_offered_those_that_were_asked_first() -> None:
    asked = provider("beta", "b", checked_at=datetime(2026, 1, 1, tzinfo=UTC))
    both = catalog(provider("acme", "a-1", "a-2"), asked)
    assert [(who, model.id) for who, model in both.usable()] == [
        ("beta", "b"),
        ("acme", "a-2"),
        ("acme", "a-1"),
    ]
    assert list(both.usable("gamma")) == []


CLAUDES = provider(
    "anthropic",
    "claude-opus-5-5",
    "claude-opus-4-5",
    "claude-sonnet-5",
    "claude-haiku-4-5",
    Model("claude-opus-4-1", lifecycle=RETIRED),
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("claud-opus-4-5", "claude-opus-4-5"),
        ("claude-opus-4.5", "claude-opus-4-5"),
        ("Claude-Opus-4-5", "claude-opus-4-5"),
        ("claude-opsu-4-5", "claude-opus-4-5"),
        ("claude-opus-4-1", "claude-opus-4-5"),  # gone itself: its family comes first
        ("claude-sonnet-9", "claude-sonnet-5"),
        ("claude-haiku", "claude-haiku-4-5"),
    ],
)
def test_nearest_by_family_and_distance(typed: str, first: str) -> None:
    assert catalog(CLAUDES).nearest(ModelReference("anthropic", typed))[0].model == first


@pytest.mark.parametrize("typed", ["", "qwen-max", "x" * 100_000, "\ud800", "💥"])
def test_nothing_is_suggested_for_what_nobody_could_have_meant(typed: str) -> None:
    assert catalog(CLAUDES).nearest(ModelReference("anthropic", typed)) == ()


def test_nearest_names_only_usable_models_and_never_the_input() -> None:
    refused = provider("acme", "fox-1", "fox-2", "fox-3", refused=frozenset({"fox-3"}))
    found = catalog(refused).nearest(ModelReference("acme", "fox-2"), limit=5)
    assert [reference.model for reference in found] == ["fox-1"]
    offline = provider("acme", Model("fox-1", source=Source.OFFLINE))
    assert catalog(offline).nearest(ModelReference("acme", "fox")) == ()


def test_nearest_names_nothing_that_ends_too() -> None:
    def ending(name: str, day: str, **facts: object) -> Model:
        return Model(name, retires_at=date.fromisoformat(day), **facts)  # type: ignore[arg-type]

    models = (
        ending("fox-latest", "2026-12-01", lifecycle=DEPRECATED, aliases=("fox-1",)),
        Model("fox-old", lifecycle=DEPRECATED),
        ending("fox-soon", "2026-11-30"),
        ending("fox-too", "2026-12-01"),
        ending("fox-later", "2027-12-01"),
        "fox-2",
    )
    known = catalog(provider("acme", *models))
    for asked in ("fox-latest", "fox-1"):
        found = known.nearest(ModelReference("acme", asked), limit=9)
        assert found
        assert {reference.model for reference in found} <= {"fox-later", "fox-2"}
    mistyped = known.nearest(ModelReference("acme", "fox-lat"), limit=9)
    assert "fox-old" not in {reference.model for reference in mistyped}
    only_itself = catalog(provider("acme", models[0]))
    assert only_itself.nearest(ModelReference("acme", "fox-1")) == ()


def test_nearest_providers() -> None:
    some = catalog(provider("anthropic"), provider("openai"), provider("openrouter"))
    assert some.nearest_providers("antropic") == ("anthropic",)
    assert some.nearest_providers("open-ai")[0] == "openai"
    assert some.nearest_providers("openai") == ()
    assert some.nearest_providers("zzz") == ()


def test_a_successor_is_named_only_while_it_can_be_used() -> None:
    old = Model("old", lifecycle=DEPRECATED, successors=("new",), retires_at=date(2026, 12, 1))
    asked = ModelReference("acme", "old")
    assert catalog(provider("acme", old, "new")).successor(asked) == ModelReference("acme", "new")
    for follower in (
        Model("new", retires_at=date(2026, 12, 1)),
        Model("new", lifecycle=DEPRECATED),
        Model("new", lifecycle=RETIRED),
        Model("new", chat=False),
        Model("new", source=Source.OFFLINE),
    ):
        assert catalog(provider("acme", old, follower)).successor(asked) is None
    assert catalog(provider("acme", old)).successor(asked) is None
    refused = provider("acme", old, "new", refused=frozenset({"new"}))
    assert catalog(refused).successor(asked) is None


def test_closest_elsewhere_sees_through_an_aggregators_prefix() -> None:
    router = provider("openrouter", "anthropic/claude-opus-4-5", "openai/gpt-5", "meta/llama-4")
    both = catalog(CLAUDES, router)

    def elsewhere(provider: str, model: str) -> str:
        found = both.closest_elsewhere(ModelReference(provider, model))
        return ", ".join(map(str, found))

    assert elsewhere("openai", "gpt-5") == "openrouter/openai/gpt-5"
    assert elsewhere("anthropic", "claude-opus-4-5") == "openrouter/anthropic/claude-opus-4-5"
    assert elsewhere("openrouter", "anthropic/claude-sonnet-5") == "anthropic/claude-sonnet-5"
    assert elsewhere("openrouter", "anthropic/claude-opus-5.5") == "anthropic/claude-opus-5-5"
    assert elsewhere("anthropic", "something-else") == ""
    assert elsewhere("acme", "openai/gpt-5") == "openrouter/openai/gpt-5"
