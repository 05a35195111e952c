"""Makes offline knowledge: `make knowledge`, from the pinned sources; `make knowledge-update`, from
the newest, which `--pin` notes in `sources.txt` if any is newer than what was used before.

Runs in an environment in which the sources are installed. What it writes depends on nothing else.
"""

from __future__ import annotations

import json
import re
import string
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import distribution, version
from pathlib import Path

from server.tools.knowledge import agreed, routes
from server.tools.knowledge.facts import Facts, Table
from server.tools.knowledge.read import SOURCES

from stagewright.catalog.knowledge import FOLDER
from stagewright.catalog.spelling import plain

PINS = Path(__file__).with_name("sources.txt")

AGREED = Path(__file__).parents[3] / "tests" / "data" / "knowledge" / "agreed.tsv"
LICENCES = FOLDER / "LICENCES.txt"
_HEAD = """\
The facts in this folder (which models there are, their limits and prices, when they end and what
follows them) were taken from the packages below by server/tools/knowledge. No code and no prose of
theirs is in them. Each package's own licence follows.
"""


def main(arguments: Sequence[str]) -> None:
    """Write a file for each provider that anything is known of, and the sources' licences."""
    versions = {name: version(name) for name in SOURCES}
    pinned, day = _pins()
    if "--pin" in arguments:
        if versions == pinned:
            print("The pinned sources are the newest.")
            return
        day = datetime.now(UTC).date()
    elif versions != pinned:
        sys.exit(f"The environment holds {versions}, and {PINS.name} names {pinned}.")
    written = set()
    for provider, table in sorted(_collected(day).items()):
        path = FOLDER / f"{provider}.jsonl"
        _keep_ended(table, path, versions, day)
        path.write_text("\n".join(_lines(table, versions, day)) + "\n", "utf-8")
        written.add(path)
        print(f"{path.name}: {len(table)} models")
    for provider, (ended, source) in routes.ENDED.items():
        about = {"day": day.isoformat(), "sources": {"z": source}, "ended": ended, "models": 0}
        path = FOLDER / f"{provider}.jsonl"
        path.write_text(_compact(about) + "\n", "utf-8")
        written.add(path)
    for path in set(FOLDER.glob("*.jsonl")) - written:
        path.unlink()
    LICENCES.write_text(_licences(versions), "utf-8")
    if "--pin" in arguments:
        _pin(versions, day)
    AGREED.write_text("\n".join(agreed.rows(day)) + "\n", "utf-8")


def _collected(day: date) -> dict[str, dict[str, dict[str, Facts]]]:
    """Provider -> model id -> source -> facts, the sources in the order of their weight.

    What a source only repeats is left out, except days and what follows: there it counts how many
    say the same.
    """
    tables: dict[str, dict[str, dict[str, Facts]]] = {}
    for source, read in SOURCES.items():
        known: Table = {name: set(models) for name, models in tables.items()}
        for provider, model_id, facts in read(known, day):
            models = tables.setdefault(provider, {})
            said = models.setdefault(model_id, {}).setdefault(source, {})
            # Of one source's several entries for one id, the first says what a later one does not
            # know better: its own files put the plain id before regional ones.
            for key, value in facts.items():
                latest = key == "end" and value > said.get("end", "")
                if (key not in said and not _is_repeated(models[model_id], key, value)) or latest:
                    said[key] = value
    for provider, models in tables.items():
        _end_with_their_models(provider, models)
    return {
        provider: {
            model_id: {source: facts for source, facts in _whole_windows(said).items() if facts}
            for model_id, said in models.items()
        }
        for provider, models in tables.items()
    }


def _end_with_their_models(provider: str, models: dict[str, dict[str, Facts]]) -> None:
    """What is an own entry for another spelling of a model's id ends when that model does."""
    for model_id, said in models.items():
        spelled = plain(provider, model_id)
        if spelled is None or any("end" in facts for facts in said.values()):
            continue
        for source, facts in models.get(spelled.id, {}).items():
            if "end" in facts:
                ending = {key: facts[key] for key in _ENDING if key in facts}  # type: ignore[literal-required]
                said.setdefault(source, {}).update(ending)  # type: ignore[typeddict-item]


