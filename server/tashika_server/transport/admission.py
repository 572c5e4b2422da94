"""How many calls are let in at once. What is over the limit is refused at once instead of queueing."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.methods import Lane

DEFAULT_LIMITS: Mapping[Lane, int] = {
    # A short call takes about a millisecond, so this is a queue of a fifth of a second on one core: a client
    # that waits longer has a better answer in "try again".
    Lane.CALLS: 256,
    # Each holds a process, or 64 MiB of memory for a password, behind queues of their own.
    Lane.HEAVY: 64,
    # Each holds at most a file of 20 MiB on disk and some chunks of 64 KiB in memory.
    Lane.TRANSFERS: 64,
    # A connected watch costs some tens of KiB and no thread.
    Lane.WATCHES: 2000,
}


class Admission:
    """Counts the calls in flight by lane, and lets nobody in any more once the server drains."""

    def __init__(self, limits: Mapping[Lane, int] | None = None) -> None:
        self._limits = {**DEFAULT_LIMITS, **(limits or {})}
        self._in_flight = dict.fromkeys(Lane, 0)
        self.draining = asyncio.Event()
        self._on_drain: list[Callable[[], None]] = []
        self._emptied = asyncio.Event()

    @property
    def capacity(self) -> int:
        """Count the calls that can be in flight together."""
        return sum(self._limits.values())

    def in_flight(self, lane: Lane | None = None) -> int:
        """Count the calls in flight, in one lane or in all."""
        return sum(self._in_flight.values()) if lane is None else self._in_flight[lane]

    def drain(self) -> None:
        """Refuse every call from now on with SHUTTING_DOWN; those inside may finish."""
        self.draining.set()
        for end in self._on_drain:
            end()
        self._note_emptied()

    def on_drain(self, end: Callable[[], None]) -> None:
        """Call ``end`` when the server begins to drain, for calls that would never finish by themselves."""
        self._on_drain.append(end)

    async def emptied(self) -> None:
        """Wait until the server drains and nobody is inside any more."""
        await self._emptied.wait()

    @contextmanager
    def admit(self, lane: Lane) -> Iterator[None]:
        """Hold a place in the lane. Raises ``RefusedError`` with SHUTTING_DOWN or SERVER_BUSY."""
        if self.draining.is_set():
            raise refuse(Reason.SHUTTING_DOWN)
        if self._in_flight[lane] >= self._limits[lane]:
            raise refuse(Reason.SERVER_BUSY)
        self._in_flight[lane] += 1
        try:
            yield
        finally:
            self._in_flight[lane] -= 1
            self._note_emptied()

    def _note_emptied(self) -> None:
        if self.draining.is_set() and not self.in_flight():
            self._emptied.set()
