"""Glyphs as filled paths, where text would be wrong: the seal and the mark of a sample add no words to the
page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import ceil, cos, radians, sin, sqrt
from typing import Any, Final

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from tashika_server.documents.coverage import Glyph
from tashika_server.documents.face import Face, FaceLibrary

SEAL_SIDE: Final = 1000  # units of the seal's own grid
_SEAL_BORDER: Final = 34
_SEAL_GAP: Final = 40
_VERMILION: Final = "0.78 0.13 0.1"
_PALE_RED: Final = "1 0.91 0.9"
_CELL_FILL: Final = 0.92  # part of a seal's cell that a glyph may fill
_FULL_GLYPH: Final = 760  # a glyph smaller than this (一, ・) is not blown up to the whole cell


@dataclass(frozen=True, slots=True)
class Outline:
    """Path operators in thousandths of the type size, and the box around them."""

    operators: str
    box: tuple[int, int, int, int]


@lru_cache(maxsize=512)
def outline(face: Face, code: int) -> Outline | None:
    """The outline of one glyph; None for a blank. Few are asked for: the names of guarantors."""
    font = _opened(face)
    name = font.getGlyphName(face.glyph_index(code))
    glyph = font["glyf"][name]
    if not glyph.numberOfContours:
        return None
    glyphs = font.getGlyphSet()
    pen = _PathPen(glyphs)
    glyphs[name].draw(pen)
    return Outline(" ".join([*pen.parts, "f"]), (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax))


def seal_paths(library: FaceLibrary, name: str, face: str, field: str) -> str:
    """The square seal (角印) of a name, in a square of 1000 units: columns from the right, each filling its
    height.
    """
    glyphs = [glyph for glyph in library.coverage.glyphs(name, face, field) if not glyph.text.isspace()]
    columns = _seal_columns(glyphs, library.coverage.glyphs("之印", face, field))
    inner = SEAL_SIDE - 2 * (_SEAL_BORDER + _SEAL_GAP)
    far = SEAL_SIDE - _SEAL_BORDER
    edge = _SEAL_BORDER // 2
    parts = [f"{_VERMILION} rg {_VERMILION} RG {_SEAL_BORDER} w 1 j {edge} {edge} {far} {far} re S"]
    width = inner / len(columns)
    for index, column in enumerate(columns):
        height = inner / len(column)
        left = SEAL_SIDE - _SEAL_BORDER - _SEAL_GAP - (index + 1) * width
        for row, glyph in enumerate(column):
            bottom = SEAL_SIDE - _SEAL_BORDER - _SEAL_GAP - (row + 1) * height
            parts.append(_in_cell(library.faces[glyph.face], glyph, (left, bottom, width, height)))
    return " ".join(parts)


def sample_mark_paths(library: FaceLibrary, text: str, face: str, size: float, degrees: float) -> str:
    """A pale line of text that rises to the right, centred on the origin."""
    glyphs = library.coverage.glyphs(text, face, "mark")
    scale, turn = size / 1000, radians(degrees)
    a, b = scale * cos(turn), scale * sin(turn)
    advance = -sum(library.faces[glyph.face].width(glyph.code) for glyph in glyphs) / 2
    parts = [f"{_PALE_RED} rg {a:.4f} {b:.4f} {-b:.4f} {a:.4f} 0 0 cm"]
    for glyph in glyphs:
        shape = outline(library.faces[glyph.face], glyph.code)
        if shape is not None:
            parts.append(f"q 1 0 0 1 {advance:.0f} -380 cm {shape.operators} Q")
        advance += library.faces[glyph.face].width(glyph.code)
    return " ".join(parts)


def _seal_columns(glyphs: Sequence[Glyph], ending: Sequence[Glyph]) -> list[list[Glyph]]:
    """The columns, the first one on the right. 印 ends the seal, or 之印 where that fills the last column."""
    count = ceil(sqrt(len(glyphs) + 1))
    rows = ceil((len(glyphs) + 1) / count)
    room = count * rows - len(glyphs)
    text = [*glyphs, *(ending if room == len(ending) else ending[-1:])]
    return [text[start : start + rows] for start in range(0, len(text), rows)]


def _in_cell(face: Face, glyph: Glyph, cell: tuple[float, float, float, float]) -> str:
    shape = outline(face, glyph.code)
    if shape is None:
        return ""
    left, bottom, width, height = cell
    x1, y1, x2, y2 = shape.box
    scale_x = width * _CELL_FILL / max(x2 - x1, _FULL_GLYPH)
    scale_y = height * _CELL_FILL / max(y2 - y1, _FULL_GLYPH)
    dx = left + width / 2 - scale_x * (x1 + x2) / 2
    dy = bottom + height / 2 - scale_y * (y1 + y2) / 2
    return f"q {scale_x:.4f} 0 0 {scale_y:.4f} {dx:.1f} {dy:.1f} cm {shape.operators} Q"


@lru_cache(maxsize=4)
def _opened(face: Face) -> Any:
    return TTFont(BytesIO(face.truetype), lazy=True)


class _PathPen(BasePen):  # type: ignore[misc]
    """Writes PDF path operators; the base class turns TrueType's curves into those of PDF."""

    def __init__(self, glyph_set: Any) -> None:
        super().__init__(glyph_set)
        self.parts: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:
        self.parts.append(f"{_pair(point)} m")

    def _lineTo(self, point: tuple[float, float]) -> None:
        self.parts.append(f"{_pair(point)} l")

    def _curveToOne(
        self, first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]
    ) -> None:
        self.parts.append(f"{_pair(first)} {_pair(second)} {_pair(end)} c")

    def _closePath(self) -> None:
        self.parts.append("h")


def _pair(point: tuple[float, float]) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
