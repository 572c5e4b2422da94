"""Japan's calendar day, by which every rule goes, and the fiscal year (1 April to 31 March)."""

from datetime import date, datetime, timedelta, timezone

from tashika_formats.dates import fiscal_year, fiscal_year_bounds

__all__ = ["JAPAN", "days_inclusive", "fiscal_year", "fiscal_year_bounds", "japan_day"]

JAPAN = timezone(timedelta(hours=9), "JST")
"""Japan Standard Time: UTC+9 all the year; Japan has had no summer time since 1951."""


def japan_day(moment: datetime) -> date:
    """Give the day in Japan at a moment. Raises ``ValueError`` for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(JAPAN).date()


def days_inclusive(first: date, last: date) -> int:
    """Count the days of a period, both ends included; 0 or less for a reversed one."""
    return (last - first).days + 1
