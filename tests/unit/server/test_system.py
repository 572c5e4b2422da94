"""Ids come in the order of their making, also from many threads and with a clock that goes back."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from tashika_server.system import JapaneseHolidays, SystemClock, SystemRandomness, TimeOrderedIds

START = datetime(2026, 4, 1, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self, time: datetime = START) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


class Highest:
    """The greatest chance there is, so that every id runs over."""

    def token(self, size: int) -> bytes:
        return b"\xff" * size


def test_an_id_has_the_form_that_the_api_promises() -> None:
    made = TimeOrderedIds(SystemClock(), SystemRandomness()).new("con")
    assert re.fullmatch(r"con_[0-9A-HJKMNP-TV-Z]{26}", made)


def test_ids_within_a_moment_and_with_a_clock_set_back_still_rise() -> None:
    clock = Clock()
    ids = TimeOrderedIds(clock, Highest())
    made = [ids.new("x") for _ in range(100)]
    clock.time -= timedelta(days=1)
    made += [ids.new("x") for _ in range(100)]
    assert made == sorted(set(made))


def test_a_later_moment_gives_a_greater_id() -> None:
    clock = Clock()
    ids = TimeOrderedIds(clock, SystemRandomness())
    first = ids.new("x")
    clock.time += timedelta(milliseconds=1)
    assert ids.new("x") > first
    assert ids.new("x")[2:12] == "01KN35E001"


def test_threads_never_get_the_same_id() -> None:
    ids = TimeOrderedIds(Clock(), Highest())
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.new("x"), range(2000)))
    assert len(set(made)) == 2000


def test_the_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_holidays_are_those_of_the_law_with_their_substitutes() -> None:
    holidays = JapaneseHolidays()
    assert holidays.is_holiday(date(2026, 11, 23))
    # 3 May 2026 is a Sunday: the next day that is no holiday itself takes its place.
    assert holidays.is_holiday(date(2026, 5, 6))
    assert not holidays.is_holiday(date(2026, 11, 24))


@pytest.mark.parametrize("size", [0, 1, 32])
def test_random_bytes_have_the_size_that_was_asked_for(size: int) -> None:
    assert len(SystemRandomness().token(size)) == size
