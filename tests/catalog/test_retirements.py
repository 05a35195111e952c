"""The shipped knowledge against tables that are not made from it: every end dated right, offline,
without a cache, and nobody accused whom no source accuses."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stagewright.catalog.catalog import Catalog, Standing
from stagewright.catalog.knowledge import FOLDER, KNOWN_ONLY, PROVIDERS, knowledge_of
from stagewright.catalog.model import ModelReference
from stagewright.cli.app import app
from stagewright.providers.presets import PRESETS
from stagewright.providers.start import starting_catalog
from stagewright.settings import load

DATA = Path(__file__).parents[1] / "data" / "knowledge"


def rows(name: str) -> Iterator[list[str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from csv.reader((line for line in file if not line.startswith("#")), delimiter="\t")


BY_HAND = {
    ModelReference(one[0], one[1]): date.fromisoformat(one[2]) for one in rows("by_hand.tsv")
}
AGREED = {
    ModelReference(provider, model): date.fromisoformat(day) if day else None
    for provider, model, day in rows("agreed.tsv")
}
ENDS = {reference: day for reference, day in AGREED.items() if day}
DAY = knowledge_of("openai", date.max).day or date.min
NOW = datetime.combine(DAY, time(12), UTC)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """As on the first start of a machine without a key."""
    environ = {"STAGEWRIGHT_CACHE_DIR": str(tmp_path_factory.mktemp("cache") / "none")}
    settings, _ = load(None, environ, Path("/nonexistent"))
    return starting_catalog(settings, environ, NOW)


def dated(catalog: Catalog, reference: ModelReference) -> tuple[Standing, date | None, bool]:
    verdict = catalog.verdict(reference, now=NOW)
    assert verdict.model is not None, f"{reference} is not known"
    return verdict.standing, verdict.model.retires_at, verdict.model.retires_about


@pytest.mark.parametrize("reference", BY_HAND, ids=str)
def test_days_read_by_hand(catalog: Catalog, reference: ModelReference) -> None:
    day = BY_HAND[reference]
    expected = Standing.RETIRED if day <= DAY else Standing.DEPRECATED
    assert dated(catalog, reference) == (expected, day, False)


def test_what_two_sources_agree_on_is_dated_so(catalog: Catalog) -> None:
    assert len(BY_HAND) >= 20
    assert len(ENDS) >= 350
    wrong = {}
    for reference, day in ENDS.items():
        standing, told, _ = dated(catalog, reference)
        expected = Standing.RETIRED if day <= DAY else Standing.DEPRECATED
        if not catalog.model(reference).chat and expected is Standing.DEPRECATED:  # type: ignore[union-attr]
            expected = Standing.NOT_CHAT
        if (standing, told) != (expected, day):
            wrong[reference] = (standing, told, day)
    assert wrong == {}


def test_nobody_is_accused_whom_no_source_accuses(catalog: Catalog) -> None:
    free = [reference for reference, day in AGREED.items() if day is None]
    assert len(free) > 2000
    ending = (Standing.RETIRED, Standing.DEPRECATED, Standing.UNRECOGNIZED)
    accused = [one for one in free if catalog.verdict(one, now=NOW).standing in ending]
    assert accused == []


def test_those_that_have_ended_name_a_successor_that_has_not(catalog: Catalog) -> None:
    ended = [one for one, day in ENDS.items() if day <= DAY]
    named = {
        one: catalog.successor(one)
        for one in ended
        if (model := catalog.model(one)) and model.chat and model.successors
    }
    found = [after for after in named.values() if after is not None]
    assert len(found) >= 0.95 * len(named) > 100
    assert Standing.RETIRED not in {catalog.verdict(one, now=NOW).standing for one in found}


def test_a_check_finds_them_without_network_key_or_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in {name for preset in PRESETS.values() for name in preset.variables}:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("STAGEWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("STAGEWRIGHT_CONFIG", str(tmp_path / "none.toml"))
    ended = {one: day for one, day in BY_HAND.items() if day <= DAY}
    stages = "".join(
        f"  - name: s{number}\n    type: review\n    gate: {{type: auto}}\n"
        f"    defaultModel: {{provider: {one.provider}, model: '{one.model}'}}\n"
        for number, one in enumerate(ended)
    )
    template = tmp_path / ".choragen" / "workflow-templates" / "t.yaml"
    template.parent.mkdir(parents=True)
    template.write_text(f"name: t\ndisplayName: T\nversion: 1\nstages:\n{stages}")
    ran = CliRunner().invoke(app, ["check", "--offline", "--format", "json", str(template)])
    assert ran.exit_code == 1, ran.output
    found = {
        ModelReference(one["model"]["provider"], one["model"]["model"]): one["message"]
        for one in json.loads(ran.stdout)["findings"]
        if one["code"] == "model-retired"
    }
    assert found.keys() == ended.keys()
    assert all(f" on {day} " in found[one] for one, day in ended.items())


def test_every_provider_has_its_file_and_every_file_its_provider() -> None:
    files = {path.stem for path in FOLDER.glob("*.jsonl")}
    assert files == PROVIDERS
    asked = {name for name, preset in PRESETS.items() if preset.needs_key}
    assert KNOWN_ONLY.keys() <= PROVIDERS <= asked | KNOWN_ONLY.keys()
    assert not asked & KNOWN_ONLY.keys()
    licences = (FOLDER / "LICENCES.txt").read_text("utf-8")
    for path in set(FOLDER.glob("*.jsonl")) - {FOLDER / "github.jsonl"}:
        head = json.loads(path.read_text("utf-8").partition("\n")[0])
        assert head["day"] == DAY.isoformat()
        names = {source.rpartition(" ")[0] for source in head["sources"].values()}
        assert all(f"\n{name} " in licences for name in names)


@pytest.mark.parametrize("model", ["openai/gpt-4o", "anything-at-all"])
def test_a_provider_that_has_ended(catalog: Catalog, model: str) -> None:
    reference = ModelReference("github", model)
    assert dated(catalog, reference) == (Standing.RETIRED, date(2026, 7, 30), False)
    assert catalog.providers["github"].knowledge.current == ()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_form_of_a_file(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    head, *lines = path.read_text("utf-8").splitlines()
    about = json.loads(head)
    read = [json.loads(line) for line in lines]
    ids = [name for name, _ in read]
    assert ids == sorted(set(ids)), "in order, so that a change is seen where it is"
    assert about["models"] == len(ids)
    for name, said in read:
        if isinstance(said, str):
            assert said in ids
            continue
        assert said, f"{name} is known, and nothing of it"
        assert said.keys() <= about["sources"].keys()
        for facts in said.values():
            assert facts.keys() <= {
                "name", "mode", "context", "output", "price", "can", "aliases",
                "announced", "end", "next", "seen",
            }  # fmt: skip
    known = knowledge_of(path.stem, DAY)
    assert all(known.get(name) for name in ids)
    assert (len(known.current) > 0) is ("ended" not in about)
    assert caplog.records == [], "no line is damaged"


def test_modes_are_few_and_known() -> None:
    modes = Counter(
        model.mode
        for provider in PROVIDERS
        for model in knowledge_of(provider, DAY).current
        if model.mode
    )
    assert modes["chat"] > 1000
    assert modes["embedding"] > 50