_ENDING = ("announced", "end", "next", "seen")


def _keep_ended(
    table: dict[str, dict[str, Facts]], path: Path, versions: Mapping[str, str], day: date
) -> None:
    """Add what an earlier version of a source said of models that had ended, where no source says
    when any more and that one does not name them at all: they have not come back to life."""
    if not path.exists():
        return
    head, *lines = path.read_text("utf-8").splitlines()
    about = json.loads(head)
    for model_id, said in map(json.loads, lines):
        now = table.get(model_id, {})
        if isinstance(said, str) or any("end" in facts for facts in now.values()):
            continue
        if not routes.is_model(path.stem, model_id):
            continue
        for letter, facts in said.items():
            label = about["sources"][letter]
            source = label.rpartition(" ")[0]
            ended = facts.get("end", "9") <= day.isoformat()
            if ended and (source not in now or versions.get(source) is None):
                kept = {"seen": about["day"], **facts}
                table.setdefault(model_id, {})[label] = kept  # type: ignore[assignment]


def _whole_windows(said: Mapping[str, Facts]) -> dict[str, Facts]:
    """Without a limit of the input where another source names the window that both make up.

    LiteLLM gives what is left of OpenAI's windows when the answer's share is taken off.
    """
    windows = {facts["context"] for facts in said.values() if "context" in facts}
    return {
        source: {key: value for key, value in facts.items() if key != "context"}  # type: ignore[misc]
        if facts.get("context", 0) + facts.get("output", 0) in windows - {facts.get("context")}
        else facts
        for source, facts in said.items()
    }


def _is_repeated(said: Mapping[str, Facts], key: str, value: object) -> bool:
    return key in _ONCE and any(facts.get(key) == value for facts in said.values())


_ONCE = frozenset({"name", "context", "output", "price"})


def _lines(
    table: Mapping[str, Mapping[str, Facts]], versions: Mapping[str, str], day: date
) -> Iterator[str]:
    """A file: a line for each model, so that a change of one is a change of one line."""
    earlier = sorted({source for said in table.values() for source in said} - SOURCES.keys())
    letters = dict(zip((*SOURCES, *earlier), string.ascii_lowercase, strict=False))
    named = {
        letters[source]: f"{source} {versions[source]}" if source in versions else source
        for source in letters
        if any(source in said for said in table.values())
    }
    aliases = {
        alias: model_id
        for model_id, said in table.items()
        for facts in said.values()
        for alias in facts.get("aliases", ())
        if alias not in table
    }
    rows: dict[str, object] = {
        model_id: {letters[source]: facts for source, facts in said.items()}
        for model_id, said in table.items()
    }
    rows |= aliases
    yield _compact({"day": day.isoformat(), "sources": named, "models": len(rows)})
    yield from (_compact([model_id, rows[model_id]]) for model_id in sorted(rows))


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pins() -> tuple[dict[str, str], date]:
    text = PINS.read_text("utf-8")
    day = re.search(r"^# as of (\S+)$", text, re.MULTILINE)
    if day is None:
        sys.exit(f"{PINS.name} names no day.")
    pins = (line.partition("==") for line in text.splitlines() if "==" in line)
    return {name: pinned for name, _, pinned in pins}, date.fromisoformat(day[1])


def _pin(versions: Mapping[str, str], day: date) -> None:
    head = PINS.read_text("utf-8").splitlines()[0]
    pins = [f"{name}=={versions[name]}" for name in SOURCES]
    PINS.write_text("\n".join((head, f"# as of {day}", *pins)) + "\n", "utf-8")


def _licences(versions: Mapping[str, str]) -> str:
    parts = [_HEAD]
    for name in SOURCES:
        files = distribution(name).files or ()
        texts = [
            Path(str(file.locate())).read_text("utf-8").strip()
            for file in files
            if file.parent.name == "licenses" and file.name == "LICENSE"
        ]
        if not texts:
            sys.exit(f"{name} {versions[name]} brings no licence: may it still be used?")
        parts += [f"{'=' * 80}\n{name} {versions[name]}\n{'=' * 80}\n", *texts, ""]
    return "\n".join(parts)


if __name__ == "__main__":
    main(sys.argv[1:])
