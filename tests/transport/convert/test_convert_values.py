"""Days, moments, etags."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from hypothesis import given
from hypothesis import strategies as st

from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.transport.convert.values import (
    date_from_proto,
    date_to_proto,
    etag_of,
    moment_from_proto,
    moment_to_proto,
    revision_of,
)


@given(st.dates())
def test_a_day_goes_there_and_back(day: date) -> None:
    message = date_to_proto(day)
    assert message is not None
    assert date_from_proto(message, "day") == day


@pytest.mark.parametrize(
    "day",
    [
        (2026, 2, 29),
        (2026, 13, 1),
        (2026, 0, 0),
        (2026, 4, 0),
        (0, 4, 1),
        (0, 0, 0),
        (-1, 1, 1),
        (10000, 1, 1),
    ],
)
def test_a_day_that_is_not_in_the_calendar_is_refused_with_its_field(day: tuple[int, int, int]) -> None:
    year, month, number = day
    with pytest.raises(RefusedError) as refused:
        date_from_proto(Date(year=year, month=month, day=number), "works.contract_date")
    assert (refused.value.reason, refused.value.violations[0].field) == (
        Reason.DATE_IMPOSSIBLE,
        "works.contract_date",
    )


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_goes_there_and_back_to_the_microsecond(moment: datetime) -> None:
    message = moment_to_proto(moment)
    assert message is not None
    assert moment_from_proto(message, "time") == moment


def test_a_moment_of_another_time_zone_is_the_same_moment() -> None:
    japan = datetime(2026, 4, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    assert moment_to_proto(japan) == moment_to_proto(datetime(2026, 4, 1, 0, tzinfo=UTC))


def test_what_is_finer_than_a_microsecond_is_cut_off() -> None:
    assert moment_from_proto(Timestamp(nanos=1999), "time") == datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "nanos"), [(2**62, 0), (-(2**62), 0), (253_402_300_800, 0), (0, -1), (0, 10**9)]
)
def test_an_impossible_moment_is_refused(seconds: int, nanos: int) -> None:
    with pytest.raises(RefusedError) as refused:
        moment_from_proto(Timestamp(seconds=seconds, nanos=nanos), "hand_in_time")
    assert (refused.value.reason, refused.value.violations[0].field) == (
        Reason.DATE_IMPOSSIBLE,
        "hand_in_time",
    )


def test_none_is_none() -> None:
    assert date_to_proto(None) is None
    assert moment_to_proto(None) is None


@given(st.integers(0, 2**63 - 1))
def test_an_etag_gives_its_revision_back(revision: int) -> None:
    assert revision_of(etag_of(revision)) == revision


def test_an_empty_etag_expects_nothing() -> None:
    assert revision_of("") is None


@pytest.mark.parametrize("etag", ["7", "2-7", "1-", "1-7 ", "1-G", "1--7", "1-７", "1-" + "f" * 17, "*"])
def test_an_etag_not_made_here_is_of_no_revision(etag: str) -> None:
    assert revision_of(etag) == -1


INT32 = st.integers(-(2**31), 2**31 - 1)


@given(INT32, INT32, INT32)
def test_any_three_numbers_are_a_day_or_refused(year: int, month: int, day: int) -> None:
    message = Date(year=year, month=month, day=day)
    try:
        assert date_to_proto(date_from_proto(message, "day")) == message
    except RefusedError as refused:
        assert refused.reason is Reason.DATE_IMPOSSIBLE
