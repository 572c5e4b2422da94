"""A server as a process of its own, which a test can kill and start again on the same data."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAM = (sys.executable, "-c", "from tashika_server.cli import main; main()", "serve", "--demo")


class KeptServer:
    """`tashika-server serve` on a data folder. It is ready when `start` returns."""

    def __init__(self, data: Path, socket: Path) -> None:
        self.address = f"unix:{socket}"
        self._command = [*_PROGRAM, "--data", str(data), "--listen", self.address, "--log-level", "ERROR"]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it."""
        environment = {**os.environ, "TASHIKA_RENDER_WORKERS": "1", "TASHIKA_DRAIN_SECONDS": "0.1"}
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self._process.stdout is not None
        assert any("is ready at" in line for line in self._process.stdout), "it ended before it was ready"

    def kill(self) -> None:
        """Kills it without a warning, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@contextmanager
def kept_server(data: Path, socket: Path) -> Iterator[KeptServer]:
    """A server that runs, and no longer does at the end."""
    server = KeptServer(data, socket)
    try:
        server.start()
        yield server
    finally:
        server.kill()
