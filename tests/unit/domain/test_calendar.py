from datetime import UTC, date, datetime

import pytest

from tashika_server.domain.calendar import days_inclusive, japan_day


def test_the_day_changes_at_15_utc() -> None:
    assert japan_day(datetime(2026, 3, 31, 14, 59, 59, 999_999, tzinfo=UTC)) == date(2026, 3, 31)
    assert japan_day(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)) == date(2026, 4, 1)


def test_a_moment_without_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        japan_day(datetime(2026, 3, 31, 15, 0))  # noqa: DTZ001


def test_periods_count_both_days() -> None:
    assert days_inclusive(date(2026, 4, 1), date(2026, 4, 1)) == 1
    assert days_inclusive(date(2026, 4, 1), date(2026, 5, 20)) == 50
