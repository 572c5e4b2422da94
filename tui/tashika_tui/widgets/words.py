"""Texts on the screen: always from the catalogues or shown as they are, never as markup or terminal control."""

from typing import Any, Protocol, cast

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts, Wording
from tashika_tui.session import ClientSession
from tashika_tui.terminal import visible

# Three dots in two columns would be one of the glyphs whose width terminals disagree about.
CUT = ".."

# What may not begin or end a line of Japanese (JIS X 4051, line breaking).
_NEVER_FIRST = frozenset("、。，．・：；？！ー々」』）】］〕｝〉》’”ぁぃぅぇぉっゃゅょァィゥェォッャュョ")
_NEVER_LAST = frozenset("「『（【［〔｛〈《‘“")


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
    anywhere.
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
        end = max(1, end)
        end = next((place for place in range(end, 0, -1) if _may_break(text, place)), end)
        if text[end - 1].isascii() and text[end].isascii() and text[end] != " ":
            space = text.rfind(" ", 0, end)
            end = space + 1 if space > 0 else end
        lines.append(text[:end].rstrip())
        text = text[end:].lstrip(" ")
    return [*lines, text]


def _may_break(text: str, place: int) -> bool:
    return text[place] not in _NEVER_FIRST and text[place - 1] not in _NEVER_LAST


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

    def render(self) -> Content:
        """The words, as they are."""
        return Content(self.shown)
