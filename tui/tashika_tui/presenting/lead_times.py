"""Lead times in words and bars, readable without colour and in a narrow terminal."""

from tashika_formats.money import group_digits
from tashika_tui.client.records import LeadTimeSpread, Portfolio
from tashika_tui.i18n import Texts
from tashika_tui.presenting.sheet import Section
from tashika_tui.terminal import width

_MINUTE, _HOUR = 60, 3600
_DAY = 24 * _HOUR
_FINE = 2 * _DAY

# What a bar is drawn of; the longest has so many columns, so that a count stands beside it in 80.
_MARK, _LONGEST = "#", 32
_COLUMNS = (
    ("lead_time.count", 7),
    ("lead_time.half", 12),
    ("lead_time.nine_tenths", 12),
    ("lead_time.longest", 12),
)


def span_text(texts: Texts, seconds: int | None) -> str:
    """A span of time: minutes below an hour, hours and minutes below two days, else days and hours."""
    if seconds is None:
        return "-"
    if seconds < _HOUR:
        return texts("lead_time.minutes", minutes=seconds // _MINUTE)
    if seconds < _FINE:
        return texts("lead_time.hours", hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)
    return texts("lead_time.days", days=seconds // _DAY, hours=seconds % _DAY // _HOUR)


def portfolio_sections(texts: Texts, portfolio: Portfolio, leg: str) -> list[Section]:
    """The share within a day, a line for each leg, and the histogram of one leg."""
    whole = portfolio.lead_times[-1]
    rows = [(texts("lead_time.leg"), _line([texts(name) for name, _ in _COLUMNS]))]
    rows += [(_leg(texts, spread), _line(_cells(texts, spread))) for spread in portfolio.lead_times]
    chosen = next((spread for spread in portfolio.lead_times if spread.leg == leg), whole)
    heading = texts("lead_time.graph", leg=_leg(texts, chosen), count=group_digits(chosen.count))
    return [
        Section("", [("", same_day_text(texts, whole))]),
        Section(texts("lead_time.table"), rows),
        Section(heading, _bars(texts, chosen)),
    ]


def same_day_text(texts: Texts, whole: LeadTimeSpread) -> str:
    """How many went the whole way within one day (当日中)."""
    if not whole.count:
        return texts("lead_time.none")
    percent = whole.same_day_count * 100 // whole.count
    return texts(
        "lead_time.same_day",
        count=group_digits(whole.count),
        same=group_digits(whole.same_day_count),
        percent=percent,
    )


def _leg(texts: Texts, spread: LeadTimeSpread) -> str:
    return texts.choice("lead_time_leg", spread.leg)


def _cells(texts: Texts, spread: LeadTimeSpread) -> list[str]:
    spans = (spread.half_seconds, spread.nine_tenths_seconds, spread.longest_seconds)
    return [group_digits(spread.count), *(span_text(texts, seconds) for seconds in spans)]


def _line(cells: list[str]) -> str:
    return "".join(
        " " * max(1, columns - width(cell)) + cell for cell, (_, columns) in zip(cells, _COLUMNS, strict=True)
    )


def _bars(texts: Texts, spread: LeadTimeSpread) -> list[tuple[str, str]]:
    most = max((bar.count for bar in spread.bars), default=0)
    rows, before = [], 0
    for bar in spread.bars:
        if bar.below_seconds is None:
            label = texts("lead_time.beyond", time=_round(texts, before))
        else:
            label, before = texts("lead_time.below", time=_round(texts, bar.below_seconds)), bar.below_seconds
        rows.append(
            (label, texts("lead_time.bar", bar=_drawn(bar.count, most), count=group_digits(bar.count)))
        )
    return rows


def _drawn(count: int, most: int) -> str:
    """A bar; what is not nothing is seen."""
    return _MARK * max(1, count * _LONGEST // most) if count else ""


def _round(texts: Texts, seconds: int) -> str:
    if seconds % _DAY:
        return texts("lead_time.whole_hours", hours=seconds // _HOUR)
    return texts("lead_time.whole_days", days=seconds // _DAY)
