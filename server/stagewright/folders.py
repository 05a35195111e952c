"""The user's own folders for settings and for the cache."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

_NAME = "stagewright"

CONFIG_VARIABLE = "STAGEWRIGHT_CONFIG"
"""The environment variable that names another file in place of the user's `config.toml`."""


def config_file(environ: Mapping[str, str]) -> Path:
    """The user's `config.toml`: `STAGEWRIGHT_CONFIG`, or in the platform's folder for settings."""
    if named := environ.get(CONFIG_VARIABLE):
        return Path(named)
    if (folder := _xdg(environ, "XDG_CONFIG_HOME", ".config")) is None:
        from platformdirs import user_config_path  # see `_xdg`

        folder = user_config_path(_NAME, appauthor=False)
    return folder / "config.toml"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where model lists are kept: `STAGEWRIGHT_CACHE_DIR`, or in the platform's cache folder."""
    if named := environ.get("STAGEWRIGHT_CACHE_DIR"):
        return Path(named)
    if (folder := _xdg(environ, "XDG_CACHE_HOME", ".cache")) is None:
        from platformdirs import user_cache_path  # see `_xdg`

        folder = user_cache_path(_NAME, appauthor=False)
    return folder


def _xdg(environ: Mapping[str, str], variable: str, default: str) -> Path | None:
    """The folder by the rule of Linux and the BSDs, or None on other platforms.

    platformdirs knows this rule too, but importing it costs a tenth of the server's start.
    """
    if sys.platform in ("win32", "darwin", "cygwin"):
        return None
    named = environ.get(variable, "")
    base = Path(named) if named.startswith("/") else Path(environ.get("HOME") or "~").expanduser()
    return (base if named.startswith("/") else base / default) / _NAME
