"""How far a longer piece of work has come, on standard error."""

import sys
import time
from typing import TextIO

_QUIET_SECONDS = 1.5
_TERMINAL_SECONDS = 0.2
_LOG_SECONDS = 5.0


class Progress:
    """Counts `total` things of one kind. Says nothing where it is done at once."""

    def __init__(self, label: str, total: int, stream: TextIO | None = None) -> None:
        self._label = label
        self._total = total
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._done = 0
        self._said = 0.0
        self._begun = time.monotonic()

    def step(self) -> None:
        """Count one more."""
        self._done += 1
        now = time.monotonic()
        if now - self._begun >= _QUIET_SECONDS and now - self._said >= self._pause():
            self._said = now
            self._say()

    def end(self) -> None:
        """Say the last count, if any was said before."""
        if self._said:
            self._say()
            if self._terminal:
                print(file=self._stream, flush=True)

    def _pause(self) -> float:
        return _TERMINAL_SECONDS if self._terminal else _LOG_SECONDS

    def _say(self) -> None:
        line = f"{self._label} {self._done:,}/{self._total:,}"
        if self._terminal:
            print(f"\r{line}", end="", file=self._stream, flush=True)
        else:
            print(line, file=self._stream, flush=True)
