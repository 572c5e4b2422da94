"""The one thread that writes: commands and openings queue here and are committed in groups."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar

from tashika_server.domain.reasons import Reason, refuse
from tashika_server.storage.group import CommandGroups, Job
from tashika_server.storage.opening import OpeningGroups, OpeningJob

LOGGER = logging.getLogger(__name__)

T = TypeVar("T")
J = TypeVar("J", Job, OpeningJob)

# Commit starts at least this far apart: unpaced, a group has two rows and the rate drops by a third.
PACE_SECONDS: Final = 0.002
# A group of 64 commands takes some ten milliseconds, of 256 attempts less: nobody waits long behind one.
MAX_COMMANDS: Final = 64
MAX_OPENINGS: Final = 256
# About a second's work; more waiting callers would only meet their deadlines in the queue.
MAX_WAITING: Final = 4_096


class WriterThread:
    """Takes turns between groups of commands and groups of openings while both wait."""

    def __init__(
        self,
        commands: CommandGroups,
        openings: OpeningGroups,
        delivered: Callable[[], None],
        finish: Callable[[], None],
    ) -> None:
        self._commands = commands
        self._openings = openings
        self._delivered = delivered
        self._finish = finish
        self._waiting_commands: deque[Job] = deque()
        self._waiting_openings: deque[OpeningJob] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._openings_next = False
        self._thread = threading.Thread(target=self._loop, name="tashika-writer", daemon=True)
        self._thread.start()

    def put_command(self, job: Job) -> None:
        """Queue a command. Raises RefusedError: SERVER_BUSY, SHUTTING_DOWN."""
        self._put(self._waiting_commands, job)

    def put_opening(self, job: OpeningJob) -> None:
        """Queue an attempt. Raises RefusedError: SERVER_BUSY, SHUTTING_DOWN."""
        self._put(self._waiting_openings, job)

    def _put(self, queue: deque[T], job: T) -> None:
        with self._changed:
            if self._closing:
                raise refuse(Reason.SHUTTING_DOWN)
            if len(queue) >= MAX_WAITING:
                raise refuse(Reason.SERVER_BUSY)
            queue.append(job)
            self._changed.notify()

    def close(self) -> None:
        """Take nothing more, finish what waits, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _loop(self) -> None:
        started = time.monotonic() - PACE_SECONDS
        while self._wait(started + PACE_SECONDS):
            started = time.monotonic()
            self._group()
            self._delivered()
        self._finish()

    def _wait(self, not_before: float) -> bool:
        """Wait for work and for the pace; False when all is done and no more will come."""
        with self._changed:
            while not self._waiting_commands and not self._waiting_openings:
                if self._closing:
                    return False
                self._changed.wait()
        pause = not_before - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        return True

    def _group(self) -> None:
        openings = bool(self._waiting_openings) and (self._openings_next or not self._waiting_commands)
        self._openings_next = not openings
        if openings:
            _answered(self._openings.run, _take(self._waiting_openings, MAX_OPENINGS))
        else:
            _answered(self._commands.run, _take(self._waiting_commands, MAX_COMMANDS))


def _answered(run: Callable[[list[J]], None], jobs: list[J]) -> None:
    """Run a group; a fault of our own must not end the thread, nor leave anybody waiting for ever."""
    try:
        run(jobs)
    except Exception as error:
        LOGGER.error(
            "a group of %d failed in a way that was not foreseen: %s", len(jobs), type(error).__name__
        )
        for job in jobs:
            job.answer(error)  # whoever was answered already does not hear it


def _take(queue: deque[T], limit: int) -> list[T]:
    return [queue.popleft() for _ in range(min(limit, len(queue)))]
