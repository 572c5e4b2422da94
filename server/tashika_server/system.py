"""The ports that only the machine itself can fill: time, fresh ids, and chance."""

import secrets
import threading
from datetime import UTC, date, datetime

import jpholiday

from tashika_server.application.ports import Clock, Randomness

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_CHARACTERS = 26
_RANDOM_BITS = 80
_TIME_BITS = 48


class SystemClock:
    """The machine's clock, in UTC. Rules go by Japan's day, which follows from it."""

    def now(self) -> datetime:
        """Give the present moment, to the microsecond."""
        return datetime.now(UTC)


class JapaneseHolidays:
    """The holidays by the law on them (国民の祝日に関する法律) as it stands; years to come by the same rules."""

    def is_holiday(self, day: date) -> bool:
        """Whether a day is one."""
        return bool(jpholiday.is_holiday(day))


class SystemRandomness:
    """The operating system's cryptographic generator."""

    def token(self, size: int) -> bytes:
        """Give ``size`` random bytes."""
        return secrets.token_bytes(size)


class TimeOrderedIds:
    """Ids whose order is that of their making: 48 bits of milliseconds since 1970, then 80 random bits.

    Within one process each id is greater than the one before it, also within a millisecond and when the clock
    is set back. Ids are names, not secrets: whoever knows one can guess its neighbours. Safe for threads.
    """

    def __init__(self, clock: Clock, randomness: Randomness) -> None:
        self._clock = clock
        self._randomness = randomness
        self._lock = threading.Lock()
        self._last = 0

    def new(self, prefix: str) -> str:
        """Make an id such as ``con_01JD...``, 26 characters of Crockford's base32 after the prefix."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        chance = int.from_bytes(self._randomness.token(_RANDOM_BITS // 8), "big")
        fresh = (milliseconds << _RANDOM_BITS) | chance
        with self._lock:
            self._last = number = max(fresh, self._last + 1)
        if number >> (_TIME_BITS + _RANDOM_BITS):
            raise OverflowError("the clock is beyond the year 10889")
        return f"{prefix}_{_base32(number)}"


def _base32(number: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_ID_CHARACTERS)))
