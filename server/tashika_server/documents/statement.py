"""Typed access to the statement that a certificate prints, with the path of each field for errors."""

from collections.abc import Mapping
from typing import Any

from tashika_formats.statement import StatementError as FormStatementError
from tashika_formats.statement import parse_envelope
from tashika_server.documents.errors import StatementError


class Fields:
    """An object of a valid statement. What is optional there may be absent; everything else is present."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def path(self, name: str) -> str:
        """The dotted path of a field, as errors name it."""
        return f"{self._path}{name}"

    def has(self, name: str) -> bool:
        """Whether the field is there; absent ones are left out of a statement."""
        return name in self._values

    def text(self, name: str) -> str:
        """A text that is there, or a day of the form 2025-12-26."""
        return str(self._values[name])

    def optional(self, name: str) -> str | None:
        """A text or day, None if absent."""
        return self.text(name) if self.has(name) else None

    def integer(self, name: str) -> int:
        """An integer, such as an amount in yen."""
        return int(self._values[name])

    def child(self, name: str) -> "Fields":
        """An object inside."""
        return Fields(self._values[name], self.path(name) + ".")

    def children(self, name: str) -> list["Fields"]:
        """The objects of an array."""
        items = self._values[name]
        return [Fields(item, f"{self.path(name)}[{index}].") for index, item in enumerate(items)]


def read_statement(envelope: bytes) -> Fields:
    """The statement inside a canonical and valid envelope. Raises StatementError."""
    try:
        return Fields(parse_envelope(envelope))
    except FormStatementError as error:
        raise StatementError(f"{error.path}: {error.problem}") from None


def printed_texts(envelope: bytes) -> dict[str, str]:
    """Every text of the statement by its path, to check glyphs before anything is issued."""
    found: dict[str, str] = {}

    def walk(value: object, path: str) -> None:
        if isinstance(value, str):
            found[path] = value
        elif isinstance(value, dict):
            for name, item in value.items():
                walk(item, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                walk(item, f"{path}[{index}]")

    walk(parse_envelope(envelope), "")
    return found
