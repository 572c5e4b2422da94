"""The `ssh` that everybody has, on a terminal of its own."""

import asyncio
import contextlib
import fcntl
import os
import shutil
import struct
import sys
import termios
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.e2e.ssh.site import PATIENCE_SECONDS, Emulated, SshHost

SSH = shutil.which("ssh")

# The child makes its standard input the controlling terminal, which only the leader of a session can.
_LAUNCH = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"


def options(port: int, known_hosts: Path, key: Path | None = None) -> list[str]:
    """The options that make `ssh` do what it is told, whatever this machine's settings are."""
    given = {
        "Port": str(port),
        "UserKnownHostsFile": str(known_hosts),
        "GlobalKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": "yes",
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "IdentityFile": str(key) if key else "none",
        "NumberOfPasswordPrompts": "1",
        "ConnectTimeout": "30",
        "LogLevel": "ERROR",
    }
    return ["-F", "/dev/null", *(part for name, value in given.items() for part in ("-o", f"{name}={value}"))]


def know(host: SshHost, folder: Path) -> Path:
    """A file of known hosts with the host's key."""
    path = folder / "known_hosts"
    path.write_text(f"[127.0.0.1]:{host.port} {host.host_key}\n", encoding="ascii")
    return path


class LocalTerminal(Emulated):
    """A programme on a terminal of this machine."""

    def __init__(self, near: int, process: "asyncio.subprocess.Process", columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.near: int | None = near
        self._process = process
        asyncio.get_running_loop().add_reader(near, self._readable)

    def _readable(self) -> None:
        assert self.near is not None
        try:
            data = os.read(self.near, 65_536)
        except OSError:
            # Linux gives EIO once nobody has the far end open any more.
            data = b""
        self.feed(data)
        if not data:
            asyncio.get_running_loop().remove_reader(self.near)

    def types(self, text: str) -> None:
        """Presses keys."""
        assert self.near is not None
        os.write(self.near, text.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Drags the window to another size."""
        assert self.near is not None
        self.emulator.resize(lines, columns)
        fcntl.ioctl(self.near, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def stop_reading(self) -> None:
        """From now on nobody takes what the programme shows, so that it has to stop showing."""
        assert self.near is not None
        asyncio.get_running_loop().remove_reader(self.near)

    def hang_up(self) -> None:
        """Closes the terminal, as a lost connection does."""
        if self.near is not None:
            asyncio.get_running_loop().remove_reader(self.near)
            os.close(self.near)
            self.near = None

    async def ends(self) -> int:
        """Waits for the end, and gives the exit code."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._process.wait()


@asynccontextmanager
async def on_terminal(
    arguments: Sequence[str], environment: dict[str, str], columns: int = 80, lines: int = 24
) -> AsyncIterator[LocalTerminal]:
    """Runs a programme on a terminal."""
    near, far = os.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _LAUNCH, *arguments),
        stdin=far,
        stdout=far,
        stderr=far,
        start_new_session=True,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
    )
    os.close(far)
    terminal = LocalTerminal(near, process, columns, lines)
    try:
        yield terminal
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        terminal.hang_up()


async def run(*arguments: str, input: bytes = b"") -> tuple[int, bytes, str]:
    """Runs a programme on pipes: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        out, errors = await process.communicate(input)
    assert process.returncode is not None
    return process.returncode, out, errors.decode()
