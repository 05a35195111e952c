"""Servers for tests without their start: each is forked from one process that has imported it all.

A server's imports take most of the time of an end-to-end test. The forked process runs the same
`main` with its own arguments, environment, folder, stdin, stdout and stderr, and shares nothing
with the others but what was imported. What is told of a start is tested with real ones.
"""

from __future__ import annotations

import atexit
import importlib
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_LAUNCHER = """
import os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect(sys.argv[1])
    words = [*sys.argv[2:], "", os.getcwd(), *(f"{name}={os.environ[name]}" for name in os.environ)]
    socket.send_fds(asked, ["\\0".join(words).encode("utf-8", "surrogateescape")], [0, 1, 2])
    asked.shutdown(socket.SHUT_WR)
    os.closerange(0, 3)
    code = asked.recv(1)
    asked.recv(1)
os._exit(code[0] if code else 1)
"""


@cache
def program() -> tuple[str, ...]:
    """The words that start `stagewright`; its arguments follow them.

    The process that is forked lives as long as the tests: it ends with its stdin.
    """
    if not hasattr(os, "fork"):
        return sys.executable, "-m", "stagewright"
    folder = tempfile.mkdtemp(prefix="forks")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address = f"{folder}/socket"
    pipe = subprocess.PIPE
    words = [sys.executable, "-m", "tests.forks", address]
    process = subprocess.Popen(words, cwd=_ROOT, stdin=pipe, stdout=pipe)
    atexit.register(process.wait)
    assert process.stdin is not None
    assert process.stdout is not None
    atexit.register(process.stdin.close)
    assert process.stdout.readline() == b"listening\n"
    return sys.executable, "-I", "-S", "-c", _LAUNCHER, address


def _serve(address: str) -> None:
    """Fork for each that asks, until the tests are over."""
    import stagewright

    for module in pkgutil.walk_packages(stagewright.__path__, "stagewright."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("anthropic", "openai"):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for those that ended
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        print("listening", flush=True)
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            asked, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _become(asked)
            asked.close()


def _become(asked: socket.socket) -> None:
    """Be the program that was asked for; tells its exit code when it is about to end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said, descriptors, _, _ = socket.recv_fds(asked, 1 << 20, 3)
    while more := asked.recv(1 << 20):
        said += more
    words = said.decode("utf-8", "surrogateescape").split("\0")
    end = words.index("")
    arguments, folder, environ = words[:end], words[end + 1], words[end + 2 :]
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(entry.split("=", 1) for entry in environ)
    os.chdir(folder)
    sys.argv = ["stagewright", *arguments]
    from stagewright.cli import main

    code = 1
    try:
        main()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    finally:
        asked.send(bytes([code & 0xFF]))
    sys.exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1])
