"""An authentic certificate that is out of date, superseded or ended: exit code 7, and how it stands."""

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tashika.v1 import certificate_service_pb2 as pb
from tashika_formats.issuance import format_bundle, parse_bundle
from tashika_formats.status import SignedStatus, status_signing_input
from tests.bench.world import make_world
from tests.e2e.tamper.registered import Registered
from tests.e2e.tamper.verifying import verify_here
from tests.support.clock import MovableClock
from tests.support.server import running_server

pytestmark = pytest.mark.xdist_group("tamper")


@pytest.fixture
def file(registered: Registered, tmp_path: Path) -> Path:
    """The registered certificate."""
    path = tmp_path / "証書.pdf"
    path.write_bytes(registered.pdf)
    return path


def with_status(registered: Registered, folder: Path, **changes: object) -> Path:
    """The trust folder of a day on which the register says something else of the number, under its own key."""
    shutil.copytree(registered.trust, folder)
    elsewhere = replace(registered, trust=folder)
    bundle = parse_bundle(elsewhere.record.read_bytes())
    status = replace(bundle.status.status, **changes)  # type: ignore[arg-type]
    key = registered.log_key()
    signed = SignedStatus(status, key.sign(status_signing_input(status)), key.name)
    elsewhere.record.write_bytes(format_bundle(replace(bundle, status=signed)))
    return folder


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"current_version": 2}, "新しい版が発行されています"),
        ({"state": "CANCELLED"}, "終了しています"),
        ({"state": "EXPIRED"}, "終了しています"),
    ],
    ids=["superseded", "cancelled", "expired"],
)
def test_superseded_and_ended_are_told(
    registered: Registered, file: Path, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    trust = with_status(registered, tmp_path / "trust", **changes)
    said = verify_here(file, "--trust", str(trust))
    assert (said.code, said.err) == (7, "")
    assert "\n真正ですが" in said.out
    assert words in said.out


@pytest.mark.parametrize(
    ("days", "words"), [(2, "現況の確認が古くなっています"), (400, "終了しています")], ids=["stale", "ended"]
)
def test_offline_time_makes_stale_and_then_ended(
    registered: Registered, file: Path, days: int, words: str
) -> None:
    later = datetime.now(UTC) + timedelta(days=days)
    said = verify_here(file, "--trust", str(registered.trust), now=later)
    assert said.code == 7
    assert words in said.out


async def test_a_register_says_that_a_guarantee_has_ended(tmp_path: Path) -> None:
    world = await make_world(tmp_path / "data", openable=1, ready=0)
    clock = MovableClock()
    clock.move(timedelta(days=400))
    number, key = world.openable[0]
    file = tmp_path / "証書.pdf"
    async with running_server(tmp_path, clock=clock) as running:
        calls = running.client().certificates
        opened = await calls.OpenCertificate(pb.OpenCertificateRequest(contract_number=number, key=key))
        asked = pb.DownloadCertificateRequest(viewing_token=opened.viewing_token)
        file.write_bytes(b"".join([part.chunk async for part in calls.DownloadCertificate(asked)]))
        said = await asyncio.to_thread(verify_here, file, "--server", running.address, now=clock.now())
    assert (said.code, said.err) == (7, "")
    assert "終了しています" in said.out
