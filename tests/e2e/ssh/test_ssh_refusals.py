"""What SSH could do beside a session, and must not: forwarding of every kind, files, other programmes, environment."""

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tests.e2e.ssh.site import CONTRACTOR, PATIENCE_SECONDS, Site

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("ssh")]


@pytest.mark.parametrize("user", [CONTRACTOR, "city"])
async def test_nothing_is_forwarded(site: Site, user: str, tmp_path: Path) -> None:
    async with await site.as_(user) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", site.host.port)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_unix_connection(site.door.removeprefix("unix:"))
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 1)
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_path(str(tmp_path / "s"), str(tmp_path / "t"))
        for tunnel in (connection.open_tun, connection.open_tap):
            with pytest.raises((asyncssh.Error, OSError)):
                await tunnel()


async def test_neither_agent_nor_display_is_forwarded(site: Site) -> None:
    agent = await asyncssh.listen_agent() if hasattr(asyncssh, "listen_agent") else None
    assert agent is None
    async with await site.host.connect(
        CONTRACTOR, key=site.keys[CONTRACTOR], agent_forwarding=True
    ) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(
                f"get contract {site.issued.number}", x11_forwarding=True, x11_display=":0"
            )


@pytest.mark.parametrize("user", [CONTRACTOR, "city"])
async def test_no_files_are_transferred(site: Site, user: str, tmp_path: Path) -> None:
    async with await site.as_(user) as connection:
        with pytest.raises((asyncssh.ChannelOpenError, asyncssh.SFTPError)):
            await connection.start_sftp_client()
        (tmp_path / "sent").write_bytes(b"x")
        # A copy that ends before it began is no error to this client, so what counts is what lies where afterwards.
        with contextlib.suppress(asyncssh.Error, OSError):
            await asyncssh.scp((connection, "/etc/passwd"), tmp_path / "got")
        with contextlib.suppress(asyncssh.Error, OSError):
            await asyncssh.scp(tmp_path / "sent", (connection, str(tmp_path / "taken")))
        for command in ("scp -f /etc/passwd", f"scp -t {tmp_path}/taken", "/usr/lib/openssh/sftp-server"):
            done = await connection.run(command, input=b"", encoding=None)
            assert (done.exit_status, done.stdout) == (2, b"")
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(subsystem="netconf")
    assert os.listdir(tmp_path) == ["sent"]


async def test_a_connection_has_some_channels_and_no_more(site: Site) -> None:
    async with await site.as_("city") as connection:
        opened: list[Any] = []
        with pytest.raises(asyncssh.ChannelOpenError):
            for _ in range(50):
                opened.append(await connection.create_process("sh"))
        assert 1 <= len(opened) <= 10


def environment_of(process: int) -> dict[str, str]:
    """What a process was started with, which is what others can see of it."""
    pairs = Path(f"/proc/{process}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if pair)


async def test_of_the_clients_environment_only_what_is_about_the_terminal_comes_through(site: Site) -> None:
    sent = {
        "LANG": "en_US.UTF-8",
        "LC_TIME": "ja_JP.UTF-8",
        "COLORTERM": "truecolor",
        "NO_COLOR": "1",
        "PATH": "/tmp/evil",
        "LD_PRELOAD": "/tmp/evil.so",
        "PYTHONPATH": "/tmp/evil",
        "PYTHONSTARTUP": "/tmp/evil.py",
        "TASHIKA_SERVER": "evil.example.jp:443",
        "TASHIKA_CA": "/tmp/evil.pem",
        "HOME": "/tmp/evil",
        "XDG_STATE_HOME": "/tmp/evil",
        "TEXTUAL_DRIVER": "evil:Driver",
        "SSLKEYLOGFILE": "/tmp/evil.log",
        "GRPC_TRACE": "all",
        "https_proxy": "http://evil.example.jp",
        "LC_ALL": "../../../../tmp/evil",
        "LC_NAME": "x" * 100_000,
    }
    async with site.screen(CONTRACTOR, environment=sent) as screen:
        await screen.until("Menu")
        (process,) = site.host.session_processes()
        seen = environment_of(process)
        assert "evil" not in str(seen) and "hidden-word" not in str(seen)
        assert set(seen) <= {"PATH", "LANG", "PYTHONSAFEPATH"}
        # No colour, and English: that much came through, by the leash.
        assert b"[38;" not in screen.raw
        screen.types("\x11")
        assert await screen.ends() == 0
    assert not [name for name in os.listdir("/tmp") if name.startswith("evil")]


async def test_thousands_of_variables_take_no_memory(site: Site) -> None:
    sent = {
        f"LC_{chr(65 + n % 26)}{chr(65 + n // 26 % 26)}{chr(65 + n // 676)}": "x" * 60 for n in range(2_000)
    }
    code, out, _ = await site.run(CONTRACTOR, f"get notice {site.issued.number}", environment=sent)
    assert code == 0 and out.startswith(b"%PDF-")


async def test_requests_that_come_twice_or_out_of_order_harm_nobody(site: Site) -> None:
    async with await site.as_(CONTRACTOR) as connection:
        process = await connection.create_process(term_type="xterm", term_size=(80, 24), encoding=None)
        for signal in ("WINCH", "USR1", "STOP", "SEGV"):
            process.send_signal(signal)
        process.send_break(1)
        process.channel.change_terminal_size(81, 25, 7, 7)
        process.send_signal("TERM")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.wait_closed()
    code, _, _ = await site.run(CONTRACTOR, f"get notice {site.issued.number}")
    assert code == 0
