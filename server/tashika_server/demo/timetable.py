"""Many stories on one clock: each waits for its next moment, and the clock goes from moment to moment.

What waits for the same moment goes on together, so that writes share their commits and certificates are rendered
beside each other.
"""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

from tashika_server.demo.clock import DemoClock

Story = Callable[[], Coroutine[Any, Any, None]]


class Timetable:
    """Runs stories by the clock. `add` them with their first moments, then `run`; in a story, await `until`."""

    def __init__(self, clock: DemoClock) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = 0
        self._active = 0
        self._quiet = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: BaseException | None = None

    def add(self, moment: datetime, story: Story) -> None:
        """Note a story that begins at a moment."""
        self._put(moment, partial(self._begin, story))

    async def until(self, moment: datetime) -> None:
        """Wait, in a story, until the clock has come to the moment."""
        reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._put(moment, partial(_reach, reached))
        self._rest()
        await reached

    async def run(self) -> None:
        """Tell every story to its end. Raises what the first one raised, after ending the others."""
        try:
            while self._due and self._failed is None:
                moment = self._due[0][0]
                self._clock.move_to(moment)
                self._quiet.clear()
                while self._due and self._due[0][0] == moment:
                    self._active += 1
                    heapq.heappop(self._due)[2]()
                await self._quiet.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._failed is not None:
            raise self._failed

    def _put(self, moment: datetime, wake: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._due, (moment, self._order, wake))

    def _begin(self, story: Story) -> None:
        task = asyncio.create_task(story())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._failed = self._failed or task.exception()
        self._rest()

    def _rest(self) -> None:
        self._active -= 1
        if self._active == 0 or self._failed is not None:
            self._quiet.set()


def _reach(reached: "asyncio.Future[None]") -> None:
    # A story that was cancelled meanwhile waits no more.
    if not reached.done():
        reached.set_result(None)
