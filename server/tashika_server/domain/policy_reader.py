"""Reading JSON strictly: each value of its type, no key that is not known, every fault with its path."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias, TypeVar

from tashika_formats.text import TextError, check_text
from tashika_server.domain.limits import FIRST_DAY, LAST_DAY
from tashika_server.domain.reasons import Param, Reason, Token, Violation

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

E = TypeVar("E", bound=Token)
T = TypeVar("T")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

SHOWN_CHARACTERS = 40
"""How much of a wrong value a fault repeats: enough to find it."""


class Faults:
    """The faults found so far, each with its JSON path in ``field`` and what is wrong in ``params``."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def add(self, path: str, problem: str, **params: Param) -> None:
        """Note a fault."""
        self.violations.append(Violation(Reason.POLICY_INVALID, path, {"problem": problem, **params}))


class Reader:
    """One JSON object being read. Keys are taken one by one; what was never asked for is a fault.

    A fault gives the value's default, so that reading goes on and finds the next one.
    """

    def __init__(self, value: Json, path: str, faults: Faults) -> None:
        self.path = path
        self.faults = faults
        self._known: set[str] = set()
        self._values: Mapping[str, Json] = {}
        self.is_object = isinstance(value, dict)
        if isinstance(value, dict):
            self._values = value
        else:
            faults.add(path, "WRONG_TYPE", expected="object")

    def place(self, key: str) -> str:
        """Give the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Say whether the key is there, and remember it as known."""
        self._known.add(key)
        return key in self._values

    def take(self, key: str) -> Json:
        """Give a key's value as it stands."""
        self._known.add(key)
        return self._values.get(key)

    def present(self) -> tuple[str, ...]:
        """Give every key that is there, in the order of the file."""
        return tuple(self._values)

    def text(self, key: str, limit: int, *, required: bool = False, multiline: bool = False) -> str:
        """Read a text that is not empty; absent: empty."""
        if not self.has(key):
            if required:
                self.faults.add(self.place(key), "MISSING")
            return ""
        return self._text(self.take(key), self.place(key), limit, multiline=multiline)

    def pattern(self, key: str, form: re.Pattern[str], limit: int, *, required: bool = False) -> str:
        """Read a text of a fixed form."""
        value = self.text(key, limit, required=required)
        if value and form.fullmatch(value) is None:
            self.faults.add(self.place(key), "WRONG_FORM", value=value[:SHOWN_CHARACTERS])
            return ""
        return value

    def integer(self, key: str, least: int, most: int) -> int | None:
        """Read a whole number within bounds."""
        if not self.has(key):
            return None
        value = self.take(key)
        # A boolean is an integer in Python, but not in JSON.
        if isinstance(value, bool) or not isinstance(value, int):
            self.faults.add(self.place(key), "WRONG_TYPE", expected="integer")
            return None
        if not least <= value <= most:
            self.faults.add(self.place(key), "OUT_OF_RANGE", minimum=least, maximum=most)
            return None
        return value

    def flag(self, key: str) -> bool | None:
        """Read true or false."""
        if not self.has(key):
            return None
        value = self.take(key)
        if not isinstance(value, bool):
            self.faults.add(self.place(key), "WRONG_TYPE", expected="boolean")
            return None
        return value

    def day(self, key: str) -> date | None:
        """Read a day of the form 2026-04-01."""
        if not self.has(key):
            return None
        value, path = self.take(key), self.place(key)
        if not isinstance(value, str):
            self.faults.add(path, "WRONG_TYPE", expected="string")
            return None
        day = _day(value)
        if day is None:
            self.faults.add(path, "WRONG_DATE", value=_shown(value))
        elif not FIRST_DAY <= day <= LAST_DAY:
            self.faults.add(path, "OUT_OF_RANGE", minimum=FIRST_DAY.isoformat(), maximum=LAST_DAY.isoformat())
        else:
            return day
        return None

    def choice(self, key: str, kind: type[E]) -> E | None:
        """Read a token."""
        return self._token(self.take(key), self.place(key), kind) if self.has(key) else None

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Read a list of tokens, not empty, each once."""
        read = self.items(key, lambda value, path: self._token(value, path, kind), most=len(kind))
        return tuple(token for token in read if token is not None)

    def texts(self, key: str, limit: int, most: int) -> tuple[str, ...]:
        """Read a list of texts, not empty, each once."""
        read = self.items(key, lambda value, path: self._text(value, path, limit), most=most)
        return tuple(text for text in read if text)

    def items(
        self, key: str, read: Callable[[Json, str], T], *, most: int, unique: bool = True
    ) -> tuple[T, ...]:
        """Read a list of at least one and at most ``most`` values."""
        if not self.has(key):
            return ()
        value, path = self.take(key), self.place(key)
        if not isinstance(value, list):
            self.faults.add(path, "WRONG_TYPE", expected="array")
            return ()
        if not 1 <= len(value) <= most:
            self.faults.add(path, "WRONG_LENGTH", minimum=1, maximum=most)
            return ()
        if unique and any(value[index] in value[:index] for index in range(len(value))):
            self.faults.add(path, "DUPLICATE")
        return tuple(read(item, f"{path}[{index}]") for index, item in enumerate(value))

    def object(self, key: str) -> "Reader | None":
        """Open an object within this one; ``None`` where it is absent."""
        return Reader(self.take(key), self.place(key), self.faults) if self.has(key) else None

    def close(self) -> None:
        """Note every key that is not known here."""
        for key in self._values:
            if key not in self._known:
                self.faults.add(self.place(_shown(key)), "UNKNOWN_KEY")

    def _text(self, value: Json, path: str, limit: int, *, multiline: bool = False) -> str:
        if not isinstance(value, str):
            self.faults.add(path, "WRONG_TYPE", expected="string")
            return ""
        try:
            check_text(value, limit, multiline=multiline)
        except TextError as error:
            self.faults.add(path, error.code, maximum=limit, character=error.character)
            return ""
        return value

    def _token(self, value: Json, path: str, kind: type[E]) -> E | None:
        if isinstance(value, str) and value in kind.__members__:
            return kind(value)
        shown = _shown(value) if isinstance(value, str) else ""
        self.faults.add(path, "UNKNOWN_TOKEN", value=shown, allowed=", ".join(kind))
        return None


def _day(text: str) -> date | None:
    if _DAY.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _shown(text: str) -> str:
    """Give the beginning of a text, with nothing in it that breaks a line or a codec."""
    return "".join(char if char.isprintable() else "?" for char in text[:SHOWN_CHARACTERS])
