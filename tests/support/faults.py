"""Real faults for a running server: a full disk, a disk that fails at COMMIT, dead and stopped workers.

They reach behind the public doors, to where a fault sets in; what a test then looks at is the wire alone.
"""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from tashika_server.storage.sqlite import SqliteBackend
from tests.support.client import SECONDS
from tests.support.server import Running

_NO_LIMIT = 2**30


async def until(condition: Callable[[], bool]) -> None:
    """Give way to others until the condition holds."""
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)


@contextmanager
def full_disk(running: Running) -> Iterator[None]:
    """The database can't grow any more: SQLite answers SQLITE_FULL for every page beyond those that it has."""
    connect = SqliteBackend.connect

    def connect_to_full_disk(self: SqliteBackend, **options: Any) -> Any:
        session = connect(self, **options)
        _limit(session, 1)
        return session

    writer: Any = running.register.kit.store
    _limit(writer._writer._commands._connection._session, 1)
    try:
        with patch.object(SqliteBackend, "connect", connect_to_full_disk):
            yield
    finally:
        _limit(writer._writer._commands._connection._session, _NO_LIMIT)


def _limit(session: Any, pages: int) -> None:
    # A limit below the present size is the present size.
    if session is not None:
        session.connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()


_FILE_BYTES = 1024 * 1024


@contextmanager
def disk_failing_at_commit() -> Iterator[None]:
    """No file of this process grows beyond 1 MiB, which the write-ahead log soon needs: COMMIT fails then.

    Below that, SQLite keeps the journals of single statements, whose failure would come before COMMIT. The log
    starts again at 4 MB only, so some commits more and it is beyond the limit.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def workers(running: Running) -> list[int]:
    """The processes that render for this server."""
    pool: Any = running.register.pool
    executor = pool._executor
    return list(executor._processes) if executor is not None and executor._processes else []


@asynccontextmanager
async def workers_dying(running: Running) -> AsyncIterator[None]:
    """Whatever process begins to render for this server is killed."""

    async def kill() -> None:
        while True:
            for pid in workers(running):
                _signal(pid, signal.SIGKILL)
            await asyncio.sleep(0.001)

    task = asyncio.create_task(kill())
    try:
        yield
    finally:
        task.cancel()


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@asynccontextmanager
async def workers_stopped(running: Running) -> AsyncIterator[Callable[[], Any]]:
    """The rendering processes stand still; the block gets a function that waits until a job waits for them."""
    pool: Any = running.register.pool
    stopped = workers(running)
    assert stopped, "no process renders yet"
    for pid in stopped:
        _signal(pid, signal.SIGSTOP)
    try:
        yield lambda: until(lambda: pool._running > 0)
    finally:
        for pid in stopped:
            _signal(pid, signal.SIGCONT)


@contextmanager
def little_patience(running: Running, seconds: float) -> Iterator[None]:
    """The server waits only so long for a stream's next move."""
    pipeline: Any = running.server._pipeline
    before = pipeline._limits
    pipeline._limits = replace(before, idle_seconds=seconds)
    try:
        yield
    finally:
        pipeline._limits = before
