"""The small conversions between messages and records that all of them share."""

import datetime
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from tashika_tui.client.errors import BrokenAnswer

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def token(message: Message, field: str) -> str:
    """The bare token of an enum field (`IN_FORCE`), empty where it is not given.

    A value that this client does not know, from a newer server, reads `UNKNOWN_<number>`.
    """
    described = message.DESCRIPTOR.fields_by_name[field].enum_type
    if described is None:
        raise TypeError(f"{field} is no enumeration")
    return _token(described, getattr(message, field))


def tokens(message: Message, field: str) -> tuple[str, ...]:
    """The bare tokens of a repeated enum field."""
    described = message.DESCRIPTOR.fields_by_name[field].enum_type
    if described is None:
        raise TypeError(f"{field} is no enumeration")
    return tuple(_token(described, value) for value in getattr(message, field))


def enum_value(enum: Any, bare: str) -> Any:
    """The value of a bare token in a generated enum, of "not given" for an empty one.

    What `token` gave for a value unknown to this client goes back as the same value. Raises ValueError.
    """
    if bare.startswith("UNKNOWN_") and bare.removeprefix("UNKNOWN_").isdigit():
        return int(bare.removeprefix("UNKNOWN_"))
    return enum.Value(_prefix(enum.DESCRIPTOR) + (bare or "UNSPECIFIED"))


def day(message: Message, field: str) -> datetime.date | None:
    """A calendar day, None where it is unset. Raises BrokenAnswer for a day that does not exist."""
    if not message.HasField(field):
        return None
    value: Date = getattr(message, field)
    try:
        return datetime.date(value.year, value.month, value.day)
    except ValueError:
        raise BrokenAnswer(f"{field} is no day") from None


def put_day(message: Message, field: str, value: datetime.date | None) -> None:
    """Fills a field with a calendar day; None leaves it unset."""
    if value is not None:
        target: Date = getattr(message, field)
        target.year, target.month, target.day = value.year, value.month, value.day


def put_moment(message: Message, field: str, value: datetime.datetime | None) -> None:
    """Fills a field with a moment, which must have a time zone; None leaves it unset."""
    if value is not None:
        target: Timestamp = getattr(message, field)
        target.FromDatetime(value)


def moment(message: Message, field: str) -> datetime.datetime | None:
    """A moment in UTC, None where it is unset. Raises BrokenAnswer for one outside of the calendar."""
    if not message.HasField(field):
        return None
    value: Timestamp = getattr(message, field)
    try:
        return _EPOCH + datetime.timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)
    except OverflowError:
        raise BrokenAnswer(f"{field} is no moment") from None


def optional(message: Message, field: str) -> int | None:
    """An optional integer, None where it is unset."""
    value: int = getattr(message, field)
    return value if message.HasField(field) else None


def _token(described: Any, value: int) -> str:
    found = described.values_by_number.get(value)
    if found is None:
        return f"UNKNOWN_{value}"
    name: str = found.name
    return name.removeprefix(_prefix(described)) if value else ""


def _prefix(described: Any) -> str:
    # Every enumeration begins with its own name in capitals and _UNSPECIFIED (Buf's standard).
    name: str = described.values_by_number[0].name
    return name.removesuffix("UNSPECIFIED")
