"""The fields of a message, found by its descriptor, and messages with one field spoilt."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

M = TypeVar("M", bound=Message)
Step = tuple[str, int]
"""A field's name, and the place in a list (-1: not a list)."""

DATE = "google.type.Date"
TIMESTAMP = "google.protobuf.Timestamp"
_VALUES = (DATE, TIMESTAMP)
_SENTINEL = "@@@"


@dataclass(frozen=True)
class Leaf:
    """A field that holds a value: a scalar, a day or a moment."""

    steps: tuple[Step, ...]
    field: Any

    @property
    def path(self) -> str:
        """As the API writes it: ``application.joint_venture.members[0].company``."""
        return ".".join(name if place < 0 else f"{name}[{place}]" for name, place in self.steps)

    @property
    def is_text(self) -> bool:
        """Whether it is a string."""
        return bool(self.field.type == FieldDescriptor.TYPE_STRING)

    @property
    def is_number(self) -> bool:
        """Whether it is a whole number."""
        return self.field.cpp_type in (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64)

    @property
    def is_choice(self) -> bool:
        """Whether it is an enumeration."""
        return bool(self.field.type == FieldDescriptor.TYPE_ENUM)

    @property
    def is_date(self) -> bool:
        """Whether it is a calendar day."""
        return self.field.message_type is not None and self.field.message_type.full_name == DATE


def leaves(message: Message, above: tuple[Step, ...] = ()) -> Iterator[Leaf]:
    """Every value that the message could hold; of lists the first item. Parts that are not filled are a mistake."""
    for field in message.DESCRIPTOR.fields:
        place = 0 if field.is_repeated else -1
        steps = (*above, (field.name, place))
        inner = field.message_type
        if inner is None or inner.full_name in _VALUES:
            yield Leaf(steps, field)
            continue
        value = getattr(message, field.name)
        filled = bool(value) if field.is_repeated else message.HasField(field.name)
        assert filled, (
            f"{message.DESCRIPTOR.name}.{field.name} is not filled, so its fields would be forgotten"
        )
        yield from leaves(value[0] if field.is_repeated else value, steps)


def with_value(message: M, leaf: Leaf, value: Any) -> M:
    """A copy whose field has another value; ``None`` empties it."""
    changed = copy.deepcopy(message)
    holder: Any = changed
    for name, place in leaf.steps[:-1]:
        holder = getattr(holder, name) if place < 0 else getattr(holder, name)[place]
    name, place = leaf.steps[-1]
    if value is None:
        holder.ClearField(name)
    elif isinstance(value, Message):
        getattr(holder, name).CopyFrom(value)
    elif place < 0:
        setattr(holder, name, value)
    else:
        del getattr(holder, name)[:]
        getattr(holder, name).append(value)
    return changed


def with_bytes(message: Message, leaf: Leaf, three: bytes) -> bytes:
    """The message on the wire with three bytes in a text that no string of Python's could put there."""
    assert len(three) == len(_SENTINEL)
    data = with_value(message, leaf, _SENTINEL).SerializeToString()
    assert data.count(_SENTINEL.encode()) == 1
    return data.replace(_SENTINEL.encode(), three)
