"""The pages that a list holds: one contiguous run of them, and what it knows of where they lie. No terminal here."""

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from tashika_tui.client.records import Page

RowT = TypeVar("RowT")

# What one call asks for (the API allows 200), and how many such pages are held: some thousand rows, whatever the
# length of the list.
PAGE_ROWS = 100
MAX_PAGES = 20


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows: a text to search for, and the order."""

    text: str = ""
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind or before a page (`token`), at the end, at a value of the order, or, with
    nothing set, at the beginning.
    """

    token: str = ""
    from_end: bool = False
    from_value: str = ""


class Source(Protocol[RowT]):
    """Where pages come from: in the order of the list, whichever place was asked for."""

    async def __call__(self, query: Query, place: Place, size: int) -> "Page[RowT]":
        """A page of at most `size` rows. May raise RegisterError."""


class Anchor(Enum):
    """From where the run of pages is counted."""

    START = auto()
    END = auto()
    VALUE = auto()


@dataclass(slots=True)
class _Held(Generic[RowT]):
    page: "Page[RowT]"
    place: Place


@dataclass(slots=True)
class Window(Generic[RowT]):
    """A run of pages. `offset` is the number of the first held row among all rows, as far as that is known, else
    among those that were held since the run began.
    """

    anchor: Anchor = Anchor.START
    offset: int = 0
    rows: list[RowT] = field(default_factory=list)
    total: int = 0
    total_exact: bool = True
    _held: list[_Held[RowT]] = field(default_factory=list)

    def begin(self, page: "Page[RowT]", place: Place) -> None:
        """Starts a run with this page."""
        self._held = [_Held(page, place)]
        self._count(page)
        self._flatten()
        if place.from_end and page.next_page_token == "":
            self.anchor = Anchor.END
            self.offset = max(0, page.total_size - len(self.rows)) if page.total_size_exact else 0
        elif place.from_value and page.previous_page_token:
            self.anchor, self.offset = Anchor.VALUE, 0
        else:
            self.anchor, self.offset = Anchor.START, 0
        self._settle()

    @property
    def end(self) -> int:
        """The number after that of the last held row."""
        return self.offset + len(self.rows)

    @property
    def numbered(self) -> bool:
        """Whether `offset` counts from the list's real beginning."""
        return self.anchor is Anchor.START or (self.anchor is Anchor.END and self.total_exact)

    @property
    def next_place(self) -> Place | None:
        """Where the page behind the run begins; None: the run reaches the end."""
        token = self._held[-1].page.next_page_token if self._held else ""
        return Place(token=token) if token else None

    @property
    def previous_place(self) -> Place | None:
        """Where the page before the run is; None: the run reaches the beginning."""
        token = self._held[0].page.previous_page_token if self._held else ""
        return Place(token=token) if token else None

    @property
    def height(self) -> int:
        """How many lines the list has: all rows where they can be numbered, else what is held and one more."""
        more = 1 if self.next_place else 0
        if self.numbered and self.total_exact and more:
            return max(self.total, self.end + more)
        return self.end + more

    def row(self, number: int) -> RowT | None:
        """The row with this number, None where it is not held."""
        index = number - self.offset
        return self.rows[index] if 0 <= index < len(self.rows) else None

    def append(self, page: "Page[RowT]", place: Place) -> int:
        """Adds the page behind. Gives by how much the numbers of all rows changed."""
        self._held.append(_Held(page, place))
        self._count(page)
        dropped = 0
        if len(self._held) > MAX_PAGES:
            dropped = len(self._held.pop(0).page.items)
        self._flatten()
        self.offset += dropped
        # An unnumbered run begins again at 0.
        return 0 if self.numbered else self._renumber()

    def prepend(self, page: "Page[RowT]", place: Place) -> int:
        """Adds the page before. Gives by how much the numbers of all rows changed."""
        self._held.insert(0, _Held(page, place))
        self._count(page)
        if len(self._held) > MAX_PAGES:
            self._held.pop()
        self._flatten()
        before = self.offset
        self.offset -= len(page.items)
        wanted = before - len(page.items)
        self._settle()
        return self.offset - wanted

    def places_over(self, first: int, last: int) -> tuple[Place, int]:
        """The place of the page that holds row `first`, and how many rows lie from there to row `last`."""
        number = self.offset
        for held in self._held:
            behind = number + len(held.page.items)
            if first < behind:
                return held.place, last - number + 1
            number = behind
        return Place(), PAGE_ROWS

    def start_of(self, number: int) -> int:
        """The number of the first row of the page that holds a row."""
        start = self.offset
        for held in self._held:
            if number < start + len(held.page.items):
                return start
            start += len(held.page.items)
        return self.offset

    def replace(self, index: int, row: RowT) -> None:
        """Puts another row in the place of the one at `index` among the held ones."""
        self.rows[index] = row
        for held in self._held:
            size = len(held.page.items)
            if index < size:
                items = (*held.page.items[:index], row, *held.page.items[index + 1 :])
                held.page = replace(held.page, items=items)
                return
            index -= size

    def _flatten(self) -> None:
        self.rows = [row for held in self._held for row in held.page.items]

    def _count(self, page: "Page[RowT]") -> None:
        self.total, self.total_exact = page.total_size, page.total_size_exact

    def _settle(self) -> None:
        """Brings the numbers in order: nothing before the beginning, and the beginning is 0."""
        if self.previous_place is None:
            self.anchor, self.offset = Anchor.START, 0
        elif self.offset < 0 or not self.numbered:
            self.offset = 0
        elif self.anchor is not Anchor.START and self.offset == 0:
            # Rows came in meanwhile; there is at least one more page.
            self.offset = 1

    def _renumber(self) -> int:
        by = -self.offset
        self.offset = 0
        return by
