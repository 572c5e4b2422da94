"""A list of any length: it holds some pages around the cursor and asks for more as the cursor moves.

The server gives pages by keyset, so a list knows its first page, its last page, the page that begins at a value,
and the neighbours of a page that it has; it never counts to a place in the middle. What is held is one contiguous
run of pages: `home`, `end` and a jump to a value begin another one.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from tashika_formats.money import group_digits
from tashika_tui.client.errors import RefusedByServer, ServerNotReachable
from tashika_tui.i18n import Wording, say
from tashika_tui.keymap import Scope
from tashika_tui.widgets.binding import bind_scope
from tashika_tui.widgets.guard import Guarded
from tashika_tui.widgets.line_input import LineInput
from tashika_tui.widgets.paging import PAGE_ROWS, Place, Query, RowT, Source, Window
from tashika_tui.widgets.rows import Column, Headings, Rows
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import Say, Worded, fit, texts_of

if TYPE_CHECKING:
    from tashika_tui.screens.base import BaseScreen

__all__ = ["Column", "PagedList", "Place", "Query", "Source"]

# Long enough for a Japanese input method to commit a word, short enough to feel immediate.
FILTER_SECONDS = 0.2


class _FilterLine(LineInput):
    """Where the filter is typed."""

    def __init__(self) -> None:
        super().__init__(id="filter", max_length=100)
        # A screen would give the keyboard to this line first, though nobody sees it yet.
        self.can_focus = False
        bind_scope(self, Scope.FILTER)

    def action_keep_filter(self) -> None:
        """Back to the rows, with the filter."""
        self.query_ancestor(PagedList).keep_filter()

    def action_drop_filter(self) -> None:
        """Back to the rows, without it."""
        self.query_ancestor(PagedList).action_clear_filter()


class _Count(Worded):
    """The line under the rows: where the cursor is, how many there are, and what is shown."""

    DEFAULT_CSS = """
    _Count { height: 1; padding: 0 1; color: $foreground 80%; }
    _Count:ansi { color: ansi_default; }
    """

    def render(self) -> Content:
        """One line."""
        return Content(fit(cast("PagedList[Any]", self.parent).count_text(), self.size.width))


class PagedList(Guarded, Vertical, Generic[RowT]):
    """The list with its filter line, headings and count.

    `source` calls the screen's `ask`, so a lost connection or an expired session needs no care here. `key` gives a
    row's id, by which the selection is kept. `empty` is a key of the catalogues for a list without rows; a filter
    that finds nothing has its own words. It shows nothing until `load` is called.
    """

    DEFAULT_CSS = """
    PagedList { height: 1fr; }
    PagedList > #filter-line { height: 1; display: none; }
    PagedList > #filter-line Say { width: auto; padding: 0 1 0 0; text-style: bold; }
    PagedList > #nothing { height: 1fr; padding: 1 2; display: none; }
    """

    class Opened(Message):
        """Enter on a row."""

        def __init__(self, paged_list: "PagedList[Any]", row: Any) -> None:
            super().__init__()
            self.paged_list = paged_list
            self.row = row

    class Highlighted(Message):
        """The cursor came to another row; None where there is no row."""

        def __init__(self, paged_list: "PagedList[Any]", row: Any) -> None:
            super().__init__()
            self.paged_list = paged_list
            self.row = row

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        source: Source[RowT],
        key: Callable[[RowT], str],
        *,
        query: Query | None = None,
        empty: str = "listing.empty",
        search: bool = True,
        copied: Callable[[RowT], str] | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._columns = columns
        self._source = source
        self._key = key
        self._query = query or Query()
        self._empty = empty
        self._search = search
        self._copied = copied or key
        self._run = 0
        self._asked: set[Place] = set()
        self._typing: Timer | None = None
        self._highlighted = ""
        self._loaded = False
        self._shown: Query | None = None
        bind_scope(self, Scope.LIST)

    def compose(self) -> ComposeResult:
        """Filter, headings, rows, the word for nothing, count."""
        with Horizontal(id="filter-line"):
            yield Say(say("listing.filter"))
            yield _FilterLine()
        yield Headings(self._columns)
        yield Rows(self._columns)
        yield Say("", id="nothing")
        yield _Count()

    # --- for screens -------------------------------------------------------------------------------------------

    @property
    def row(self) -> RowT | None:
        """The row under the cursor; None while other rows are asked for than stand there: nothing is done with a row
        that somebody no longer means.
        """
        return self._rows.row if self._shown == self._query else None

    @property
    def passing(self) -> bool:
        """Whether what stands there is on its way out: a stroke for a row waits for the rows that were asked for."""
        return self._shown != self._query and self._screen.is_reading

    @property
    def query_now(self) -> Query:
        """What is shown."""
        return self._query

    async def load(self, query: Query | None = None, *, from_value: str = "") -> None:
        """Shows another query from its beginning, or from a value of its order. Raises RegisterError."""
        self._query = query or self._query
        await self._begin(Place(from_value=from_value))

    async def reload(self) -> None:
        """Asks again for what is shown; the cursor stays on its row, by its id. Raises RegisterError."""
        if not self._rows.window.rows or self._shown != self._query:
            await self._begin(Place())
            return
        try:
            await self._reload()
        except RefusedByServer as error:
            if error.reason != "PAGE_TOKEN_INVALID":
                raise
            # The pages that are held were another question's, or another server's.
            await self._begin(Place())

    async def _reload(self) -> None:
        rows, window = self._rows, self._rows.window
        run = self._next_run()
        top = max(window.offset, min(rows.scroll_offset.y, window.end - 1))
        place, wanted = window.places_over(top, max(top + rows.size.height, rows.cursor))
        start = window.start_of(top)
        fresh: Window[RowT] = Window()
        page = await self._source(self._query, place, PAGE_ROWS)
        fresh.begin(page, place)
        while len(fresh.rows) < wanted and (further := fresh.next_place):
            fresh.append(await self._source(self._query, further, PAGE_ROWS), further)
        if run != self._run:
            return
        if fresh.previous_place is not None:
            fresh.anchor, fresh.offset = window.anchor, start if window.numbered else 0
        key = self._key(row) if (row := rows.row) is not None else ""
        self._take(fresh, key, rows.cursor, top)

    def replace(self, row: RowT) -> bool:
        """Shows a newer state of a row that is held. False: it is not held."""
        window, key = self._rows.window, self._key(row)
        for index, held in enumerate(window.rows):
            if self._key(held) == key:
                window.replace(index, row)
                self._rows.refresh()
                return True
        return False

    def count_text(self) -> str:
        """Where the cursor is, of how many, in which order and by which filter."""
        texts, window, query = texts_of(self), self._rows.window, self._query
        if not self._loaded:
            return texts("listing.loading")
        total = group_digits(window.total) if window.total_exact else texts("listing.many")
        here = group_digits(self._rows.cursor + 1) if window.numbered and window.rows else ""
        parts = [
            texts("listing.place", here=here, total=total) if here else texts("listing.total", total=total)
        ]
        column = next((column for column in self._columns if column.sort and column.sort == query.sort), None)
        if column is not None:
            way = texts("listing.descending" if query.descending else "listing.ascending")
            parts.append(texts("listing.order", column=texts(column.label), way=way))
        if query.text:
            parts.append(texts("listing.filtered", text=query.text))
        return "  ".join(parts)

    # --- keys --------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Opens the row under the cursor."""
        if self.row is not None:
            self.post_message(self.Opened(self, self.row))

    def action_filter(self) -> None:
        """To the filter line."""
        self.query_one("#filter-line").display = True
        line = self.query_one(_FilterLine)
        line.can_focus = True
        line.focus()

    def action_clear_filter(self) -> None:
        """Shows everything again."""
        line = self.query_one(_FilterLine)
        line.value = ""
        self._rows.focus()
        line.can_focus = False
        self.query_one("#filter-line").display = False
        self._filter_now()

    def keep_filter(self) -> None:
        """Back to the rows; what is typed stays."""
        self._rows.focus()
        self._filter_now()

    def action_sort(self) -> None:
        """Asks by which column."""
        self._screen.perform(self._pick_sort, group="list-sort")

    def action_reverse(self) -> None:
        """The other way round."""
        self._change(replace(self._query, descending=not self._query.descending))

    def action_jump(self) -> None:
        """Asks for a value of the order, and goes there."""
        self._screen.perform(self._pick_value, group="list-jump")

    def action_copy_id(self) -> None:
        """Copies what names the row."""
        if self.row is not None:
            self.app.copy_to_clipboard(self._copied(self.row))
            self._screen.toast(say("listing.copied", text=self._copied(self.row)))

    def action_cursor_down(self) -> None:
        """One row down."""
        self._rows.move(1)

    def action_cursor_up(self) -> None:
        """One row up."""
        self._rows.move(-1)

    def action_page_down(self) -> None:
        """A screen down."""
        self._rows.page(1)

    def action_page_up(self) -> None:
        """A screen up."""
        self._rows.page(-1)

    def action_first(self) -> None:
        """To the beginning of the list."""
        self._edge(Place(), held=self._rows.window.previous_place is None)

    def action_last(self) -> None:
        """To its end."""
        self._edge(Place(from_end=True), held=self._rows.window.next_place is None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the list can't do is not offered."""
        match action:
            case "filter":
                return self._search
            case "clear_filter":
                return bool(self._query.text)
            case "sort" | "reverse":
                return any(column.sort for column in self._columns)
            case "jump":
                return self._jump_column() is not None
            case "open" | "copy_id":
                return self.row is not None
            case _:
                return True

    # --- of its own --------------------------------------------------------------------------------------------

    @property
    def _rows(self) -> Rows[RowT]:
        return cast("Rows[RowT]", self.query_one(Rows))

    @property
    def _screen(self) -> "BaseScreen[Any]":
        return cast("BaseScreen[Any]", self.screen)

    def _next_run(self) -> int:
        """Whatever was asked for before does not count any more when it comes."""
        self._run += 1
        self._asked.clear()
        return self._run

    async def _begin(self, place: Place) -> None:
        run = self._next_run()
        page = await self._source(self._query, place, PAGE_ROWS)
        if run != self._run:
            return
        window: Window[RowT] = Window()
        window.begin(page, place)
        last = place.from_end
        self._take(
            window, "", window.end - 1 if last else window.offset, window.end if last else window.offset
        )

    def _take(self, window: Window[RowT], key: str, cursor: int, top: int) -> None:
        """Shows another run, with the cursor on the row of this key, else where it was."""
        rows = self._rows
        found = next((index for index, row in enumerate(window.rows) if key and self._key(row) == key), None)
        rows.window = window
        self._loaded, self._shown = True, self._query
        rows.show(window.offset + found if found is not None else cursor, top)
        headings = self.query_one(Headings)
        headings.sort, headings.descending = self._query.sort, self._query.descending
        headings.refresh()
        self._say_nothing(not window.rows)
        self._look()
        # What can be done with a row can be done again.
        self.screen.refresh_bindings()

    def _say_nothing(self, nothing: bool) -> None:
        said = self.query_one("#nothing", Say)
        said.display = nothing
        self._rows.styles.height = 1 if nothing else "1fr"
        if nothing:
            words: Wording = (
                say("listing.nothing_fits", text=self._query.text) if self._query.text else say(self._empty)
            )
            said.say(words)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        self._look()

    @on(Rows.Activated)
    def _activated(self, event: Rows.Activated) -> None:
        event.stop()
        self.action_open()

    def _look(self) -> None:
        """After any movement: asks for what comes next, and tells where the cursor is."""
        rows, window = self._rows, self._rows.window
        top, bottom = rows.scroll_offset.y, rows.scroll_offset.y + rows.size.height
        if bottom + PAGE_ROWS // 2 > window.end and (place := window.next_place):
            self._fetch(place, before=False)
        if top - PAGE_ROWS // 2 < window.offset and (place := window.previous_place):
            self._fetch(place, before=True)
        self.query_one(_Count).refresh()
        key = self._key(rows.row) if rows.row is not None else ""
        if key != self._highlighted:
            self._highlighted = key
            self.post_message(self.Highlighted(self, rows.row))
            self.screen.refresh_bindings()

    def _fetch(self, place: Place, *, before: bool) -> None:
        if place in self._asked:
            return
        self._asked.add(place)
        run = self._run

        async def fetch() -> None:
            try:
                page = await self._source(self._query, place, PAGE_ROWS)
            except ServerNotReachable:
                # The banner says it, and the list is read again when the server is back.
                self._screen.client.lost()
                return
            finally:
                if run == self._run:
                    self._asked.discard(place)
            if run == self._run:
                window = self._rows.window
                self._rows.shift(window.prepend(page, place) if before else window.append(page, place))
                self._look()

        self._screen.perform(fetch, group=f"list-{id(self)}-{before}-{run}")

    def _edge(self, place: Place, *, held: bool) -> None:
        rows = self._rows
        if held:
            rows.show(rows.window.end - 1 if place.from_end else rows.window.offset)
            self._look()
        else:
            self._screen.perform(lambda: self._begin(place), group="list-edge")

    def _change(self, query: Query) -> None:
        self._query = query
        self._screen.perform(lambda: self._begin(Place()), group=f"list-query-{self._run}")

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(FILTER_SECONDS, self._filter_now)

    @on(Input.Submitted, "#filter")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.keep_filter()

    def _filter_now(self) -> None:
        if self._typing is not None:
            self._typing.stop()
        text = self.query_one(_FilterLine).value.strip()
        if text != self._query.text:
            self._change(replace(self._query, text=text))

    async def _pick_sort(self) -> None:
        columns = [column for column in self._columns if column.sort]
        chosen = await self._screen.pick(
            say("listing.sort_by"),
            [Choice(column.sort, say(column.label)) for column in columns],
            self._query.sort,
        )
        if chosen is not None:
            self._query = replace(self._query, sort=chosen)
            await self._begin(Place())

    def _jump_column(self) -> Column[RowT] | None:
        return next(
            (column for column in self._columns if column.jump and column.sort == self._query.sort), None
        )

    async def _pick_value(self) -> None:
        column = self._jump_column()
        if column is None or column.jump is None:
            return
        typed = await self._screen.enter_text(say("listing.jump_to", column=texts_of(self)(column.label)))
        if typed is not None:
            await self._begin(Place(from_value=column.jump(typed)))
