"""Entries to choose from, each with a sentence about it. A digit chooses too."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import clamp
from textual.message import Message
from textual.strip import Strip

from tashika_tui.i18n import Texts
from tashika_tui.keymap import Scope
from tashika_tui.widgets.binding import bind, bind_scope
from tashika_tui.widgets.words import Worded, fit, texts_of

_MAX_LABEL = 34


class MenuList(Worded, can_focus=True):
    """The entries, a line each. Each is a name, which `words` puts into a label and a sentence."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"menu--cursor"}

    DEFAULT_CSS = """
    MenuList { height: auto; margin: 1 1; color: $foreground; }
    MenuList > .menu--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    MenuList:ansi > .menu--cursor { text-style: reverse; }
    """

    class Chosen(Message):
        """An entry was chosen, by its name."""

        def __init__(self, entry: str) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, entries: Sequence[str], words: Callable[[str, Texts], tuple[str, str]]) -> None:
        super().__init__()
        self._entries = entries
        self._words = words
        self.cursor = 0
        bind(self, ("open", "cursor_down", "cursor_up", "first", "last"))
        bind_scope(self, Scope.MENU)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """A line for each."""
        return len(self._entries)

    def render_line(self, y: int) -> Strip:
        """One entry: number, words, and what it is for."""
        width = self.size.width
        if y >= len(self._entries):
            return Strip.blank(width, self.rich_style)
        texts = texts_of(self)
        labels = max(cell_len(self._words(entry, texts)[0]) for entry in self._entries)
        label, about = self._words(self._entries[y], texts)
        chosen = y == self.cursor
        number = f"{y + 1}" if y < 9 else " "
        line = f"{'>' if chosen else ' '} {number}  {fit(label, min(labels, _MAX_LABEL))}  {about}"
        style = self.get_component_rich_style("menu--cursor") if chosen else self.rich_style
        return Strip([Segment(fit(line, width), style)], width)

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        self._choose(event.y)

    def action_open(self) -> None:
        """Chooses the one under the cursor."""
        self._choose(self.cursor)

    def action_choose_number(self, number: int) -> None:
        """Chooses by its number."""
        self._choose(number - 1)

    def action_cursor_down(self) -> None:
        """One down."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """One up."""
        self._move(-1)

    def action_first(self) -> None:
        """To the first."""
        self._move(-len(self._entries))

    def action_last(self) -> None:
        """To the last."""
        self._move(len(self._entries))

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._entries):
            self.cursor = index
            self.refresh()
            self.post_message(self.Chosen(self._entries[index]))

    def _move(self, by: int) -> None:
        self.cursor = clamp(self.cursor + by, 0, max(0, len(self._entries) - 1))
        self.refresh()
