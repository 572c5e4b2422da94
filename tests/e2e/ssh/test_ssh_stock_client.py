"""The stock `ssh`, `scp` and `sftp`, as people have them: from connecting to the saved notice, and what is refused."""

import asyncio
import os
import shlex
from pathlib import Path

import pytest

from tests.e2e.ssh.site import CONTRACTOR, Site, inside
from tests.e2e.ssh.stock import SSH, know, on_terminal, options, run
from tests.support.people import PASSWORD

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("ssh"),
    pytest.mark.skipif(SSH is None, reason="there is no ssh here (Debian: openssh-client)"),
]


@pytest.fixture
def ready(site: Site, tmp_path: Path) -> list[str]:
    """The options for the contractor with the key that is registered."""
    key = tmp_path / "id_ed25519"
    site.keys[CONTRACTOR].write_private_key(key)
    os.chmod(key, 0o600)
    return options(site.host.port, know(site.host, tmp_path), key)


async def test_from_connecting_to_the_saved_notice(site: Site, ready: list[str], tmp_path: Path) -> None:
    """The strokes of the client's own tests, and then the very command that the screen shows."""
    terminal = {"TERM": "xterm-256color", "LANG": "ja_JP.UTF-8"}
    async with on_terminal(["ssh", *ready, f"{CONTRACTOR}@127.0.0.1"], terminal) as screen:
        await screen.until("メニュー", "電子保証（認証キー）", "ssh.example.jp")
        screen.types("2")
        await screen.until(site.issued.number)
        screen.types("\r")
        await screen.until("認証キーの提出方法")
        screen.types("p")
        await screen.until("お手元のコンピューターで実行するコマンド", ".pdf")
        shown = " ".join(inside(screen.text))
        command = shown[shown.index("ssh ") : shown.index(".pdf") + 4]
        screen.types("\x1b")
        await screen.until("提出")
        screen.types("\x11")
        assert await screen.ends() == 0
    # The name of the host is the operator's; here it is this machine.
    words = shlex.split(command.replace("ssh.example.jp", "127.0.0.1"))
    assert words[0] == "ssh" and words[-2] == ">"
    code, out, errors = await run("ssh", *ready, *words[3 if words[1] == "-p" else 1 : -2])
    (tmp_path / words[-1]).write_bytes(out)
    assert (code, errors) == (0, "")
    assert out.startswith(b"%PDF-") and out.rstrip().endswith(b"%%EOF")
    assert words[-1] == f"notice-{site.issued.number}.pdf"


async def test_a_password_is_asked_for_in_words(site: Site, tmp_path: Path) -> None:
    ready = options(site.host.port, know(site.host, tmp_path))
    async with on_terminal(["ssh", *ready, f"{CONTRACTOR}@127.0.0.1"], {"TERM": "xterm"}) as screen:
        await screen.until("パスワード / Password:")
        screen.types(PASSWORD + "\r")
        await screen.until("メニュー")
        assert PASSWORD.encode() not in screen.raw
        screen.types("\x11")
        assert await screen.ends() == 0


async def test_the_city_needs_no_account(site: Site, tmp_path: Path) -> None:
    ready = options(site.host.port, know(site.host, tmp_path))
    async with on_terminal(["ssh", *ready, "city@127.0.0.1"], {"TERM": "xterm"}) as screen:
        await screen.until("電子証書の閲覧")
        screen.types("\x11")
        assert await screen.ends() == 0
    command = ["get", "certificate", site.issued.number, "--with-key"]
    code, out, errors = await run("ssh", *ready, "city@127.0.0.1", *command, input=site.issued.key.encode())
    assert (code, errors) == (0, "") and out.startswith(b"%PDF-")


async def test_the_window_follows(site: Site, ready: list[str]) -> None:
    async with on_terminal(["ssh", *ready, f"{CONTRACTOR}@127.0.0.1"], {"TERM": "xterm"}, 50, 10) as screen:
        await screen.until("小さすぎます")
        screen.types("\x11")
        assert await screen.ends() == 0


async def test_binary_output_is_exact_through_a_pipe(site: Site, ready: list[str]) -> None:
    person = f"{CONTRACTOR}@127.0.0.1"
    _, first, _ = await run("ssh", *ready, person, "get", "certificate", site.issued.number)
    piped = shlex.join(["ssh", *ready, person, "get", "certificate", site.issued.number])
    code, second, _ = await run("sh", "-c", f"{piped} | cat")
    assert code == 0 and first == second and first.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("command", "code"), [(["sh", "-c", "id"], 2), (["get", "notice", "../../etc/passwd"], 4), (["id"], 2)]
)
async def test_no_other_command_runs(site: Site, ready: list[str], command: list[str], code: int) -> None:
    found = await run("ssh", *ready, f"{CONTRACTOR}@127.0.0.1", *command)
    assert found[:2] == (code, b"") and found[2].startswith("エラー: ")


async def test_no_port_is_forwarded(site: Site, ready: list[str]) -> None:
    person = f"{CONTRACTOR}@127.0.0.1"
    async with asyncio.timeout(60):
        code, out, errors = await run("ssh", *ready, "-W", "127.0.0.1:22", person)
    assert code == 255 and out == b"" and "forwarding failed" in errors
    code, _, errors = await run(
        "ssh", *ready, "-o", "ExitOnForwardFailure=yes", "-N", "-R", "0:127.0.0.1:1", person
    )
    assert code == 255 and "forwarding" in errors


@pytest.mark.parametrize("old_protocol", [[], ["-O"]], ids=["sftp", "scp"])
async def test_no_file_is_copied(
    site: Site, ready: list[str], tmp_path: Path, old_protocol: list[str]
) -> None:
    target = tmp_path / "got"
    code, _, _ = await run("scp", *old_protocol, *ready, f"{CONTRACTOR}@127.0.0.1:/etc/passwd", str(target))
    assert code != 0 and not target.exists()
    sent = tmp_path / "sent"
    sent.write_bytes(b"x")
    code, _, _ = await run("scp", *old_protocol, *ready, str(sent), f"{CONTRACTOR}@127.0.0.1:{target}")
    assert code != 0 and not target.exists()
