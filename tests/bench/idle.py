"""This server beside a pygls server that does no work: start, answers, memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.editor import (
    IDLE,
    IDLE_WITH_OFFERS,
    OURS,
    Editor,
    editor,
    in_turn,
    median_ms,
    seconds,
    template,
)
from tests.bench.table import Row, show
from tests.e2e.editor import environment
from tests.loopback.lists import KEYS
from tests.loopback.process import loopback_process

STARTS = 11
COMPLETIONS = 200
KEYSTROKES = 150
MODELS = 20_000
MODEL = "claude-opus-5-5"


def main() -> bool:
    """Measure and print; whether every aim was reached."""
    with tempfile.TemporaryDirectory() as name, loopback_process() as providers:
        folder = Path(name).resolve()
        (folder / ".choragen" / "workflow-templates").mkdir(parents=True)
        third = {
            "GEMINI_BASE_URL": f"{providers.origin}/gemini",
            "GEMINI_API_KEY": KEYS["gemini"],
        }
        environ = environment(folder, **providers.environ, **third)
        _fill_cache(folder, environ)
        rows = [
            _start(folder, environ),
            _cold(folder),
            *_answers(folder, environ),
            *_memory(folder, environ),
        ]
        providers.control(world={"openai": [_listed(number) for number in range(MODELS)]})
        many = environment(folder / "many", **providers.environ)
        _fill_cache(folder, many)
        rows.append(_many(folder, many))
    return show("Beside a pygls server that does no work", "idle pygls", rows)


def _listed(number: int) -> dict[str, object]:
    return {"id": f"vendor-{number % 97}/model-{number}", "object": "model", "created": number}


def _many(folder: Path, environ: Mapping[str, str]) -> Row:
    """Completing among 20,000 models, with a part of their names typed."""
    text = template(1).replace("anthropic", "openai").replace("claude-fable-5-1", "")
    line, character = _model_of(0)
    with editor(OURS, environ, folder) as running:
        running.open(text)
        taken = []
        for letter in "odel-1" * 8:
            at = character + len(taken) % 6
            if at == character and taken:
                running.replace(line, character, character + 6)
            running.type(line, at, letter)
            begin = seconds()
            offers = running.complete(line, at + 1)
            taken.append(seconds() - begin)
            assert 0 < len(offers) <= 200
    return Row(f"completion, {MODELS:,} models", "ms", median_ms(taken), most=10, of_ratio=False)


def _fill_cache(folder: Path, environ: Mapping[str, str]) -> None:
    """One session before, so that the measured ones start as on any other day: with a cache."""
    with editor(OURS, environ, folder) as running:
        running.client.command("stagewright.models.refresh", {})


def _start(folder: Path, environ: Mapping[str, str]) -> Row:
    """From starting the process to the first answered completion, with models in it."""
    times: dict[tuple[str, ...], list[float]] = {OURS: [], IDLE: []}
    for number in range(STARTS + 1):
        for command, taken in times.items():
            begin = seconds()
            with editor(command, environ, folder) as running:
                running.open(template(6))
                offers = running.complete(*_model_of(0))
                if number:  # the first pair warms the disk's cache
                    taken.append(seconds() - begin)
                assert command is IDLE or offers
    ours, idle = map(median_ms, times.values())
    return Row("start to first completion", "ms", ours, idle, 1.3)


def _cold(folder: Path) -> Row:
    """The same on a machine that has neither a key nor a cache, for the provider that the most is
    known of: models are offered at once."""
    times: dict[tuple[str, ...], list[float]] = {OURS: [], IDLE: []}
    text = template(6).replace("anthropic", "openai").replace("claude-fable-5-1", "")
    for number in range(STARTS + 1):
        environ = environment(folder / f"cold-{number}")
        for command, taken in times.items():
            begin = seconds()
            with editor(command, environ, folder) as running:
                running.open(text)
                offers = running.complete(*_model_of(0))
                if number:
                    taken.append(seconds() - begin)
                assert command is IDLE or len(offers) > 50
    ours, idle = map(median_ms, times.values())
    return Row("first start, no key, no cache, to first completion", "ms", ours, idle, 1.3)


def _answers(folder: Path, environ: Mapping[str, str]) -> Iterator[Row]:
    """A completion in a file of 100 stages; a keystroke and a completion in one of 10,000."""
    place = _model_of(50)
    for yardstick, what, most in (
        (IDLE_WITH_OFFERS, "45 fixed offers", 1.5),
        (IDLE, "an empty answer", None),
    ):
        with _both(folder, environ, template(100), yardstick) as (ours, idle):
            took = in_turn(COMPLETIONS, lambda running: running.complete(*place), ours, idle)
            yield Row(f"completion, 100 stages, beside {what}", "ms", *took, most)
    with _both(folder, environ, template(10_000)) as (ours, idle):
        line, character = _model_of(5_000)

        typed = {ours: 0, idle: 0}

        def keystroke(running: Editor) -> None:
            """Type one more letter of a model's id; start over when it is whole."""
            at = typed[running] % len(MODEL)
            if at == 0:
                running.replace(line, character, character + (len(MODEL) if typed[running] else 16))
            running.type(line, character + at, MODEL[at])
            running.complete(line, character + at + 1)
            typed[running] += 1

        took = in_turn(KEYSTROKES, keystroke, ours, idle)
        what = "keystroke and completion, 10,000 stages"
        yield Row(what, "ms", *took, 5, of_ratio=False)


def _memory(folder: Path, environ: Mapping[str, str]) -> Iterator[Row]:
    """Peak memory of a session with models known and diagnostics given."""
    for stages in (6, 10_000):
        with _both(folder, environ, template(stages)) as (ours, idle):
            ours.settle()
            for running in (ours, idle):
                running.complete(*_model_of(0))
            peaks = [running.memory()["peak"] / 1024 for running in (ours, idle)]
            what = f"peak memory, three providers, {stages:,} stages"
            yield Row(what, "MiB", *peaks, 1.6)


@contextmanager
def _both(
    folder: Path, environ: Mapping[str, str], text: str, yardstick: tuple[str, ...] = IDLE
) -> Iterator[tuple[Editor, Editor]]:
    with editor(OURS, environ, folder) as ours, editor(yardstick, environ, folder) as idle:
        for running in (ours, idle):
            running.open(text)
            running.complete(0, 0)
        yield ours, idle


def _model_of(stage: int) -> tuple[int, int]:
    """Line and character right behind the opening quote of a stage's model."""
    lines = template(stage + 1).splitlines()
    line = max(number for number, one in enumerate(lines) if one.startswith("      model:"))
    return line, len('      model: "')
