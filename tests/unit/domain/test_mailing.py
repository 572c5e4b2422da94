"""When a mail is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from tashika_server.domain.mailing import (
    CHANCES,
    FIRST_PAUSE,
    GIVE_UP_AFTER,
    LONGEST_OUTAGE_PAUSE,
    LONGEST_PAUSE,
    given_up,
    pause_after,
)

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def test_pauses_double_up_to_the_longest() -> None:
    full = [pause_after(attempt, CHANCES) for attempt in range(1, 12)]
    assert full[:4] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4, FIRST_PAUSE * 8]
    assert full[-1] == pause_after(10_000, CHANCES) == LONGEST_PAUSE
    assert full == sorted(full)


@pytest.mark.parametrize("attempt", [0, 1, 5, 10_000])
@pytest.mark.parametrize("longest", [LONGEST_PAUSE, LONGEST_OUTAGE_PAUSE])
def test_half_of_a_pause_goes_by_chance(attempt: int, longest: timedelta) -> None:
    least, most = pause_after(attempt, 0, longest), pause_after(attempt, CHANCES, longest)
    assert least * 2 == most
    assert least < pause_after(attempt, CHANCES // 3, longest) < most <= longest


def test_a_mail_is_given_up_after_days_and_not_before() -> None:
    assert not given_up(NOW, NOW + GIVE_UP_AFTER - timedelta(seconds=1))
    assert given_up(NOW, NOW + GIVE_UP_AFTER)
