"""What a store that was closed leaves on the disk."""

import asyncio
import threading
from pathlib import Path

from tashika_server.application.ports import ReadView
from tashika_server.storage.store import SLOW_READERS, open_store
from tests.storage.databases import Database
from tests.storage.world import CountingIds, ManualClock, adds, contract

ROUNDS = 60


def files_of(database: Database) -> list[str]:
    return [path.name for path in Path(database.location).glob("tashika.db*")]


async def test_a_store_that_was_closed_is_one_file(sqlite: Database) -> None:
    """Whoever copies the file then has the register, and over an older file no newer write-ahead log lies in wait.

    SQLite leaves its log behind where the last connections close at the same moment, each seeing the others: of
    several threads that do so one time in ten, hence the rounds.
    """
    ids = CountingIds()
    for number in range(1, ROUNDS + 1):
        store = open_store(sqlite.location, clock=ManualClock(), ids=ids)
        await store.run(adds(contract(number)))
        together = threading.Barrier(SLOW_READERS)

        def look(view: ReadView, met: threading.Barrier = together) -> int:
            met.wait(20)  # so that each thread has a connection
            return view.revision()

        await asyncio.gather(*(store.read(look, slow=True) for _ in range(SLOW_READERS)))
        await store.close()
        assert files_of(sqlite) == ["tashika.db"], f"round {number}"
