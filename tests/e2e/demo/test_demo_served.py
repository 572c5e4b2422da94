"""A demo that serves: what it says when it is ready holds, and nothing of it is left behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import grpc.aio
import pytest

from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import session_service_pb2_grpc

pytestmark = pytest.mark.xdist_group("demo")

PROGRAM = [sys.executable, "-c", "from tashika_server.cli import main; main()", "demo"]
ROW = re.compile(
    r"^  (?P<role>\S+ \S+(?: \S+)?) +(?P<name>[a-z-]+) +(?P<password>[a-z]+-[a-z]+-[a-z]+-\d{4})  "
)


@pytest.fixture
def serving() -> Iterator[tuple["subprocess.Popen[str]", str, Path]]:
    """A demo server without contracts, the lines that it said, and its folder for temporary files."""
    # A socket's path is short, and pytest's folders need not be.
    temporary = Path(tempfile.mkdtemp(prefix="tashika-"))
    process = subprocess.Popen(
        [*PROGRAM, "--contracts", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl+C" in line:
                break
        yield process, said, temporary
    finally:
        process.kill()
        process.communicate()
        shutil.rmtree(temporary, ignore_errors=True)


async def test_a_demo_says_who_can_sign_in_and_leaves_nothing_behind(
    serving: tuple["subprocess.Popen[str]", str, Path],
) -> None:
    process, said, temporary = serving
    assert said.startswith("見本 DEMO")
    address = re.search(r"export TASHIKA_SERVER=(\S+)", said)
    rows = [match for line in said.splitlines() if (match := ROW.match(line))]
    assert address is not None
    assert {row["role"].split()[-1] for row in rows} == {
        *("operator", "underwriter", "approver", "contractor", "officer"),
    }
    async with grpc.aio.insecure_channel(address[1]) as channel:
        stub = session_service_pb2_grpc.SessionServiceStub(channel)
        for row in (rows[0], rows[-1]):
            request = sessions.CreateSessionRequest(login_name=row["name"], password=row["password"])
            answer = await stub.CreateSession(request, timeout=30)
            assert not answer.session.user.must_change_password
    # Whoever stops a whole group of processes may signal some of them twice.
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert list(temporary.iterdir()) == []


def test_sigterm_while_samples_are_made_leaves_nothing_behind(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "--contracts", "3000"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    try:
        assert process.stderr is not None
        # The first word on standard error is of the count.
        assert "/3,000" in process.stderr.readline()
        assert list(tmp_path.iterdir()) != []
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 128 + signal.SIGTERM
    finally:
        process.kill()
        process.communicate()
    assert list(tmp_path.iterdir()) == []
