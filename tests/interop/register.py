"""A register as other languages meet it: `tashika-server serve` in a process of its own, over TLS, with people."""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import grpc
import grpc.aio

from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import organization_pb2 as org
from tashika.v1 import user_pb2
from tashika_server.sample import orderers_json
from tests.support.client import Client, fresh
from tests.support.people import BRANCHES, COMPANY, OPERATOR_PASSWORD, PASSWORD, World
from tests.support.server import Running
from tests.support.tls import server_certificate

PROGRAM = Path(sys.executable).with_name("tashika-server")
# Nothing waits for these to pass: they end a test that hangs.
READY_SECONDS = 120.0
STOP_SECONDS = 60.0

PEOPLE = {
    "contractor": ("company", [user_pb2.ROLE_CONTRACTOR]),
    # Who may approve as well, but not what the same person accepted.
    "underwriter": ("guarantor", [user_pb2.ROLE_UNDERWRITER, user_pb2.ROLE_APPROVER]),
    "approver": ("guarantor", [user_pb2.ROLE_APPROVER]),
}
_COMPANY = {"name": "㈱髙﨑建設", "kana": "たかさきけんせつ", **COMPANY}
_GUARANTOR = {
    "kind": org.ORGANIZATION_KIND_GUARANTOR,
    "name": "東陽建設業保証株式会社",
    "kana": "とうよう",
    "address": "東京都千代田区架空町一丁目２番３号",
    "representative": "取締役社長　中村 花子",
    "telephone": "03-0000-0000",
    "guarantor_kind": org.GUARANTOR_KIND_GUARANTEE_COMPANY,
    "guarantor_code": 11,
    "branches": BRANCHES,
    "terms_reference_performance": "契約保証約款（令和６年４月１日）",
    "terms_reference_prepayment": "前払金保証約款（令和６年４月１日）",
    "approval_from_yen": 10_000_000,
}


@dataclass
class LiveRegister:
    """The server's process and its folder. ``address`` stays the same over restarts."""

    folder: Path
    address: str = "localhost:0"
    world: World | None = None
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def ca(self) -> Path:
        """What its clients trust, in PEM."""
        return self.folder / "tls.pem"

    def environment(self) -> dict[str, str]:
        """What a client needs to know, as the examples take it. Holds passwords."""
        people = {f"TASHIKA_{name.upper()}": f"{name}@example.jp:{PASSWORD}" for name in PEOPLE}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TASHIKA_")}
        # What stays on this machine must not go to a proxy that the environment names.
        return {**clean, "no_proxy": "localhost", "NO_PROXY": "localhost", **self._place(), **people}

    def _place(self) -> dict[str, str]:
        return {"TASHIKA_SERVER": self.address, "TASHIKA_CA": str(self.ca)}

    def channel(self) -> grpc.aio.Channel:
        """A connection of its own."""
        credentials = grpc.ssl_channel_credentials(self.ca.read_bytes())
        options = (("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0))
        return grpc.aio.secure_channel(self.address, credentials, options=options)

    async def start(self) -> None:
        """Serve; returns once the server says that it is ready."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = await _spawn("serve", *self._where(), *self._listening(), errors=log.fileno())
        assert self._process.stdout is not None
        async with asyncio.timeout(READY_SECONDS):
            while line := (await self._process.stdout.readline()).decode():
                if "is ready at" in line:
                    self.address = f"localhost:{line.strip().rpartition(':')[2]}"
                    return
        raise AssertionError(self.log()[-2000:])

    async def stop(self) -> None:
        """SIGTERM, and wait until it is gone; what does not go is killed, and told."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                assert await process.wait() == 0, self.log()[-2000:]
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    async def restart(self) -> None:
        """Stop, and serve the same data at the same address."""
        await self.stop()
        await self.start()

    def log(self) -> str:
        """What the server logged."""
        return (self.folder / "server.log").read_text(encoding="utf-8")

    async def prepare(self) -> None:
        """Make the server's certificate, the data folder, and the operator in it."""
        private, certificate = server_certificate()
        for path, content in ((self.ca, certificate), (self.folder / "tls-key.pem", private)):
            path.write_bytes(content)
            path.chmod(0o600)
        await _command(
            OPERATOR_PASSWORD, "create-operator", "operator", "--name", "運営 太郎", *self._where()
        )

    def _where(self) -> tuple[str, ...]:
        return ("--demo", "--data", str(self.folder / "data"))

    def _listening(self) -> tuple[str, ...]:
        listen = self.address.replace("localhost", "127.0.0.1")
        return ("--listen", listen, "--tls-cert", str(self.ca), "--tls-key", str(self.folder / "tls-key.pem"))


@dataclass
class _Remote:
    """As much of `tests.support.server.Running` as making people takes."""

    channel: grpc.aio.Channel

    def client(self, token: str = "", language: str = "") -> Client:
        return Client(self.channel, token, language)


@asynccontextmanager
async def live_register() -> AsyncIterator[LiveRegister]:
    """Serve a new register with a contractor, an underwriter and an approver; nothing of it is left behind."""
    folder = Path(tempfile.mkdtemp(prefix="tashika-"))
    register = LiveRegister(folder)
    try:
        await register.prepare()
        await register.start()
        try:
            async with register.channel() as channel:
                register.world = await _people(channel)
                yield register
        finally:
            await register.stop()
    finally:
        shutil.rmtree(folder)


async def _people(channel: grpc.aio.Channel) -> World:
    running = cast(Running, _Remote(channel))
    world = World(running, running.client())
    world.operator = world.people["operator"] = await world.sign_in("operator", OPERATOR_PASSWORD)
    await world.operator.directory.ImportOrderers(
        directory.ImportOrderersRequest(request_id=fresh(), policy_file=orderers_json())
    )
    await world.organize("company", **_COMPANY)
    await world.organize("guarantor", **_GUARANTOR)
    for name, (home, roles) in PEOPLE.items():
        await world.admit(name, home, *roles)
    return world


async def _spawn(*arguments: str, errors: int) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TASHIKA_")}
    settings = {"TASHIKA_RENDER_WORKERS": "1", "TASHIKA_DRAIN_SECONDS": "0.5"}
    return await asyncio.create_subprocess_exec(
        str(PROGRAM), *arguments, stdin=pipe, stdout=pipe, stderr=errors, env={**clean, **settings}
    )


async def _command(typed: str, *arguments: str) -> None:
    process = await _spawn(*arguments, errors=asyncio.subprocess.STDOUT)
    async with asyncio.timeout(READY_SECONDS):
        out, _ = await process.communicate(f"{typed}\n".encode())
    assert process.returncode == 0, out.decode()
