"""A table of columns with a head that each page repeats."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tashika_server.documents.coverage import Glyph
from tashika_server.documents.fonts import SANS, SERIF
from tashika_server.documents.layout import GREY, LEFT, RULE, Align, Sheet
from tashika_server.documents.wrap import wrap

_PAD: Final = 4.0
_SIZE: Final = 8.8
_LEADING: Final = 12.6
_HEAD: Final = 18.0
_ROW_PAD: Final = 3.0
_TAKEN_ALONG: Final = 4


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column: its head, its width in points, and where its texts stand. `half_width` is for numbers."""

    head: str
    width: float
    align: Align = "left"
    half_width: bool = False


@dataclass(frozen=True, slots=True)
class _LaidRow:
    cells: tuple[tuple[tuple[Glyph, ...], ...], ...]
    strong: bool

    @property
    def height(self) -> float:
        return max(len(cell) for cell in self.cells) * _LEADING + 2 * _ROW_PAD


class Grid:
    """Draws rows of texts; `fields` names each column's source for errors."""

    def __init__(self, sheet: Sheet, columns: Sequence[GridColumn], fields: Sequence[str]) -> None:
        self._sheet = sheet
        self._columns = columns
        self._fields = fields

    @property
    def width(self) -> float:
        """The width of all columns in points."""
        return sum(column.width for column in self._columns)

    def draw(
        self,
        rows: Sequence[tuple[Sequence[str], bool]],
        top: float,
        bottom: float,
        go_on: Callable[[], float],
        tail: float = 0,
    ) -> float:
        """Draw the rows (texts, and whether the row is one of sums) from `top` on, at most down to `bottom`, the last
        page leaving `tail` points free; between two pages `go_on` begins the next one and gives its top. Gives the
        bottom edge.
        """
        waiting = [self._lay(texts, strong) for texts, strong in rows]
        y = top
        while True:
            page: list[_LaidRow] = []
            used = _HEAD
            while waiting and (y + used + waiting[0].height <= bottom or not page):
                used += waiting[0].height
                page.append(waiting.pop(0))
            if not waiting and y + used + tail > bottom and len(page) > _TAKEN_ALONG:
                # What closes the table never stands alone on the last page.
                waiting = page[-_TAKEN_ALONG:]
                del page[-_TAKEN_ALONG:]
                used -= sum(row.height for row in waiting)
            self._page(page, y)
            y += used
            if not waiting:
                return y
            y = go_on()

    def _lay(self, texts: Sequence[str], strong: bool) -> _LaidRow:
        sheet, faces = self._sheet, self._sheet.library.faces
        cells = []
        for column, field, text in zip(self._columns, self._fields, texts, strict=True):
            glyphs = sheet.glyphs(text, SANS if strong else SERIF, field, column.half_width)
            room = (column.width - 2 * _PAD) * 1000 / _SIZE
            lines = wrap(glyphs, lambda glyph: faces[glyph.face].width(glyph.code), room)
            cells.append(tuple(tuple(line) for line in lines))
        return _LaidRow(tuple(cells), strong)

    def _page(self, rows: Sequence[_LaidRow], top: float) -> None:
        document = self._sheet.document
        with self._sheet.page.artifact():
            self._lines(rows, top)
        with document.element("Table"):
            with document.element("TR"):
                x = LEFT
                for column in self._columns:
                    glyphs = self._sheet.glyphs(column.head, SANS, "wording")
                    with (
                        document.element("TH", A="<</O/Table/Scope/Column>>") as node,
                        self._sheet.page.content(node),
                    ):
                        self._text(glyphs, x, column, top + _HEAD / 2 + 8 * 0.36, 8)
                    x += column.width
            y = top + _HEAD
            for row in rows:
                self._row(row, y)
                y += row.height

    def _row(self, row: _LaidRow, top: float) -> None:
        document = self._sheet.document
        with document.element("TR"):
            x = LEFT
            for column, cell in zip(self._columns, row.cells, strict=True):
                with document.element("TD") as node, self._sheet.page.content(node):
                    y = top + _ROW_PAD
                    for line in cell:
                        self._text(list(line), x, column, y + _LEADING / 2 + _SIZE * 0.36, _SIZE)
                        y += _LEADING
                x += column.width

    def _text(self, glyphs: list[Glyph], x: float, column: GridColumn, y: float, size: float) -> None:
        used = self._sheet.library.width(glyphs, size)
        start = {
            "left": x + _PAD,
            "right": x + column.width - _PAD - used,
            "centre": x + (column.width - used) / 2,
        }[column.align]
        self._sheet.page.text(start, y, glyphs, size)

    def _lines(self, rows: Sequence[_LaidRow], top: float) -> None:
        page, right = self._sheet.page, LEFT + self.width
        height = _HEAD + sum(row.height for row in rows)
        page.tint(LEFT, top, self.width, _HEAD, GREY)
        y = top + _HEAD
        page.line(LEFT, y, right, y, width=0.7)
        for row in rows:
            if row.strong:
                page.tint(LEFT, y, self.width, row.height, GREY)
            y += row.height
            page.line(LEFT, y, right, y, width=0.4, colour=RULE)
        x = LEFT
        for column in self._columns[:-1]:
            x += column.width
            page.line(x, top, x, top + height, width=0.4, colour=RULE)
        page.rectangle(LEFT, top, self.width, height, line=0.9)
