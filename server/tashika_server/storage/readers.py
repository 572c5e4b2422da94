"""Readers: threads with a connection each. Look-ups by id wait for each other and share one transaction."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tashika_server.application.ports import ReadView
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.storage.errors import StorageError, StoreFaultError
from tashika_server.storage.group import Tools
from tashika_server.storage.session import Session
from tashika_server.storage.unit import View

LOGGER = logging.getLogger(__name__)

# A batch of look-ups takes about 20 microseconds each; 64 of them stay below the pace of the writer.
MAX_BATCH: Final = 64
# Batches start at least this far apart: the server hands calls over nearly one by one, and a batch for each costs
# a third more processor time in wake-ups (measured); a call after a quiet millisecond goes at once.
PACE_SECONDS: Final = 0.001
# About a second's work, as for the writer.
MAX_WAITING: Final = 4_096


@dataclass(slots=True)
class ReadJob:
    """A query that waits, and how its answer is delivered."""

    query: Callable[[ReadView], Any]
    answer: Callable[[object], None]
    failed: Callable[[BaseException], None]
    abandoned: Callable[[], bool]


class ReaderLane:
    """Some threads that take what waits: all of it (up to a limit) in one transaction, or one by one."""

    def __init__(
        self, tools: Tools, delivered: Callable[[], None], *, name: str, threads: int, batch: int, pace: float
    ) -> None:
        self._tools = tools
        self._delivered = delivered
        self._batch = batch
        self._pace = pace
        self._waiting: deque[ReadJob] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._loop, name=f"tashika-{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, jobs: Sequence[ReadJob]) -> None:
        """Queue queries. Raises RefusedError: SERVER_BUSY, SHUTTING_DOWN."""
        with self._changed:
            if self._closing:
                raise refuse(Reason.SHUTTING_DOWN)
            if len(self._waiting) >= MAX_WAITING:
                raise refuse(Reason.SERVER_BUSY)
            self._waiting.extend(jobs)
            self._changed.notify()

    def close(self) -> None:
        """Take nothing more, finish what waits, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _loop(self) -> None:
        session: Session | None = None
        started = time.monotonic() - self._pace
        while self._wait(started + self._pace):
            started = time.monotonic()
            with self._changed:
                jobs = [self._waiting.popleft() for _ in range(min(self._batch, len(self._waiting)))]
            session = self._run(session, [job for job in jobs if not job.abandoned()])
            self._delivered()
        if session is not None:
            # One after the other: SQLite's last connection empties its log into the database and removes it, and of
            # several that close at once each may take another for the last. An older copy of the database that is
            # put back would then get what is newer from the log, in part even, and pass for sound.
            with self._changed:
                session.close()

    def _wait(self, not_before: float) -> bool:
        """Wait for work and for the pace; False when all is done and no more will come."""
        with self._changed:
            while not self._waiting:
                if self._closing:
                    return False
                self._changed.wait()
        pause = not_before - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        return True

    def _run(self, session: Session | None, jobs: Sequence[ReadJob]) -> Session | None:
        """Run a batch; after a fault of the database each query once more, by itself and on a new connection."""
        if not jobs:
            return session
        fresh = session is None
        session, left = self._transaction(session, jobs)
        for job in left:
            if fresh and len(jobs) == 1:
                job.failed(refuse(Reason.STORE_UNAVAILABLE))
                continue
            session, failed = self._transaction(session, [job])
            if failed:
                job.failed(refuse(Reason.STORE_UNAVAILABLE))
        return session

    def _transaction(
        self, session: Session | None, jobs: Sequence[ReadJob]
    ) -> tuple[Session | None, Sequence[ReadJob]]:
        """One read transaction; answers the connection, and the jobs that the database failed."""
        done = 0
        try:
            if session is None:
                session = self._tools.backend.connect(read_only=True)
            session.begin(write=False)
            view = View(session, self._tools.statements, self._tools.lists, self._tools.cache)
            for job in jobs:
                self._one(session, view, job)
                done += 1
            session.commit()
        except Exception as error:
            # Errors of this package name no values; of others only the class is safe to log.
            LOGGER.warning(
                "a read failed: %s", error if isinstance(error, StorageError) else type(error).__name__
            )
            if session is not None:
                session.close()
            return None, jobs[done:]
        return session, ()

    @staticmethod
    def _one(session: Session, view: View, job: ReadJob) -> None:
        try:
            answer = job.query(view)
        except BaseException as error:
            if session.failure is not None:
                raise StoreFaultError("a statement of a query failed") from error
            job.failed(error)
        else:
            job.answer(answer)
