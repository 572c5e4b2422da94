"""A sheet of paper for Japanese documents: lines of text, paragraphs, and a table that may go on to further
pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from tashika_server.documents.archive import Metadata
from tashika_server.documents.coverage import Glyph
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import SANS, SERIF
from tashika_server.documents.outlines import sample_mark_paths
from tashika_server.documents.pdf import number, text_string
from tashika_server.documents.tagged import BLACK, PAGE_HEIGHT, PAGE_WIDTH, Colour, Document, Page
from tashika_server.documents.wrap import wrap

Align = Literal["left", "right", "centre"]

SAMPLE: Final = "見本 DEMO"
LEFT: Final = 59.0
RIGHT: Final = PAGE_WIDTH - LEFT
LABEL_WIDTH: Final = 108.0
_CELL_PAD: Final = 7.0
_RIGHT_GAP: Final = 10.0  # between a value and what stands at the right edge of its line
_BLOCK_LEADING: Final = 1.4
_MIN_SCALE: Final = 0.2  # reached by nothing that the limits on lengths let through
GREY: Final[Colour] = (0.945, 0.95, 0.955)
RULE: Final[Colour] = (0.35, 0.38, 0.43)
RED: Final[Colour] = (0.72, 0.1, 0.08)
NAVY: Final[Colour] = (0.1, 0.19, 0.35)
QUIET: Final[Colour] = (0.25, 0.27, 0.3)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table's value: text, and what stands right-aligned at its end. It wraps when too long.

    `field` names the source for errors. `half_width` sets ASCII in half-em forms, for numbers and codes.
    """

    text: str
    field: str
    size: float = 10.5
    right: str = ""
    half_width: bool = False
    indent: float = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled row of a table."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LaidLine:
    """A line ready to draw."""

    glyphs: tuple[Glyph, ...]
    size: float
    right: tuple[Glyph, ...]
    indent: float
    leading: float


@dataclass(frozen=True, slots=True)
class LaidRow:
    """A row with its lines broken; `pad` is the space above and below them."""

    label: tuple[Glyph, ...]
    lines: tuple[LaidLine, ...]
    pad: float

    @property
    def height(self) -> float:
        """The row's height in points."""
        return sum(line.leading for line in self.lines) + 2 * self.pad

    def split(self, room: float) -> "tuple[LaidRow, LaidRow] | None":
        """The lines that fit into `room` and the others, or None when not even two lines fit."""
        count, used = 0, 2 * self.pad
        while count < len(self.lines) and used + self.lines[count].leading <= room:
            used += self.lines[count].leading
            count += 1
        if count < 2 or count == len(self.lines):
            return None
        return replace(self, lines=self.lines[:count]), replace(self, lines=self.lines[count:])


