"""A server that is killed in the middle of writing has lost nothing that it acknowledged, on every store."""

import asyncio
import random
import sys
from pathlib import Path

from tashika_server.application.ports import OpeningVerdict
from tashika_server.storage.errors import LockedError
from tashika_server.storage.fsck import check_store
from tashika_server.storage.store import SqlStore, open_store
from tests.storage.databases import Database
from tests.storage.world import CountingIds, ManualClock, attempt, issues, replay

ROOT = Path(__file__).parents[2]
SEED = 20_261_124


async def killed(location: str, lines: int) -> list[list[str]]:
    """Start a server, read that many of its answers, kill it, and give all that it answered."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.storage.crash_child",
        location,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    answers = [await asyncio.wait_for(child.stdout.readline(), 30) for _ in range(lines)]
    child.kill()
    rest = await child.stdout.read()
    await child.wait()
    # a line that is not whole was not acknowledged to anybody
    return [line.decode().split() for line in (*answers, *rest.splitlines(True)) if line.endswith(b"\n")]


async def reopened(database: Database, clock: ManualClock) -> SqlStore:
    """PostgreSQL may take a moment to notice that the killed server's connections are gone."""
    for _ in range(200):
        try:
            return open_store(database.location, clock=clock, ids=CountingIds())
        except LockedError:
            await asyncio.sleep(0.02)
    raise AssertionError("the lock of a killed server stays")


async def test_a_killed_server_has_lost_nothing_that_it_acknowledged(
    database: Database, clock: ManualClock
) -> None:
    choose = random.Random(SEED)
    print(f"seed {SEED}")
    database.spoiled = True  # what the killed server had under way may still hold locks
    answers = await killed(str(database.location), choose.randint(40, 120))
    store = await reopened(database, clock)
    issued = {int(line[1]): int(line[2]) for line in answers if line[0] == "issued"}
    opened = [int(line[1]) for line in answers if line[0] == "opened"]
    assert issued
    assert opened
    for number, revision in issued.items():
        again = await store.run(issues(number), replay(f"request {number}"))
        assert (again.replayed, again.revision) == (True, revision)
        assert (await store.open(attempt(number))).verdict is OpeningVerdict.OPENED
    numbers = [f"{number:014d}" for number in opened]
    attempts = await store.read(lambda view: [len(view.openings.of_number(each, 9)) for each in numbers])
    assert attempts == [2] * len(opened)  # the killed server's, and the one above
    await store.close()
    assert check_store(database.location) == []
