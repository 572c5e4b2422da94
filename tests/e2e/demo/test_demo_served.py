"""A demo that serves: what it says when it is ready holds, and nothing of it is left behind."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc.aio
import pytest

from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import session_service_pb2_grpc
from tests.e2e.demo.serving import PROGRAM, Served, served

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def serving() -> Iterator[Served]:
    """A demo server without contracts."""
    with served(0) as found:
        yield found


async def test_a_demo_says_who_can_sign_in_and_leaves_nothing_behind(
    serving: Served,
) -> None:
    people = serving.people
    assert serving.said.startswith("見本 DEMO")
    assert {person.role for person in people} == {
        *("operator", "underwriter", "approver", "contractor", "officer"),
    }
    async with grpc.aio.insecure_channel(serving.address) as channel:
        stub = session_service_pb2_grpc.SessionServiceStub(channel)
        for person in (people[0], people[-1]):
            request = sessions.CreateSessionRequest(login_name=person.name, password=person.password)
            answer = await stub.CreateSession(request, timeout=30)
            assert not answer.session.user.must_change_password
    # Whoever stops a whole group of processes may signal some of them twice.
    serving.process.send_signal(signal.SIGTERM)
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(timeout=60) == 0
    assert list(serving.temporary.iterdir()) == []


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
