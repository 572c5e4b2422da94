"""On a full disk a register loses nothing and says so; once there is space it goes on, without being restarted."""

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import grpc.aio
import pytest

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_pb2, hand_in_pb2, works_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import key_service_pb2 as keys
from tashika.v1 import works_service_pb2 as works
from tests.bench.world import World
from tests.fault.checks import check_nothing_lost, check_sound
from tests.fault.clients import issue_once
from tests.fault.full_disk import free_bytes, no_file_grows, no_space_left, small_disk
from tests.fault.journal import Entry, Journal
from tests.fault.site import Serving, Site, furnish, site_in
from tests.support.client import Client, fresh
from tests.support.refusals import check_form, refusal_of

BEFORE = 3
WHILE = 4
# A log that has space inside it takes some writes on a full disk, but it is far smaller than this.
_MOST = 2_000


@dataclass
class Office:
    """The people who work at a register, and what they were told."""

    world: World
    journal: Journal
    waiting: deque[str]
    desk: Client
    owner: Client
    told: set[str] = field(default_factory=set)

    async def issue(self) -> None:
        """Issue the next contract, and see its key."""
        entry = self.journal.asks(fresh(), self.waiting.popleft())
        await self.send(entry)

    async def send(self, entry: Entry) -> None:
        """Send an issue, for the first time or again."""
        self.journal.answers(entry, await issue_once(self.desk, entry))

    async def refused(self, call: Callable[[], Awaitable[object]]) -> None:
        """Do something until it is refused, as it must be; the refusal is one that a clerk can read."""
        for _ in range(_MOST):
            try:
                await call()
            except grpc.aio.AioRpcError as error:
                told = refusal_of(error)
                check_form(told, "ja")
                assert told.code is grpc.StatusCode.UNAVAILABLE, (told.reason, told.message)
                assert told.reason in ("STORE_UNAVAILABLE", "OUTCOME_UNKNOWN")
                assert not told.localized.message.isascii()
                self.told.add(told.reason)
                return
        raise AssertionError("the disk is not full")

    async def hand_in(self) -> None:
        """Record a handing in of the first certificate."""
        await self.owner.keys.RecordHandIn(
            keys.RecordHandInRequest(
                request_id=fresh(),
                contract_id=self.world.in_force[0],
                channel=hand_in_pb2.HAND_IN_CHANNEL_MAIL,
            )
        )

    async def write_works(self) -> None:
        """Make a works contract."""
        terms = works_pb2.WorksTerms(name="見本橋架替工事", orderer_id="kashiwa", kind="CONSTRUCTION")
        await self.owner.works.CreateWorks(works.CreateWorksRequest(request_id=fresh(), works=terms))

    async def open(self) -> None:
        """Open the first certificate."""
        number, key = self.world.openable[0]
        await self.owner.certificates.OpenCertificate(
            certificates.OpenCertificateRequest(contract_number=number, key=key)
        )

    async def read_what_was_issued(self) -> None:
        """Read the state and the file of what was acknowledged."""
        for entry in self.journal.answered:
            found = await self.desk.contracts.GetContract(
                contracts.GetContractRequest(contract_id=entry.contract_id)
            )
            assert found.contract.state == contract_pb2.CONTRACT_STATE_IN_FORCE
            asked = certificates.DownloadCertificateRequest(contract_id=entry.contract_id)
            assert [part async for part in self.owner.certificates.DownloadCertificate(asked)]


async def work_on_a_full_disk(
    site: Site, world: World, journal: Journal, full: Callable[[Serving], AbstractContextManager[None]]
) -> set[str]:
    """Issue, meet a full disk, issue again when there is space, all on one server; the reasons that were told."""
    async with (
        site.serving() as serving,
        serving.client(world.guarantor_token) as desk,
        serving.client(world.contractor_token) as owner,
    ):
        office = Office(world, journal, deque(world.ready), desk, owner)
        for _ in range(BEFORE):
            await office.issue()
        with full(serving):
            for _ in range(WHILE):
                await office.refused(office.issue)
            for act in (office.open, office.hand_in, office.write_works):
                await office.refused(act)
            await office.read_what_was_issued()
        for entry in journal.unanswered:
            await office.send(entry)
        for act in (office.issue, office.open, office.hand_in, office.write_works):
            await act()
        await check_nothing_lost(serving, world, journal)
        assert await serving.stop() == 0
    await check_sound(site)
    return office.told


async def work_and_look_again(
    site: Site, folder: Path, full: Callable[[Serving], AbstractContextManager[None]]
) -> None:
    """Work on a full disk; then all must be there for the next server too."""
    world = await furnish(site, ready=BEFORE + WHILE + 1, openable=1)
    journal = Journal(folder / "journal")
    told = await work_on_a_full_disk(site, world, journal, full)
    assert "STORE_UNAVAILABLE" in told
    assert len(journal.answered) == BEFORE + WHILE + 1
    async with site.serving() as serving:
        await check_nothing_lost(serving, world, journal)
        assert await serving.stop() == 0


@pytest.mark.slow
async def test_on_a_disk_without_space_nothing_is_lost(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 48) as disk, site_in(disk) as site:

        def full(_: Serving) -> AbstractContextManager[None]:
            return no_space_left(disk)

        await work_and_look_again(site, tmp_path, full)
        assert free_bytes(disk) > 0


async def test_where_no_file_can_grow_nothing_is_lost(tmp_path: Path) -> None:
    with site_in(tmp_path, render_workers="1") as site:
        await work_and_look_again(site, tmp_path, no_file_grows)
