"""A programme in a terminal of its own, as somebody at a keyboard has it."""

import contextlib
import fcntl
import os
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# How long anything may take before the test fails; nothing waits for it to pass.
PATIENCE_SECONDS = 90

# The child makes its standard input the controlling terminal, which only the leader of a session can.
_LAUNCH = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.executable, sys.argv[1:])"


class Terminal:
    """The near end of the terminal: what the programme shows comes here."""

    def __init__(self, master: int, process: "subprocess.Popen[bytes]") -> None:
        self.master = master
        self.process = process
        self.shown = b""

    def types(self, text: str) -> None:
        """Presses keys. What is shown meanwhile is read, so that programme and keyboard don't wait for each other."""
        data, deadline = text.encode(), time.monotonic() + PATIENCE_SECONDS
        while data:
            assert time.monotonic() < deadline, f"{len(data)} bytes were not taken"
            readable, writable, _ = select.select([self.master], [self.master], [], 1)
            if readable:
                self._read(deadline)
            if writable:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self.master, data) :]

    def waits_for(self, text: str) -> None:
        """Returns when the programme has shown this text, or fails."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text.encode() not in self.shown:
            assert self._read(deadline), f"{text!r} was not shown"

    def waits_for_hidden_typing(self) -> None:
        """Returns when the terminal no longer shows what is typed, or fails."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while termios.tcgetattr(self.master)[3] & termios.ECHO:
            assert time.monotonic() < deadline, "the echo is still on"
            select.select([], [], [], 0.01)

    def reads_on(self) -> bool:
        """Waits for the programme to show something more; False when it is over, or shows nothing for long."""
        return self._read(time.monotonic() + PATIENCE_SECONDS)

    def ends(self) -> int:
        """The exit code, once the programme is over and all it showed is read."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._read(deadline):
            pass
        return self.process.wait(PATIENCE_SECONDS)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(0.0, deadline - time.monotonic()))
        try:
            data = os.read(self.master, 65536) if ready else b""
        except OSError:
            # Linux gives EIO once nobody has the far end open any more.
            data = b""
        self.shown += data
        return bool(data)


@contextmanager
def terminal(
    *arguments: str,
    environment: dict[str, str],
    stdout: int | None = None,
    program: Sequence[str] = ("-m", "tashika_tui"),
) -> Iterator[Terminal]:
    """`tashika` with these arguments in a terminal of 80 columns and 24 lines. `stdout` goes elsewhere if it is
    given; `program` is another one than the client, as Python is told of it.
    """
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, b"\x18\x00\x50\x00\x00\x00\x00\x00")
    command = [sys.executable, "-c", _LAUNCH, sys.executable, *program, *arguments]
    process = subprocess.Popen(
        command,
        stdin=slave,
        stdout=slave if stdout is None else stdout,
        stderr=slave,
        start_new_session=True,
        env={**os.environ, **environment},
    )
    os.close(slave)
    os.set_blocking(master, False)
    try:
        yield Terminal(master, process)
    finally:
        process.kill()
        process.wait()
        os.close(master)
