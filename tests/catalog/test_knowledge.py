"""Offline knowledge: how files are read, what is made of sources that differ, and what it adds."""

from __future__ import annotations

import logging
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.catalog.knowing import DAY, ending, known

from stagewright.catalog import knowledge as package
from stagewright.catalog.knowledge import NOTHING, knowledge_of
from stagewright.catalog.knowledge.file import KnowledgeFile
from stagewright.catalog.knowledge.fill import filled
from stagewright.catalog.model import Capability, Lifecycle, Model, Price, Source

FULL = {
    "a": {
        "mode": "chat",
        "context": 1000,
        "output": 100,
        "price": [1, 2.5],
        "can": ["tools", "vision"],
    },
    "b": {
        "announced": "2026-06-01",
        "end": "2026-12-24",
        "next": ["new", "newer"],
        "seen": "2026-11-01",
    },
    "c": {"name": "Full", "context": 1200},
}


FACTS = Model(
    "full",
    name="Full",
    mode="chat",
    lifecycle=Lifecycle.DEPRECATED,
    deprecated_at=date(2026, 6, 1),
    retires_at=date(2026, 12, 24),
    successors=("new", "newer"),
    context_window=1000,
    max_output=100,
    capabilities=frozenset({Capability.TOOLS, Capability.VISION}),
    price=Price(1, 2.5),
    known_on=date(2026, 11, 1),
)
"""What `FULL` says."""


def test_each_fact_is_the_weightiest_sources_and_names_it() -> None:
    model = known({"full": FULL}).get("full")
    assert model == replace(
        FACTS,
        source=Source.OFFLINE,
        offline_facts={
            "mode": "first 1.0, 2026-11-20",
            "context_window": "first 1.0, 2026-11-20",
            "max_output": "first 1.0, 2026-11-20",
            "price": "first 1.0, 2026-11-20",
            "capabilities": "first 1.0, 2026-11-20",
            "deprecated_at": "second 2.1, 2026-11-20",
            "retires_at": "second 2.1, 2026-11-01",
            "successors": "second 2.1, 2026-11-20",
            "name": "third 3, 2026-11-20",
            "lifecycle": "second 2.1, 2026-11-01",
        },
    )


@pytest.mark.parametrize(
    ("days", "told", "about", "who"),
    [
        (
            {"a": "2027-01-02", "b": "2027-01-02"},
            "2027-01-02",
            False,
            "first 1.0, 2026-11-20 and second 2.1, 2026-11-20",
        ),
        (
            {"a": "2027-01-02", "c": "2027-03-04"},
            "2027-03-04",
            True,
            "2027-03-04: third 3, 2026-11-20; 2027-01-02: first 1.0, 2026-11-20",
        ),
        (
            {"a": "2026-01-02", "b": "2027-03-04", "c": "2026-01-02"},
            "2027-03-04",
            True,
            "2027-03-04: second 2.1, 2026-11-20; "
            "2026-01-02: first 1.0, 2026-11-20 and third 3, 2026-11-20",
        ),
    ],
)
def test_of_last_days_the_latest_counts(
    days: dict[str, str], told: str, about: bool, who: str
) -> None:
    model = known({"m": {letter: {"end": day} for letter, day in days.items()}}).get("m")
    assert model is not None
    assert (str(model.retires_at), model.retires_about) == (told, about)
    assert model.offline_facts["retires_at"] == who


def test_what_has_ended_is_known_and_not_offered() -> None:
    before = known({"m": ending("2026-11-20"), "n": {"a": {}}}, today=date(2026, 11, 19))
    after = known({"m": ending("2026-11-20"), "n": {"a": {}}})
    assert [model.id for model in before.current] == ["n", "m"]
    assert [model.id for model in after.current] == ["n"]
    model = after.get("m")
    assert model is not None
    assert model.lifecycle is Lifecycle.RETIRED


def test_an_announcement_without_a_day_accuses_nobody() -> None:
    model = known({"m": {"b": {"announced": "2025-09-15", "next": ["n"]}}}).get("m")
    assert model is not None
    assert (model.lifecycle, model.deprecated_at) == (Lifecycle.UNKNOWN, date(2025, 9, 15))


@pytest.mark.parametrize(
    ("provider", "model_id", "facts", "chat"),
    [
        ("acme", "m", {"mode": "chat"}, True),
        ("acme", "m", {"mode": "responses"}, True),
        ("acme", "m", {"mode": "embedding"}, False),
        ("acme", "m-image", {"mode": "chat"}, True),  # what is stated goes before what a name tells
        ("acme", "m", {"mode": "completion"}, False),
        ("openai", "gpt-4o-realtime", {}, False),
        ("openai", "gpt-4o", {}, True),
        ("gemini", "gemini-9-tts", {}, False),
        ("acme", "acme-embed", {}, False),
        ("acme", "acme", {}, True),
    ],
)
def test_whether_it_chats(provider: str, model_id: str, facts: dict[str, Any], chat: bool) -> None:
    model = known({model_id: {"a": facts}}, provider).get(model_id)
    assert model is not None
    assert model.chat is chat
    assert (Capability.EMBEDDING in model.capabilities) is (facts.get("mode") == "embedding")


