"""Pastes, taken out of what the terminal sends before anything looks for keys in it.

Textual's own parser (8.2.8) goes on looking for escape sequences inside of a paste, and types what it does not know
key by key: an escape in a pasted text could press enter, submit, or leave the client, and a report of a size in it
resized the screen. Terminals that filter what is pasted are the better half of them; tmux does not.
"""

from collections.abc import Iterable
from importlib import import_module

from textual import events
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.message import Message

# Ten times what a line takes of a paste: the rest is only waited for.
_MOST_CHARACTERS = 100_000

# The driver for Windows reads in another module than its own.
_READS_IN = {"textual.drivers.windows_driver": "textual.drivers.win32"}


class PasteParser(XTermParser):
    """Textual's parser, which gets to see what is typed, and never what is pasted."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        # The end of what came so far, where it may be the beginning of a mark, and since when.
        self._begun, self._begun_time = "", 0.0
        self._pasted: list[str] | None = None
        self._room = 0

    def feed(self, data: str) -> Iterable[Message]:
        """What the terminal sent; empty: it is gone."""
        if not data:
            yield from super().feed(data)
            return
        text, self._begun = self._begun + data, ""
        while text:
            mark = BRACKETED_PASTE_START if self._pasted is None else BRACKETED_PASTE_END
            before, found, text = text.partition(mark)
            if not found:
                end = len(before) - _beginning(before, mark)
                before, self._begun, self._begun_time = before[:end], before[end:], get_time()
            yield from self._take(before)
            if found:
                yield from self._turn()

    def tick(self) -> Iterable[Message]:
        """Called every now and then: an escape that nothing followed was the key."""
        if self._pasted is None and self._begun and get_time() >= self._begun_time + ESCAPE_DELAY:
            begun, self._begun = self._begun, ""
            yield from super().feed(begun)
            # It has waited once, so not again.
            self._timeout_time = self._timeout_time and self._begun_time
        yield from super().tick()

    def _take(self, text: str) -> Iterable[Message]:
        """Passes on what was typed, and keeps what was pasted."""
        if self._pasted is None:
            if text:
                yield from super().feed(text)
        else:
            self._pasted.append(text[: self._room])
            self._room -= len(self._pasted[-1])

    def _turn(self) -> Iterable[Message]:
        """A paste begins, or has ended."""
        if self._pasted is None:
            self._pasted, self._room = [], _MOST_CHARACTERS
        else:
            pasted, self._pasted = "".join(self._pasted), None
            yield events.Paste(pasted.replace("\0", ""))


def take_pastes_apart(driver: type[Driver]) -> None:
    """Lets one of Textual's drivers read with `PasteParser`; it finds its parser by the name."""
    module = import_module(_READS_IN.get(driver.__module__, driver.__module__))
    if hasattr(module, "XTermParser"):
        vars(module)["XTermParser"] = PasteParser


def _beginning(text: str, mark: str) -> int:
    """How many characters at the end of a text may be the beginning of the mark."""
    return next((length for length in range(len(mark) - 1, 0, -1) if text.endswith(mark[:length])), 0)
