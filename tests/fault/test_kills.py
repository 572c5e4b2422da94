"""A server that is killed while clients issue has lost nothing that it acknowledged, and keeps no half of anything."""

import asyncio
import random
import signal
from collections import deque
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.bench.world import World
from tests.fault.checks import check_nothing_lost, check_sound
from tests.fault.clients import Fleet
from tests.fault.journal import Journal
from tests.fault.moments import PLACES, Moment
from tests.fault.site import Site, furnish, site_in

SEED = 20_261_123
# A kill that no issue was under way for counts for nothing, and is done again.
_TRIES = 3


class Killer:
    """Kills one server after the other on a site, each checked by the one that is started after it."""

    def __init__(self, site: Site, world: World, journal: Journal) -> None:
        self._site = site
        self._world = world
        self._journal = journal
        self._waiting = deque(world.ready)

    async def kill(self, moment: Moment) -> int:
        """Serve, check what earlier ones left, let the clients issue, kill, check offline; how many were cut off."""
        fleet = Fleet(self._world, self._journal, self._waiting)
        async with self._site.serving() as serving:
            print(f"  {await check_nothing_lost(serving, self._world, self._journal)}")
            async with asyncio.TaskGroup() as group:
                group.create_task(fleet.issue(serving))
                code = await moment.kill(serving, fleet)
        assert code == -signal.SIGKILL
        await check_sound(self._site)
        return fleet.cut

    async def end(self) -> None:
        """Check what the last one left, with a server that ends in peace."""
        async with self._site.serving() as serving:
            print(f"  {await check_nothing_lost(serving, self._world, self._journal)}")
            assert await serving.stop() == 0
        await check_sound(self._site)


async def kill_again_and_again(
    site: Site, journal_file: Path, kills: int, seed: int, places: Mapping[str, int] = PLACES
) -> None:
    """Kill that many servers, each while at least one issue has no answer yet."""
    chance = random.Random(seed)
    print(f"seed {seed}")
    world = await furnish(site, ready=kills * 120)
    journal = Journal(journal_file)
    killer = Killer(site, world, journal)
    for place in range(kills):
        for _ in range(_TRIES):
            moment = Moment.choose(chance, place, places)
            cut = await killer.kill(moment)
            print(f"kill {place + 1} {moment}: {cut} of {len(journal)} issues cut off")
            if cut:
                break
        assert cut, "no issue was under way at any of these kills"
    await killer.end()


async def test_two_kills_lose_nothing(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        await kill_again_and_again(site, tmp_path / "journal", 2, SEED)


@pytest.mark.slow
async def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        await kill_again_and_again(site, tmp_path / "journal", 20, SEED + 1)
