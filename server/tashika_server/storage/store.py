"""The store: what the use cases see of all this."""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from tashika_server.application.ports import (
    Clock,
    Command,
    Done,
    Ids,
    OpeningAttempt,
    OpeningResult,
    Outcome,
    ReadView,
    Replay,
    UnitOfWork,
)
from tashika_server.storage.backend import Backend, backend_at
from tashika_server.storage.cache import EntityCache
from tashika_server.storage.codec import micros
from tashika_server.storage.errors import StoreOpenError
from tashika_server.storage.group import CommandGroups, Job, Tools, WriteConnection
from tashika_server.storage.lists import Lists
from tashika_server.storage.migrations import CURRENT, migrate, version_of
from tashika_server.storage.opening import OpeningGroups, OpeningJob, ThrottleLimits
from tashika_server.storage.readers import MAX_BATCH, PACE_SECONDS, ReaderLane, ReadJob
from tashika_server.storage.statements import Statements
from tashika_server.storage.unit import Unit
from tashika_server.storage.writer import WriterThread

LOGGER = logging.getLogger(__name__)

T = TypeVar("T")

# One thread gathers the largest batches, and Python runs one at a time anyway.
FAST_READERS: Final = 1
# Lists: as many as may keep the disk busy while look-ups go on beside them.
SLOW_READERS: Final = 4


class Deliveries:
    """Answers on their way from the store's threads to event loops: one wake-up a group, not one an answer."""

    def __init__(self) -> None:
        self._ready: dict[asyncio.AbstractEventLoop, list[Callable[[], None]]] = {}
        self._guard = threading.Lock()

    def add(self, loop: asyncio.AbstractEventLoop, deliver: Callable[[], None]) -> None:
        """Note an answer."""
        with self._guard:
            self._ready.setdefault(loop, []).append(deliver)

    def send(self) -> None:
        """Wake every loop that has answers waiting."""
        with self._guard:
            ready, self._ready = self._ready, {}
        for loop, deliveries in ready.items():
            try:
                loop.call_soon_threadsafe(_deliver, deliveries)
            except RuntimeError:  # the loop has closed, and nobody waits any more
                continue


def _deliver(deliveries: list[Callable[[], None]]) -> None:
    for each in deliveries:
        each()


def _resolve(future: "asyncio.Future[Any]", result: object) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


class _NotYetError(Exception):
    """No earlier call has answered yet."""


