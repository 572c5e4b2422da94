"""Texts on the screen: always from the catalogues or shown as they are, never as markup or terminal control."""

import unicodedata
from typing import Any, Protocol, cast

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts, Wording
from tashika_tui.session import ClientSession
from tashika_tui.terminal import visible

# Which of Unicode's categories may not begin and end a line (JIS X 4051): what ends something and marks such as a
# comma or a long vowel; and what begins something.
_NEVER_FIRST = frozenset(("Pe", "Pf", "Po", "Lm"))
_NEVER_LAST = frozenset(("Ps", "Pi"))

# Three dots in two columns would be one of the glyphs whose width terminals disagree about.
CUT = ".."


class HasWords(Protocol):
    """The app, as widgets know it."""

    context: SessionContext
    session: ClientSession
    unread: int

    @property
    def texts(self) -> Texts:
        """The texts in the language that is set."""


def client_of(widget: Widget) -> HasWords:
    """The app that a widget is in."""
    return cast(HasWords, cast(Any, widget.app))


def texts_of(widget: Widget) -> Texts:
    """The texts in the language that is set."""
    return client_of(widget).texts


def lines_of(text: str) -> str:
    """`text` with its line ends, and everything else that would act on the terminal written out."""
    return "\n".join(visible(line) for line in text.splitlines())


def fit(text: str, columns: int, *, right: bool = False) -> str:
    """`text` in exactly so many columns: filled with spaces, or cut with `..` at its end."""
    shown = visible(text)
    length = cell_len(shown)
    if length > columns:
        return set_cell_size(set_cell_size(shown, max(0, columns - len(CUT))) + CUT, columns)
    spaces = " " * (columns - length)
    return spaces + shown if right else shown + spaces


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most so many columns. Western words stay whole where they fit; Japanese breaks
    anywhere, but for what may not begin or end a line (JIS X 4051).
    """
    lines: list[str] = []
    for paragraph in lines_of(text).splitlines() or [""]:
        lines += _wrap_line(paragraph, max(2, columns))
    return lines


def _wrap_line(text: str, columns: int) -> list[str]:
    lines = []
    while cell_len(text) > columns:
        end, used = 0, 0
        while end < len(text) and used + cell_len(text[end]) <= columns:
            used += cell_len(text[end])
            end += 1
        end = _better_end(text, max(1, end))
        lines.append(text[:end].rstrip())
        text = text[end:].lstrip(" ")
    return [*lines, text]


def _better_end(text: str, end: int) -> int:
    """Where a line ends for the reader's sake, if it can have characters up to `end`."""
    best = end
    while best > 0 and not _may_break(text[best - 1], text[best]):
        best -= 1
    # What is one word as far as the line goes is broken where the line ends.
    return best or end


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between these two."""
    if before == " " or after == " ":
        return True
    if _narrow(before) and _narrow(after):
        return False
    if unicodedata.category(before) in _NEVER_LAST or unicodedata.category(after) in _NEVER_FIRST:
        return False
    # The small ones of the kana, which belong to the one before.
    return " SMALL " not in unicodedata.name(after, "")


def _narrow(char: str) -> bool:
    return cell_len(char) < 2


class Worded(Widget):
    """A widget that shows words; `relabel` is called when the language changes."""

    def relabel(self) -> None:
        """Shows its words in the language that is set now."""
        self.refresh(layout=True)


class Say(Worded):
    """A text that changes with the language."""

    DEFAULT_CSS = """
    Say { width: 1fr; height: auto; }
    """

    def __init__(self, wording: Wording = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._wording = wording

    @property
    def wording(self) -> Wording:
        """What it shows."""
        return self._wording

    @property
    def shown(self) -> str:
        """What it shows, in words."""
        return lines_of(texts_of(self).words(self._wording))

    def say(self, wording: Wording) -> None:
        """Shows something else."""
        if wording != self._wording:
            self._wording = wording
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as its longest line."""
        return max((cell_len(line) for line in self.shown.splitlines()), default=0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the words need."""
        return len(wrap(self.shown, width)) if width else 0

    def render(self) -> Content:
        """The words, as they are, in lines that break where a reader expects it."""
        return Content("\n".join(wrap(self.shown, self.size.width)))
