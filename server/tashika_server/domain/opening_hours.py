"""When an office of a guarantor answers, and whether it does at a moment. Hours are those of Japan's clock.

The briefing of Kashiwa City (2025-12-26, item K14): the branch answers 9:00 to 17:00 except on Saturdays, Sundays,
holidays and at the year's end. Other offices have other hours, so all of it is data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import auto
from typing import Final

from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.reasons import Token

MINUTES_A_DAY: Final = 24 * 60

IsHoliday = Callable[[date], bool]
"""Whether a day is a national holiday of Japan (国民の祝日, its substitutes among them)."""

# An office that is closed for a whole year has no opening hours.
_LOOK_AHEAD_DAYS: Final = 366


class Weekday(Token):
    """A day of the week, in the order in which Python counts them from 0."""

    MONDAY = auto()
    TUESDAY = auto()
    WEDNESDAY = auto()
    THURSDAY = auto()
    FRIDAY = auto()
    SATURDAY = auto()
    SUNDAY = auto()


class ClosedReason(Token):
    """Why an office does not answer."""

    OUTSIDE_HOURS = auto()
    WEEKDAY = auto()
    HOLIDAY = auto()
    YEARLY = auto()


@dataclass(frozen=True, slots=True)
class YearlyClosure:
    """Days of each year on which an office is closed, both included: (12, 29) to (1, 3) goes over the year's end."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """From when until when an office answers, in minutes after midnight, and on which days it does not."""

    opens_minute: int = 9 * 60
    closes_minute: int = 17 * 60
    closed_weekdays: frozenset[Weekday] = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})
    open_on_holidays: bool = False
    yearly_closures: tuple[YearlyClosure, ...] = (YearlyClosure((12, 29), (1, 3)),)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an office answers now; until when, or from when again. ``closed_reason`` is None while it answers;
    ``next_change`` is None where the office does not open within a year.
    """

    open_now: bool
    next_change: datetime | None
    closed_reason: ClosedReason | None


def standing(hours: OpeningHours, moment: datetime, is_holiday: IsHoliday) -> Standing:
    """Say how an office stands at a moment (aware, in any time zone)."""
    now = moment.astimezone(JAPAN)
    closed = closed_all_day(hours, now.date(), is_holiday)
    opens, closes = _at(now.date(), hours.opens_minute), _at(now.date(), hours.closes_minute)
    if closed is None and opens <= now < closes:
        return Standing(True, closes, None)
    reason = closed or ClosedReason.OUTSIDE_HOURS
    return Standing(False, _next_opening(hours, now, is_holiday), reason)


def closed_all_day(hours: OpeningHours, day: date, is_holiday: IsHoliday) -> ClosedReason | None:
    """Say why an office does not open on a day; None: it does. The year's end goes before a weekend in it."""
    if any(closure.holds(day) for closure in hours.yearly_closures):
        return ClosedReason.YEARLY
    if tuple(Weekday)[day.weekday()] in hours.closed_weekdays:
        return ClosedReason.WEEKDAY
    if not hours.open_on_holidays and is_holiday(day):
        return ClosedReason.HOLIDAY
    return None


def _next_opening(hours: OpeningHours, now: datetime, is_holiday: IsHoliday) -> datetime | None:
    for ahead in range(_LOOK_AHEAD_DAYS + 1):
        day = now.date() + timedelta(days=ahead)
        opens = _at(day, hours.opens_minute)
        if opens > now and closed_all_day(hours, day, is_holiday) is None:
            return opens
    return None


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), JAPAN) + timedelta(minutes=minute)
