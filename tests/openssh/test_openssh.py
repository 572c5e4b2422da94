"""The README's recipe for OpenSSH, with a real sshd and the stock ssh: who comes in, what runs, what is refused.

`make test` plays the first of these, where there is an sshd and it runs as root; `make ssh-openssh` all of them.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest
import pytest_asyncio

from tests.e2e.ssh.stock import on_terminal, options, run
from tests.openssh.daemon import Daemon, account, daemon, why_not
from tests.support.people import World, make_world
from tests.support.play import Opened, Play
from tests.support.server import running_server

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("openssh"),
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]

PERSON = "tashika@127.0.0.1"


@dataclass
class Place:
    """A register, an issued guarantee, an sshd in front, and a key file of the contractor's."""

    world: World
    issued: Opened
    sshd: Daemon
    folder: Path

    def options(self, key: str = "registered") -> list[str]:
        """The options of ssh with this key."""
        return options(self.sshd.port, self.folder / "known_hosts", self.folder / key)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """Everything at once."""
    from tests.e2e.ssh.site import register_key

    folder, number = tmp_path_factory.mktemp("openssh"), account()
    print(f"people come in by account {number}")
    async with running_server(folder / "register", ssh_host="yes", ssh_host_account=str(number)) as running:
        door = running.register.settings.ssh_host_listen
        # The socket lies in a folder of the test's; a real one lies where the account can reach it.
        os.chmod(os.path.dirname(door.removeprefix("unix:")), 0o711)
        world = await make_world(running)
        issued = await Play(world).issued()
        for name in ("registered", "stranger"):
            key = asyncssh.generate_private_key("ssh-ed25519")
            key.write_private_key(folder / name)
            os.chmod(folder / name, 0o600)
            if name == "registered":
                await register_key(world, "contractor", key)
        async with daemon(door, number) as sshd:
            known = f"[127.0.0.1]:{sshd.port} {sshd.host_key}\n"
            (folder / "known_hosts").write_text(known, encoding="ascii")
            yield Place(world, issued, sshd, folder)
            logged = "".join(sshd.output)
            assert issued.key not in logged and not [each for each in world.secrets if each in logged]


async def test_a_registered_key_comes_in_and_the_notice_comes_out(place: Place) -> None:
    command = ["ssh", *place.options(), PERSON, "get", "notice", place.issued.number]
    code, out, errors = await run(*command)
    assert (code, errors) == (0, ""), "".join(place.sshd.output)
    assert out.startswith(b"%PDF-") and out.rstrip().endswith(b"%%EOF")


@pytest.mark.slow
async def test_the_screens_run_on_sshds_terminal(place: Place) -> None:
    terminal = {"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}
    command = ["ssh", *place.options(), "-o", "SendEnv=LANG", PERSON]
    async with on_terminal(command, terminal) as screen:
        await screen.until("Menu", "ssh.example.jp")
        screen.types("2")
        await screen.until(place.issued.number)
        screen.types("\r")
        await screen.until("How to hand in")
        screen.types("p")
        await screen.until("get notice", f"ssh -p {place.sshd.port} tashika@ssh.example.jp")
        screen.types("\x1b")
        await screen.gone("get notice")
        screen.types("\x11")
        assert await screen.ends() == 0


@pytest.mark.slow
async def test_a_key_that_is_not_registered_does_not_come_in(place: Place) -> None:
    code, out, errors = await run(
        "ssh", *place.options("stranger"), "-o", "BatchMode=yes", PERSON, "get", "notice", "1"
    )
    assert (code, out) == (255, b"") and "Permission denied" in errors


@pytest.mark.slow
async def test_the_city_comes_in_without_anything_and_has_the_viewer_alone(place: Place) -> None:
    ready = options(place.sshd.port, place.folder / "known_hosts")
    async with on_terminal(["ssh", *ready, "city@127.0.0.1"], {"TERM": "xterm"}) as screen:
        await screen.until("電子証書の閲覧")
        screen.types("\x11")
        assert await screen.ends() == 0
    command = ["get", "certificate", place.issued.number, "--with-key"]
    code, out, errors = await run("ssh", *ready, "city@127.0.0.1", *command, input=place.issued.key.encode())
    assert (code, errors) == (0, "") and out.startswith(b"%PDF-")
    code, out, errors = await run("ssh", *ready, "city@127.0.0.1", "get", "notice", place.issued.number)
    assert (code, out) == (3, b"") and "--with-key" in errors


@pytest.mark.slow
@pytest.mark.parametrize("command", [["sh", "-c", "id"], ["id"], ["cat", "/etc/passwd"]])
async def test_no_other_command_runs(place: Place, command: list[str]) -> None:
    for ready, person in ((place.options(), PERSON), (place.options(), "city@127.0.0.1")):
        code, out, errors = await run("ssh", *ready, person, *command)
        assert (code, out) == (2, b"") and "get notice" in errors


@pytest.mark.slow
async def test_nothing_is_forwarded(place: Place) -> None:
    code, out, errors = await run("ssh", *place.options(), "-W", "127.0.0.1:22", PERSON)
    assert code == 255 and out == b"" and "forwarding failed" in errors
    forward = ["-o", "ExitOnForwardFailure=yes", "-N", "-R", "0:127.0.0.1:1"]
    code, _, errors = await run("ssh", *place.options(), *forward, PERSON)
    assert code == 255 and "forwarding failed" in errors


@pytest.mark.slow
@pytest.mark.parametrize("old_protocol", [[], ["-O"]], ids=["sftp", "scp"])
async def test_no_file_is_copied(place: Place, tmp_path: Path, old_protocol: list[str]) -> None:
    target = tmp_path / "got"
    code, _, _ = await run("scp", *old_protocol, *place.options(), f"{PERSON}:/etc/passwd", str(target))
    assert code != 0 and not target.exists()


@pytest.mark.slow
async def test_the_environment_of_the_client_is_filtered_by_both(place: Place) -> None:
    sent = ["-o", "SetEnv=LC_ALL=en_US.UTF-8 TASHIKA_SERVER=evil.example.jp:1 PYTHONPATH=/tmp/evil"]
    command = ["ssh", *place.options(), *sent, PERSON, "get", "contract", place.issued.number]
    code, out, errors = await run(*command)
    assert (code, errors) == (0, "") and b"Contract number" in out


@pytest.mark.slow
async def test_the_register_knows_where_the_person_came_from(place: Place) -> None:
    peers = await place.world.running.register.kit.store.read(
        lambda view: [row.peer for row in view.openings.of_number(place.issued.number, 50)]
    )
    assert "127.0.0.1" in peers
