"""Moments at which a server is killed: by chance after an answer, or at one of its own calls to the disk.

The second kind needs strace: it kills the server as it enters its Nth call of a kind, so that the call itself is not
made, e.g. between a blob's bytes and its name, or in the middle of the pages of a COMMIT.
"""

import asyncio
import contextlib
import random
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.fault.clients import Fleet
from tests.fault.site import Serving

# What a call to the disk is, and among how many of each thread's own the fatal one is chosen.
PLACES = {
    "pwrite64": 400,  # pages of the log of a COMMIT, and of its checkpoint into the database
    "fdatasync": 12,  # the end of a COMMIT
    "fsync": 8,  # a blob's bytes, and the folder with its name
    "rename": 4,  # a blob's name
    "mkdir": 3,  # a blob's folder
}
# The server of a PostgreSQL writes elsewhere: here the calls are what is said to it, COMMIT among it, and the blobs.
POSTGRESQL_PLACES = {"sendto": 120, "fsync": 8, "rename": 4}
_ATTACHED = b" attached"


def has_strace() -> bool:
    """Whether calls to the disk can be reached here."""
    return shutil.which("strace") is not None


@dataclass(frozen=True)
class Moment:
    """When a server is killed. ``call``: the call to the disk, or empty; ``which``: its number.

    ``answers``: acknowledged issues before; ``seconds``: what passes after them where there is no call.
    """

    answers: int
    seconds: float = 0.0
    call: str = ""
    which: int = 0

    @classmethod
    def choose(cls, chance: random.Random, place: int, places: Mapping[str, int]) -> "Moment":
        """The moment of the kill with this number: every other one at a call to the disk, all kinds in turn."""
        answers = chance.randint(3, 20)
        if place % 2 == 0 or not has_strace():
            return cls(answers, seconds=chance.uniform(0.0, 0.08))
        calls = list(places)
        call = calls[place // 2 % len(calls)]
        return cls(answers, call=call, which=chance.randint(1, places[call]))

    async def kill(self, serving: Serving, fleet: Fleet) -> int:
        """Kill the server at this moment; its exit code."""
        await fleet.answered(self.answers)
        if not self.call:
            await asyncio.sleep(self.seconds)
            serving.kill()
            return await serving.ended()
        async with traced(serving.pid, self.call, f"signal=KILL:when={self.which}"):
            return await serving.ended()


@asynccontextmanager
async def traced(pid: int, call: str, injection: str) -> AsyncIterator[None]:
    """Let strace change what a kind of call does in all threads of a process, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        "strace",
        *("-f", "-p", str(pid), "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{injection}"),
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(30):
            line = await process.stderr.readline()
            assert _ATTACHED in line, line.decode()
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            # strace lets go of the process at SIGINT; killed, it would take it along.
            process.send_signal(signal.SIGINT)
        await process.communicate()
