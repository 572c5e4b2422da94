"""The rows of a list: it draws those that are held, and says where it wants more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Size, clamp
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tashika_tui.i18n import Texts
from tashika_tui.widgets.paging import Window
from tashika_tui.widgets.words import Worded, fit, texts_of

RowT = TypeVar("RowT")

_GAP = 2
_MARK = "> "
_NO_MARK = "  "


# Without slots: in Python 3.11 a frozen generic class with them can't be called as `Column[Row](...)`.
@dataclass(frozen=True)
class Column(Generic[RowT]):
    """A column. `label` is a key of the catalogues; `text` gives a cell's words.

    `width` is in terminal columns and the least that is useful; `grow` is its share of what is left over.
    `sort` is the source's name for the order by this column, empty where it has none. On a narrow terminal the
    columns with the highest `drop` go first; 0 never goes. `right` is for amounts. `jump` makes a value of the
    order from what somebody types (FormatError: it can't); None: the list can't jump by this column.
    """

    label: str
    text: Callable[[RowT, Texts], str]
    width: int
    grow: int = 0
    right: bool = False
    sort: str = ""
    drop: int = 0
    jump: Callable[[str], str] | None = None


def widths(columns: Sequence[Column[RowT]], room: int) -> list[tuple[Column[RowT], int]]:
    """The columns that fit into so many terminal columns, with the width of each."""
    kept = list(columns)
    while len(kept) > 1 and sum(column.width + _GAP for column in kept) - _GAP > room:
        worst = max(kept, key=lambda column: column.drop)
        if worst.drop == 0:
            break
        kept.remove(worst)
    left = max(0, room - sum(column.width + _GAP for column in kept) + _GAP)
    shares = sum(column.grow for column in kept)
    found = []
    for column in kept:
        extra = left * column.grow // shares if shares else 0
        left, shares = left - extra, shares - column.grow
        found.append((column, column.width + extra))
    return found


class Headings(Worded, Generic[RowT]):
    """The line above the rows; the column of the order has a mark."""

    DEFAULT_CSS = """
    Headings { height: 1; color: $primary; text-style: bold; }
    Headings:ansi { color: ansi_default; text-style: bold underline; }
    """

    def __init__(self, columns: Sequence[Column[RowT]]) -> None:
        super().__init__()
        self._columns = columns
        self.sort, self.descending = "", False

    def render(self) -> Content:
        """One line."""
        texts = texts_of(self)
        cells = []
        for column, width in widths(self._columns, self.size.width - len(_MARK) - 1):
            label = texts(column.label)
            if column.sort and column.sort == self.sort:
                label = f"{label} {'v' if self.descending else '^'}"
            cells.append(fit(label, width, right=column.right))
        return Content(_NO_MARK + (" " * _GAP).join(cells))


class Rows(ScrollView, Generic[RowT], can_focus=True, inherit_bindings=False):
    """Draws the rows of `window` and moves the cursor among them. It asks nobody; `Wants` is for its list."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor", "rows--blurred"}

    DEFAULT_CSS = """
    Rows { height: 1fr; overflow-x: hidden; overflow-y: scroll; color: $foreground; background: $background; }
    Rows > .rows--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    Rows > .rows--blurred { background: $panel; color: $foreground; }
    Rows:ansi > .rows--cursor { text-style: reverse; }
    Rows:ansi > .rows--blurred { text-style: bold; }
    """

    class Moved(Message):
        """The cursor or what is visible changed."""

    class Activated(Message):
        """Somebody clicked the row that had the cursor."""

    def __init__(self, columns: Sequence[Column[RowT]]) -> None:
        super().__init__()
        self._columns = columns
        self.window: Window[RowT] = Window()
        self.cursor = 0
        self._pending = 0
        self.busy = False

    # --- what it shows -----------------------------------------------------------------------------------------

    def show(self, cursor: int, top: int | None = None) -> None:
        """Draws the window anew, with the cursor on this row and, if given, this row as the first line."""
        self.cursor = clamp(cursor, self.window.offset, max(self.window.offset, self.window.end - 1))
        self.virtual_size = Size(self.size.width, self.window.height)
        if top is not None:
            self.scroll_to(y=top, animate=False, force=True)
        self._follow()
        self.refresh()

    def shift(self, by: int) -> None:
        """All rows have other numbers than before: moves along, so that nothing moves on the screen."""
        top = self.scroll_offset.y
        self._pending, pending = 0, self._pending
        self.show(self.cursor + by, top + by if by else None)
        if pending:
            self.move(pending)

    @property
    def row(self) -> RowT | None:
        """The row under the cursor."""
        return self.window.row(self.cursor)

    def render_line(self, y: int) -> Strip:
        """One row, or dots where it is on its way."""
        width = self.size.width
        number = self.scroll_offset.y + y
        row = self.window.row(number)
        if row is None:
            coming = number < self.window.height and bool(self.window.rows)
            return Strip([Segment(fit("  ..." if coming else "", width), self.rich_style)], width)
        texts = texts_of(self)
        chosen = number == self.cursor
        cells = (
            fit(column.text(row, texts), room, right=column.right)
            for column, room in widths(self._columns, width - len(_MARK) - 1)
        )
        line = (_MARK if chosen else _NO_MARK) + (" " * _GAP).join(cells)
        style = self.rich_style
        if chosen:
            style = self.get_component_rich_style("rows--cursor" if self.has_focus else "rows--blurred")
        return Strip([Segment(fit(line, width), style)], width)

    # --- moving ------------------------------------------------------------------------------------------------

    def move(self, by: int) -> None:
        """Moves the cursor. What lies beyond the held rows is done when they have come."""
        target = self.cursor + by
        self.cursor = clamp(target, self.window.offset, max(self.window.offset, self.window.end - 1))
        beyond = target - self.cursor
        more = self.window.next_place if beyond > 0 else self.window.previous_place
        self._pending = beyond if more and abs(beyond) <= 2 * self.size.height else 0
        self._follow()
        self.refresh()
        self.post_message(self.Moved())

    def page(self, direction: int) -> None:
        """A screen up (-1) or down (1)."""
        self.move(direction * max(1, self.size.height - 1))

    def _follow(self) -> None:
        """Scrolls so that the cursor is visible."""
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def validate_scroll_y(self, value: float) -> float:
        """Keeps a dragged bar near the rows that are held: nobody can ask a keyset for row 500,000."""
        value = super().validate_scroll_y(value)
        lowest = max(0, self.window.offset - self.size.height)
        highest = max(0, min(self.window.height, self.window.end + self.size.height) - self.size.height)
        return clamp(value, min(lowest, highest), highest)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Says that other rows are visible."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Moved())

    def on_resize(self, _event: events.Resize) -> None:
        """Columns and cursor follow the terminal."""
        self.virtual_size = Size(self.size.width, self.window.height)
        self._follow()
        self.refresh()
        self.post_message(self.Moved())

    def on_focus(self) -> None:
        """The cursor looks another way with the keyboard."""
        self.refresh()

    def on_blur(self) -> None:
        """And without it."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; on the cursor it opens."""
        number = self.scroll_offset.y + event.y
        if self.window.row(number) is None:
            return
        if number == self.cursor:
            self.post_message(self.Activated())
        else:
            self.move(number - self.cursor)
