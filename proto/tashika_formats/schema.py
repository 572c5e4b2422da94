"""A small schema language for the records of this package: every rule is a function that raises SchemaError.

A rule takes a value and its path (such as $.works.name). Objects name all of their fields; an unknown field
is an error, since a signed record must not say what its reader overlooks.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tashika_formats.encoding import EncodingError, decode_base64, decode_hex, parse_day, parse_moment
from tashika_formats.errors import FormatError
from tashika_formats.number import is_number
from tashika_formats.text import TextError, check_text

Rule: TypeAlias = Callable[[object, str], None]

_PLAIN_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,63}")


class SchemaError(FormatError):
    """A record breaks its schema.

    `path` is the place, such as $.works.name, and `problem` says what is wrong there.
    """

    def __init__(self, path: str, problem: str, code: str = "RECORD_SCHEMA") -> None:
        super().__init__(
            code,
            f"記録の内容が決められた形式に合いません（{path}）。発行元に問い合わせてください。",
            f"The record breaks its form at {path}: {problem}. Ask the issuer.",
        )
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object: its rule, and whether it must be there."""

    rule: Rule
    required: bool = True


def required(rule: Rule) -> Field:
    """A field that must be there."""
    return Field(rule)


def optional(rule: Rule) -> Field:
    """A field that may be left out; there is no null."""
    return Field(rule, required=False)


def text(max_characters: int) -> Rule:
    """A name or free text on one line, by the rules of `tashika_formats.text`."""

    def rule(value: object, path: str) -> None:
        if not isinstance(value, str):
            raise SchemaError(path, "a text is needed")
        try:
            check_text(value, max_characters)
        except TextError as error:
            raise SchemaError(path, error.en.rstrip(".")) from None

    return rule


def pattern(expression: str, meaning: str) -> Rule:
    """A string that matches the regular expression as a whole; `meaning` says to people what it is."""
    compiled = re.compile(expression)

    def rule(value: object, path: str) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise SchemaError(path, f"{meaning} is needed")

    return rule


def choice(*tokens: str) -> Rule:
    """One of these strings."""

    def rule(value: object, path: str) -> None:
        if not isinstance(value, str) or value not in tokens:
            raise SchemaError(path, f"one of {', '.join(tokens)} is needed")

    return rule


def integer(minimum: int, maximum: int) -> Rule:
    """An integer from `minimum` to `maximum`; true and false are none."""

    def rule(value: object, path: str) -> None:
        if type(value) is not int or not minimum <= value <= maximum:
            raise SchemaError(path, f"an integer from {minimum} to {maximum} is needed")

    return rule


def true(value: object, path: str) -> None:
    """Only true: what is not so is left out."""
    if value is not True:
        raise SchemaError(path, "only true can stand here")


def day(value: object, path: str) -> None:
    """A calendar day such as 2025-12-26."""
    _decoded(parse_day, value, path)


def moment(value: object, path: str) -> None:
    """A moment such as 2025-12-26T00:30:00Z."""
    _decoded(parse_moment, value, path)


def base64_text(value: object, path: str) -> None:
    """Bytes in base64 with padding, at least one."""
    _decoded(decode_base64, value, path)
    if value == "":
        raise SchemaError(path, "at least one byte is needed")


def hex_bytes(length: int) -> Rule:
    """So many bytes in lower-case hex."""

    def rule(value: object, path: str) -> None:
        _decoded(lambda item: decode_hex(item, length), value, path)

    return rule


def contract_number(value: object, path: str) -> None:
    """A guarantee contract number: 14 digits with a right check digit."""
    if not isinstance(value, str) or not is_number(value):
        raise SchemaError(path, "a guarantee contract number is needed")


def array(item: Rule, minimum: int, maximum: int) -> Rule:
    """An array of `minimum` to `maximum` items that each follow `item`."""

    def rule(value: object, path: str) -> None:
        if not isinstance(value, list) or not minimum <= len(value) <= maximum:
            raise SchemaError(path, f"an array of {minimum} to {maximum} items is needed")
        for position, entry in enumerate(value):
            item(entry, f"{path}[{position}]")

    return rule


def record(fields: Mapping[str, Field], *checks: Callable[[Mapping[str, object], str], None]) -> Rule:
    """An object with these fields and no others; `checks` then look at the whole object."""

    def rule(value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise SchemaError(path, "an object is needed")
        for name in value:
            if name not in fields:
                plain = isinstance(name, str) and _PLAIN_NAME.fullmatch(name)
                raise SchemaError(f"{path}.{name if plain else '?'}", "this field is not known")
        for name, field in fields.items():
            if name in value:
                field.rule(value[name], f"{path}.{name}")
            elif field.required:
                raise SchemaError(f"{path}.{name}", "this field is missing")
        for check in checks:
            check(value, path)

    return rule


def _decoded(decode: Callable[[str], object], value: object, path: str) -> None:
    if not isinstance(value, str):
        raise SchemaError(path, "a string is needed")
    try:
        decode(value)
    except EncodingError as error:
        raise SchemaError(path, error.en.rstrip(".")) from None
