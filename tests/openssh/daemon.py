"""A real sshd with the README's own recipe, in a mount namespace of its own: it leaves nothing on this machine."""

import asyncio
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.ssh.site import PATIENCE_SECONDS

SSHD = "/usr/sbin/sshd"
README = Path(__file__).parents[2] / "README.md"

# Far from any account that a machine has.
ACCOUNT = 54_321

# Where the namespace has its own, empty file system.
OWN = Path("/mnt")


def why_not() -> str:
    """Why the recipe can't be played here; empty where it can."""
    if sys.platform != "linux" or not os.path.exists(SSHD) or shutil.which("ssh") is None:
        return "SKIPPED: there is no sshd or no ssh here (make ssh-openssh installs them as root on Debian)"
    if os.getuid() != 0:
        return "SKIPPED: sshd can let in two accounts, and have its own files, as root alone"
    probe = ["unshare", "--mount", "true"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        return "SKIPPED: no mount namespace can be made here (unshare --mount)"
    return ""


def account() -> int:
    """The account that people come in by: one of its own, or root where nobody else can run this Python."""
    command = ["setpriv", "--reuid", str(ACCOUNT), "--regid", str(ACCOUNT), "--clear-groups"]
    # By a shell, as sshd will do it: setpriv itself still finds what only root may.
    imports = f'{shlex.quote(sys.executable)} -c "import tashika_tui"'
    try:
        done = subprocess.run([*command, "sh", "-c", imports], capture_output=True, check=False, cwd="/")
    except OSError:
        return 0
    return ACCOUNT if done.returncode == 0 else 0


def recipe() -> str:
    """The recipe as the README gives it."""
    (found,) = re.findall(
        r"^```sshd\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(found)


@dataclass
class Daemon:
    """An sshd that runs."""

    port: int
    host_key: str
    output: list[str]


@asynccontextmanager
async def daemon(door: str, number: int) -> AsyncIterator[Daemon]:
    """Runs sshd with the recipe in front of a register's door."""
    folder = Path(tempfile.mkdtemp(prefix="tashika-sshd-"))
    port = _free_port()
    await asyncio.to_thread(_prepare, folder, door, number, port)
    process = await asyncio.create_subprocess_exec(
        *("unshare", "--mount", "--propagation", "private", "sh", str(folder / "run.sh")),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    running = Daemon(port, (folder / "host_key.pub").read_text(encoding="ascii").strip(), [])
    reading = asyncio.ensure_future(_read(process, running.output))
    try:
        await _until_listening(port, running)
        yield running
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading
        shutil.rmtree(folder)


async def _read(process: "asyncio.subprocess.Process", output: list[str]) -> None:
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode("utf-8", "replace"):
        output.append(line)


async def _until_listening(port: int, running: Daemon) -> None:
    for _ in range(PATIENCE_SECONDS * 20):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise AssertionError("sshd did not start:\n" + "".join(running.output))


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _prepare(folder: Path, door: str, number: int, port: int) -> None:
    """Writes what the namespace will have: accounts, programmes that sshd trusts, the recipe."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host_key")], check=True
    )
    tashika = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tashika_tui "$@"\n'
    (folder / "tashika").write_text(tashika, encoding="utf-8")
    (folder / "ssh-host.toml").write_text(
        f'server = "{door}"\nname = "ssh.example.jp"\nport = {port}\n', encoding="utf-8"
    )
    accounts = f"tashika:x:{number}:{number}::{OWN}:/bin/sh\ncity:x:{number}:{number}::{OWN}:/bin/sh\n"
    before = Path("/etc/passwd").read_text(encoding="utf-8").rstrip("\n")
    (folder / "passwd").write_text(f"{before}\n{accounts}", encoding="utf-8")
    shadow = Path("/etc/shadow").read_text(encoding="utf-8").rstrip("\n")
    (folder / "shadow").write_text(f"{shadow}\ntashika:*:19000::::::\ncity::19000::::::\n", encoding="utf-8")
    (folder / "shadow").chmod(0o600)
    chosen = recipe().replace("/usr/bin/tashika", f"{OWN}/tashika").replace("/etc/tashika/", f"{OWN}/")
    (folder / "sshd_config").write_text(_GENERAL.format(port=port, own=OWN) + chosen, encoding="utf-8")
    (folder / "run.sh").write_text(_RUN.format(folder=folder, own=OWN, sshd=SSHD), encoding="utf-8")


# What a machine has beside the recipe. PermitRootLogin: the account may have root's number, see `account`.
_GENERAL = """
Port {port}
ListenAddress 127.0.0.1
HostKey {own}/host_key
PidFile none
UsePAM no
PermitRootLogin yes
LogLevel VERBOSE
Subsystem sftp internal-sftp
"""

_RUN = """
set -eu
mount -t tmpfs -o mode=755 none {own}
mkdir -p /run/sshd
cp {folder}/host_key {folder}/sshd_config {folder}/ssh-host.toml {folder}/tashika {own}
chmod 600 {own}/host_key
chmod 644 {own}/sshd_config {own}/ssh-host.toml
chmod 755 {own}/tashika
mount --bind {folder}/passwd /etc/passwd
mount --bind {folder}/shadow /etc/shadow
exec {sshd} -D -e -f {own}/sshd_config
"""
