"""When an office answers: the hours of the briefing (K14), and others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.opening_hours import ClosedReason, OpeningHours, Standing, YearlyClosure, standing

HOURS = OpeningHours()
THANKSGIVING = date(2026, 11, 23)


def is_holiday(day: date) -> bool:
    return day == THANKSGIVING


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JAPAN)


TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(TUESDAY, 9), Standing(True, at(TUESDAY, 17), None)),
        (at(TUESDAY, 16, 59), Standing(True, at(TUESDAY, 17), None)),
        (at(TUESDAY, 8, 59), Standing(False, at(TUESDAY, 9), ClosedReason.OUTSIDE_HOURS)),
        (at(TUESDAY, 17), Standing(False, at(date(2026, 11, 25), 9), ClosedReason.OUTSIDE_HOURS)),
        # Friday evening, over a weekend and the holiday after it.
        (at(date(2026, 11, 20), 18), Standing(False, at(TUESDAY, 9), ClosedReason.OUTSIDE_HOURS)),
        (at(date(2026, 11, 21), 12), Standing(False, at(TUESDAY, 9), ClosedReason.WEEKDAY)),
        (at(THANKSGIVING, 12), Standing(False, at(TUESDAY, 9), ClosedReason.HOLIDAY)),
        # 2 January 2027 is a Saturday; the 3rd still belongs to the year's end.
        (at(date(2026, 12, 29), 10), Standing(False, at(date(2027, 1, 4), 9), ClosedReason.YEARLY)),
        (at(date(2027, 1, 2), 10), Standing(False, at(date(2027, 1, 4), 9), ClosedReason.YEARLY)),
    ],
)
def test_an_office_stands_by_its_hours(moment: datetime, expected: Standing) -> None:
    assert standing(HOURS, moment, is_holiday) == expected


def test_the_clock_is_japans() -> None:
    assert standing(HOURS, datetime(2026, 11, 24, 0, 0, tzinfo=UTC), is_holiday).open_now
    assert not standing(HOURS, datetime(2026, 11, 24, 8, 0, tzinfo=UTC), is_holiday).open_now


def test_an_office_may_open_on_holidays() -> None:
    assert standing(replace(HOURS, open_on_holidays=True), at(THANKSGIVING, 12), is_holiday).open_now


def test_an_office_that_is_open_to_midnight_closes_on_the_next_day() -> None:
    late = replace(HOURS, closes_minute=24 * 60)
    assert standing(late, at(TUESDAY, 23, 59), is_holiday).next_change == at(TUESDAY, 0) + timedelta(days=1)


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    never = replace(HOURS, yearly_closures=(YearlyClosure((1, 1), (12, 31)),))
    assert standing(never, at(TUESDAY, 12), is_holiday) == Standing(False, None, ClosedReason.YEARLY)


@pytest.mark.parametrize(
    ("first", "last", "inside", "outside"),
    [
        ((12, 29), (1, 3), [(12, 29), (12, 31), (1, 1), (1, 3)], [(12, 28), (1, 4), (7, 1)]),
        ((8, 13), (8, 15), [(8, 13), (8, 15)], [(8, 12), (8, 16)]),
    ],
)
def test_a_yearly_closure_may_go_over_the_years_end(
    first: tuple[int, int],
    last: tuple[int, int],
    inside: list[tuple[int, int]],
    outside: list[tuple[int, int]],
) -> None:
    closure = YearlyClosure(first, last)
    assert all(closure.holds(date(2026, *day)) for day in inside)
    assert not any(closure.holds(date(2026, *day)) for day in outside)
