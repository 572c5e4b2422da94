"""SIGTERM or a lost terminal at any time, Ctrl+C while serving: all is closed, and what is temporary removed."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

TERMINATED = 128 + signal.SIGTERM
"""The exit code that shells give to a program that SIGTERM ended."""

# Whoever starts it by nohup ignores SIGHUP, and so does it then.
_ENDING = (signal.SIGTERM, signal.SIGHUP)


class TerminatedError(Exception):
    """A signal came before the demo was ready."""


class Ending:
    """Whether the demo is to end. Made by `watch_signals`."""

    def __init__(self, task: "asyncio.Task[object]") -> None:
        self._task = task
        self._serving = False
        self._asked = asyncio.Event()

    @property
    def asked(self) -> bool:
        """Whether a signal came."""
        return self._asked.is_set()

    def ask(self) -> None:
        """End once. Further signals change nothing: closing is under way, and must not be cut off by them."""
        if not self.asked:
            self._asked.set()
            if not self._serving:
                self._task.cancel()

    def serve(self) -> None:
        """From now on Ctrl+C is a signal too, and each ends `wait`. For before anybody is told to press it."""
        self._serving = True
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self.ask)

    async def wait(self) -> None:
        """Serve until a signal comes."""
        await self._asked.wait()


@contextmanager
def watch_signals() -> Iterator[Ending]:
    """Take SIGTERM and SIGHUP over: they cancel the running task, or end `Ending.wait`.

    Raises TerminatedError at the end where the task was cancelled by one.
    """
    task = asyncio.current_task()
    assert task is not None
    ending = Ending(task)
    loop = asyncio.get_running_loop()
    taken = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    for number in taken:
        loop.add_signal_handler(number, ending.ask)
    try:
        yield ending
    except asyncio.CancelledError:
        if not ending.asked:
            raise
        task.uncancel()
        raise TerminatedError from None
    finally:
        for number in (*taken, signal.SIGINT):
            loop.remove_signal_handler(number)