class Sheet:
    """Draws on the current page of a document; every text is tagged where it stands."""

    def __init__(self, library: FaceLibrary, metadata: Metadata) -> None:
        self.library = library
        self.document = Document(library, metadata)
        self.page: Page = self.document.page()

    def new_page(self) -> None:
        """Go on to a further page."""
        self.page = self.document.page()

    def glyphs(self, text: str, face: str, field: str, half_width: bool = False) -> list[Glyph]:
        """The glyphs of a text; raises MissingGlyphError."""
        find = self.library.coverage.half_width if half_width else self.library.coverage.glyphs
        return find(text, face, field)

    def text(
        self,
        tag: str,
        text: str,
        y: float,
        size: float,
        *,
        x: float = LEFT,
        align: Align = "left",
        face: str = SERIF,
        field: str = "wording",
        spacing: float = 0,
        colour: Colour = BLACK,
        half_width: bool = False,
    ) -> float:
        """One line with its baseline at `y`; `x` is its left, right or middle. Gives its width in points."""
        glyphs = self.glyphs(text, face, field, half_width)
        with self.document.element(tag) as node, self.page.content(node):
            return self._draw(glyphs, x, y, size, align, spacing, colour)

    def decoration(
        self,
        text: str,
        y: float,
        size: float,
        *,
        x: float,
        align: Align = "left",
        face: str = SERIF,
        field: str = "wording",
        colour: Colour = QUIET,
    ) -> None:
        """A line outside of the reading order: page numbers and running heads."""
        with self.page.artifact():
            self._draw(self.glyphs(text, face, field), x, y, size, align, 0, colour)

    def paragraph(
        self,
        tag: str,
        text: str,
        y: float,
        size: float,
        *,
        x: float = LEFT,
        width: float = RIGHT - LEFT,
        leading: float,
        face: str = SERIF,
        field: str = "wording",
        hanging: float = 0,
        half_width: bool = False,
        colour: Colour = BLACK,
    ) -> float:
        """Wrapped text from the baseline `y` on; `hanging` indents all lines but the first. Gives the next
        baseline.
        """
        glyphs = self.glyphs(text, face, field, half_width)
        first, *rest = self._wrap(glyphs, size, width)
        if hanging and rest:
            rest = self._wrap(glyphs[len(first) :], size, width - hanging)
        with self.document.element(tag) as node, self.page.content(node):
            for index, line in enumerate([first, *rest]):
                self.page.text(x + (hanging if index else 0), y, line, size, colour=colour)
                y += leading
        return y

    def block(self, lines: Sequence[Line], x: float, y: float, width: float, room: float) -> float:
        """Paragraphs one below the other from the baseline `y`, set smaller until they take at most `room`
        points. Gives the next baseline.

        For names and addresses beside something else: a long one must be neither cut nor run over.
        """
        scale = 1.0
        while scale > _MIN_SCALE and self._block_height(lines, width, scale) > room:
            scale *= 0.92
        before = lines[0].size * scale
        for line in lines:
            size = line.size * scale
            # A line below a smaller one needs room for its own height.
            y += max(size - before, 0)
            before = size
            y = self.paragraph(
                "P", line.text, y, size, x=x, width=width, leading=size * _BLOCK_LEADING, field=line.field
            )
        return y

    def _block_height(self, lines: Sequence[Line], width: float, scale: float) -> float:
        height, before = 0.0, lines[0].size * scale
        for line in lines:
            size = line.size * scale
            count = len(self._wrap(self.glyphs(line.text, SERIF, line.field), size, width))
            height += count * size * _BLOCK_LEADING + max(size - before, 0)
            before = size
        return height

    def _draw(
        self,
        glyphs: list[Glyph],
        x: float,
        y: float,
        size: float,
        align: Align,
        spacing: float,
        colour: Colour,
    ) -> float:
        width = self.library.width(glyphs, size) + spacing * max(len(glyphs) - 1, 0)
        shift = {"left": 0.0, "right": width, "centre": width / 2}[align]
        self.page.text(x - shift, y, glyphs, size, spacing=spacing, colour=colour)
        return width

    def _wrap(self, glyphs: list[Glyph], size: float, width: float) -> list[list[Glyph]]:
        faces = self.library.faces
        return wrap(glyphs, lambda glyph: faces[glyph.face].width(glyph.code), width * 1000 / size)

    def sample_mark(self, y: float) -> None:
        """Mark all pages as 見本 DEMO: pale across the page, and in a red box at the left whose text stands
        at `y`.
        """
        self.document.mark = sample_mark_paths(self.library, SAMPLE, SANS, 84, 42)
        with self.page.artifact():
            self.page.rectangle(LEFT, y - 14.5, 88, 20, line=1.2, colour=RED)
        self.text("P", SAMPLE, y, 12.5, x=LEFT + 44, align="centre", face=SANS, colour=RED)

    def figure(self, alternative: str, x: float, y: float, side: float, units: int, operators: str) -> None:
        """A square picture from path operators of `units` by `units`, its upper left corner at (x, y)."""
        low = PAGE_HEIGHT - y - side
        box = f"[{number(x)} {number(low)} {number(x + side)} {number(low + side)}]"
        entries = {"Alt": text_string(alternative), "A": f"<</O/Layout/BBox {box}>>"}
        with self.document.element("Figure", **entries) as node, self.page.content(node):
            self.page.paths(x, y + side, side / units, operators)

    # The table.

    def lay(self, rows: Sequence[Row], *, pad: float, leading: float = 1.42) -> list[LaidRow]:
        """Break the rows' lines; `leading` is the line distance as a multiple of the type size."""
        return [self._lay_row(row, pad, leading) for row in rows]

    def _lay_row(self, row: Row, pad: float, leading: float) -> LaidRow:
        room = RIGHT - LEFT - LABEL_WIDTH - 2 * _CELL_PAD
        lines: list[LaidLine] = []
        for line in row.lines:
            right = self.glyphs(line.right, SERIF, line.field, line.half_width)
            used = self.library.width(right, line.size) + _RIGHT_GAP if right else 0
            glyphs = self.glyphs(line.text, SERIF, line.field, line.half_width)
            for index, part in enumerate(self._wrap(glyphs, line.size, room - used - line.indent)):
                end = tuple(right) if index == 0 else ()
                lines.append(LaidLine(tuple(part), line.size, end, line.indent, line.size * leading))
        return LaidRow(tuple(self.glyphs(row.label, SANS, "wording")), tuple(lines), pad)

    def table(self, pages: Sequence[Sequence[LaidRow]], top: float, go_on: Callable[[], float]) -> float:
        """Draw the rows; between two pages `go_on` begins the next one and gives its top. Gives the bottom
        edge.
        """
        y = top
        with self.document.element("Table"):
            for index, rows in enumerate(pages):
                if index:
                    y = go_on()
                start = y
                if rows:
                    with self.page.artifact():
                        self._grid(rows, start)
                for row in rows:
                    self._draw_row(row, y)
                    y += row.height
        return y

    def _grid(self, rows: Sequence[LaidRow], top: float) -> None:
        height = sum(row.height for row in rows)
        page = self.page
        page.tint(LEFT, top, LABEL_WIDTH, height, GREY)
        y = top
        for row in rows[:-1]:
            y += row.height
            page.line(LEFT, y, RIGHT, y, width=0.4, colour=RULE)
        page.line(LEFT + LABEL_WIDTH, top, LEFT + LABEL_WIDTH, top + height, width=0.4, colour=RULE)
        page.rectangle(LEFT, top, RIGHT - LEFT, height, line=0.9)

    def _draw_row(self, row: LaidRow, top: float) -> None:
        document, page = self.document, self.page
        middle = top + row.height / 2
        with document.element("TR"):
            with document.element("TH", A="<</O/Table/Scope/Row>>") as node, page.content(node):
                # 0.36 of the size: half the height of a kanji's body above the baseline, minus the part below
                # it.
                page.text(LEFT + _CELL_PAD, middle + 9 * 0.36, row.label, 9)
            with document.element("TD") as node, page.content(node):
                y = top + row.pad
                for line in row.lines:
                    baseline = y + line.leading / 2 + line.size * 0.36
                    page.text(LEFT + LABEL_WIDTH + _CELL_PAD + line.indent, baseline, line.glyphs, line.size)
                    end = self.library.width(list(line.right), line.size)
                    page.text(RIGHT - _CELL_PAD - end, baseline, line.right, line.size)
                    y += line.leading


def paginate(rows: Sequence[LaidRow], first: float, later: float, tail: float) -> list[list[LaidRow]]:
    """Share the rows among pages: `first` points on the first, `later` on the others, the last leaving `tail`
    free.

    A row goes over to the next page as a whole, unless it is taller than a page. The last page never holds
    the closing block alone: rows go along with it.
    """
    pages: list[list[LaidRow]] = [[]]
    room = first
    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        if row.height <= room:
            pages[-1].append(row)
            room -= row.height
            continue
        parts = row.split(room) if row.height > later else None
        if parts is not None:
            pages[-1].append(parts[0])
            waiting.insert(0, parts[1])
        else:
            waiting.insert(0, row)
        pages.append([])
        room = later
    if room < tail:
        pages.append(_taken_along(pages[-1]))
    return pages


def _taken_along(page: list[LaidRow]) -> list[LaidRow]:
    """Take from a page what goes on with the closing block: two rows, or half of its only row."""
    if len(page) > 1:
        count = min(2, len(page) - 1)
        moved = page[-count:]
        del page[-count:]
        return moved
    parts = page[0].split(page[0].height / 2) if page else None
    if parts is None:
        return []
    page[0] = parts[0]
    return [parts[1]]
