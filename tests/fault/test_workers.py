"""The processes that render may die at any moment: issues go on, or are refused with nothing changed."""

import asyncio
import os
import random
import select
import signal
from collections import deque
from pathlib import Path

import grpc
import grpc.aio

from tests.bench.world import World
from tests.fault.checks import check_nothing_lost, check_sound
from tests.fault.clients import CLIENTS, issue_once, side_by_side
from tests.fault.journal import Journal
from tests.fault.site import STOP_SECONDS, Serving, furnish, signal_all, site_in
from tests.support.client import fresh
from tests.support.refusals import check_form, refusal_of

SEED = 20_261_127
ISSUES = 40


async def issue_all(serving: Serving, world: World, journal: Journal, waiting: deque[str]) -> set[str]:
    """Issue what waits, side by side; the reasons of refusals."""
    told: set[str] = set()
    async with serving.client(world.guarantor_token) as desk:

        async def issue(contract_id: str) -> None:
            entry = journal.asks(fresh(), contract_id)
            try:
                journal.answers(entry, await issue_once(desk, entry))
            except grpc.aio.AioRpcError as error:
                refused = refusal_of(error)
                check_form(refused, "ja")
                told.add(refused.reason)

        await side_by_side(waiting, issue, at_once=CLIENTS)
    return told


async def kill_workers(serving: Serving, journal: Journal, chance: random.Random) -> int:
    """Kill one or all of them again and again, each time after some further answers; how many were killed."""
    killed = 0
    for _ in range(3):
        enough = len(journal.answered) + chance.randint(1, 8)
        await journal.reaches(enough)
        workers = serving.workers()
        victims = workers[: chance.randint(1, max(1, len(workers)))]
        signal_all(victims, signal.SIGKILL)
        killed += len(victims)
    return killed


async def test_killed_workers_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    with site_in(tmp_path) as site:
        world = await furnish(site, ready=ISSUES)
        journal = Journal(tmp_path / "journal")
        async with site.serving() as serving:
            told, killed = await asyncio.gather(
                issue_all(serving, world, journal, deque(world.ready)), kill_workers(serving, journal, chance)
            )
            print(f"{killed} killed, {len(journal.unanswered)} refused: {told}")
            assert killed >= 3
            assert told <= {"RENDERING_UNAVAILABLE"}
            assert len(journal) == ISSUES
            await check_nothing_lost(serving, world, journal)
            assert await serving.stop() == 0
        await check_sound(site)


async def test_workers_end_with_a_server_that_is_killed(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        async with site.serving() as serving:
            workers = serving.workers()
            handles = [os.pidfd_open(pid) for pid in workers]
            serving.kill()
            await serving.ended()
        assert len(workers) == 2
        for handle in handles:
            assert await asyncio.to_thread(_ends, handle), "a worker outlives its server"
            os.close(handle)


def _ends(handle: int) -> bool:
    """Wait for a process by its handle; whether it ended."""
    ready, _, _ = select.select([handle], [], [], STOP_SECONDS)
    return bool(ready)
