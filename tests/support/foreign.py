"""A client that knows the contract from a descriptor set alone: an older one, or one that does not exist yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from tests.support.client import Client, fresh

PACKAGE = "tashika.v1"
NEW_TEXT, NEW_THING, NEW_VALUE = 1_000, 1_001, 1_000
"""Numbers of fields and of enumerations' values that no version of the contract has."""


def read_image(path: Path) -> descriptor_pb2.FileDescriptorSet:
    """A descriptor set from a file."""
    return descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes())


def of_the_future(image: descriptor_pb2.FileDescriptorSet) -> descriptor_pb2.FileDescriptorSet:
    """The contract as it may be one day: each message has a text and a message more, each enumeration a value."""
    newer = descriptor_pb2.FileDescriptorSet.FromString(image.SerializeToString())
    kinds = descriptor_pb2.FieldDescriptorProto
    for file in newer.file:
        if file.package != PACKAGE:
            continue
        for message in file.message_type:
            name = f".{PACKAGE}.{message.name}"
            message.field.add(
                name="new_text", number=NEW_TEXT, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL
            )
            message.field.add(
                name="new_thing",
                number=NEW_THING,
                type=kinds.TYPE_MESSAGE,
                type_name=name,
                label=kinds.LABEL_OPTIONAL,
            )
        for choice in file.enum_type:
            choice.value.add(name=f"{choice.value[0].name.removesuffix('UNSPECIFIED')}NEW", number=NEW_VALUE)
    return newer


@dataclass
class Foreign:
    """Calls methods with messages made from a descriptor set. ``ahead``: fills what only a newer contract has."""

    image: descriptor_pb2.FileDescriptorSet
    ahead: bool = False
    _pool: Any = field(default_factory=descriptor_pool.DescriptorPool, repr=False)

    def __post_init__(self) -> None:
        for file in self.image.file:
            self._pool.Add(file)

    @property
    def methods(self) -> dict[str, MethodDescriptor]:
        """Every method that the set has, as ``ContractService/GetContract``."""
        services = (service for file in self.image.file for service in file.service)
        found = (self._pool.FindServiceByName(f"{PACKAGE}.{service.name}") for service in services)
        return {f"{service.name}/{method.name}": method for service in found for method in service.methods}

    def message(self, name: str, values: dict[str, Any]) -> Message:
        """A message with values as in JSON."""
        kind = message_factory.GetMessageClass(self._pool.FindMessageTypeByName(f"{PACKAGE}.{name}"))
        made = json_format.ParseDict(values, kind())
        if self.ahead:
            _fill_new(made)
        return made

    async def send(self, person: Client, method: str, request: Message) -> Any:
        """Call a method that gives one answer."""
        described = self.methods[method]
        call = person._calling.unary_unary(
            f"/{PACKAGE}.{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=message_factory.GetMessageClass(described.output_type).FromString,
        )
        return await call(request)

    async def ask(self, person: Client, method: str, **values: Any) -> Any:
        """Call a method with values as in JSON; a request_id is added where there is one."""
        kind = self.methods[method].input_type
        if "request_id" in kind.fields_by_name:
            values.setdefault("request_id", fresh())
        return await self.send(person, method, self.message(kind.name, values))


def choices(message: Message) -> Iterator[tuple[str, Message, Any]]:
    """Every field of an enumeration in a message and in what is filled of it: path, holder and field."""
    for described in message.DESCRIPTOR.fields:
        value = getattr(message, described.name)
        if described.enum_type is not None:
            yield described.name, message, described
        elif described.message_type is None or described.is_repeated or not message.HasField(described.name):
            continue
        elif described.number < NEW_TEXT and described.message_type.full_name.startswith(PACKAGE):
            for path, holder, inner in choices(value):
                yield f"{described.name}.{path}", holder, inner


def _fill_new(message: Message) -> None:
    """Fill the new fields of a message and of every one in it; the new message holds more that is unknown."""
    inside = [value for _, value in message.ListFields()]
    for value in inside:
        for one in value if not isinstance(value, (Message, str, bytes, int)) else [value]:
            if isinstance(one, Message) and one.DESCRIPTOR.full_name.startswith(PACKAGE):
                _fill_new(one)
    new: Any = message
    new.new_text = "新しい項目"
    new.new_thing.new_text = "新しい項目の中の項目"
