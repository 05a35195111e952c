"""Programs for tests without their start: each is forked from one process that has imported it all.

A program's imports take most of the time of a test that starts it. The forked process runs the
same module with its own arguments, environment, folder, stdin, stdout and stderr, and shares
nothing with the others but what was imported. What is told of a start, of signals and of Python's
own variables (`PYTHONUTF8`, ...) is tested with real processes.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_LAUNCHER = """
import os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect(sys.argv[1])
    environ = (f"{name}={os.environ[name]}" for name in os.environ)
    words = [str(len(sys.argv) - 2), *sys.argv[2:], os.getcwd(), *environ]
    socket.send_fds(asked, ["\\0".join(words).encode("utf-8", "surrogateescape")], [0, 1, 2])
    asked.shutdown(socket.SHUT_WR)
    os.closerange(0, 3)
    code = asked.recv(1)
    asked.recv(1)
os._exit(code[0] if code else 1)
"""

_given: list[str] = []


def program(module: str = "stagewright") -> tuple[str, ...]:
    """The words that start a module as `python -m` does; its arguments follow them."""
    if not hasattr(os, "fork"):
        return sys.executable, "-m", module
    address = _given[0] if _given else start()
    return sys.executable, "-I", "-S", "-c", _LAUNCHER, address, module


def server() -> tuple[str, ...]:
    """The words that start a server on stdin and stdout."""
    return (*program(), "server")


def use(address: str) -> None:
    """Have programs forked from a process that another one started."""
    _given[:] = [address]


@cache
def start() -> str:
    """Start the process that is forked, and tell its address; it ends with this process."""
    folder = tempfile.mkdtemp(prefix="forks")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address = f"{folder}/socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)  # whoever asks before all is imported waits
        number = listening.fileno()
        words = [sys.executable, "-m", "tests.forks", str(number)]
        process = subprocess.Popen(words, cwd=_ROOT, stdin=subprocess.PIPE, pass_fds=[number])
    atexit.register(process.wait)
    assert process.stdin is not None
    atexit.register(process.stdin.close)
    return address


def _imported() -> Iterator[str]:
    """Modules of all programs but those that look at the environment when they are imported."""
    import stagewright

    for module in pkgutil.walk_packages(stagewright.__path__, "stagewright."):
        if not module.name.endswith(("__main__", "stagewright.cli.app")):
            yield module.name
    yield from ("anthropic", "openai", "tests.loopback.server")


def _serve(listening: socket.socket) -> None:
    """Fork for each that asks, until the tests are over."""
    atexit.register(_leave)  # the first is the last to be called
    from pygls.protocol import default_converter

    for name in _imported():
        importlib.import_module(name)
    default_converter()  # which completes the types of the protocol
    gc.collect()
    gc.freeze()  # what was imported is looked through by no process
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for those that ended
    while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
        asked, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _become(asked)
        asked.close()


_ending: list[tuple[socket.socket, int]] = []


def _become(asked: socket.socket) -> None:
    """Be the program that was asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said, descriptors, _, _ = socket.recv_fds(asked, 1 << 20, 3)
    while more := asked.recv(1 << 20):
        said += more
    count, *words = said.decode("utf-8", "surrogateescape").split("\0")
    (module, *arguments), (folder, *environ) = words[: int(count)], words[int(count) :]
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    _open_streams()
    os.environ.clear()
    os.environ.update(entry.split("=", 1) for entry in environ)
    os.chdir(folder)
    sys.argv = [module, *arguments]
    code = 1
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
        if isinstance(ending.code, str):
            print(ending.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - as Python ends what nobody caught
        traceback.print_exc()
    _ending.append((asked, code))
    sys.exit()


def _open_streams() -> None:
    """Have streams as Python opens them; how they are buffered depends on what they lead to."""
    sys.stdin = open(0, newline="\n", closefd=False)  # noqa: SIM115 - open to the end
    sys.stdout = open(1, "w", newline="\n", closefd=False)  # noqa: SIM115
    errors = "backslashreplace"
    sys.stderr = open(2, "w", 1, newline="\n", errors=errors, closefd=False)  # noqa: SIM115


def _leave() -> None:
    """End at once, when threads and what was registered are done, and tell the exit code.

    To take apart what was imported would take long, and nobody would see it.
    """
    for asked, code in _ending:
        with suppress(OSError):  # nobody reads it any more
            sys.stdout.flush()
            sys.stderr.flush()
        with suppress(OSError):  # whoever asked was killed
            asked.send(bytes([code & 0xFF]))
        os._exit(code & 0xFF)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _listening:
        _serve(_listening)
