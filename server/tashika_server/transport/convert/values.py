"""Single values: days, moments, etags."""

import re
from datetime import UTC, date, datetime, timedelta

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from tashika_server.domain.reasons import Reason, refuse

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ETAG = re.compile("1-[0-9a-f]{1,16}")
_NO_REVISION = -1


def path(prefix: str, field: str) -> str:
    """Give the path of a field below ``prefix``, which may be empty."""
    return f"{prefix}.{field}" if prefix else field


def date_to_proto(day: date | None) -> Date | None:
    """Give a calendar day's message; none for none."""
    return None if day is None else Date(year=day.year, month=day.month, day=day.day)


def date_from_proto(message: Date, field: str) -> date:
    """Give the day of a message that is there.

    Raises ``RefusedError`` with DATE_IMPOSSIBLE for a day that is not in the calendar, and for one that lacks its
    year, month or day: google.type.Date allows that, this API does not.
    """
    try:
        return date(message.year, message.month, message.day)
    except ValueError:
        raise refuse(
            Reason.DATE_IMPOSSIBLE, field, year=message.year, month=message.month, day=message.day
        ) from None


def optional_date(message: Message, name: str, prefix: str) -> date | None:
    """Give the day in the field ``name`` of a message whose path is ``prefix``; none where it is unset."""
    return date_from_proto(getattr(message, name), path(prefix, name)) if message.HasField(name) else None


def moment_to_proto(moment: datetime | None) -> Timestamp | None:
    """Give an aware moment's message, to the microsecond; none for none."""
    if moment is None:
        return None
    message = Timestamp()
    set_moment(message, moment)
    return message


def set_moment(message: Timestamp, moment: datetime) -> None:
    """Write an aware moment into a message, to the microsecond."""
    since = moment - _EPOCH
    message.seconds = since.days * 86400 + since.seconds
    message.nanos = since.microseconds * 1000


def moment_from_proto(message: Timestamp, field: str) -> datetime:
    """Give the moment in UTC; what is finer than a microsecond is cut off.

    Raises ``RefusedError`` with DATE_IMPOSSIBLE outside of the years 1 to 9999, and for nanoseconds out of range.
    """
    if not 0 <= message.nanos < 1_000_000_000:
        raise refuse(Reason.DATE_IMPOSSIBLE, field)
    try:
        return _EPOCH + timedelta(seconds=message.seconds, microseconds=message.nanos // 1000)
    except OverflowError:
        raise refuse(Reason.DATE_IMPOSSIBLE, field) from None


def optional_moment(message: Message, name: str) -> datetime | None:
    """Give the moment in the field ``name`` of a request; none where it is unset."""
    return moment_from_proto(getattr(message, name), name) if message.HasField(name) else None


def etag_of(revision: int) -> str:
    """Give the etag of a thing at a revision. Opaque to clients; the number before the hyphen is its version."""
    return f"1-{revision:x}"


def revision_of(etag: str) -> int | None:
    """Give the revision that a change expects: ``None`` for an empty etag, which expects nothing (AIP-154).

    An etag that was not made here gives a revision that nothing has, so that it is refused as ETAG_MISMATCH like a
    stale one, after it was looked up who may know of the thing.
    """
    if not etag:
        return None
    return int(etag[2:], 16) if _ETAG.fullmatch(etag) else _NO_REVISION
