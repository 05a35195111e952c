"""Ids in other spellings than the lists': what is known of them, and what follows them."""

from __future__ import annotations

import pytest
from tests.catalog.knowing import ending, known
from tests.catalog.test_verdict import NOW

from stagewright.catalog.catalog import Catalog, Standing
from stagewright.catalog.model import Model, ModelReference
from stagewright.catalog.snapshot import ProviderSnapshot, Status
from stagewright.catalog.spelling import plain

SONNET = "anthropic.claude-3-sonnet-20240229-v1:0"
ARN = "arn:aws:bedrock:us-east-1"


@pytest.mark.parametrize(
    ("provider", "written", "expected"),
    [
        ("gemini", "models/gemini-1.5-pro", ("models/", "gemini-1.5-pro")),
        ("gemini", "gemini-1.5-pro", None),
        ("gemini", "models/", None),
        ("gemini", "tunedModels/mine", None),
        *(
            ("bedrock", f"{profile}.{SONNET}", (f"{profile}.", SONNET))
            for profile in ("us", "us-gov", "eu", "apac", "au", "jp", "global")
        ),
        ("bedrock", f"{SONNET}:200k", ("", SONNET)),
        ("bedrock", f"us.{SONNET}:48k", ("us.", SONNET)),
        ("bedrock", f"{ARN}::foundation-model/{SONNET}", (f"{ARN}::foundation-model/", SONNET)),
        (
            "bedrock",
            f"{ARN}:123456789012:inference-profile/us.{SONNET}",
            (f"{ARN}:123456789012:inference-profile/us.", SONNET),
        ),
        ("bedrock", SONNET, None),
        ("bedrock", "us.", None),
        ("bedrock", f"{ARN}:1:application-inference-profile/abc", None),
        ("vertex", "claude-3-opus@20240229", ("", "claude-3-opus")),
        ("vertex", "claude-opus-5@default", ("", "claude-opus-5")),
        (
            "vertex",
            "publishers/anthropic/models/claude-3-opus@20240229",
            ("publishers/anthropic/models/", "claude-3-opus"),
        ),
        (
            "vertex",
            "projects/p/locations/l/publishers/google/models/gemini-1.5-pro",
            ("projects/p/locations/l/publishers/google/models/", "gemini-1.5-pro"),
        ),
        ("vertex", "google/gemini-1.5-pro", ("google/", "gemini-1.5-pro")),
        ("vertex", "google/gemma-4", None),
        ("vertex", "textembedding-gecko@003", None),
        ("openai", "models/gpt-4o", None),
        ("acme", "us.anthropic.x", None),
    ],
)
def test_another_spelling(provider: str, written: str, expected: tuple[str, str] | None) -> None:
    assert plain(provider, written) == expected


def one(provider: str, models: dict[str, object], *live: str) -> Catalog:
    listed = {"status": Status.OK, "complete": True, "checked_at": NOW} if live else {}
    snapshot = ProviderSnapshot(
        provider,
        provider.title(),
        models=tuple(map(Model, live)),
        knowledge=known(models, provider, NOW.date()),
        **{"status": Status.NO_LIST, **listed},  # type: ignore[arg-type]
    )
    return Catalog({provider: snapshot})


@pytest.mark.parametrize(
    ("provider", "written", "known_as"),
    [
        ("gemini", "models/old", "old"),
        ("bedrock", f"eu.{SONNET}", SONNET),
        ("bedrock", f"{ARN}::foundation-model/{SONNET}", SONNET),
        ("vertex", "old@20240229", "old"),
        ("vertex", "publishers/google/models/old", "old"),
    ],
)
def test_it_ends_with_its_model(provider: str, written: str, known_as: str) -> None:
    catalog = one(provider, {known_as: ending("2025-01-01")})
    verdict = catalog.verdict(ModelReference(provider, written), now=NOW)
    assert verdict.standing is Standing.RETIRED
    other = catalog.verdict(ModelReference(provider, f"x{written}"), now=NOW)
    assert other.standing is not Standing.RETIRED


@pytest.mark.parametrize(
    ("provider", "written", "models", "successor"),
    [
        ("gemini", "models/old", {"old": ending("2025-01-01", "new")}, "models/new"),
        (
            "bedrock",
            "us.a.old",
            {
                "a.old": ending("2025-01-01", "a.new"),
                "a.new": {"a": {"mode": "chat"}},
                "us.a.new": {"a": {"mode": "chat"}},
            },
            "us.a.new",
        ),
        (
            "bedrock",
            f"{ARN}:1:inference-profile/us.a.old",
            {
                "a.old": ending("2025-01-01", "a.new"),
                "a.new": {"a": {"mode": "chat"}},
                "us.a.new": {"a": {"mode": "chat"}},
            },
            f"{ARN}:1:inference-profile/us.a.new",
        ),
        (
            "bedrock",
            "apac.a.old",
            {"a.old": ending("2025-01-01", "a.new"), "a.new": {"a": {"mode": "chat"}}},
            "a.new",
        ),
        ("vertex", "old@20240229", {"old": ending("2025-01-01", "new")}, "new"),
        (
            "vertex",
            "old@20240229",
            {"old": ending("2025-01-01", "new"), "old@20240229": ending("2025-01-01")},
            "new",
        ),
        (
            "vertex",
            "publishers/google/models/old",
            {"old": ending("2025-01-01", "new")},
            "publishers/google/models/new",
        ),
    ],
)
def test_what_follows_it_is_spelled_so_too(
    provider: str, written: str, models: dict[str, object], successor: str
) -> None:
    found = one(provider, models).successor(ModelReference(provider, written))
    assert found == ModelReference(provider, successor)


def test_a_listed_model_is_known_by_its_resources_name_too() -> None:
    catalog = one("gemini", {}, "gemini-4")
    verdict = catalog.verdict(ModelReference("gemini", "models/gemini-4"), now=NOW)
    assert verdict.standing is Standing.USABLE
