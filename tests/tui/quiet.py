"""When a client has nothing more to do: seen in its event loop, not guessed from how busy the processor is.

Textual's pilot sleeps, and takes 20 milliseconds in which the process did next to nothing for the end of the work:
five such looks for each key. Here nothing is left to run in the loop: every message has been taken, every worker
has ended or waits for something, every frame that was due is drawn.
"""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from textual._wait import wait_for_idle
from textual.pilot import Pilot
from textual.screen import Screen

# A timer that goes off within this time belongs to what has just been done: the next frame, what is gathered first.
_SOON_SECONDS = 0.35
# So many rounds of the loop one after the other must have nothing else to run.
_EMPTY_ROUNDS = 3
# Work in a thread may wait for the test. So many looks must find the processor at rest before that is assumed.
_LOOKS_AT_THREADS = 3
# What takes more rounds than this turns in a circle, however slow the machine is.
_MOST_ROUNDS = 200_000


class Quiet:
    """Watches the event loop that runs now, and the client in it."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self._app: Any = pilot.app
        self._loop: Any = asyncio.get_running_loop()
        self._in_threads: set[asyncio.Future[Any]] = set()
        self._hand_out = self._loop.run_in_executor
        # asyncio keeps no list of it.
        setattr(self._loop, "run_in_executor", self._to_thread)  # noqa: B010

    async def come(self, soon: float = _SOON_SECONDS) -> None:
        """Waits until nothing is left to do, nor will be within `soon` seconds from now.

        Who waits longer, for another time or for what the test holds back, is at rest.
        """
        until = self._loop.time() + soon
        rounds = itertools.count()
        looks = 0
        while True:
            await self._nothing_ready(rounds)
            if self._draw():
                continue
            if self._in_threads and looks < _LOOKS_AT_THREADS:
                before = set(self._in_threads)
                await wait_for_idle(0)
                looks = looks + 1 if before == self._in_threads else 0
                continue
            due = self._next_timer()
            if due is None or due > until:
                return
            await asyncio.sleep(max(0.0, due - self._loop.time()))

    async def _nothing_ready(self, rounds: "itertools.count[int]") -> None:
        empty = 0
        while empty < _EMPTY_ROUNDS:
            await asyncio.sleep(0)
            assert next(rounds) < _MOST_ROUNDS, "the client never comes to rest"
            empty = 0 if self._loop._ready else empty + 1

    def _draw(self) -> bool:
        """Draws what has changed, without the wait for the next frame. Whether there was anything."""
        stack = self._app._screen_stacks[self._app._current_mode] if self._app._running else []
        if not stack or self._app._batch_count:
            return False
        screen: Screen[Any] = stack[-1]
        if not (
            screen._layout_required
            or screen._scroll_required
            or screen._repaint_required
            or screen._recompose_required
            or screen._dirty_widgets
            or screen._callbacks
        ):
            return False
        screen._on_timer_update()
        return True

    def _next_timer(self) -> float | None:
        """The loop's time at which something wakes up."""
        return min((each.when() for each in self._loop._scheduled if not each.cancelled()), default=None)

    def _to_thread(self, executor: Any, work: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = self._hand_out(executor, work, *arguments)
        self._in_threads.add(future)
        future.add_done_callback(self._in_threads.discard)
        return future
