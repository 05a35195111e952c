"""The lists on disk: what is kept, who may read it, and what damaged files do."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile import FILES, like_others

from stagewright.catalog.model import Capability, Lifecycle, Model, Price, Source
from stagewright.providers.presets import ProviderConfig
from stagewright.providers.store import ListStore, StoredList

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAN = ProviderConfig("acme", "Acme", "openai", "http://acme/v1", "sk-secret-1")
FULL = Model(
    id="m/1:8b",
    name="M\udc801",
    chat=False,
    lifecycle=Lifecycle.DEPRECATED,
    created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    deprecated_at=date(2026, 2, 3),
    retires_at=date(2027, 1, 1),
    successors=("m/2", "m/3"),
    context_window=1000,
    max_output=10,
    capabilities=frozenset(Capability),
    aliases=("m1", "m-1"),
    price=Price(0.5, None),
    source=Source.LIVE,
    offline_facts={"price": "litellm 1.2, 2026-11-20"},
)
LIST = StoredList((FULL, Model("bare")), NOW, complete=False, error="Not all.")


def file_of(store: ListStore) -> Path:
    return next(store.folder.glob("*.jsonl"))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    store = ListStore(tmp_path / "new" / "folder")
    store.write(PLAN, LIST)
    assert store.read(PLAN, NOW) == LIST


def test_only_the_owner_can_read_it_and_no_key_is_in_it(tmp_path: Path) -> None:
    store = ListStore(tmp_path / "cache")
    store.write(PLAN, LIST)
    assert stat.S_IMODE(file_of(store).stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert "sk-secret" not in file_of(store).read_text() + file_of(store).name


@pytest.mark.parametrize(
    "other",
    [
        {"key": "sk-secret-2"},
        {"base_url": "http://acme2/v1"},
        {"id": "acme2"},
        {"kind": "anthropic"},
    ],
)
def test_two_accounts_never_share_a_list(tmp_path: Path, other: dict[str, str]) -> None:
    store = ListStore(tmp_path)
    store.write(PLAN, LIST)
    assert store.read(replace(PLAN, **other), NOW) is None  # type: ignore[arg-type]


DAMAGED = [
    b"",
    b"\n\n",
    b"\xff\xfe",
    b"[" * 100_000,
    b"null\n{}",
    b"[]",
    b"{}",
    b'{"version": 1, "models": 0}',
    b'{"version": 1, "models": 0, "checkedAt": "soon", "baseUrl": "http://acme/v1"}',
    b'{"version": 1, "models": 0, "checkedAt": 5, "baseUrl": "http://acme/v1"}',
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    store = ListStore(tmp_path)
    store.write(PLAN, LIST)
    file_of(store).write_bytes(content)
    assert store.read(PLAN, NOW) is None
    store.write(PLAN, LIST)
    assert store.read(PLAN, NOW) == LIST


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"checkedAt": (NOW + timedelta(days=1)).isoformat()},
        {"models": 3},
        {"complete": None, "models": None},
    ],
)
def test_another_version_or_time_or_shape_is_as_good_as_none(
    tmp_path: Path, change: dict[str, object]
) -> None:
    store = ListStore(tmp_path)
    store.write(PLAN, LIST)
    head, *models = file_of(store).read_text().splitlines()
    file_of(store).write_text("\n".join([json.dumps({**json.loads(head), **change}), *models]))
    assert store.read(PLAN, NOW) is None


@pytest.mark.parametrize("line", ["", "{}", "null", '{"id": 5}', '{"id": "x"}', '{"id": "x"'])
def test_a_damaged_line_is_a_damaged_file(tmp_path: Path, line: str) -> None:
    store = ListStore(tmp_path)
    store.write(PLAN, LIST)
    head, first, _ = file_of(store).read_text().splitlines()
    file_of(store).write_text("\n".join([head, first, line]))
    assert store.read(PLAN, NOW) is None
    file_of(store).write_text("\n".join([head, first]))
    assert store.read(PLAN, NOW) is None, "cut off"


def test_a_disk_that_cannot_be_written_to_costs_nothing_but_the_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = ListStore(tmp_path / "file" / "folder")
    store.write(PLAN, LIST)
    assert store.read(PLAN, NOW) is None


def test_what_nobody_uses_any_more_is_removed(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    rotated = [replace(PLAN, key=f"sk-secret-{number}") for number in range(3)]
    for config in rotated:
        store.write(config, LIST)
    (tmp_path / "killed.tmp").write_text("half a li")
    long_ago = time.time() - 31 * 24 * 3600
    kept = store.read(rotated[1], NOW)
    for path in tmp_path.iterdir():
        os.utime(path, (long_ago, long_ago))
    store.write(rotated[1], LIST)
    assert store.read(rotated[1], NOW) == kept == LIST
    assert len(list(tmp_path.iterdir())) == 1


async def test_nobody_can_lock_without_a_folder_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with ListStore(tmp_path / "file" / "folder").turn(PLAN, 5):
        pass


async def test_one_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []

    async def work(number: int) -> None:
        async with ListStore(tmp_path).turn(PLAN, 5):
            inside.append(number)
            await asyncio.sleep(0.02)
            assert inside[-1] == number

    await asyncio.gather(*map(work, range(4)))
    assert sorted(inside) == [0, 1, 2, 3]


HOLD = """
import asyncio, sys
from pathlib import Path
from stagewright.providers.presets import ProviderConfig
from stagewright.providers.store import ListStore

