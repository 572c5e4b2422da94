"""What of a message is secret: passwords, keys and tokens, by name or by the proto's own ``debug_redact``."""

from collections.abc import Iterable
from typing import TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

M = TypeVar("M", bound=Message)

SECRET_NAMES = frozenset(
    {"password", "old_password", "new_password", "initial_password", "key", "token", "viewing_token"}
)
"""The names that secrets have in the protos, wherever they stand."""


def without_secrets(message: M) -> M:
    """Give a copy without ``request_id``, without unknown fields and without anything secret."""
    copy = type(message)()
    copy.CopyFrom(message)
    copy.DiscardUnknownFields()
    if "request_id" in copy.DESCRIPTOR.fields_by_name:
        copy.ClearField("request_id")
    _clear(copy)
    return copy


def is_secret(field: FieldDescriptor) -> bool:
    """Say whether the field holds a secret."""
    return field.name in SECRET_NAMES or bool(field.GetOptions().debug_redact)


def _clear(message: Message) -> None:
    for field, value in message.ListFields():
        if is_secret(field):
            message.ClearField(field.name)
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for part in value if _repeated(value) else (value,):
                _clear(part)


def _repeated(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, Message)
