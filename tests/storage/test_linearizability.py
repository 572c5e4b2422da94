"""Under threads, the store answers as if there were one order; the checker fails where the lock is removed."""

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from tashika_server.application.ports import Done, Ids, ReadView, UnitOfWork
from tashika_server.domain.model import Organization
from tashika_server.storage.store import SqlStore
from tests.storage.linearizability import Operation, is_linearizable, timed
from tests.storage.world import CHANGE, CONTRACTOR, adds, organization

THREADS, CALLS, SEED = 6, 30, 20_261_123

Command = Callable[[Any, datetime, Ids], Done[int]]


def value_of(found: Organization | None) -> int:
    assert found is not None
    return int(found.kana)


def increment(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[int]:
    found = unit.organizations.get(CONTRACTOR)
    after = value_of(found) + 1
    assert found is not None
    unit.organizations.save(replace(found, kana=str(after)), CHANGE)
    return Done(after)


class Locked:
    """The store as it is."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store

    async def add(self) -> int:
        value = (await self.store.run(increment)).value
        assert value is not None
        return value

    async def read(self) -> int:
        return await self.store.read(lambda view: value_of(view.organizations.get(CONTRACTOR)))


class Unlocked(Locked):
    """The same store with the lock removed: what a command reads is not held until it writes.

    The command runs on a read view and its writes are put into the store afterwards, as they are.
    """

    def __init__(self, store: SqlStore) -> None:
        super().__init__(store)
        # two callers have read before either writes, so that the fault does not wait for luck
        self._both = threading.Barrier(2)

    async def add(self) -> int:
        return await self.run_unlocked(increment)

    async def run_unlocked(self, command: Command) -> int:
        saved: list[Organization] = []

        def look(view: ReadView) -> int:
            unit = _Recorder(view, saved)
            return command(unit, datetime.now().astimezone(), _NoIds()).value

        answer = await self.store.read(look, slow=True)
        try:
            await asyncio.to_thread(self._both.wait, 0.2)
        except threading.BrokenBarrierError:
            self._both.reset()

        def write(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            present = unit.organizations.get(CONTRACTOR)
            assert present is not None
            for each in saved:
                unit.organizations.save(replace(each, revision=present.revision), CHANGE)
            return Done(None)

        await self.store.run(write)
        return answer


class _Recorder:
    """A unit of work whose writes are only noted."""

    def __init__(self, view: ReadView, saved: list[Organization]) -> None:
        self.organizations = self
        self._view = view
        self._saved = saved

    def get(self, entity_id: str) -> Organization | None:
        return self._view.organizations.get(entity_id)

    def save(self, entity: Organization, change: object) -> None:
        self._saved.append(entity)


class _NoIds:
    def new(self, prefix: str) -> str:
        return prefix


async def history_of(counter: Locked, threads: int, calls: int) -> list[Operation]:
    """Threads with an event loop each call the store at once; every call is noted with its times."""
    await counter.store.run(adds(replace(organization(), kana="0")))
    start = threading.Barrier(threads)
    operations: list[Operation] = []

    async def client(seed: int) -> None:
        choose = random.Random(seed)
        await asyncio.to_thread(start.wait, 20)
        for _ in range(calls):
            if choose.random() < 0.5:
                operations.append(await timed("add", counter.add))
            else:
                operations.append(await timed("read", counter.read))

    def thread(work: Coroutine[Any, Any, None]) -> None:
        asyncio.run(work)

    print(f"seed {SEED}")
    await asyncio.gather(*(asyncio.to_thread(thread, client(SEED + number)) for number in range(threads)))
    return operations


async def test_the_store_is_linearizable_under_threads(store: SqlStore) -> None:
    history = await history_of(Locked(store), THREADS, CALLS)
    assert len(history) == THREADS * CALLS
    overlaps = sum(
        a.invoked < b.responded and b.invoked < a.responded for a in history for b in history if a is not b
    )
    assert overlaps > THREADS * CALLS, "the calls did not overlap, so this shows nothing"
    assert is_linearizable(history)


async def test_with_its_lock_removed_the_checker_finds_a_store_out(store: SqlStore) -> None:
    assert not is_linearizable(await history_of(Unlocked(store), 2, 10))


def test_the_checker_knows_right_from_wrong() -> None:
    def add(invoked: int, responded: int, answer: int) -> Operation:
        return Operation("add", invoked, responded, answer)

    def read(invoked: int, responded: int, answer: int) -> Operation:
        return Operation("read", invoked, responded, answer)

    assert is_linearizable([])
    assert is_linearizable([add(0, 10, 2), add(5, 15, 1), read(6, 12, 1)])
    assert not is_linearizable([add(0, 1, 2), add(2, 3, 1)])  # the order of time
    assert not is_linearizable([add(0, 10, 1), add(5, 15, 1)])  # a lost update
    assert not is_linearizable([add(0, 1, 1), read(2, 3, 0)])  # a stale read
    assert not is_linearizable([add(0, 9, 1), read(1, 2, 1), read(3, 4, 0)])  # a read that goes back
