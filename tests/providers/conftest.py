"""Fixtures of the provider tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.loopback.server import Loopback, loopback

from stagewright.providers.chat.sdk import close_clients


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    """A loopback server with every provider's API."""
    async with loopback() as running:
        yield running
    await close_clients()
