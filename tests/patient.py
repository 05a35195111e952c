"""`python -m tests.patient`: the program, but providers are waited for on machines however slow."""

from __future__ import annotations

from stagewright.cli import main, services

if __name__ == "__main__":
    services.LOOK_UP_WITHIN = 50
    main()
