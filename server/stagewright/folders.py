"""The user's own folders for settings and for the cache."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

_NAME = "stagewright"

CONFIG_VARIABLE = "STAGEWRIGHT_CONFIG"
"""The environment variable that names another file in place of the user's `config.toml`."""


def config_file(environ: Mapping[str, str]) -> Path:
    """The user's `config.toml`: `STAGEWRIGHT_CONFIG`, or in the platform's folder for settings."""
    if named := environ.get(CONFIG_VARIABLE):
        return Path(named)
    return _folder(environ, "config") / "config.toml"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where model lists are kept: `STAGEWRIGHT_CACHE_DIR`, or in the platform's cache folder."""
    if named := environ.get("STAGEWRIGHT_CACHE_DIR"):
        return Path(named)
    return _folder(environ, "cache")


def _folder(environ: Mapping[str, str], kind: Literal["config", "cache"]) -> Path:
    """Ours of this kind, by the rule of the platform.

    platformdirs knows the rule of Linux and the BSDs too, but importing it costs a tenth of the
    server's start.
    """
    if sys.platform in ("win32", "darwin", "cygwin"):
        from platformdirs import PlatformDirs  # takes long to import, see above

        dirs = PlatformDirs(_NAME, appauthor=False)
        return dirs.user_config_path if kind == "config" else dirs.user_cache_path
    named = environ.get(f"XDG_{kind.upper()}_HOME", "")
    if named.startswith("/"):
        return Path(named) / _NAME
    return Path(environ.get("HOME") or "~").expanduser() / f".{kind}" / _NAME
