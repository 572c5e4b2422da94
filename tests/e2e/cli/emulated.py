"""A terminal emulator behind a programme in a terminal: what somebody in front of it would see."""

import codecs
import fcntl
import re
import struct
import termios
import time
import unicodedata
from collections.abc import Callable

import pyte

from tests.e2e.cli.terminal import PATIENCE_SECONDS, Terminal

# What pyte 0.8 takes for something else: it knows no private parameters of these reports and modes.
_UNKNOWN = (b"\x1b[>4;1m", b"\x1b[>4m")

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class Shown:
    """The screen of a programme, cell by cell. `near` is the terminal that it runs in."""

    def __init__(self, near: Terminal, columns: int = 80, lines: int = 24) -> None:
        self.near = near
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._fed = 0

    def types(self, text: str) -> None:
        """Presses keys."""
        self.near.types(text)

    def resize(self, columns: int, lines: int) -> None:
        """Resizes the terminal, and tells the programme as a terminal does."""
        self.screen.resize(lines, columns)
        fcntl.ioctl(self.near.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def until(self, text: str) -> None:
        """Returns when this stands on the screen in one line, or fails."""
        self._until(lambda shown: text in shown, f"{text!r} never came")

    def until_gone(self, *texts: str) -> None:
        """Returns when none of these stands on the screen, or fails."""
        self._until(lambda shown: not any(text in shown for text in texts), f"one of {texts} stayed")

    def text(self) -> str:
        """What stands on the screen, a line for each."""
        new = self.near.shown[self._fed :]
        self._fed += len(new)
        for unknown in _UNKNOWN:
            new = new.replace(unknown, b"")
        # pyte takes no variation selector, and leaves out the rest of the text that has one, as names in Japan have.
        self._stream.feed(_SELECTORS.sub("", self._decoder.decode(new)))
        return "\n".join(self._line(number) for number in range(self.screen.lines))

    def _line(self, number: int) -> str:
        """A line as it stands. pyte's own `display` fails on a wide character of which one half was drawn over.

        The right half of a wide character is a cell without text, or with what is combined with the character; a half
        without the other is blank, as in terminals.
        """
        cells = [self.screen.buffer[number][x].data for x in range(self.screen.columns)]
        shown = ""
        for x, cell in enumerate(cells):
            if _is_right_half(cell):
                shown += cell if x > 0 and _is_wide(cells[x - 1]) else " "
            elif _is_wide(cell) and not (x + 1 < len(cells) and _is_right_half(cells[x + 1])):
                shown += " "
            else:
                shown += cell
        return unicodedata.normalize("NFC", shown)

    def line(self, label: str) -> str:
        """The first line that has this in it; empty: none has."""
        return next((line.rstrip() for line in self.text().splitlines() if label in line), "")

    def _until(self, holds: Callable[[str], bool], complaint: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds(shown := self.text()):
            # A programme that shows this and that for ever does not show what is waited for.
            assert time.monotonic() < deadline and self.near.reads_on(), f"{complaint}:\n{shown}"


def _is_right_half(cell: str) -> bool:
    return all(unicodedata.combining(character) for character in cell)


def _is_wide(cell: str) -> bool:
    return unicodedata.east_asian_width(cell[:1] or " ") in "WF"