async def main():
    config = ProviderConfig("acme", "Acme", "openai", "http://acme/v1", "sk-secret-1")
    async with ListStore(Path(sys.argv[1])).turn(config, 5):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_holder_that_dies_gives_the_turn_back_and_one_that_hangs_is_passed(
    tmp_path: Path,
) -> None:
    loop = asyncio.get_running_loop()
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"held\n"
        began = loop.time()
        async with ListStore(tmp_path).turn(PLAN, 0.3):
            assert loop.time() - began >= 0.3, "waited its time, then went on"
    finally:
        holder.kill()
        await holder.wait()
    async with ListStore(tmp_path).turn(PLAN, 3600):
        pass  # at once: the test's own limit is far shorter than an hour


TEXTS = st.text(st.characters(exclude_categories=()), min_size=1, max_size=20)
NUMBERS = st.none() | st.integers(min_value=1) | st.just(10**4_000)
MODELS = st.builds(
    Model,
    id=TEXTS,
    name=TEXTS.map(lambda text: f"named {text}"),  # one like the id is none
    successors=st.lists(TEXTS, max_size=3).map(tuple),
    context_window=NUMBERS,
    max_output=NUMBERS,
    aliases=st.lists(TEXTS, max_size=3).map(tuple),
    created=st.none()
    | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)),
    retires_at=st.none() | st.dates(),
)


@given(st.lists(MODELS, max_size=4), TEXTS)
def test_whatever_a_provider_says_is_read_back(models: list[Model], error: str) -> None:
    with TemporaryDirectory() as folder:
        store = ListStore(Path(folder))
        found = StoredList(tuple(models), NOW, error=error)
        store.write(PLAN, found)
        assert store.read(PLAN, NOW) == found


@pytest.mark.parametrize(
    "model",
    [
        Model("huge", context_window=10**5_000),  # more digits than Python writes
        Model("x" * (65 * 1024 * 1024)),
    ],
)
def test_what_could_not_be_read_back_is_not_written(tmp_path: Path, model: Model) -> None:
    store = ListStore(tmp_path)
    store.write(PLAN, LIST)
    store.write(PLAN, StoredList((model,), NOW))
    assert store.read(PLAN, NOW) == LIST


@pytest.mark.parametrize("state", FILES)
def test_a_file_that_is_no_list_is_as_good_as_none(tmp_path: Path, state: str) -> None:
    store = ListStore(tmp_path)
    store.write(PLAN, LIST)
    path = file_of(store)
    path.unlink()
    FILES[state](path)
    with like_others():
        assert store.read(PLAN, NOW) is None
        store.write(PLAN, LIST)
        assert store.read(PLAN, NOW) == (None if path.is_dir() and not path.is_symlink() else LIST)


def test_a_provider_of_any_name_has_a_file(tmp_path: Path) -> None:
    config = replace(PLAN, id="\ud800", base_url="http://\udfff/v1")
    store = ListStore(tmp_path)
    store.write(config, LIST)
    assert store.read(config, NOW) == LIST
