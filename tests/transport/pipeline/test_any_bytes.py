"""Whatever bytes arrive for whatever method: a message that keeps its rules, or a refusal. Never a fault."""

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor
from hypothesis import given, settings
from hypothesis import strategies as st

from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.transport.errors import wire_error
from tashika_server.transport.validation import parse, validate
from tests.transport.protos import request_types


def fields(draw: Callable[[Any], Any], message: Descriptor, depth: int = 3) -> bytes:
    """Make bytes with the right field numbers and wire types, and hostile contents."""
    data = b""
    for field in message.fields:
        if not draw(st.booleans()):
            continue
        if field.message_type is not None:
            inner = fields(draw, field.message_type, depth - 1) if depth else b""
        elif field.type in (field.TYPE_STRING, field.TYPE_BYTES):
            inner = draw(st.one_of(st.text(max_size=30).map(str.encode), st.binary(max_size=8)))
        else:
            data += varint(field.number << 3) + varint(draw(st.integers(0, 2**64 - 1)))
            continue
        data += varint(field.number << 3 | 2) + varint(len(inner)) + inner
    return data


def varint(number: int) -> bytes:
    data = b""
    while number > 127:
        data += bytes([number & 127 | 128])
        number >>= 7
    return data + bytes([number])


@pytest.mark.parametrize("message", request_types(), ids=lambda m: m.name)
@settings(max_examples=15)
@given(data=st.data())
def test_hostile_fields_are_refused_with_reasons(message: Descriptor, data: st.DataObject) -> None:
    request_type = message_factory.GetMessageClass(message)
    raw = data.draw(st.one_of(st.composite(fields)(message), st.binary(max_size=40)))
    try:
        validate(parse(request_type, raw))
    except RefusedError as refusal:
        assert refusal.reason not in (Reason.INTERNAL,)
        error = wire_error(refusal, "ja")
        assert len(error.details) < 6 * 1024
        assert error.message.isascii()
