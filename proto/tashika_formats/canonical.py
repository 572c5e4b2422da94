"""Canonical JSON (RFC 8785), limited to the types that signed records use.

Strings, integers of less than 2^53 in size, booleans, arrays and objects with ASCII names. No floating
point numbers (their text is where canonical forms go wrong), no null (what is absent is left out). Strings
keep their exact code points: nothing is normalised, as two ways to write a name are two names.
"""

import json
import re
from typing import Any, Final, TypeAlias

from tashika_formats.errors import FormatError

JsonValue: TypeAlias = "str | int | bool | list[JsonValue] | dict[str, JsonValue]"

# RFC 8785 section 3.1 and RFC 7493 section 2.2: larger integers are not exact in every reader.
MAX_INTEGER: Final = 2**53 - 1
# A statement is 4 levels deep. The limit keeps hostile input from exhausting the stack.
MAX_DEPTH: Final = 32
# The largest record (a bundle with certificate chain and proof) stays below 64 KiB.
MAX_BYTES: Final = 1_048_576

_PLAIN_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,63}")
_SURROGATE = re.compile("[\ud800-\udfff]")


class CanonicalError(FormatError):
    """A value has no canonical form here, or bytes are not in it.

    `path` is the place, such as $.works.name.
    """

    def __init__(self, code: str, path: str, en: str) -> None:
        super().__init__(
            code,
            f"データの形式が正しくありません（{path}）。発行元から受け取り直してください。",
            f"{en} (at {path}).",
        )
        self.path = path


def canonical_bytes(value: JsonValue) -> bytes:
    """The canonical form of `value` in UTF-8. Raises CanonicalError for a type or value that has none."""
    _check(value, "$", 0)
    # Python's encoder escapes exactly what RFC 8785 section 3.2.2.2 escapes, in the same lower-case form;
    # and for ASCII names the order of code points is the order of UTF-16 code units (section 3.2.3).
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8")


def parse_canonical(data: bytes, *, max_bytes: int = MAX_BYTES) -> JsonValue:
    """The value of `data`, which must be exactly its canonical form (no other spacing, order, escape,
    duplicate).

    `max_bytes` limits the size before anything is parsed. Raises CanonicalError.
    """
    value = parse_json(data, max_bytes=max_bytes)
    if canonical_bytes(value) != data:
        raise CanonicalError("JSON_NOT_CANONICAL", "$", "The bytes are not the canonical form of their value")
    return value


def parse_json(data: bytes, *, max_bytes: int = MAX_BYTES) -> JsonValue:
    """The value of `data`, JSON of the types above in any spacing and order, without duplicate names.

    For files that people may have re-indented; what is signed goes through `parse_canonical`. Raises
    CanonicalError.
    """
    if len(data) > max_bytes:
        raise CanonicalError("JSON_TOO_LARGE", "$", f"The data is larger than {max_bytes} bytes")
    try:
        value: JsonValue = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refuse_number,
            parse_int=_integer,
            parse_constant=_refuse_number,
        )
    except CanonicalError:
        raise
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise CanonicalError("JSON_SYNTAX", "$", "The data is not JSON in UTF-8") from None
    _check(value, "$", 0)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise CanonicalError("JSON_DUPLICATE_NAME", "$", "An object has the same name twice")
    return result


def _integer(text: str) -> int:
    # 17 characters hold -(2^53 - 1); more can't be in range, and Python itself refuses to convert huge ones.
    if len(text) > 17:
        raise CanonicalError("JSON_NUMBER", "$", "An integer is outside of 2^53")
    return int(text)


def _refuse_number(_text: str) -> Any:
    raise CanonicalError("JSON_NUMBER", "$", "A number is not an integer")


def _too_deep() -> CanonicalError:
    return CanonicalError("JSON_TOO_DEEP", "$", f"The data is nested more than {MAX_DEPTH} levels deep")


def _check(value: object, path: str, depth: int) -> None:
    if type(value) is str:
        _check_string(value, path)
    elif type(value) is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise CanonicalError("JSON_NUMBER", path, "An integer is outside of 2^53")
    elif isinstance(value, (list, dict)) and depth >= MAX_DEPTH:
        raise _too_deep()
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _check(item, f"{path}[{position}]", depth + 1)
    elif isinstance(value, dict):
        _check_object(value, path, depth)
    elif type(value) is not bool:
        raise CanonicalError("JSON_TYPE", path, f"The type {type(value).__name__} is not allowed")


def _check_object(value: dict[Any, Any], path: str, depth: int) -> None:
    for name, item in value.items():
        if type(name) is not str or not name.isascii():
            raise CanonicalError("JSON_NAME", path, "A name of an object is not an ASCII string")
        # Only a plain name is repeated in an error, as the input may be hostile.
        _check(item, f"{path}.{name if _PLAIN_NAME.fullmatch(name) else '?'}", depth + 1)


def _check_string(value: str, path: str) -> None:
    if _SURROGATE.search(value):
        raise CanonicalError("JSON_SURROGATE", path, "A string has half of a surrogate pair")
