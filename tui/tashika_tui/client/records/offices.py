"""Offices of guarantors: when they answer, and whether they do now."""

from dataclasses import dataclass

from tashika_tui.client.records.common import Moment

YearDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """From when until when an office answers, in minutes after midnight in Japan, and when it does not: weekdays
    by name (`SATURDAY`), holidays, and days of each year as (month, day), first and last.
    """

    opens_minute: int
    closes_minute: int
    closed_weekdays: tuple[str, ...] = ()
    open_on_holidays: bool = False
    yearly_closures: tuple[tuple[YearDay, YearDay], ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """An office (支店). `hours` is None where nobody said; then `open_now` says nothing.

    `change_time` is until when it answers, or from when again. `closed_reason`, while it does not answer:
    OUTSIDE_HOURS, WEEKDAY, HOLIDAY, YEARLY.
    """

    name: str
    telephone: str
    address: str
    hours: OpeningHours | None = None
    open_now: bool = False
    change_time: Moment | None = None
    closed_reason: str = ""


@dataclass(frozen=True, slots=True)
class GuarantorOffices:
    """A guarantor with its offices, in its own order."""

    organization_id: str
    name: str
    telephone: str
    offices: tuple[Office, ...] = ()
