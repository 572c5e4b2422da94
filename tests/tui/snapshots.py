"""Pictures of screens as text: what stands where, and how it looks, so that a change can be read in a review.

`check(hand, "login")` compares what the client shows with `tests/tui/pictures/login/<variant>.txt`. With
TASHIKA_PICTURES=write in the environment it writes that file instead. When a picture differs, the screen as SVG lies
in `build/pictures`. Every picture is also held to what all screens promise: it fills the terminal exactly, draws no
glyph whose width terminals disagree about, and in monochrome uses no colour at all.
"""

import difflib
import os
import string
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tashika_tui.theme import DARK, MONOCHROME
from tests.tui.running import Hand

PICTURES = Path(__file__).parent / "pictures"
FAILED = Path(__file__).parents[2] / "build" / "pictures"

# What Japanese text itself is made of, though its width is called ambiguous too.
_TEXT = frozenset("「」“”‘’§°±×÷①②③④⑤⑥⑦⑧⑨")


@dataclass(frozen=True)
class Variant:
    """A language, a size and a look in which a screen is drawn."""

    language: str
    size: tuple[int, int]
    theme: str

    def __str__(self) -> str:
        return f"{self.language}-{self.size[0]}x{self.size[1]}-{self.theme}"


VARIANTS = [
    Variant(language, size, theme)
    for language in ("ja", "en")
    for size in ((80, 24), (120, 40))
    for theme in (DARK, MONOCHROME)
]

in_every_variant = pytest.mark.parametrize("variant", VARIANTS, ids=str)


def check(hand: Hand, name: str) -> None:
    """Holds what is shown to the picture of this name."""
    context = hand.app.session.context
    variant = Variant(context.language, tuple(hand.app.size), hand.app.theme)  # type: ignore[arg-type]
    lines = _strips(hand)
    _check_promises(lines, variant)
    picture = "\n".join(_draw(lines)) + "\n"
    path = PICTURES / name / f"{variant}.txt"
    if os.environ.get("TASHIKA_PICTURES") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(picture, encoding="utf-8")
        return
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    if picture != expected:
        FAILED.mkdir(parents=True, exist_ok=True)
        svg = FAILED / f"{name}-{variant}.svg"
        svg.write_text(hand.app.export_screenshot(), encoding="utf-8")
        difference = "\n".join(
            difflib.unified_diff(
                expected.splitlines(), picture.splitlines(), "expected", "shown", lineterm="", n=1
            )
        )
        raise AssertionError(f"{path.name} differs; see {svg.name} in build/pictures\n{difference}")


def _strips(hand: Hand) -> list[list[Segment]]:
    strips = hand.app.screen._compositor.render_strips(hand.app.size)
    return [[segment for segment in strip if segment.text] for strip in strips]


def _check_promises(lines: list[list[Segment]], variant: Variant) -> None:
    columns, rows = variant.size
    assert len(lines) == rows
    for segments in lines:
        text = "".join(segment.text for segment in segments)
        assert cell_len(text) == columns, f"not {columns} columns: {text!r}"
        odd = {char for char in text if _unsure(char)} - _TEXT
        assert not odd, f"glyphs of unsure width {sorted(odd)} in {text!r}"
        if variant.theme == MONOCHROME:
            coloured = [segment for segment in segments if _coloured(segment.style)]
            assert not coloured, f"colour in monochrome: {coloured[0]!r}"


def _unsure(char: str) -> bool:
    # What only changes the character before it, as in 葛 with a variation selector, takes no column anywhere.
    return unicodedata.east_asian_width(char) == "A" and unicodedata.category(char) != "Mn"


def _coloured(style: Style | None) -> bool:
    return style is not None and any(
        color is not None and not color.is_default for color in (style.color, style.bgcolor)
    )


def _draw(lines: list[list[Segment]]) -> list[str]:
    """Each line as text, then its looks by letter and length, and the legend of looks at the end."""
    looks: dict[str, str] = {}
    letters = iter(string.ascii_letters + string.digits)
    drawn = []
    for segments in lines:
        runs: list[tuple[str, int]] = []
        for segment in segments:
            look = _look(segment.style)
            if look not in looks:
                looks[look] = next(letters)
            length = cell_len(segment.text)
            if runs and runs[-1][0] == looks[look]:
                runs[-1] = (looks[look], runs[-1][1] + length)
            else:
                runs.append((looks[look], length))
        text = "".join(segment.text for segment in segments)
        drawn += [f"|{text}|", "~" + " ".join(f"{letter}{length}" for letter, length in runs)]
    return [*drawn, *(f"{letter} = {look}" for look, letter in looks.items())]


def _look(style: Style | None) -> str:
    if style is None:
        return "plain"
    names = ("bold", "dim", "italic", "underline", "reverse", "strike")
    parts = [name for name in names if getattr(style, name)]
    parts.append(style.color.name if style.color else "default")
    parts.append(f"on {style.bgcolor.name if style.bgcolor else 'default'}")
    return " ".join(parts)
