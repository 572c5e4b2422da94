"""A first start that is killed at any moment leaves nothing that keeps the next one from being the first."""

import random
from pathlib import Path

import pytest

from tests.fault.checks import check_sound
from tests.fault.moments import has_strace
from tests.fault.site import Site, site_in

SEED = 20_261_128
# What a first start does to the disk with keys, tables and folders, and how often at most.
CALLS = {"fsync": 12, "link,linkat": 5, "mkdir": 5, "fdatasync": 12, "pwrite64": 390}
MOST = 5

pytestmark = pytest.mark.skipif(not has_strace(), reason="strace, which kills at a call, is not here")


async def kill_first_start(site: Site, call: str, which: int) -> bool:
    """Kill a first start as it enters its Nth call of a kind, then start again; whether it was killed."""
    killed = await site.killed_start(call, which)
    async with site.serving() as serving:
        assert await serving.stop() == 0
    await check_sound(site)
    print(f"{call} {which}: {'killed' if killed else 'ready before'}")
    return killed


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
async def test_a_killed_first_start_can_be_repeated(tmp_path: Path, call: str) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    some = sorted(chance.sample(range(1, CALLS[call] + 1), min(CALLS[call], MOST)))
    killed = 0
    for which in some:
        folder = tmp_path / str(which)
        folder.mkdir()
        with site_in(folder) as site:
            killed += await kill_first_start(site, call, which)
    assert killed, "no start was killed"
