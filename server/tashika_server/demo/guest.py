"""The full-screen client at the terminal that the demo was started from: a process of its own, known by the wire."""

import asyncio
import contextlib
import importlib.util
import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tashika_server.demo.options import DemoOptions
from tashika_server.demo.relay import Relay

# The client by its module's name, without the folder that somebody happens to stand in.
_CLIENT = ("-P", "-m", "tashika_tui")
_PARTS_OF_IT = ("tashika_tui", "textual")

# What a client that was killed leaves switched on: other screen, hidden cursor, mouse, bracketed paste, colours.
_BACK_TO_NORMAL = "\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[0m\r\n"


def has_seat(options: DemoOptions) -> bool:
    """Whether a client can be opened here: it is wanted and installed, and this terminal can show it."""
    if not options.client or options.script or os.environ.get("TERM", "") in ("", "dumb"):
        return False
    if any(importlib.util.find_spec(name) is None for name in _PARTS_OF_IT):
        return False
    # In the background of its terminal it would be stopped as soon as it reads.
    return os.isatty(0) and os.isatty(1) and os.tcgetpgrp(0) == os.getpgrp()


def forget_typed() -> None:
    """Drop what was typed until now: it can't have been meant for what is asked next."""
    termios.tcflush(0, termios.TCIFLUSH)


async def enter_pressed() -> bool:
    """Wait for Enter. False: there is nobody at the keyboard any more."""
    loop = asyncio.get_running_loop()
    pressed: asyncio.Future[bool] = loop.create_future()

    def read() -> None:
        try:
            data = os.read(0, 4096)
        except OSError:
            data = b""
        if not pressed.done():
            pressed.set_result(bool(data))

    loop.add_reader(0, read)
    try:
        return await pressed
    finally:
        loop.remove_reader(0)


async def run_client(address: str, folder: Path, relay: Relay) -> int:
    """Run the client to its end, and give its exit code. Cancelled, it ends the client first.

    `folder` is for what it remembers, such as the session, which ends with this server.
    """
    environment = {**os.environ, "TASHIKA_SERVER": address, "XDG_STATE_HOME": str(folder)}
    with relay.held(), _terminal_as_before():
        process = await asyncio.create_subprocess_exec(
            sys.executable, *_CLIENT, stderr=relay.terminal, env=environment
        )
        try:
            return await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
            if await process.wait() < 0:
                with contextlib.suppress(OSError):
                    os.write(relay.terminal, _BACK_TO_NORMAL.encode())


@contextmanager
def _terminal_as_before() -> Iterator[None]:
    """However the client ended, the terminal is in the mode in which it was."""
    mode = termios.tcgetattr(0)
    try:
        yield
    finally:
        # It may be gone altogether.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(0, termios.TCSAFLUSH, mode)
