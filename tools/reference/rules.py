"""The rules of a field (protovalidate) in words."""

from collections.abc import Iterator
from typing import Any

from buf.validate import validate_pb2

_UNSET = "may be unset"
_BOUNDS = {"gte": "at least {}", "gt": "more than {}", "lte": "at most {}", "lt": "less than {}"}
_TEXTS = {
    "min_len": "at least {} characters",
    "max_len": "at most {} characters",
    "len": "{} characters",
    "min_bytes": "at least {} bytes",
    "max_bytes": "at most {} bytes",
    "pattern": "`{}`",
}
_BYTES = {"min_len": "at least {} bytes", "max_len": "at most {} bytes", "len": "{} bytes"}
_LISTS = {"min_items": "at least {} items", "max_items": "at most {} items"}


def in_words(rules: Any) -> str:
    """What a field's value must be; empty: nothing is asked."""
    return "; ".join(_field(rules))


def _field(rules: Any) -> Iterator[str]:
    # What holds for every kind of value comes first.
    given = sorted(rules.ListFields(), key=lambda rule: rule[0].containing_oneof is not None)
    for described, value in given:
        if described.name == "required":
            yield "required" if value else _UNSET
        elif described.name == "ignore":
            yield _ignore(value)
        elif described.message_type is not None and described.containing_oneof is not None:
            yield from _kind(described.name, value)
        else:
            yield f"{described.name}: {_plain(value)}"


def _ignore(value: Any) -> str:
    return _UNSET if value == validate_pb2.IGNORE_IF_ZERO_VALUE else validate_pb2.Ignore.Name(value)


def _kind(kind: str, rules: Any) -> Iterator[str]:
    words = {"string": _TEXTS, "bytes": _BYTES, "repeated": _LISTS}.get(kind, _BOUNDS)
    given = {described.name: value for described, value in rules.ListFields()}
    if words is _BOUNDS and {"gte", "lte"} <= given.keys():
        yield f"{_number(given.pop('gte'))} to {_number(given.pop('lte'))}"
    for name, value in given.items():
        if name in words:
            yield words[name].format(_number(value))
        elif (kind, name) == ("string", "uuid"):
            yield "a UUID"
        elif (kind, name) == ("enum", "defined_only"):
            yield "a value of the list"
        elif (kind, name) == ("repeated", "items"):
            yield f"each: {in_words(value).replace('; ', ', ')}"
        elif name in ("in", "not_in"):
            listed = ", ".join(f"`{one}`" if one != "" else "empty" for one in value)
            yield f"{'one of' if name == 'in' else 'not'} {listed}"
        else:
            # A kind of rule that has no words yet is shown as it is written, never left out.
            yield f"{kind}.{name}: {_plain(value)}"


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _plain(value: Any) -> str:
    return f"`{' '.join(str(value).split())}`"
