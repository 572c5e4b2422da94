"""Standard error, of this process and of those that it starts, held back while the terminal shows a client.

Log lines of the server, warnings of the processes that render, a word of a library in C: whatever is written to
descriptor 2 would stand in the middle of the client's screen. It goes through a pipe instead, to the terminal at
once or, while the screen is taken, afterwards.
"""

import contextlib
import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ERRORS = 2

# More than this is not kept while a client runs: what went wrong stands at the beginning.
_MOST_HELD_BYTES = 1024 * 1024


class Relay:
    """From the pipe to the terminal, in a thread: the event loop may be busy, and nobody must wait for it to write.

    `terminal` is the descriptor of what standard error was.
    """

    def __init__(self, source: int, terminal: int) -> None:
        self.terminal = terminal
        self._source = source
        self._stop, self._stopping = os.pipe()
        self._passing = threading.Lock()
        self._taken = False
        self._held = b""
        self._thread = threading.Thread(target=self._work, name="relay", daemon=True)
        self._thread.start()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is written to the terminal inside of this; what came meanwhile is written at its end."""
        with self._passing:
            self._taken = True
        try:
            yield
        finally:
            with self._passing:
                self._taken = False
                held, self._held = self._held, b""
                self._write(held)

    def end(self) -> None:
        """Writes the rest. Nobody may write to the pipe any more, though others may still have it open."""
        os.write(self._stopping, b".")
        self._thread.join()
        for descriptor in (self._source, self._stop, self._stopping):
            os.close(descriptor)

    def _work(self) -> None:
        while True:
            ready, _, _ = select.select([self._source, self._stop], [], [])
            data = os.read(self._source, 65536) if self._source in ready else b""
            if not data:
                return
            self._pass_on(data)

    def _pass_on(self, data: bytes) -> None:
        with self._passing:
            if self._taken:
                self._held += data[: _MOST_HELD_BYTES - len(self._held)]
            else:
                self._write(data)

    def _write(self, data: bytes) -> None:
        # The terminal may be gone: then nobody reads it.
        with contextlib.suppress(OSError):
            while data:
                data = data[os.write(self.terminal, data) :]


@contextmanager
def relayed_errors() -> Iterator[Relay]:
    """Relays standard error until the end, when it is what it was."""
    sys.stderr.flush()
    terminal = os.dup(_ERRORS)
    source, sink = os.pipe()
    os.dup2(sink, _ERRORS)
    os.close(sink)
    relay = Relay(source, terminal)
    try:
        yield relay
    finally:
        sys.stderr.flush()
        os.dup2(terminal, _ERRORS)
        relay.end()
        os.close(terminal)
