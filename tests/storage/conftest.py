"""Stores for the tests: opened on an empty database, closed after."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from tashika_server.storage.store import SqlStore, open_store
from tests.storage.databases import Cluster, Database, cluster, database, postgresql, sqlite
from tests.storage.world import CountingIds, Gate, ManualClock

__all__ = ["Cluster", "Database", "cluster", "database", "postgresql", "sqlite"]

Grouped = Callable[..., Coroutine[Any, Any, list[Any]]]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def store(database: Database, clock: ManualClock) -> AsyncIterator[SqlStore]:
    opened = open_store(database.location, clock=clock, ids=CountingIds())
    yield opened
    await opened.close()


async def run_in_one_group(store: SqlStore, *waiting: Coroutine[Any, Any, Any]) -> list[Any]:
    """Send calls while the writer is held up, so that they form one group (of commands, and one of openings)."""
    gate = Gate()
    held = asyncio.ensure_future(store.run(gate.command))
    await asyncio.to_thread(gate.entered.wait, 20)
    tasks = [asyncio.ensure_future(each) for each in waiting]
    await asyncio.sleep(0)
    gate.opened.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    await held
    return list(answers)


@pytest.fixture
def grouped() -> Grouped:
    return run_in_one_group
