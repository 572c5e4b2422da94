"""A list of any length: it holds some pages around the cursor and asks for more as the cursor moves.

The server gives pages by keyset, so a list knows its first page, its last page, the page that begins at a value,
and the neighbours of a page that it has; it never counts to a place in the middle. What is held is one contiguous
run of pages: `home`, `end` and a jump to a value begin another one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from textual.containers import Vertical
from textual.message import Message

from tashika_tui.client.records import Page
from tashika_tui.i18n import Texts

RowT = TypeVar("RowT")
RowT_co = TypeVar("RowT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """A column. `label` is a key of the catalogues; `text` gives a cell's words.

    `width` is in terminal columns and the least that is useful; `grow` is its share of what is left over.
    `sort` is the source's name for the order by this column, empty where it has none. On a narrow terminal the
    columns with the highest `drop` go first; 0 never goes. `right` is for amounts.
    """

    label: str
    text: Callable[[RowT, Texts], str]
    width: int
    grow: int = 0
    right: bool = False
    sort: str = ""
    drop: int = 0


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


class Source(Protocol[RowT_co]):
    """Where pages come from: in the order of the list, whichever place was asked for."""

    async def __call__(self, query: Query, place: Place, size: int) -> Page[RowT_co]:
        """A page of at most `size` rows. May raise RegisterError."""


class PagedList(Vertical, Generic[RowT]):
    """The list with its filter line, headings and count.

    `source` is asked through the screen's `ask`, so a lost connection or an expired session needs no care here.
    `key` gives a row's id, by which the selection is kept. `empty` is a key of the catalogues for a list without
    rows; a filter that finds nothing has its own words.
    """

    class Opened(Message):
        """Enter on a row."""

        def __init__(self, paged_list: "PagedList[RowT]", row: RowT) -> None:
            super().__init__()
            self.paged_list = paged_list
            self.row = row

    class Highlighted(Message):
        """The cursor came to another row; None where there is no row."""

        def __init__(self, paged_list: "PagedList[RowT]", row: RowT | None) -> None:
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
        empty: str = "list.empty",
        search: bool = True,
        id: str | None = None,
    ) -> None: ...

    @property
    def row(self) -> RowT | None:
        """The row under the cursor."""
        ...

    @property
    def query_now(self) -> Query:
        """What is shown."""
        ...

    async def load(self, query: Query | None = None, *, from_value: str = "") -> None:
        """Shows another query from its beginning, or from a value of its order."""

    async def reload(self) -> None:
        """Asks again for what is shown; the cursor stays on its row, by its id."""

    def replace(self, row: RowT) -> bool:
        """Shows a newer state of a row that is held. False: it is not held."""
        ...
