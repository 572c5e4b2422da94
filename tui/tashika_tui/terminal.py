"""What a terminal shows: text that can't act on it, columns of Japanese that line up, and the ways in and out."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol, TextIO

from tashika_formats.text import bad_characters

# What a terminal would obey, hide or turn around instead of showing it. Private use characters and lone
# variation selectors only look odd, so they stay as they are.
_ACTING = frozenset({"CONTROL", "SURROGATE", "DIRECTION", "INVISIBLE", "NONCHARACTER"})

# json.dumps escapes C0 controls only. The ranges hold C1 controls, the direction and line controls, lone
# surrogates and the tags, all of which may stand escaped in a JSON string and nowhere else.
_ACTING_IN_JSON = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)

# A line of a key or a password from standard input; more is none.
MAX_SECRET_BYTES = 4_096


def acting_positions(text: str) -> frozenset[int]:
    """Where (from 1) characters stand that a terminal would obey, hide or turn around."""
    if text.isascii() and text.isprintable():
        return frozenset()
    return frozenset(bad.position for bad in bad_characters(text) if bad.kind in _ACTING)


def visible(text: str) -> str:
    """`text` with every character that would act on a terminal written out, such as <U+001B>."""
    acting = acting_positions(text)
    if not acting:
        return text
    return "".join(
        f"<U+{ord(char):04X}>" if position in acting else char for position, char in enumerate(text, 1)
    )


def width(text: str) -> int:
    """How many columns a terminal gives `text`: two for a full-width character, none for a mark on it.

    Characters of ambiguous width count one, as terminals outside of old East Asian set-ups have it.
    """
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """`text` filled with spaces up to `columns`; with `right`, the spaces come first."""
    spaces = " " * max(0, columns - width(text))
    return spaces + text if right else text + spaces


def table(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """The rows as lines whose columns line up; the columns in `right` end on one edge."""
    ending = frozenset(right)
    shown = [[visible(cell) for cell in row] for row in rows]
    columns = [max(map(width, cells)) for cells in zip(*shown, strict=True)]
    lines = []
    for row in shown:
        cells = (pad(cell, columns[index], right=index in ending) for index, cell in enumerate(row))
        lines.append("  ".join(cells).rstrip())
    return lines


def json_text(value: object) -> str:
    """`value` as indented JSON in UTF-8, in which nothing acts on a terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _ACTING_IN_JSON.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))


class AskSecret(Protocol):
    """Asks a person for a secret without showing it. Raises NoTerminalError where nobody can be asked."""

    def __call__(self, prompt: str, /) -> str: ...


class NoTerminalError(Exception):
    """There is no terminal at which a secret could be typed unseen."""


class LineInput(Protocol):
    """Where lines of bytes come from."""

    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command reads and writes. Everything for people goes through `line` and `error`."""

    input: LineInput
    output: TextIO
    errors: TextIO
    binary: BinaryIO
    ask_secret: AskSecret
    input_is_terminal: bool
    output_is_terminal: bool

    def line(self, text: str = "") -> None:
        """One line for people on standard output."""
        self.output.write(visible(text) + "\n")

    def lines(self, texts: Iterable[str]) -> None:
        """Several lines."""
        for text in texts:
            self.line(text)

    def error(self, text: str) -> None:
        """One line on standard error."""
        self.errors.write(visible(text) + "\n")

    def json(self, value: Mapping[str, object]) -> None:
        """One JSON document on standard output."""
        self.output.write(json_text(value) + "\n")

    def bytes(self, data: bytes) -> None:
        """The bytes of a file on standard output, exactly as they are."""
        self.output.flush()
        self.binary.write(data)
        self.binary.flush()

    def secret_line(self) -> str:
        """One line of standard input without its end. What is not UTF-8 reads as replacement characters."""
        data = self.input.readline(MAX_SECRET_BYTES)
        return data.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
