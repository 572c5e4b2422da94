"""What OpenSSH runs in place of the host, run as OpenSSH runs it. A real sshd does it in `make ssh-openssh`."""

import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest

from tests.e2e.ssh.site import CONTRACTOR, PATIENCE_SECONDS, Site
from tests.e2e.ssh.stock import LocalTerminal, on_terminal

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("ssh")]

TASHIKA = (sys.executable, "-m", "tashika_tui", "ssh-host")


@dataclass
class Sshd:
    """What sshd would hand to its forced command for somebody."""

    config: Path
    environment: dict[str, str]
    arguments: tuple[str, ...] = ("--one-session",)
    made: list[Path] = field(default_factory=list)

    @property
    def command(self) -> list[str]:
        """The forced command."""
        return [*TASHIKA, *self.arguments, "--config", str(self.config)]

    async def run(self, asked: str, input: bytes = b"") -> tuple[int, bytes, str]:
        """A plain command."""
        process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self.environment | {"SSH_ORIGINAL_COMMAND": asked},
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            out, errors = await process.communicate(input)
        assert process.returncode is not None
        return process.returncode, out, errors.decode()


@pytest.fixture
def sshd(site: Site, tmp_path: Path) -> Iterator[Sshd]:
    """As the contractor, with the key that is registered."""
    config = tmp_path / "host.toml"
    config.write_text(f'server = "{site.door}"\nname = "ssh.example.jp"\nport = 22\n', encoding="utf-8")
    auth = tmp_path / "auth"
    key = " ".join(site.keys[CONTRACTOR].export_public_key().decode().split()[:2])
    auth.write_text(f"publickey {key}\n", encoding="ascii")
    yield Sshd(
        config,
        {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "USER": "tashika",
            "LANG": "ja_JP.UTF-8",
            "TERM": "xterm-256color",
            "SSH_CONNECTION": "203.0.113.50 50000 192.0.2.1 22",
            "SSH_USER_AUTH": str(auth),
            "LD_LIBRARY_PATH_OF_SSHD": "hidden-word",
        },
    )


async def test_a_command_runs_for_the_owner_of_the_key_and_its_session_ends(site: Site, sshd: Sshd) -> None:
    before = await site.sessions()
    code, out, errors = await sshd.run(f"get notice {site.issued.number}")
    assert (code, errors) == (0, "") and out.startswith(b"%PDF-")
    assert await site.sessions() - before == set()


async def see(site: Site, screen: LocalTerminal) -> None:
    await screen.until("メニュー", "ssh.example.jp")
    screen.types("2")
    await screen.until(site.issued.number)
    screen.types("\r")
    await screen.until("認証キーの提出方法")
    screen.types("p")
    await screen.until("ssh tashika@ssh.example.jp get notice")
    screen.types("\x1b")
    await screen.until("提出")


async def test_the_screens_run_and_the_session_ends_with_them(site: Site, sshd: Sshd) -> None:
    before = await site.sessions()
    async with on_terminal(sshd.command, sshd.environment) as screen:
        await see(site, screen)
        assert len(await site.sessions() - before) == 1
        screen.types("\x11")
        assert await screen.ends() == 0
    assert await site.sessions() - before == set()


async def test_when_the_connection_is_lost_the_session_ends_as_well(site: Site, sshd: Sshd) -> None:
    before = await site.sessions()
    async with on_terminal(sshd.command, sshd.environment) as screen:
        await screen.until("メニュー")
        screen.hang_up()
        await screen.ends()
    assert await site.sessions() - before == set()


async def test_what_sshd_set_does_not_reach_the_client(site: Site, sshd: Sshd) -> None:
    code, out, _ = await sshd.run(f"get contract {site.issued.number} --lang en")
    assert code == 0 and b"Contract number" in out and b"hidden-word" not in out


async def test_the_source_is_where_the_person_came_from(site: Site, sshd: Sshd) -> None:
    sshd.arguments = ("--one-session", "--viewer")
    code, out, _ = await sshd.run(
        f"get certificate {site.issued.number} --with-key", site.issued.key.encode()
    )
    assert code == 0 and out.startswith(b"%PDF-")
    peers = await site.world.running.register.kit.store.read(
        lambda view: [row.peer for row in view.openings.of_number(site.issued.number, 50)]
    )
    assert "203.0.113.50" in peers


async def test_the_viewer_alone_needs_no_key_and_gives_no_more(site: Site, sshd: Sshd) -> None:
    sshd.arguments = ("--one-session", "--viewer")
    async with on_terminal(sshd.command, sshd.environment) as screen:
        await screen.until("電子証書の閲覧", "ログインしていません")
        screen.types("\x11")
        assert await screen.ends() == 0
    code, out, errors = await sshd.run(f"get notice {site.issued.number}")
    assert (code, out) == (3, b"") and "--with-key" in errors


@pytest.mark.parametrize("asked", ["sh -c id", "scp -t /tmp", "internal-sftp", "get notice 1 --out /tmp/x"])
async def test_no_other_command_runs(site: Site, sshd: Sshd, asked: str) -> None:
    code, out, errors = await sshd.run(asked)
    assert (code, out) == (2, b"") and "get notice" in errors


def write(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="ascii")


async def test_a_key_that_is_not_registered_and_none_at_all_sign_nobody_in(site: Site, sshd: Sshd) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    for text, told in ((f"publickey {stranger}", "登録されていません"), ("password\n", "ExposeAuthInfo")):
        write(sshd.environment["SSH_USER_AUTH"], text)
        code, out, errors = await sshd.run(f"get notice {site.issued.number}")
        assert code in (2, 3) and out == b"" and told in errors
    del sshd.environment["SSH_USER_AUTH"]
    code, _, errors = await sshd.run(f"get notice {site.issued.number}")
    assert code == 2 and "ExposeAuthInfo" in errors


async def test_a_registered_key_is_printed_for_sshd_with_nothing_allowed_but_a_terminal(
    site: Site, sshd: Sshd
) -> None:
    kind, blob = site.keys[CONTRACTOR].export_public_key().decode().split()[:2]
    sshd.arguments = ("--authorized-keys", kind, blob)
    assert await sshd.run("") == (0, f"restrict,pty {kind} {blob}\n".encode(), "")
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()[:2]
    for words in (tuple(other), ("ssh-dss", "AAAA"), ("x", "\n"), (kind, f"{blob}\nssh-ed25519 AAAA")):
        sshd.arguments = ("--authorized-keys", *words)
        assert await sshd.run("") == (0, b"", "")


async def test_without_a_register_no_key_is_printed_and_that_is_an_error(sshd: Sshd) -> None:
    sshd.config.write_text('server = "unix:/tmp/tashika-no-such-register/door"\n', encoding="utf-8")
    sshd.arguments = ("--authorized-keys", "ssh-ed25519", "AAAA")
    code, out, errors = await sshd.run("")
    assert (code, out) == (5, b"") and "接続できません" in errors
