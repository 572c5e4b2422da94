"""Bytes between an SSH channel and a session, both ways, each at the pace of the slower side.

What the other end of the connection does not read stays in the session's own pipe, and so stops that session alone;
what the session does not read stays in the connection's window, and so stops that person alone.
"""

import asyncio
import contextlib
import errno
import fcntl
import os
import struct
import termios
import tty
from collections.abc import Callable

from tashika_tui.hosting.asked import Size

# As much as a terminal's screen of text; more would only wait in memory.
_CHUNK_BYTES = 32 * 1024

# Input that waits for a session to read; the channel's window keeps the rest at the client.
_MAX_WAITING_BYTES = 128 * 1024


class Outlet:
    """Reads a descriptor of the session's as fast as `take` wants it. `done` is set at its end."""

    def __init__(self, descriptor: int, take: Callable[[bytes], None]) -> None:
        self._descriptor = descriptor
        self._take = take
        self._paused = False
        self._loop = asyncio.get_running_loop()
        self.done = asyncio.Event()
        os.set_blocking(descriptor, False)
        self._loop.add_reader(descriptor, self._readable)

    def pause(self) -> None:
        """Takes nothing for now."""
        if not self._paused and not self.done.is_set():
            self._paused = True
            self._loop.remove_reader(self._descriptor)

    def resume(self) -> None:
        """Goes on."""
        if self._paused and not self.done.is_set():
            self._paused = False
            self._loop.add_reader(self._descriptor, self._readable)

    def close(self) -> None:
        """Reads no more."""
        if not self.done.is_set():
            if not self._paused:
                self._loop.remove_reader(self._descriptor)
            self.done.set()

    def _readable(self) -> None:
        try:
            data = os.read(self._descriptor, _CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            # A terminal whose last user is gone answers so.
            if error.errno != errno.EIO:
                raise
            data = b""
        if data:
            self._take(data)
        else:
            self.close()


class Inlet:
    """Writes to a descriptor of the session's. `hold` and `release` are called when too much waits, and no more."""

    def __init__(
        self, descriptor: int, hold: Callable[[], None], release: Callable[[], None], *, own: bool
    ) -> None:
        self._descriptor = descriptor
        self._hold, self._release = hold, release
        self._own = own
        self._waiting = bytearray()
        self._writing = False
        self._ending = False
        self._closed = False
        self._loop = asyncio.get_running_loop()
        os.set_blocking(descriptor, False)

    def feed(self, data: bytes) -> None:
        """Passes on what was typed, or sent."""
        if self._closed or self._ending:
            return
        self._waiting += data
        self._write()
        if len(self._waiting) >= _MAX_WAITING_BYTES:
            self._hold()

    def end(self) -> None:
        """No more comes; what waits is still written."""
        self._ending = True
        if not self._waiting:
            self.close()

    def close(self) -> None:
        """Writes no more, and closes a descriptor that is its own."""
        if self._closed:
            return
        self._closed = True
        self._waiting.clear()
        if self._writing:
            self._loop.remove_writer(self._descriptor)
        if self._own:
            os.close(self._descriptor)

    def _write(self) -> None:
        try:
            while self._waiting:
                written = os.write(self._descriptor, self._waiting[:_CHUNK_BYTES])
                del self._waiting[:written]
        except BlockingIOError:
            if not self._writing:
                self._writing = True
                self._loop.add_writer(self._descriptor, self._write)
            return
        except OSError:
            # Nobody reads any more.
            self.close()
            return
        if self._writing:
            self._writing = False
            self._loop.remove_writer(self._descriptor)
            self._release()
        if self._ending:
            self.close()


def open_terminal(size: Size) -> tuple[int, int]:
    """A pseudo-terminal of this size: the host's end and the session's.

    What is typed before the client reads is kept as it is, and not echoed. The terminal is told so before anything
    can be typed into it: the session's process would come to it later than the first key.
    """
    own, other = os.openpty()
    resize(own, size)
    modes = termios.tcgetattr(other)
    modes[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    modes[tty.IFLAG] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
    termios.tcsetattr(other, termios.TCSANOW, modes)
    return own, other


def resize(terminal: int, size: Size) -> None:
    """Gives a terminal another size; the session hears of it."""
    with contextlib.suppress(OSError):
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size.lines, size.columns, 0, 0))
