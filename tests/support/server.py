"""A whole server within the test's process: the real store, the real signer, a real socket."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import structlog

from tashika_server.config import load_settings
from tashika_server.host.register import Register, open_register, serving
from tashika_server.security.passwords import ArgonPasswords, Cost
from tashika_server.transport.server import GrpcServer
from tests.support.client import Client
from tests.support.clock import MovableClock

CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
"""The least that argon2id takes: tests sign in hundreds of times."""

NO_POST: dict[str, Any] = {
    "smtp_server": "127.0.0.1",
    "smtp_port": "9",
    "smtp_security": "plain",
    "mail_from": "電子保証登録簿 <noreply@register.example.jp>",
}
"""Settings of a register whose mail server is away: what is to be mailed waits."""

_CHANNEL_OPTIONS = (("grpc.max_receive_message_length", 8 * 1024 * 1024),)


@dataclass
class Running:
    """A server that runs, and what a test may want to look at behind it."""

    register: Register
    server: GrpcServer
    address: str
    clock: MovableClock
    channel: grpc.aio.Channel
    logs: list[dict[str, Any]]
    door: grpc.aio.Channel

    def client(self, token: str = "", language: str = "") -> Client:
        """A client of this server; without a token nobody is signed in."""
        return Client(self.channel, token, language)

    def at_door(self, source: str = "203.0.113.7", token: str = "", language: str = "") -> Client:
        """A client at the door of the SSH host, for somebody at an address; asked for with ``ssh_host="yes"``."""
        return Client(self.door, token, language, (("tashika-source", source),))

    @property
    def faults(self) -> list[dict[str, Any]]:
        """What the log says of calls that ended with INTERNAL."""
        return [line for line in self.logs if line.get("code") == "INTERNAL"]

    async def revision(self) -> int:
        """How far the store has come; a refused call must not move it."""
        return await self.register.kit.store.read(lambda view: view.revision())


class _Remembered:
    """A structlog processor that keeps every line instead of writing it."""

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self._lines = lines

    def __call__(self, _: Any, __: str, event: Any) -> Any:
        self._lines.append(dict(event))
        raise structlog.DropEvent


@asynccontextmanager
async def running_server(
    folder: Path, *, clock: MovableClock | None = None, ssh_host: str = "", **settings: str
) -> AsyncIterator[Running]:
    """Serve the data in ``folder`` (made where it is not there), with settings as a configuration file has them.

    ``ssh_host``: with a door for the SSH host, through which this process's account comes in.
    """
    clock = clock or MovableClock()
    logs: list[dict[str, Any]] = []
    structlog.configure(processors=[_Remembered(logs)], cache_logger_on_first_use=False)
    # A socket's path has at most 107 characters, which pytest's own folders may exceed.
    sockets = Path(tempfile.mkdtemp(prefix="tashika-"))
    flags = {"data": str(folder / "data"), "listen": f"unix:{sockets}/s", "demo": "yes"}
    defaults = {"TASHIKA_RENDER_WORKERS": "1", "TASHIKA_DRAIN_SECONDS": "0.1"}
    door = f"unix:{sockets}/door"
    if ssh_host:
        settings["ssh_host_listen"] = door
    given = {f"TASHIKA_{name.upper()}": value for name, value in settings.items()}
    loaded = load_settings(flags, defaults | given)
    try:
        async with (
            open_register(loaded, passwords=ArgonPasswords(CHEAP), clock=clock) as register,
            serving(register) as (server, address),
            grpc.aio.insecure_channel(address, options=_CHANNEL_OPTIONS) as channel,
            grpc.aio.insecure_channel(door, options=_CHANNEL_OPTIONS) as at_door,
        ):
            try:
                yield Running(register, server, address, clock, channel, logs, at_door)
            finally:
                await channel.close()
                await at_door.close()
                await server.drain()
    finally:
        shutil.rmtree(sockets)
