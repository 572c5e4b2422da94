"""A disk that fails to write: what was acknowledged stays, and what was not gets one answer in the end."""

import random
from collections import deque
from pathlib import Path

import grpc
import grpc.aio
import pytest

from tests.bench.world import World
from tests.fault.checks import check_nothing_lost, check_sound
from tests.fault.clients import issue_once, side_by_side
from tests.fault.journal import Entry, Journal
from tests.fault.moments import has_strace, traced
from tests.fault.site import Serving, furnish, site_in
from tests.support.client import Client, fresh
from tests.support.refusals import check_form, refusal_of

ISSUES = 24
SEED = 20_261_125

pytestmark = pytest.mark.skipif(
    not has_strace(), reason="strace, which makes calls to the disk fail, is not here"
)


async def issue_or_be_refused(desk: Client, journal: Journal, entry: Entry) -> str:
    """Send an issue; the reason of its refusal, if it is refused."""
    try:
        journal.answers(entry, await issue_once(desk, entry))
    except grpc.aio.AioRpcError as error:
        told = refusal_of(error)
        check_form(told, "ja")
        assert told.code is grpc.StatusCode.UNAVAILABLE, (told.reason, told.message)
        return told.reason
    return ""


async def issue_on_a_failing_disk(
    serving: Serving, world: World, journal: Journal, waiting: deque[str], call: str, injection: str
) -> set[str]:
    """Issue side by side while the server's calls of a kind fail; the reasons that were told."""
    told: set[str] = set()
    async with serving.client(world.guarantor_token) as desk:

        async def issue(contract_id: str) -> None:
            told.add(await issue_or_be_refused(desk, journal, journal.asks(fresh(), contract_id)))

        async with traced(serving.pid, call, injection):
            await side_by_side([waiting.popleft() for _ in range(ISSUES)], issue, at_once=8)
    return told - {""}


@pytest.mark.parametrize(
    ("call", "error", "reasons"),
    [
        # A COMMIT whose sync fails may be on the disk or not; each issue is looked up, or not told.
        ("fdatasync", "EIO", {"OUTCOME_UNKNOWN", "STORE_UNAVAILABLE"}),
        pytest.param("pwrite64", "EIO", {"OUTCOME_UNKNOWN", "STORE_UNAVAILABLE"}, marks=pytest.mark.slow),
        pytest.param("fsync", "EIO", {"STORE_UNAVAILABLE"}, marks=pytest.mark.slow),
        pytest.param("rename", "ENOSPC", {"STORE_UNAVAILABLE"}, marks=pytest.mark.slow),
    ],
    ids=["sync", "page", "blob", "name"],
)
async def test_failing_calls_lose_nothing(tmp_path: Path, call: str, error: str, reasons: set[str]) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    with site_in(tmp_path) as site:
        world = await furnish(site, ready=3 * ISSUES)
        journal, waiting = Journal(tmp_path / "journal"), deque(world.ready)
        async with site.serving() as serving:
            # Now and then, and then for good.
            for when in (f"{chance.randint(1, 3)}+{chance.randint(2, 5)}", "1+"):
                told = await issue_on_a_failing_disk(
                    serving, world, journal, waiting, call, f"error={error}:when={when}"
                )
                print(f"{call} {error} when={when}: {told or 'nobody refused'}")
                assert told <= reasons
            assert told, "not even a disk that always fails was noticed"
            # The disk is well again, and so is the server.
            tally = await check_nothing_lost(serving, world, journal)
            print(tally)
            assert await serving.stop() == 0
        await check_sound(site)
        async with site.serving() as serving:
            await check_nothing_lost(serving, world, journal)
            assert await serving.stop() == 0