class SqlStore:
    """The port ``Store`` on SQLite or PostgreSQL. Made by ``open_store``; ``close`` it."""

    def __init__(self, tools: Tools, limits: ThrottleLimits) -> None:
        self._backend = tools.backend
        self._watchers: list[Callable[[int], None]] = []
        self._writes, self._fast_reads, self._slow_reads = Deliveries(), Deliveries(), Deliveries()
        connection = self._connection = WriteConnection(tools)
        commands = CommandGroups(tools, connection, self._wake)
        try:
            commands.own()
        except BaseException:
            connection.discard()
            raise
        openings = OpeningGroups(tools, connection, limits)
        self._writer = WriterThread(commands, openings, self._writes.send, connection.discard)
        self._fast = ReaderLane(
            tools,
            self._fast_reads.send,
            name="look-up",
            threads=FAST_READERS,
            batch=MAX_BATCH,
            pace=PACE_SECONDS,
        )
        self._slow = ReaderLane(
            tools, self._slow_reads.send, name="list", threads=SLOW_READERS, batch=1, pace=0.0
        )
        self._closed = False

    async def run(self, command: Command[T], replay: Replay | None = None) -> Outcome[T]:
        """Run a command and answer after COMMIT. See the port for what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome[T]] = loop.create_future()
        answer = partial(self._answer, self._writes, loop, future)
        self._writer.put_command(Job(command, replay, answer, future.cancelled))
        return await future

    async def replayed(self, replay: Replay) -> Outcome[object] | None:
        """Look up an earlier answer to this call; it goes through the writer, in order with the call itself."""

        def not_yet(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[object]:
            raise _NotYetError

        try:
            return await self.run(not_yet, replay)
        except _NotYetError:
            return None

    async def read(self, query: Callable[[ReadView], T], *, slow: bool = False) -> T:
        """Look at the store in one read transaction."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        deliveries = self._slow_reads if slow else self._fast_reads

        def answer(result: object) -> None:
            deliveries.add(loop, partial(_resolve, future, result))

        def failed(error: BaseException) -> None:
            deliveries.add(loop, partial(_fail, future, error))

        (self._slow if slow else self._fast).put([ReadJob(query, answer, failed, future.cancelled)])
        return await future

    def standing(self) -> int | None:
        """A number that every command's commit changes before the command is answered; see the port."""
        return self._connection.standing

    async def open(self, attempt: OpeningAttempt) -> OpeningResult:
        """Try a number and key; the attempt is on disk before this answers."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[OpeningResult] = loop.create_future()
        answer = partial(self._answer, self._writes, loop, future)
        self._writer.put_opening(OpeningJob(attempt, answer))
        return await future

    async def forget(self) -> int:
        """Delete what is kept for a time only and is over; answers how many rows went. For the daily job."""
        total = 0
        while True:
            outcome = await self.run(_forget)
            total += outcome.value or 0
            if not outcome.value:
                return total

    async def close(self) -> None:
        """Finish what is queued, then give the store to the next one. SQLite's is one file then."""
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._close)

    def after_commit(self, watcher: Callable[[int], None]) -> None:
        """Call ``watcher`` with the new revision after each commit that changed something.

        It is called on the writer's thread and only wakes: whoever must miss nothing asks for the revision.
        """
        self._watchers.append(watcher)

    def _close(self) -> None:
        # Each joins its threads: no two connections close at the same time (see ReaderLane).
        self._writer.close()
        self._fast.close()
        self._slow.close()
        self._backend.unlock()

    def _wake(self, before: int, revision: int) -> None:
        for watcher in self._watchers:
            try:
                watcher(revision)
            except Exception as error:  # the commit took place; its callers must hear so
                LOGGER.error("a watcher failed: %s", type(error).__name__)

    @staticmethod
    def _answer(
        deliveries: Deliveries, loop: asyncio.AbstractEventLoop, future: "asyncio.Future[Any]", answer: object
    ) -> None:
        if isinstance(answer, BaseException):
            deliveries.add(loop, partial(_fail, future, answer))
        else:
            deliveries.add(loop, partial(_resolve, future, answer))


def _forget(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[int]:
    return Done(cast(Unit, unit).forget(now))


def open_store(
    location: str | Path,
    *,
    clock: Clock,
    ids: Ids,
    limits: ThrottleLimits | None = None,
    backend: Backend | None = None,
) -> SqlStore:
    """Open the store in a data folder (SQLite), or behind a ``postgresql://`` URL.

    An empty database gets its tables; older tables are left for ``tashika-server migrate`` (see ``migrate_store``).
    The folder, or on PostgreSQL the database, is held until ``close``. ``backend`` is for a store that is reached
    in another way. Raises LockedError where another process has it, StoreOpenError where commits would not be
    durable or the tables have another version, StoreFaultError where the database can't be reached.
    """
    backend = backend or backend_at(location)
    backend.lock()
    try:
        _ensure_tables(backend, micros(clock.now()))
        backend.verify()
        statements = Statements(backend.dialect)
        tools = Tools(backend, statements, Lists(backend.dialect), EntityCache(), clock, ids)
        return SqlStore(tools, limits or ThrottleLimits())
    except BaseException:
        backend.unlock()
        raise


def migrate_store(location: str | Path) -> tuple[int, int]:
    """Bring an offline store's tables to this version; answers the version before and after.

    Raises LockedError while a server runs, StoreOpenError for tables of a newer server.
    """
    backend = backend_at(location)
    backend.lock()
    try:
        return migrate(backend, micros(datetime.now(UTC)))
    finally:
        backend.unlock()


def _ensure_tables(backend: Backend, time_us: int) -> None:
    backend.prepare()
    session = backend.connect()
    try:
        version = version_of(backend, session)
    finally:
        session.close()
    if version == 0:
        migrate(backend, time_us)
    elif version != CURRENT:
        raise StoreOpenError(
            f"the tables have version {version}, this server needs {CURRENT}; "
            + ("run: tashika-server migrate" if version < CURRENT else "update the server")
        )
