"""Offline knowledge for tests: by id, what each of three sources says."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from stagewright.catalog.knowledge import Knowledge
from stagewright.catalog.knowledge.file import KnowledgeFile

SOURCES = {"a": "first 1.0", "b": "second 2.1", "c": "third 3"}
DAY = date(2026, 11, 20)


def file(said: Mapping[str, Any], provider: str = "acme", today: date = DAY) -> KnowledgeFile:
    """A file of these models, read on `today`."""
    head = {"day": DAY.isoformat(), "sources": SOURCES, "models": len(said)}
    lines = [json.dumps([name, facts], separators=(",", ":")) for name, facts in said.items()]
    return KnowledgeFile("\n".join([json.dumps(head), *lines]), provider, today)


def known(said: Mapping[str, Any], provider: str = "acme", today: date = DAY) -> Knowledge:
    """What is known of these models."""
    return Knowledge(lambda: file(said, provider, today))


def ending(day: str, *after: str) -> dict[str, Any]:
    """A model that the first source says to end on a day."""
    return {"a": {"end": day} | ({"next": list(after)} if after else {})}
