"""What people are told of attempts to open: the first opening of a contract, and that somebody may be guessing its key.

In the attempts' own transaction the event alone is kept, one row; the people are looked up by a command right after.
So an opening costs no more than before, nothing is lost, and a number that is not there takes the same time as one
that is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.generations import FIRST
from tashika_server.domain.notices import NoticeKind
from tashika_server.storage.codec import micros
from tashika_server.storage.notices import WAIT
from tashika_server.storage.session import Dialect, Session, Value

# Numbers that are known to have been opened before, so that nobody looks again: some megabytes.
CAPACITY: Final = 50_000


Opened = tuple[str, int]
"""A number, and the generation of the key that opened it: with a key that was issued anew it is told again."""


class OpeningEvents:
    """Finds and keeps the events of one group of attempts. ``committed`` or ``undone`` ends each group."""

    def __init__(self, dialect: Dialect, capacity: int = CAPACITY) -> None:
        self._dialect = dialect
        self._capacity = capacity
        self._known: dict[Opened, None] = {}
        self._new: set[Opened] = set()
        self._opened_before = dialect.text(
            "SELECT DISTINCT number, generation FROM opening WHERE success = 1 AND "  # noqa: S608
            + dialect.in_list("number")
        )

    def first_openings(self, session: Session, opened: Iterable[Opened]) -> set[Opened]:
        """Which of the numbers are opened now for the first time with this key; the group's own rows come after."""
        self._new = {each for each in opened if each not in self._known}
        if not self._new:
            return set()
        numbers = sorted({number for number, _ in self._new})
        rows = session.all(self._opened_before, self._dialect.list_parameter(numbers))
        return self._new - {(str(row[0]), int(row[1])) for row in rows}

    def keep(self, session: Session, opened: Iterable[Opened], guessed: Iterable[str], now: datetime) -> None:
        """Keep an event for each first opening, and one a day for each number whose key may be guessed."""
        time, day = micros(now), japan_day(now).isoformat()
        rows: list[tuple[Value, ...]] = [
            *(
                (_opening_id(number, generation), NoticeKind.OPENED.value, number, time)
                for number, generation in sorted(opened)
            ),
            *(
                (f"{NoticeKind.KEY_GUESSING}/{each}/{day}", NoticeKind.KEY_GUESSING.value, each, time)
                for each in sorted(guessed)
            ),
        ]
        session.many(self._dialect.text(WAIT), rows)

    def committed(self) -> None:
        """The group took place: its numbers have been opened."""
        if len(self._known) + len(self._new) > self._capacity:
            self._known.clear()
        self._known.update(dict.fromkeys(self._new))
        self._new = set()

    def undone(self) -> None:
        """The group did not take place, or nobody knows."""
        self._new = set()


def _opening_id(number: str, generation: int) -> str:
    again = "" if generation == FIRST else f"/{generation}"
    return f"{NoticeKind.OPENED}/{number}{again}"
