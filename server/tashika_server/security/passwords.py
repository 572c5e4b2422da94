"""Passwords as argon2id hashes (RFC 9106), computed apart from the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs: passes, memory in KiB, and threads."""

    passes: int
    memory_kib: int
    lanes: int


# RFC 9106, second recommended option, with one thread: the others would only take turns with the server's own
# work.
PRODUCTION = Cost(passes=3, memory_kib=64 * 1024, lanes=1)

# Two at once: 128 MiB, and never more than the cores of a small machine; the rest wait in line.
_AT_ONCE = 2


class ArgonPasswords:
    """The ``Passwords`` of the application. ``close`` it at the end."""

    def __init__(self, cost: Cost = PRODUCTION, at_once: int = _AT_ONCE) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=32,
            salt_len=16,
            type=Type.ID,
        )
        self._executor = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="passwords")
        # Nobody's password: what an unknown person's attempt is compared with, so that it takes as long.
        self._dummy = self._hasher.hash("")

    async def hash(self, password: str) -> str:
        """Hash a password, with a fresh salt and the parameters inside the text."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._hasher.hash, password)

    async def verify(self, password: str, encoded: str) -> bool:
        """Compare a password with a hash. An empty or unreadable hash takes the same time and never fits."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._verify, password, encoded)

    def close(self) -> None:
        """Let the threads end."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, encoded: str) -> bool:
        if encoded:
            try:
                return self._hasher.verify(encoded, password)
            except VerifyMismatchError:
                return False
            except (InvalidHashError, VerificationError):
                # A damaged row must not answer faster than a wrong password.
                encoded = ""
        try:
            self._hasher.verify(self._dummy, password)
        except VerificationError:
            return False
        return False
