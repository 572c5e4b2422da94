"""Offices of guarantors in words: whether they answer, until when, and when they do at all."""

import datetime

from tashika_tui.client.records import GuarantorOffices, Office, OpeningHours
from tashika_tui.i18n import Texts
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import JAPAN

_TOMORROW = datetime.timedelta(days=1)


def offices_sections(texts: Texts, guarantor: GuarantorOffices, today: datetime.date | None) -> Section:
    """A guarantor with its offices. `today` is Japan's day, by which "today" and "tomorrow" are said."""
    rows = [(office.name, "\n".join(_office_lines(texts, office, today))) for office in guarantor.offices]
    if not rows:
        rows = [("", texts("guide.no_office"))]
    heading = "  ".join(part for part in (guarantor.name, guarantor.telephone) if part)
    return Section(heading, rows)


def _office_lines(texts: Texts, office: Office, today: datetime.date | None) -> list[str]:
    lines = ["  ".join(part for part in (_standing_text(texts, office, today), office.telephone) if part)]
    if office.hours is not None:
        lines.append(hours_text(texts, office.hours))
    return [*lines, *([office.address] if office.address else [])]


def _standing_text(texts: Texts, office: Office, today: datetime.date | None) -> str:
    """Whether it answers, and until when or from when again."""
    if office.hours is None:
        return texts("guide.hours_unknown")
    when = _when(texts, office.change_time, today)
    if office.open_now:
        return texts("guide.open_now", when=when)
    reason = texts.choice("office_closed", office.closed_reason)
    return texts("guide.closed_now", reason=reason, when=when) if when else reason


def hours_text(texts: Texts, hours: OpeningHours) -> str:
    """When it answers: 9:00-17:00, except on Saturdays, Sundays, holidays, 12/29-1/3."""
    closed = [texts(f"weekday.{day}") for day in hours.closed_weekdays]
    if not hours.open_on_holidays:
        closed.append(texts("guide.holidays"))
    closed += [
        texts("guide.yearly", first=f"{first[0]}/{first[1]}", last=f"{last[0]}/{last[1]}")
        for first, last in hours.yearly_closures
    ]
    period = f"{_clock(hours.opens_minute)}-{_clock(hours.closes_minute)}"
    if not closed:
        return period
    return texts("guide.hours", period=period, closed=texts("guide.and").join(closed))


def _when(texts: Texts, moment: datetime.datetime | None, today: datetime.date | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(JAPAN)
    clock = f"{local.hour}:{local.minute:02d}"
    if today is not None and local.date() == today:
        return clock
    if today is not None and local.date() == today + _TOMORROW:
        return texts("guide.tomorrow", clock=clock)
    weekday = texts(f"weekday.{_WEEKDAYS[local.weekday()]}")
    return texts("guide.on_day", month=local.month, day=local.day, weekday=weekday, clock=clock)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
