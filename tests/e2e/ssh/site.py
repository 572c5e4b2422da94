"""A register in this process, an SSH host in its own beside it, and people who connect to it with asyncssh."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import pyte

from tashika.v1 import directory_service_pb2 as directory
from tests.support.client import fresh
from tests.support.people import PASSWORD, World, make_world
from tests.support.play import Opened, Play
from tests.support.server import running_server

PATIENCE_SECONDS = 60
"""How long anything may take before the test fails; nothing waits for it to pass."""

CONTRACTOR, OFFICER, UNDERWRITER = "contractor@example.jp", "officer@example.jp", "underwriter@example.jp"


async def until(look: Callable[[], Awaitable[object]], wanted: object) -> None:
    """Looks again and again until this is so."""
    found: object = None
    for _ in range(PATIENCE_SECONDS * 20):
        found = await look()
        if found == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"it stayed {found!r}")


class Emulated:
    """A terminal emulator, and how to wait for what it shows."""

    def __init__(self, columns: int, lines: int) -> None:
        self.raw = bytearray()
        self.over = False
        self.emulator = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.emulator)
        self._news = asyncio.Event()

    def feed(self, data: bytes) -> None:
        """Something is to be shown; nothing: there will not be more."""
        self.raw += data
        self.over = self.over or not data
        # pyte 0.8 knows no private parameters of these reports and modes.
        self._stream.feed(data.replace(b"\x1b[>4;1m", b"").replace(b"\x1b[>4m", b""))
        self._news.set()

    @property
    def text(self) -> str:
        """What stands on the screen. The second cell of a wide character is empty; pyte's own display stumbles over it
        where something else was drawn on the first.
        """
        screen = self.emulator
        lines = (
            "".join(screen.buffer[line][column].data for column in range(screen.columns))
            for line in range(screen.lines)
        )
        return "\n".join(line.rstrip() for line in lines)

    async def until(self, *texts: str) -> None:
        """Returns when all of this stands on the screen."""
        await self.when(lambda: all(text in self.text for text in texts), " and ".join(texts))

    async def gone(self, text: str) -> None:
        """Returns when this stands there no longer."""
        await self.when(lambda: text not in self.text, f"{text} goes")

    async def when(self, condition: Callable[[], bool], what: str) -> None:
        """Returns when this is so."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not condition():
                    assert not self.over or condition(), f"it ended before {what}:\n{self.text}"
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{what} never came:\n{self.text}") from None


