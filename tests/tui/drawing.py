"""A screen as an SVG: the same bytes each time, and nothing in it that is fetched from elsewhere.

Textual's own export has ids of chance and a font from a public server, and gives a whole row of a list as one text:
where a Japanese glyph is not exactly two columns wide, nothing under each other lines up any more. Here each word has
the place and the length that it has in the terminal.
"""

from collections.abc import Iterator, Sequence
from html import escape

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

# In pixels: a column, a line, the letters, and what is left free around the screen.
_COLUMN, _LINE, _LETTERS, _AROUND = 9, 20, 16, 12

_FONTS = (
    "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK JP', 'Noto Sans CJK JP', "
    "'Hiragino Sans', 'BIZ UDGothic', 'Yu Gothic', 'MS Gothic', monospace"
)

# A terminal's own two colours, for what asks for them.
_INK, _PAPER = "#e6e6e6", "#101418"


def draw(lines: Sequence[Sequence[Segment]], title: str) -> str:
    """The lines of a screen as an SVG of its own size; `title` is what it shows, for those who can't see it."""
    columns = max(sum(cell_len(segment.text) for segment in line) for line in lines)
    width, height = columns * _COLUMN + 2 * _AROUND, len(lines) * _LINE + 2 * _AROUND
    ground = _ground(lines)
    looks: dict[str, str] = {}
    papers: list[str] = []
    texts: list[str] = []
    for number, line in enumerate(lines):
        top, left = _AROUND + number * _LINE, _AROUND
        for segment in line:
            columns = cell_len(segment.text)
            papers += _below(segment.style, left, top, columns * _COLUMN, ground)
            look = looks.setdefault(_rule(segment.style), f"l{len(looks)}")
            texts += _words_at(segment.text, left, top, look)
            left += columns * _COLUMN
    size = f'width="{width}" height="{height}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size} role="img" lang="ja">',
            f"<title>{escape(title)}</title>",
            f"<style>text {{ font-family: {_FONTS}; font-size: {_LETTERS}px; }}",
            *(f".{look} {{ {rule} }}" for rule, look in looks.items()),
            "</style>",
            f'<rect {size} rx="8" fill="{ground}"/>',
            *papers,
            *texts,
            "</svg>",
            "",
        )
    )


def _below(style: Style | None, left: int, top: int, length: int, ground: str) -> Iterator[str]:
    """What is behind the letters, where that is not the ground, and the line under them."""
    ink, paper = _colors(style)
    if paper != ground:
        yield f'<rect x="{left}" y="{top}" width="{length}" height="{_LINE}" fill="{paper}"/>'
    if style is not None and style.underline:
        yield f'<rect x="{left}" y="{top + _LINE - 2}" width="{length}" height="1" fill="{ink}"/>'


def _words_at(text: str, left: int, top: int, look: str) -> Iterator[str]:
    """The words of a text that begins here, each at its place."""
    for offset, word in _words(text):
        place = f'x="{left + offset * _COLUMN}" y="{top + _LINE - 5}"'
        yield f'<text class="{look}" {place} textLength="{cell_len(word) * _COLUMN}">{escape(word)}</text>'


def _ground(lines: Sequence[Sequence[Segment]]) -> str:
    """What the screen is drawn on: the colour below most of it."""
    below: dict[str, int] = {}
    for line in lines:
        for segment in line:
            paper = _colors(segment.style)[1]
            below[paper] = below.get(paper, 0) + cell_len(segment.text)
    return max(below, key=lambda paper: (below[paper], paper))


def _words(text: str) -> Iterator[tuple[int, str]]:
    """The words with the column at which each begins. Where letters of one column meet letters of two, a word ends:
    the spaces between letters are the same all over a word.
    """
    word, begin, place, wide = "", 0, 0, 0
    for char in text:
        columns = cell_len(char)
        # What only changes the character before it stays with it.
        if columns and (char == " " or columns != wide):
            if word:
                yield begin, word
            word, begin = "", place
        if char != " ":
            word += char
            wide = columns or wide
        else:
            wide = 0
        place += columns
    if word:
        yield begin, word


def _colors(style: Style | None) -> tuple[str, str]:
    """Of the letters and of what is behind them."""
    if style is None:
        return _INK, _PAPER
    ink, paper = _hex(style.color, _INK), _hex(style.bgcolor, _PAPER)
    return (paper, ink) if style.reverse else (ink, paper)


def _hex(color: Color | None, default: str) -> str:
    if color is None or color.is_default:
        return default
    return color.get_truecolor().hex


def _rule(style: Style | None) -> str:
    """How a style's letters look."""
    parts = [f"fill: {_colors(style)[0]};"]
    if style is not None:
        parts += ["font-weight: bold;"] if style.bold else []
        parts += ["font-style: italic;"] if style.italic else []
        parts += ["opacity: 0.6;"] if style.dim else []
        parts += ["text-decoration: line-through;"] if style.strike else []
    return " ".join(parts)
