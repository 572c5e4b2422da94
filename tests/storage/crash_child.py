"""A server process to be killed: writes without end and says what was acknowledged. Argument: the store."""

import asyncio
import sys
from datetime import UTC, datetime

from tashika_server.storage.store import open_store
from tests.storage.world import CountingIds, adds, attempt, contract, issues, replay

WRITERS = 8


class RealClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def main(location: str) -> None:
    """Issue, draft and open at once; a line for each answer, flushed before the next call."""
    store = open_store(location, clock=RealClock(), ids=CountingIds())

    async def work(writer: int) -> None:
        for step in range(1_000_000):
            number = 1 + writer + WRITERS * step
            issued = await store.run(issues(number), replay(f"request {number}"))
            print(f"issued {number} {issued.revision}", flush=True)
            await store.run(adds(contract(50_000 + number)))
            await store.open(attempt(number))
            print(f"opened {number}", flush=True)

    await asyncio.gather(*(work(writer) for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