def test_an_alias_leads_to_its_model() -> None:
    rows = {"long/name": {"a": {"aliases": ["short"]}}, "short": "long/name", "self": "self"}
    found = known(rows)
    model = found.get("short")
    assert model is not None
    assert (model.id, model.aliases) == ("long/name", ("short",))
    assert [one.id for one in found.current] == ["long/name"]
    assert found.get("self") is None


BROKEN = [
    "",
    "{}",
    "null",
    "[]",
    '{"day":"soon","sources":{},"models":0}',
    '{"day":"2026-11-20","sources":{},"models":1}',  # cut off
    '{"day":"2026-11-20","sources":{},"models":1}\nx',
    '{"day":"2026-11-20","sources":[],"models":"1"}\n["m",{}]',
]


@pytest.mark.parametrize("text", [None, b"\xff\xfe", *BROKEN])
def test_a_missing_or_broken_file_is_as_good_as_none_and_told_once(
    text: str | bytes | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(package, "FOLDER", tmp_path)
    if text is not None:
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "openai.jsonl").write_bytes(content)
    knowledge_of.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            for _ in range(2):
                found = knowledge_of("openai", DAY)
                assert (found.get("gpt-4o"), found.day, tuple(found.current)) == (None, None, ())
                assert found.meant("gpt-4o-mni") == ()
        (record,) = caplog.records
        assert "openai" in record.getMessage()
        assert "goes on without it" in record.getMessage()
    finally:
        knowledge_of.cache_clear()


@pytest.mark.parametrize(
    "said",
    [
        "",
        "5",
        "null",
        '{"a":5}',
        '{"a":{"end":"soon"}}',
        '{"a":{"can":["fly"]}}',
        '{"z":{"end":"2026-01-01"}}',
        '{"a":{"price":[1]}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_line_costs_its_model_alone(said: str, caplog: pytest.LogCaptureFixture) -> None:
    head = '{"day":"2026-11-20","sources":{"a":"x 1"},"models":2}'
    lines = (head, f'["bad",{said}]', '["good",{"a":{}}]')
    read = KnowledgeFile("\n".join(lines), "acme", DAY)
    assert read.model("bad") is None
    assert read.model("bad") is None
    assert read.model("good") == Model("good", source=Source.OFFLINE, known_on=DAY)
    assert len(caplog.records) == 1


def test_of_a_provider_that_no_source_knows_nothing_is_known() -> None:
    assert knowledge_of("acme", DAY) is NOTHING
    assert (NOTHING.get("gpt-4o"), NOTHING.day, NOTHING.meant("gpt-4o")) == (None, None, ())


def test_facts_that_the_provider_left_out_are_filled_in_and_marked() -> None:
    (model,) = filled([Model("full")], known({"full": FULL}))
    assert replace(model, offline_facts={}) == FACTS
    assert model.offline_facts["price"] == "first 1.0, 2026-11-20"
    assert model.offline_facts["lifecycle"] == "second 2.1, 2026-11-01"


def test_what_the_provider_says_goes_before() -> None:
    live = Model(
        "full",
        name="Five",
        mode="chat",
        context_window=1,
        max_output=1,
        price=Price(1, 1),
        lifecycle=Lifecycle.ACTIVE,
        capabilities=frozenset({Capability.CHAT}),
        successors=("other",),
    )
    assert filled([live, Model("nope")], known({"full": FULL})) == (live, Model("nope"))


def test_a_listed_model_that_is_known_to_have_ended_is_deprecated_not_retired() -> None:
    (model,) = filled([Model("m")], known({"m": ending("2026-01-01")}))
    assert (model.lifecycle, model.retires_at) == (Lifecycle.DEPRECATED, None)


def test_a_listed_model_does_not_chat_where_its_provider_does_not_say_so() -> None:
    embedding = known({"m": {"a": {"mode": "embedding"}}})
    (silent,) = filled([Model("m")], embedding)
    assert (silent.chat, silent.mode) == (False, "embedding")
    assert Capability.EMBEDDING in silent.capabilities
    says = Model("m", capabilities=frozenset({Capability.CHAT}))
    (model,) = filled([says], embedding)
    assert model.chat


def test_other_processes_read_it_themselves() -> None:
    mine = knowledge_of("anthropic", date(2026, 11, 28))
    assert mine.get("claude-2.0") is not None
    sent = pickle.dumps(mine)
    assert len(sent) < 1_000
    assert pickle.loads(sent).get("claude-2.0") == mine.get("claude-2.0")
    assert pickle.loads(pickle.dumps(NOTHING)).get("claude-2.0") is None
