"""The stock `ssh`, `scp` and `sftp`, as people have them: from connecting to the saved notice, and what is refused."""

import asyncio
import os
import shlex
from pathlib import Path

import asyncssh
import pypdf
import pytest

from tests.e2e.client import strokes
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
    """The recorded strokes, and then the very command that the screen shows."""
    terminal = {"TERM": "xterm-256color", "LANG": "ja_JP.UTF-8"}
    job, values = strokes.NOTICE_OVER_SSH, {"number": site.issued.number}
    async with on_terminal(["ssh", *ready, f"{CONTRACTOR}@127.0.0.1"], terminal) as screen:
        await screen.until("メニュー", "電子保証（認証キー）", "ssh.example.jp")
        for stroke in job.strokes:
            screen.types(stroke.text(values))
            await screen.until(stroke.then.format(**values))
        assert job.count(values) <= job.budget == strokes.NOTICE.budget - 2
        await screen.until(".pdf")
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
    pages = pypdf.PdfReader(tmp_path / words[-1]).pages
    text = "".join(page.extract_text() for page in pages)
    assert site.issued.number in text and site.issued.key in text


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


async def test_a_window_of_one_cell_and_what_comes_after(site: Site, ready: list[str]) -> None:
    person = f"{CONTRACTOR}@127.0.0.1"
    async with on_terminal(["ssh", *ready, person], {"TERM": "xterm"}, columns=1, lines=1) as screen:
        await screen.when(lambda: b"\x1b[?1049h" in screen.raw, "a first frame")
        screen.resize(80, 24)
        await screen.until("メニュー", "電子保証（認証キー）")
        screen.resize(1, 1)
        screen.types("\x11")
        assert await screen.ends() == 0


async def test_binary_output_is_exact_through_a_pipe(site: Site, ready: list[str]) -> None:
    person = f"{CONTRACTOR}@127.0.0.1"
    _, first, _ = await run("ssh", *ready, person, "get", "certificate", site.issued.number)
    piped = shlex.join(["ssh", *ready, person, "get", "certificate", site.issued.number])
    code, second, _ = await run("sh", "-c", f"{piped} | cat")
    assert code == 0 and first == second and first.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["sh -c id"], 2),
        (["sh", "-c", "id"], 2),
        (["id"], 2),
        # No name of a file means anything here, as a number or behind an option.
        (["get", "notice", "../../etc/passwd"], 4),
        (["get", "notice", "..%2f..%2fetc%2fpasswd"], 4),
        (["get", "certificate", "/etc/passwd"], 4),
        (["get", "notice", "."], 4),
        (["get", "attachment", "{number}", "--file", "../../etc/passwd"], 2),
        (["get", "certificate", "{number}", "--version", "./1"], 2),
        (["get", "fee-statement", "{number}", "--month", "../2026-11"], 2),
        (["get", "notice", "{number}", "--out", "../x.pdf"], 2),
        (["get", "../notice", "{number}"], 2),
    ],
)
async def test_no_other_command_runs(site: Site, ready: list[str], command: list[str], code: int) -> None:
    command = [word.format(number=site.issued.number) for word in command]
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


async def test_an_unknown_key_is_refused_and_tells_nothing(site: Site, tmp_path: Path) -> None:
    key = tmp_path / "id_ed25519"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(key)
    os.chmod(key, 0o600)
    ready = [*options(site.host.port, know(site.host, tmp_path), key), "-o", "BatchMode=yes"]
    told = set()
    for person in (CONTRACTOR, "nobody@example.jp", "operator"):
        code, out, errors = await run("ssh", *ready, f"{person}@127.0.0.1", "get", "notice", "1")
        assert (code, out) == (255, b"")
        told.add(errors.replace(person, "*"))
    # Nobody learns who has an account here.
    assert len(told) == 1 and "Permission denied" in told.pop()


async def test_a_client_whose_terminal_stands_still_stalls_no_other(site: Site, ready: list[str]) -> None:
    person = f"{CONTRACTOR}@127.0.0.1"
    async with on_terminal(["ssh", *ready, person], {"TERM": "xterm"}, 200, 60) as stopped:
        await stopped.until("メニュー")
        stopped.stop_reading()
        # Each of them has the whole screen drawn anew: more than `ssh`, the window and the terminals in between hold.
        for _ in range(400):
            stopped.types("\x0c\x1bOQ")
        async with on_terminal(["ssh", *ready, person], {"TERM": "xterm"}) as other:
            await other.until("メニュー")
            other.types("2")
            await other.until(site.issued.number)
            other.types("\x11")
            assert await other.ends() == 0
