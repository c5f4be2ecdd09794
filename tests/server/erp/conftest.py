"""A fresh world a test."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.server.erp.world import World


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.client.close()
    made.erp.close()
    made.store.database.close()
