"""A register as it stands on a host: a data folder, its keys, and `tashika-server` in processes of its own."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import grpc.aio

from tashika_server.config import Settings, load_settings
from tests.bench.world import World, make_world
from tests.support.client import Client

PROGRAM = Path(sys.executable).with_name("tashika-server")
# Nothing waits for these to pass: they end a test that hangs.
START_SECONDS = 60.0
STOP_SECONDS = 60.0
# PostgreSQL takes a moment to notice that a killed server's connections are gone; whoever restarts it tries again.
_START_TRIES = 40
_PAUSE_SECONDS = 0.25

_CHANNEL_OPTIONS = (
    # A client of its own, with a connection of its own, and what fails is told at once.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_retries", 0),
    ("grpc.max_receive_message_length", 8 * 1024 * 1024),
)


@dataclass(frozen=True)
class Ended:
    """What a command left: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass
class Serving:
    """A server process that said it is ready."""

    process: asyncio.subprocess.Process
    address: str

    @property
    def pid(self) -> int:
        """The server's own process."""
        return self.process.pid

    @asynccontextmanager
    async def client(self, token: str = "", language: str = "") -> AsyncIterator[Client]:
        """A client with a connection of its own."""
        async with grpc.aio.insecure_channel(self.address, options=_CHANNEL_OPTIONS) as channel:
            yield Client(channel, token, language)

    def kill(self) -> None:
        """SIGKILL, unless it is over already."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()

    async def ended(self) -> int:
        """The exit code, once it is over."""
        async with asyncio.timeout(STOP_SECONDS):
            return await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM, and the exit code."""
        if self.process.returncode is None:
            self.process.terminate()
        return await self.ended()

    def workers(self) -> list[int]:
        """The processes that render."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        return [int(pid) for pid in found if b"spawn_main" in _command_line(int(pid))]


@dataclass
class Site:
    """A data folder with what its commands need. ``environment``: settings as the environment has them."""

    data: Path
    sockets: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> Path:
        """The keys folder, as the server has it by default."""
        return self.data.with_name(f"{self.data.name}-keys")

    async def command(self, *arguments: str) -> Ended:
        """Run `tashika-server` to its end on this register."""
        process = await self._spawn([*arguments, "--data", str(self.data)], asyncio.subprocess.PIPE)
        async with asyncio.timeout(START_SECONDS):
            out, err = await process.communicate()
        return Ended(process.returncode or 0, out.decode(), err.decode())

    async def fsck(self) -> Ended:
        """Check the store with the operator's own command."""
        return await self.command("fsck")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Serving]:
        """Serve; at the end the process is gone, whatever happened."""
        serving = await self.start()
        try:
            yield serving
        finally:
            serving.kill()
            await serving.ended()

    async def start(self) -> Serving:
        """Serve, tried again while the database still holds the lock of a server that was killed."""
        for _ in range(_START_TRIES):
            refusal = await self._start()
            if isinstance(refusal, Serving):
                return refusal
            assert "in use" in refusal, refusal
            await asyncio.sleep(_PAUSE_SECONDS)
        raise AssertionError("the lock of a killed server stays")

    async def killed_start(self, calls: str, which: int) -> bool:
        """Start under strace, which kills the server as it enters its Nth call of some kinds.

        Answers whether it did; a server that was ready before is ended.
        """
        inject = ("-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={which}")
        refusal = await self._start(("strace", "-D", "-f", "-o", "/dev/null", *inject))
        if not isinstance(refusal, Serving):
            return True
        await refusal.stop()
        return False

    async def _start(self, under: Sequence[str] = ()) -> Serving | str:
        log = self.data.with_name("server.log")
        socket = self.sockets / "s"
        with log.open("ab") as errors:
            process = await self._spawn(
                ["serve", "--demo", "--listen", f"unix:{socket}", "--data", str(self.data)],
                errors.fileno(),
                under,
            )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_SECONDS):
                while line := await process.stdout.readline():
                    if b"is ready at" in line:
                        return Serving(process, f"unix:{socket}")
                await process.wait()
        except BaseException:
            process.kill()
            raise
        return log.read_text(encoding="utf-8")[-2000:]

    async def _spawn(
        self, arguments: Sequence[str], errors: int, under: Sequence[str] = ()
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *under,
            str(PROGRAM),
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=self._environment(),
        )

    def _environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TASHIKA_")}
        return {**clean, "TASHIKA_LOG_LEVEL": "WARNING", **self.environment}


@contextmanager
def site_in(folder: Path, **settings: str) -> Iterator[Site]:
    """A site below a folder, with further settings; its socket stands in a folder with a short name."""
    sockets = Path(tempfile.mkdtemp(prefix="tashika-"))
    environment = {f"TASHIKA_{name.upper()}": value for name, value in settings.items()}
    try:
        yield Site(folder / "data", sockets, environment)
    finally:
        shutil.rmtree(sockets)


async def furnish(site: Site, *, ready: int, openable: int = 0) -> World:
    """Fill an empty register with parties, contracts that wait for their issue, and some that were issued."""

    def settings_for(data: Path) -> Settings:
        return load_settings({"data": str(data), "demo": "yes"}, dict(site.environment))

    with patch("tests.bench.world.settings_for", settings_for):
        return await make_world(site.data, openable=openable, ready=ready)


def signal_all(pids: Sequence[int], number: signal.Signals) -> None:
    """Send a signal to processes, of which some may be over."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