class Screen(Emulated):
    """What a person sees who connected with a terminal."""

    def __init__(self, process: "asyncssh.SSHClientProcess[bytes]", columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.process = process
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        try:
            with contextlib.suppress(asyncssh.Error, OSError):
                while data := await self.process.stdout.read(65_536):
                    self.feed(data)
        finally:
            self.feed(b"")

    def types(self, text: str) -> None:
        """Presses keys."""
        self.process.stdin.write(text.encode())

    async def ends(self) -> int | None:
        """Waits for the end, and gives the exit code."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.process.wait_closed()
            await self._reading
        return self.process.exit_status


def children_of(process: int) -> list[int]:
    """The processes that a process has made and that run still."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(number) for number in text.split()]


@dataclass
class SshHost:
    """`tashika ssh-host`, running. `log` are the lines of its log."""

    process: "asyncio.subprocess.Process"
    port: int
    host_key: str
    folder: Path
    key_file: Path
    log: list[dict[str, Any]] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def events(self, name: str, **values: object) -> list[dict[str, Any]]:
        """The lines about this."""
        lines = [line for line in self.log if line["event"] == name]
        return [line for line in lines if values.items() <= line.items()]

    async def logged(self, name: str, count: int = 1, **values: object) -> list[dict[str, Any]]:
        """Waits until so many lines about this are there."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.events(name, **values)) < count:
                self.news.clear()
                await self.news.wait()
        return self.events(name, **values)

    @property
    def fork_server(self) -> int:
        """The process that sessions are forked from."""
        (found,) = children_of(self.process.pid)
        return found

    def session_processes(self) -> list[int]:
        """The processes of sessions that run."""
        return children_of(self.fork_server)

    async def connect(
        self,
        user: str,
        *,
        key: asyncssh.SSHKey | None = None,
        password: str | None = None,
        source: str = "127.0.0.1",
        **options: Any,
    ) -> asyncssh.SSHClientConnection:
        """Connects as somebody, from an address of this machine."""
        host_key = asyncssh.import_public_key(self.host_key)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await asyncssh.connect(
                "127.0.0.1",
                self.port,
                username=user,
                client_keys=[key] if key is not None else None,
                password=password,
                known_hosts=([host_key], [], []),
                local_addr=(source, 0),
                config=None,
                agent_path=None,
                **options,
            )

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.returncode is None

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stops it, and gives the exit code."""
        if self.alive():
            self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def ssh_host(door: str, **settings: str | int) -> AsyncIterator[SshHost]:
    """A host on a free port in front of a register's door."""
    folder = Path(tempfile.mkdtemp(prefix="tashika-ssh-"))
    usual: dict[str, str | int] = {
        "listen": "127.0.0.1:0",
        "server": door,
        "name": "ssh.example.jp",
        "host_key": "host_key",
        "drain_seconds": 1,
        "login_seconds": 10,
        "connections_per_minute": 10_000,
        "max_unauthenticated_per_source": 100,
        "max_sessions_per_user": 100,
    }
    chosen = {**usual, **settings}
    (folder / "host.toml").write_text(
        "".join(f"{name} = {json.dumps(value)}\n" for name, value in chosen.items()), encoding="utf-8"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tashika_tui", "--lang", "en", "ssh-host"),
        *("--config", str(folder / "host.toml")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "SECRET_OF_THE_HOST": "hidden-word"},
    )
    host = SshHost(process, 0, "", folder, folder / str(chosen["host_key"]))
    reading = asyncio.ensure_future(_read_log(host))
    try:
        await _until_ready(host)
        yield host
    finally:
        if host.alive():
            process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
        if host.alive():
            process.kill()
        await reading
        shutil.rmtree(folder)


async def _until_ready(host: SshHost) -> None:
    assert host.process.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while line := (await host.process.stdout.readline()).decode():
            if "is ready at" in line:
                host.port = int(line.split(" at ")[1].split(",")[0].rpartition(":")[2])
                host.host_key = asyncssh.read_private_key(host.key_file).export_public_key().decode()
                await host.logged("host.ready")
                return
    raise AssertionError(f"the host did not start: {host.noise}")


async def _read_log(host: SshHost) -> None:
    assert host.process.stderr is not None
    while line := (await host.process.stderr.readline()).decode():
        try:
            host.log.append(json.loads(line))
        except ValueError:
            host.noise.append(line)
        host.news.set()


@dataclass
class Site:
    """A register with an issued guarantee, a host in front of it, and keys of its people."""

    world: World
    play: Play
    issued: Opened
    door: str
    host: SshHost
    keys: dict[str, asyncssh.SSHKey] = field(default_factory=dict)

    async def as_(self, user: str, **options: Any) -> asyncssh.SSHClientConnection:
        """Connects as somebody with a key that is registered, or as the visitor."""
        return await self.host.connect(user, key=self.keys.get(user), **options)

    async def sessions(self) -> set[str]:
        """The ids of all sessions that the register has, some of which may be ending just now."""
        rows = await self.world.running.register.kit.store.read(
            lambda view: view._session.all("SELECT id FROM session")  # type: ignore[attr-defined]
        )
        return {str(row[0]) for row in rows}

    @asynccontextmanager
    async def screen(
        self,
        user: str,
        *,
        columns: int = 80,
        lines: int = 24,
        term: str = "xterm-256color",
        environment: dict[str, str] | None = None,
        **options: Any,
    ) -> AsyncIterator[Screen]:
        """Somebody's client on a terminal."""
        async with await self.as_(user, **options) as connection:
            process = await connection.create_process(
                term_type=term, term_size=(columns, lines), env=environment or {}, encoding=None
            )
            yield Screen(process, columns, lines)

    async def run(
        self, user: str, command: str, *, input: bytes = b"", environment: dict[str, str] | None = None
    ) -> tuple[int | None, bytes, str]:
        """A plain command: exit code, standard output, standard error."""
        async with await self.as_(user) as connection:
            async with asyncio.timeout(PATIENCE_SECONDS):
                done = await connection.run(command, input=input, env=environment or {}, encoding=None)
        assert isinstance(done.stdout, bytes) and isinstance(done.stderr, bytes)
        return done.exit_status, done.stdout, done.stderr.decode()


async def register_key(world: World, person: str, key: asyncssh.SSHKey) -> None:
    """Registers the public part of a key for somebody."""
    line = key.export_public_key().decode().strip()
    request = directory.AddSshKeyRequest(request_id=fresh(), public_key=line)
    await world.people[person].directory.AddSshKey(request)


@asynccontextmanager
async def open_site(folder: Path, **settings: str | int) -> AsyncIterator[Site]:
    """Everything at once."""
    async with running_server(folder, ssh_host="yes") as running:
        world = await make_world(running)
        play = Play(world)
        issued = await play.issued()
        door = running.register.settings.ssh_host_listen
        keys = {}
        for person in ("contractor", "officer", "underwriter", "approver"):
            keys[f"{person}@example.jp"] = key = asyncssh.generate_private_key("ssh-ed25519")
            await register_key(world, person, key)
        async with ssh_host(door, **settings) as host:
            site = Site(world, play, issued, door, host, keys)
            yield site
            await _check_logs(site)


async def _check_logs(site: Site) -> None:
    """Whatever happened, no secret is in a log or beside it, and the host said nothing but its log."""
    await site.host.stop()
    secrets = [*site.world.secrets, PASSWORD, site.issued.key, site.issued.key.replace("-", "")]
    beside = "\n".join(site.host.noise)
    for logged in (json.dumps(site.host.log, ensure_ascii=False), str(site.world.running.logs), beside):
        assert not [secret for secret in secrets if secret in logged]
    assert not site.host.noise, site.host.noise


def inside(text: str) -> list[str]:
    """The lines of the dialog that lies over the screen, without what shines through around it."""
    return [line.split("|")[1].strip() for line in text.splitlines() if line.count("|") >= 2]
