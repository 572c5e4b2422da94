"""Values in words: days in the era calendar, yen, moments in Japan, shares."""

import datetime

from tashika_formats.dates import DateTypingError, era_date, era_fiscal_year
from tashika_formats.money import format_yen, group_digits
from tashika_tui.i18n import Texts

# Japan has one time zone and no summer time.
JAPAN = datetime.timezone(datetime.timedelta(hours=9), "JST")


def day_text(texts: Texts, day: datetime.date | None) -> str:
    """A day as public documents write it (令和7年12月26日), in English as 2025-12-26; empty for None."""
    if day is None:
        return ""
    if texts.language == "ja":
        try:
            return era_date(day)
        except DateTypingError:
            return day.isoformat()
    return day.isoformat()


def moment_text(texts: Texts, moment: datetime.datetime | None) -> str:
    """A moment to the minute, in Japan; empty for None."""
    if moment is None:
        return ""
    local = moment.astimezone(JAPAN)
    return texts("value.moment", day=day_text(texts, local.date()), hour=local.hour, minute=local.minute)


def japan_day(moment: datetime.datetime | None) -> datetime.date | None:
    """The day in Japan on which a moment lies."""
    return None if moment is None else moment.astimezone(JAPAN).date()


def yen_text(texts: Texts, amount: int | None) -> str:
    """An amount as on a certificate (金 1,234,567 円), in English as JPY 1,234,567; empty for None."""
    if amount is None:
        return ""
    if texts.language == "ja" and amount >= 0:
        return format_yen(amount)
    return texts("value.yen", amount=group_digits(amount))


def bytes_text(texts: Texts, count: int) -> str:
    """The size of a file."""
    return texts("value.bytes", bytes=group_digits(count))


def fiscal_year_text(texts: Texts, year: int | None) -> str:
    """A fiscal year (令和7年度), in English FY2025; empty for None."""
    if year is None:
        return ""
    if texts.language == "ja":
        try:
            return era_fiscal_year(year)
        except ValueError:
            return str(year)
    return f"FY{year}"


def share_text(hundredths: int | None) -> str:
    """A share of a joint venture in percent, from hundredths: 33.34%."""
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}%"


def period_text(texts: Texts, first: str, last: str) -> str:
    """A period from two days in words; either may be empty."""
    if not first:
        return texts("value.until", last=last) if last else ""
    return texts("value.period", first=first, last=last) if last else texts("value.since", first=first)


def field_text(texts: Texts, path: str) -> str:
    """What a field of an application is called; its path where it has no name."""
    return texts.choice("field", path.removeprefix("application.").removeprefix("terms."))
