"""Strict text forms of bytes and moments in signed records: lower-case hex, base64 with padding, RFC 3339
UTC.

Each has exactly one spelling per value, so that nobody can write the same record in two ways. Decoders raise
EncodingError.
"""

import base64
import binascii
import datetime
import re

from tashika_formats.errors import FormatError

_HEX = re.compile("(?:[0-9a-f]{2})*")
_MOMENT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class EncodingError(FormatError):
    """A text is not in the one spelling of its kind.

    Codes: ENCODING_HEX, ENCODING_BASE64, ENCODING_MOMENT and ENCODING_DAY.
    """

    def __init__(self, code: str, en: str) -> None:
        super().__init__(code, "データの形式が正しくありません。発行元から受け取り直してください。", en)


def decode_hex(text: str, length: int | None = None) -> bytes:
    """The bytes of lower-case hex; with `length`, exactly so many bytes."""
    if not _HEX.fullmatch(text) or (length is not None and len(text) != 2 * length):
        raise EncodingError("ENCODING_HEX", "This is not lower-case hex of the right length.")
    return bytes.fromhex(text)


def encode_base64(data: bytes) -> str:
    """Standard base64 (RFC 4648 section 4) with padding."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """The bytes of standard base64 with padding; stray bits and other alphabets are refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if encode_base64(data) != text:
        raise EncodingError("ENCODING_BASE64", "This is not base64 with padding.")
    return data


def format_moment(moment: datetime.datetime) -> str:
    """A moment as UTC in whole seconds, rounded down: 2025-12-26T00:30:00Z.

    Raises ValueError without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_moment(text: str) -> datetime.datetime:
    """The moment of exactly the form that `format_moment` writes, in UTC."""
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        raise EncodingError("ENCODING_MOMENT", "This is not a moment like 2025-12-26T00:30:00Z.") from None


def parse_day(text: str) -> datetime.date:
    """The calendar day of the form 2025-12-26."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise EncodingError("ENCODING_DAY", "This is not a day like 2025-12-26.") from None
