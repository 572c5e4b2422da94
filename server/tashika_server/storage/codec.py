"""Entities as compact JSON and back, compiled once per class.

The text is deterministic, so that its digest can stand in the audit trail: names sorted, no spaces, fields that
have their default left out, ``None`` left out, days as ISO text, moments as whole microseconds since 1970 UTC,
bytes in base64, sets sorted. ``$`` is the version of this format. Since defaults are left out, a default that
changes in the model changes what old payloads mean: whoever changes one raises the version and converts here.
"""

import base64
import binascii
import dataclasses
import json
import types
import typing
from collections.abc import Callable, Hashable
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from tashika_server.storage.errors import CodecError

T = TypeVar("T")
Coder = Callable[[Any], Any]

FORMAT_VERSION = 1
_VERSION_NAME = "$"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """The microseconds since 1970 UTC of an aware moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The moment of whole microseconds since 1970, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


class Codec(typing.Generic[T]):
    """The coder of one dataclass. ``apart`` are fields that the store keeps in columns of their own."""

    def __init__(self, cls: type[T], apart: frozenset[str] = frozenset()) -> None:
        self._cls = cls
        self._apart = apart
        self._encode = _object_encoder(cls, apart)
        self._fields = _decoders(typing.cast(Hashable, cls), apart)

    def encode(self, entity: T) -> str:
        """The text of an entity. Raises ValueError for half of a surrogate pair, which has no bytes."""
        raw = self._encode(entity)
        raw[_VERSION_NAME] = FORMAT_VERSION
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
        text.encode()
        return text

    def decode(self, text: str, **apart: Any) -> T:
        """The entity of a text, with the fields that were kept apart. Raises CodecError."""
        try:
            raw = json.loads(text)
            if raw.pop(_VERSION_NAME) != FORMAT_VERSION:
                raise CodecError(f"a payload of {self._cls.__name__} has another version")
            return _build(self._cls, self._fields, raw, apart)
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
            raise CodecError(f"a payload of {self._cls.__name__} can't be read") from error


def _build(cls: type[T], fields: dict[str, Coder | None], raw: dict[str, Any], apart: dict[str, Any]) -> T:
    for name, value in raw.items():
        coder = fields[name]
        apart[name] = value if coder is None else coder(value)
    return cls(**apart)


# --- Encoding ----------------------------------------------------------------------------------------------------


def _object_encoder(cls: type[Any], apart: frozenset[str]) -> Callable[[Any], dict[str, Any]]:
    hints = typing.get_type_hints(cls)
    plan: list[tuple[str, Any, Coder | None]] = []
    for item in sorted(dataclasses.fields(cls), key=lambda f: f.name):
        if item.name not in apart:
            default = item.default
            if item.default_factory is not dataclasses.MISSING:
                default = item.default_factory()
            if default not in (None, dataclasses.MISSING) and type(None) in typing.get_args(hints[item.name]):
                raise TypeError(f"{cls.__name__}.{item.name}: None would be read back as its default")
            plan.append((item.name, default, _encoder(hints[item.name])))

    def encode(entity: Any) -> dict[str, Any]:
        raw = {}
        for name, default, coder in plan:
            value = getattr(entity, name)
            if value is None or value == default:
                continue
            raw[name] = value if coder is None else coder(value)
        return raw

    return encode


@cache
def _encoder(hint: Any) -> Coder | None:
    """The coder of a type, ``None`` where JSON has the value as it is."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _optional(_encoder(_only(arguments)))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _encoder(arguments[0])
        return list if item is None else _each(item, list)
    if origin is tuple:
        return _fixed(tuple(_encoder(each) for each in arguments), list)
    if origin is frozenset:
        item = _encoder(arguments[0])
        return sorted if item is None else _each(item, sorted)
    return _simple_encoder(hint)


def _simple_encoder(hint: Any) -> Coder | None:
    if hint is bytes:
        return lambda value: base64.b64encode(value).decode("ascii")
    if hint is datetime:
        return micros
    if hint is date:
        return date.isoformat
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _object_encoder(hint, frozenset())
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: value.value
    if hint in (str, int, bool):
        return None
    raise TypeError(f"no coder for {hint}")


# --- Decoding ----------------------------------------------------------------------------------------------------


@cache
def _decoders(cls: Hashable, apart: frozenset[str]) -> dict[str, Coder | None]:
    made = typing.cast(type[Any], cls)
    hints = typing.get_type_hints(made)
    return {f.name: _decoder(hints[f.name]) for f in dataclasses.fields(made) if f.name not in apart}


@cache
def _decoder(hint: Any) -> Coder | None:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _optional(_decoder(_only(arguments)))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _decoder(arguments[0])
        return tuple if item is None else _each(item, tuple)
    if origin is tuple:
        return _fixed(tuple(_decoder(each) for each in arguments), tuple)
    if origin is frozenset:
        item = _decoder(arguments[0])
        return frozenset if item is None else _each(item, frozenset)
    return _simple_decoder(hint)


def _simple_decoder(hint: Any) -> Coder | None:
    if hint is bytes:
        return lambda value: base64.b64decode(value, validate=True)
    if hint is datetime:
        return moment
    if hint is date:
        return date.fromisoformat
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        fields = _decoders(hint, frozenset())
        return lambda value: _build(hint, fields, value, {})
    if isinstance(hint, type) and issubclass(hint, Enum):
        members = {member.value: member for member in hint}
        return members.__getitem__
    if hint in (str, int, bool):
        return None
    raise TypeError(f"no coder for {hint}")


# --- Both --------------------------------------------------------------------------------------------------------


def _only(arguments: tuple[Any, ...]) -> Any:
    """The one type of an optional; other unions have no place in an entity."""
    others = [each for each in arguments if each is not type(None)]
    if len(others) != 1:
        raise TypeError(f"a union of {len(others)} types has no coder")
    return others[0]


def _optional(coder: Coder | None) -> Coder | None:
    return None if coder is None else lambda value: None if value is None else coder(value)


def _each(coder: Coder, make: Callable[[list[Any]], Any]) -> Coder:
    return lambda value: make([coder(each) for each in value])


def _fixed(coders: tuple[Coder | None, ...], make: Callable[[list[Any]], Any]) -> Coder:
    def code(value: Any) -> Any:
        pairs = zip(coders, value, strict=True)
        return make([each if coder is None else coder(each) for coder, each in pairs])

    return code
