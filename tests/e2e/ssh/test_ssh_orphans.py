"""What is left when something is killed while somebody does not read: no process, and no session of the register."""

import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tashika_server.transport.methods import Lane
from tests.e2e.ssh.site import CONTRACTOR, Site, ssh_host, until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("ssh")]


def is_alive(process: int) -> bool:
    """Whether a process runs; one that ended and was not reaped does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Stalled:
    """Somebody who does not read, and what runs for them."""

    site: Site
    process: Any
    fork_server: int
    sessions: list[int]
    own: set[str]

    async def left(self) -> set[str]:
        """Which sessions of the register are there still."""
        return await self.site.sessions() & self.own

    async def living(self) -> list[int]:
        """Which processes run still."""
        return [process for process in (self.fork_server, *self.sessions) if is_alive(process)]


@asynccontextmanager
async def stalled(site: Site, command: str | None, *, deaf: bool) -> AsyncIterator[Stalled]:
    """Somebody who reads nothing of a screen, or of a command's output; `deaf`: not even the connection."""
    before = await site.sessions()
    async with ssh_host(site.door) as host:
        here = replace(site, host=host)
        connection = await here.as_(CONTRACTOR)
        terminal = {} if command else {"term_type": "xterm-256color", "term_size": (200, 60)}
        process = await connection.create_process(command, encoding=None, window=1024, **terminal)
        process.channel.pause_reading()
        try:
            await host.logged("session.begin")
            if command is None:
                # Each key makes the client draw some more, which nobody reads.
                process.stdin.write(b"\x0c\x1bOQ" * 200)

            async def begun() -> tuple[int, int]:
                return len(host.session_processes()), len(await here.sessions() - before)

            await until(begun, (1, 1))
            if deaf:
                connection._transport.pause_reading()  # type: ignore[union-attr]
            yield Stalled(
                here, process, host.fork_server, host.session_processes(), await here.sessions() - before
            )

            async def left() -> set[str]:
                return await here.sessions() - before

            await until(left, set())
        finally:
            connection.abort()
            with contextlib.suppress(asyncssh.Error, OSError):
                await connection.wait_closed()


WAYS = pytest.mark.parametrize(
    ("command", "deaf"),
    [(None, False), (None, True), ("get notice {number}", False)],
    ids=["screen", "deaf", "command"],
)


@WAYS
async def test_a_killed_session_of_somebody_who_does_not_read(
    site: Site, command: str | None, deaf: bool
) -> None:
    async with stalled(site, command and command.format(number=site.issued.number), deaf=deaf) as found:
        for process in found.sessions:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        if command:
            # What it had written before may still be read.
            found.process.channel.resume_reading()
        await until(found.left, set())
        assert [process for process in await found.living() if process != found.fork_server] == []
        # The host serves on.
        assert (await found.site.run(CONTRACTOR, f"get notice {site.issued.number}"))[0] == 0


@WAYS
async def test_a_killed_fork_server_under_somebody_who_does_not_read(
    site: Site, command: str | None, deaf: bool
) -> None:
    async with stalled(site, command and command.format(number=site.issued.number), deaf=deaf) as found:
        os.kill(found.fork_server, signal.SIGKILL)
        if command:
            found.process.channel.resume_reading()
        await until(found.living, [])
        await until(found.left, set())
        assert (await found.site.run(CONTRACTOR, f"get notice {site.issued.number}"))[0] == 0


@WAYS
async def test_a_killed_host_under_somebody_who_does_not_read(
    site: Site, command: str | None, deaf: bool
) -> None:
    async with stalled(site, command and command.format(number=site.issued.number), deaf=deaf) as found:
        await found.site.host.stop(signal.SIGKILL)
        await until(found.living, [])
        # Nobody is there any more to end it but the session itself.
        await until(found.left, set())


async def test_sessions_that_have_hardly_begun_as_their_host_is_killed_sign_out(site: Site) -> None:
    """Told to go before they had read whose they are, they went without a word to the register."""
    before = await site.sessions()
    async with ssh_host(site.door) as host, contextlib.AsyncExitStack() as connections:
        here = replace(site, host=host)
        for _ in range(8):
            connection = await connections.enter_async_context(await here.as_(CONTRACTOR))
            process = await connection.create_process(
                f"get notice {site.issued.number}", encoding=None, window=1024
            )
            process.channel.pause_reading()
        await host.logged("session.begin", 8)
        await host.stop(signal.SIGKILL)

        async def left() -> set[str]:
            return await site.sessions() - before

        await until(left, set())


async def test_a_session_that_is_left_behind_signs_out_of_a_busy_register_however_often_it_is_told_to_go(
    site: Site,
) -> None:
    before = await site.sessions()
    admission, told = site.world.running.server._pipeline.admission, len(site.world.running.logs)

    async def refused() -> bool:
        return any(
            line.get("reason") == "SERVER_BUSY" and "DeleteSession" in str(line.get("method"))
            for line in site.world.running.logs[told:]
        )

    async with ssh_host(site.door) as host, replace(site, host=host).screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        (process,) = host.session_processes()
        places = admission._limits[Lane.CALLS] - admission.in_flight(Lane.CALLS)
        for _ in range(places):
            admission.enter(Lane.CALLS)
        try:
            await host.stop(signal.SIGKILL)
            await until(refused, True)
            # The terminal is gone, the fork server has said so too, and maybe late.
            os.kill(process, signal.SIGHUP)
        finally:
            for _ in range(places):
                admission.leave(Lane.CALLS)

        async def left() -> tuple[bool, set[str]]:
            return is_alive(process), await site.sessions() - before

        await until(left, (False, set()))
        with contextlib.suppress(asyncssh.Error, OSError):
            await screen.ends()


async def test_a_connection_that_nobody_uses_ends(site: Site) -> None:
    before = await site.sessions()
    async with ssh_host(site.door, idle_seconds=1) as host:
        here = replace(site, host=host)
        async with await here.as_(CONTRACTOR) as connection:
            await host.logged("connection.unused")
            await connection.wait_closed()
        # A session that is in use is not counted from its beginning, nor is one after it.
        async with await here.as_(CONTRACTOR) as connection:
            done = await connection.run(f"get notice {here.issued.number}", encoding=None)
            assert done.exit_status == 0
            await host.logged("connection.unused", 2)
            await connection.wait_closed()

    async def left() -> set[str]:
        return await site.sessions() - before

    await until(left, set())


async def test_a_killed_host_under_somebody_who_reads(site: Site) -> None:
    before = await site.sessions()
    async with ssh_host(site.door) as host, replace(site, host=host).screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        processes = [host.fork_server, *host.session_processes()]
        assert len(processes) == 2
        await host.stop(signal.SIGKILL)

        async def left() -> tuple[list[int], set[str]]:
            living = [process for process in processes if is_alive(process)]
            return living, await site.sessions() - before

        await until(left, ([], set()))
        with contextlib.suppress(asyncssh.Error, OSError):
            await screen.ends()
