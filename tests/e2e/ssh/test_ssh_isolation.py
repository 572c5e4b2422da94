"""Sessions know nothing of each other: their memory, their tokens, their files, and the pace of the others."""

import asyncio
import os
import re
import time
from pathlib import Path

import pytest

from tests.e2e.ssh.site import CONTRACTOR, PATIENCE_SECONDS, UNDERWRITER, Screen, Site, until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("ssh")]

_TOKEN = re.compile(rb"tsk_[0-9A-Z]{26}_")

MOST_KIB = 60 * 1024
"""What a session over SSH may take at most: its share of memory (PSS)."""


def readable(process: str, name: str) -> bytes:
    try:
        return Path(f"/proc/{process}/{name}").read_bytes()
    except OSError:
        return b""


def share_kib(process: int) -> int:
    """The proportional set size."""
    found = re.search(rb"^Pss:\s+(\d+) kB", readable(str(process), "smaps_rollup"), re.MULTILINE)
    assert found is not None
    return int(found[1])


async def test_no_token_is_in_any_list_of_processes(site: Site) -> None:
    await nobody_left(site)
    async with site.screen(CONTRACTOR) as screen, site.screen(UNDERWRITER) as other:
        await screen.until("メニュー")
        await other.until("メニュー")
        running = site.host.session_processes()
        assert len(running) == 2
        for process in [name for name in os.listdir("/proc") if name.isdigit()]:
            for name in ("cmdline", "environ", "comm"):
                assert not _TOKEN.search(readable(process, name)), (process, name)
        # Neither has anything open but its terminal, its leash and its way to the register.
        for session in running:
            paths = {
                os.readlink(f"/proc/{session}/fd/{number}") for number in os.listdir(f"/proc/{session}/fd")
            }
            files = {path for path in paths if path.startswith("/") and not path.startswith("/dev/")}
            assert files == set(), files


async def test_a_session_can_write_no_file_and_leaves_none(site: Site) -> None:
    await nobody_left(site)
    before = set(site.host.folder.rglob("*"))
    async with site.screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        (process,) = site.host.session_processes()
        limits = readable(str(process), "limits").decode()
        assert re.search(r"Max file size\s+0\s+0", limits)
        assert re.search(r"Max core file size\s+0\s+0", limits)
        # The contents of a document reach the client's memory, and nothing else.
        screen.types("2")
        await screen.until(site.issued.number)
        screen.types("\x11")
        await screen.ends()
    assert set(site.host.folder.rglob("*")) == before


async def test_a_session_is_its_own_process_and_goes_with_its_connection(site: Site) -> None:
    await nobody_left(site)
    async with site.screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        (process,) = site.host.session_processes()
        assert readable(str(process), "comm") == b"tashika-ssh\n"
    await nobody_left(site)


async def nobody_left(site: Site) -> None:
    """Waits until every session is over."""

    async def left() -> list[int]:
        return site.host.session_processes()

    await until(left, [])


async def echo(screen: Screen, text: str) -> float:
    """How long a key takes to the screen, in seconds."""
    began = time.monotonic()
    screen.types(text)
    await screen.until(text)
    return time.monotonic() - began


async def test_a_client_that_never_reads_stalls_no_other(site: Site) -> None:
    async with await site.as_(UNDERWRITER) as connection:
        stalled = await connection.create_process(
            term_type="xterm-256color", term_size=(200, 60), encoding=None, window=4096
        )
        # What is not read stays in the window, which is small; each key makes the client draw some more.
        stalled.channel.pause_reading()
        for _ in range(400):
            stalled.stdin.write(b"\x0c\x1bOQ")
        async with site.screen("city") as screen:
            await screen.until("保証契約番号")
            for digit in range(9):
                await echo(screen, f"98{digit}")
                screen.types("\x7f" * 3)
                await screen.gone("98")
            screen.types("\x11")
            assert await screen.ends() == 0
        stalled.channel.resume_reading()


async def test_a_command_whose_output_nobody_reads_stalls_no_other(site: Site) -> None:
    async with await site.as_(CONTRACTOR) as connection:
        stalled = await connection.create_process(
            f"get notice {site.issued.number}", encoding=None, window=1024
        )
        stalled.channel.pause_reading()
        code, out, _ = await site.run(UNDERWRITER, f"get certificate {site.issued.number}")
        assert code == 0 and out
        stalled.channel.resume_reading()
        async with asyncio.timeout(PATIENCE_SECONDS):
            done = await stalled.wait()
    assert done.exit_status == 0 and isinstance(done.stdout, bytes) and done.stdout.startswith(b"%PDF-")


async def test_some_sessions_at_once_take_little_memory_each(site: Site) -> None:
    """Fifty of them are in `make ssh-bench`."""
    await nobody_left(site)
    async with (
        site.screen(CONTRACTOR) as first,
        site.screen(UNDERWRITER) as second,
        site.screen("city") as third,
        site.screen("city") as fourth,
    ):
        for screen, shown in ((first, "メニュー"), (second, "メニュー"), (third, "閲覧"), (fourth, "閲覧")):
            await screen.until(shown)
        processes = site.host.session_processes()
        assert len(processes) == 4
        assert max(map(share_kib, processes)) <= MOST_KIB


async def test_a_session_that_is_killed_ends_its_own_connection_alone(site: Site) -> None:
    await nobody_left(site)
    async with site.screen("city") as other:
        await other.until("保証契約番号")
        before = set(site.host.session_processes())
        async with site.screen(CONTRACTOR) as screen:
            await screen.until("メニュー")
            (process,) = set(site.host.session_processes()) - before
            os.kill(process, 9)
            assert await screen.ends() == 1
            # The terminal is put back for it.
            assert bytes(screen.raw).rstrip().endswith(b"\x1b[0m")
        await echo(other, "1126")


async def test_when_the_fork_server_dies_its_sessions_end_and_the_next_one_gets_another(site: Site) -> None:
    await nobody_left(site)
    async with site.screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        os.kill(site.host.fork_server, 9)
        assert await screen.ends() == 1
    await site.host.logged("fork_server.died")
    assert (await site.run(CONTRACTOR, f"get notice {site.issued.number}"))[0] == 0
