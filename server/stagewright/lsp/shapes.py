"""JSON of our own that several commands answer with."""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]
