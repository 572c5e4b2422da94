"""The contract as the image holds it: elements of tashika.v1 with their comments."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2

# Its extensions must be known before the image is read: otherwise the rules would be unknown fields there.
from buf.validate import validate_pb2

PACKAGE = "tashika.v1"
Kind = descriptor_pb2.FieldDescriptorProto

# Places of elements within a file (descriptor.proto, SourceCodeInfo.Location.path).
_MESSAGE, _ENUM, _SERVICE = 4, 5, 6
_FIELD, _VALUE, _METHOD = 2, 2, 2


@dataclass(frozen=True)
class Field:
    """A field: ``type`` is its bare type name, ``holds`` says whether it is one, optional, a list or a map."""

    name: str
    number: int
    type: str
    holds: str
    one_of: str
    rules: Any
    comment: str


@dataclass(frozen=True)
class Message:
    """A message of tashika.v1."""

    name: str
    comment: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Value:
    """A value of an enumeration."""

    name: str
    number: int
    comment: str


@dataclass(frozen=True)
class Enumeration:
    """An enumeration of tashika.v1."""

    name: str
    comment: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Method:
    """An RPC. ``timeout`` as the service config has it (empty: none), ``retried`` whether it lets clients retry."""

    service: str
    name: str
    comment: str
    request: str
    response: str
    takes_many: bool
    gives_many: bool
    idempotency: str
    timeout: str
    retried: bool

    @property
    def path(self) -> str:
        """The full gRPC name."""
        return f"/{PACKAGE}.{self.service}/{self.name}"


@dataclass(frozen=True)
class Service:
    """A service of tashika.v1."""

    name: str
    comment: str
    methods: tuple[Method, ...]


@dataclass(frozen=True)
class File:
    """A proto of ours."""

    name: str
    services: tuple[Service, ...]
    messages: tuple[Message, ...]
    enumerations: tuple[Enumeration, ...]


@dataclass(frozen=True)
class Contract:
    """All of tashika.v1, by file name."""

    files: tuple[File, ...]

    @property
    def services(self) -> Iterator[Service]:
        """Every service."""
        return (service for file in self.files for service in file.services)

    @property
    def messages(self) -> dict[str, Message]:
        """Every message by its name."""
        return {message.name: message for file in self.files for message in file.messages}

    @property
    def enumerations(self) -> dict[str, Enumeration]:
        """Every enumeration by its name."""
        return {each.name: each for file in self.files for each in file.enumerations}


def read_contract(image: Path, service_config: Path) -> Contract:
    """Read the image and the service config."""
    described = descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes())
    config = json.loads(service_config.read_text(encoding="utf-8"))
    ours = sorted((file for file in described.file if file.package == PACKAGE), key=lambda file: file.name)
    return Contract(tuple(_file(file, config) for file in ours))


class _Comments:
    """The comment above each element of a file, by the element's path."""

    def __init__(self, file: descriptor_pb2.FileDescriptorProto) -> None:
        self._found = {tuple(place.path): place.leading_comments for place in file.source_code_info.location}

    def at(self, *path: int) -> str:
        """The comment, as one paragraph of text for each of its own."""
        paragraphs = "\n".join(line.strip() for line in self._found[path].splitlines()).strip().split("\n\n")
        return "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)


def _file(file: descriptor_pb2.FileDescriptorProto, config: dict[str, Any]) -> File:
    comments = _Comments(file)
    return File(
        file.name,
        tuple(_service(service, place, comments, config) for place, service in enumerate(file.service)),
        tuple(_message(message, place, comments) for place, message in enumerate(file.message_type)),
        tuple(_enumeration(each, place, comments) for place, each in enumerate(file.enum_type)),
    )


def _service(
    service: descriptor_pb2.ServiceDescriptorProto, place: int, comments: _Comments, config: dict[str, Any]
) -> Service:
    methods = tuple(
        _method(service.name, method, comments.at(_SERVICE, place, _METHOD, number), config)
        for number, method in enumerate(service.method)
    )
    return Service(service.name, comments.at(_SERVICE, place), methods)


def _method(
    service: str, method: descriptor_pb2.MethodDescriptorProto, comment: str, config: dict[str, Any]
) -> Method:
    configured = _configured(config["methodConfig"], f"{PACKAGE}.{service}", method.name)
    options = descriptor_pb2.MethodOptions
    return Method(
        service,
        method.name,
        comment,
        bare(method.input_type),
        bare(method.output_type),
        method.client_streaming,
        method.server_streaming,
        options.IdempotencyLevel.Name(method.options.idempotency_level),
        configured.get("timeout", ""),
        "retryPolicy" in configured,
    )


def _configured(entries: Iterable[dict[str, Any]], service: str, method: str) -> dict[str, Any]:
    wanted = {"service": service, "method": method}
    return next(entry for entry in entries if wanted in entry["name"])


def _message(message: descriptor_pb2.DescriptorProto, place: int, comments: _Comments) -> Message:
    if message.enum_type or any(not nested.options.map_entry for nested in message.nested_type):
        raise ValueError(f"{message.name}: nested messages and enumerations are not written yet")
    maps = {nested.name: nested for nested in message.nested_type}
    fields = tuple(
        _field(field, message.oneof_decl, maps, comments.at(_MESSAGE, place, _FIELD, number))
        for number, field in enumerate(message.field)
    )
    return Message(message.name, comments.at(_MESSAGE, place), fields)


def _field(
    field: descriptor_pb2.FieldDescriptorProto,
    one_ofs: Sequence[descriptor_pb2.OneofDescriptorProto],
    maps: dict[str, descriptor_pb2.DescriptorProto],
    comment: str,
) -> Field:
    entry = maps.get(bare(field.type_name).rpartition(".")[2])
    if entry is not None:
        kind, holds = ", ".join(_type(part) for part in entry.field), "map"
    else:
        kind, holds = _type(field), "list" if field.label == Kind.LABEL_REPEATED else "one"
    if field.proto3_optional:
        holds = "optional"
    in_one_of = field.HasField("oneof_index") and not field.proto3_optional
    rules: Any = field.options.Extensions[validate_pb2.field]  # type: ignore[index]
    one_of = one_ofs[field.oneof_index].name if in_one_of else ""
    return Field(field.name, field.number, kind, holds, one_of, rules, comment)


def _enumeration(each: descriptor_pb2.EnumDescriptorProto, place: int, comments: _Comments) -> Enumeration:
    values = tuple(
        Value(value.name, value.number, comments.at(_ENUM, place, _VALUE, number))
        for number, value in enumerate(each.value)
    )
    return Enumeration(each.name, comments.at(_ENUM, place), values)


def _type(field: descriptor_pb2.FieldDescriptorProto) -> str:
    return (
        bare(field.type_name) if field.type_name else Kind.Type.Name(field.type).removeprefix("TYPE_").lower()
    )


def bare(type_name: str) -> str:
    """A type's name without our package: `Contract`, but `google.type.Date`."""
    return type_name.removeprefix(".").removeprefix(f"{PACKAGE}.")
