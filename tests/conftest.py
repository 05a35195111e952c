"""What holds for all tests."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests import forks

# What a terminal or a CI service says of itself: Rich and Typer would colour and break lines by it.
for _name in (
    *("CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "FORCE_COLOR", "NO_COLOR", "PY_COLORS"),
    *("COLUMNS", "LINES", "TERMINAL_WIDTH", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
    *("CI_PROJECT_DIR", "GITHUB_ACTIONS", "GITHUB_WORKSPACE"),
):
    os.environ.pop(_name, None)
os.environ["TERM"] = "xterm"

# An example that takes long is no failure: pace is measured in `make bench`, never asserted.
settings.register_profile("any pace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any pace")


def pytest_configure(config: pytest.Config) -> None:
    """Have Ctrl-C work in what is started here, also where the shell that started us ignores it.

    A shell without a terminal does so for what it runs in the background.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if address := getattr(config, "workerinput", {}).get("forks"):
        forks.use(address)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Have the programs of all workers forked from one process."""
    if hasattr(os, "fork"):
        node.workerinput["forks"] = forks.start()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin the shares of the workers with the files that take long: `pytest.mark.long(SECONDS)`.

    A worker whose share is done takes from the end of another's, so none ends alone with them.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1:
        return
    marks = {item.path: item.get_closest_marker("long") for item in items}
    seconds = {path: mark.args[0] for path, mark in marks.items() if mark is not None}
    shares: list[tuple[int, list[pytest.Item]]] = [(0, [])] * workers
    for path in sorted(seconds, key=lambda path: -seconds[path]):
        load, first = shares.pop(0)
        shares.append((load + seconds[path], first + [one for one in items if one.path == path]))
        shares.sort(key=lambda share: share[0])
    rest = [item for item in items if item.path not in seconds]
    count = len(items)
    items.clear()
    for number, (_, first) in enumerate(shares):
        more = (count - len(items)) // (workers - number) - len(first)  # as they are dealt out
        items += [*first, *rest[: max(0, more)]]
        del rest[: max(0, more)]
    items += rest


def pytest_xdist_auto_num_workers() -> int:
    """Two workers a processor: half of them wait, for a server's answer or for a disk."""
    return 2 * (os.cpu_count() or 1)
