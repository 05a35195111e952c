"""What holds for all tests."""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings

# An example that takes long is no failure: pace is measured in `make bench`, never asserted.
settings.register_profile("any pace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any pace")


def pytest_configure() -> None:
    """Have Ctrl-C work in what is started here, also where the shell that started us ignores it.

    A shell without a terminal does so for what it runs in the background.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
