"""The end of one call's time: what ``asyncio.timeout`` does, at a third of its cost for a call that is in time."""

import asyncio
import math


class Alarm:
    """Cancels the task that made it at a moment on the loop's clock; never at an infinite one.

    Call ``raise_if_it_rang`` when the task was cancelled, and ``stop`` in every case::

        alarm = Alarm(loop.time() + 30)
        try:
            ...
        except asyncio.CancelledError:
            alarm.raise_if_it_rang()
            raise
        finally:
            alarm.stop()
    """

    __slots__ = ("_before", "_handle", "_rang", "_task")

    def __init__(self, when: float) -> None:
        task = asyncio.current_task()
        assert task is not None  # a coroutine runs in one
        self._task: asyncio.Task[object] = task
        # Whoever else has asked to cancel this task must not be taken for the clock.
        self._before = task.cancelling()
        self._rang = False
        self._handle = None if math.isinf(when) else task.get_loop().call_at(when, self._ring)

    def _ring(self) -> None:
        self._rang = True
        self._task.cancel()

    def raise_if_it_rang(self) -> None:
        """Raise ``TimeoutError`` where nobody but this alarm has cancelled the task."""
        if self._rang and self._task.uncancel() <= self._before:
            raise TimeoutError

    def stop(self) -> None:
        """Never ring any more."""
        if self._handle is not None:
            self._handle.cancel()
