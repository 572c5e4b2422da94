"""Pictures of screens as text: what stands where, and how it looks, so that a change can be read in a review.

`await look(hand, "login")` shows the client's screen in each size and look, and compares it with
`tests/tui/pictures/login/<language>-<size>-<look>.txt`. With TASHIKA_PICTURES=write in the environment it writes those
files instead; with `draw` it leaves the screen as SVG in `build/pictures`, in all four looks, to be looked at. When a
picture differs, its SVG lies there too. Every picture is also held to what all screens promise: it fills the terminal
exactly, draws no glyph whose width terminals disagree about, and in monochrome uses no colour at all.
"""

import asyncio
import difflib
import os
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual._context import visible_screen_stack
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size

from tashika_tui.i18n import LANGUAGES
from tashika_tui.theme import DARK, MONOCHROME, NAMES
from tests.tui.drawing import draw
from tests.tui.running import Hand

PICTURES = Path(__file__).parent / "pictures"
DRAWN = Path(__file__).parents[2] / "build" / "pictures"

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


SIZES = ((80, 24), (120, 40))
LOOKS = (DARK, MONOCHROME)

# A client that is not done yet is looked at again, after a hundredth of a second each.
MOST_LOOKS = 300

_WANTED = os.environ.get("TASHIKA_PICTURES", "")

in_both_languages = pytest.mark.parametrize("language", LANGUAGES)


async def look(hand: Hand, name: str, sizes: Sequence[tuple[int, int]] = SIZES) -> None:
    """Holds what is shown, without short messages, to the pictures of this name. Leaves it as it was."""
    app = hand.app
    before, size = app.theme, (app.size.width, app.size.height)
    looks = NAMES if _WANTED == "draw" else LOOKS
    # They go by themselves, at no certain moment.
    app.clear_notifications()
    for place, each in enumerate(sizes):
        _resize(hand, each)
        # There and back, so that each look follows its neighbour.
        for theme in reversed(looks) if place % 2 else looks:
            app.theme = theme
            await _check(hand, name, Variant(app.session.context.language, each, theme))
    app.theme = before
    _resize(hand, size)
    await hand.settle()


def _resize(hand: Hand, size: tuple[int, int]) -> None:
    # As Pilot does it, without its wait for every widget, which a form has by the hundred.
    driver = hand.app._driver
    assert isinstance(driver, HeadlessDriver)
    driver._size = Size(*size)
    hand.app.post_message(events.Resize(driver._size, driver._size))


async def _check(hand: Hand, name: str, variant: Variant) -> None:
    path = PICTURES / name / f"{variant}.txt"
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    if _WANTED:
        await hand.settle()
    for _ in range(1 if _WANTED or not expected else MOST_LOOKS):
        lines = screen_lines(hand)
        picture = _picture(hand, lines)
        if picture == expected:
            break
        await asyncio.sleep(0.01)
    if _WANTED == "draw":
        _leave_drawing(lines, f"{name}-{variant}")
        return
    _check_promises(lines, variant)
    if _WANTED == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(picture, encoding="utf-8")
    elif picture != expected:
        drawing = _leave_drawing(lines, f"{name}-{variant}")
        found, wanted = picture.splitlines(), expected.splitlines()
        difference = "\n".join(difflib.unified_diff(wanted, found, "expected", "shown", lineterm="", n=1))
        raise AssertionError(f"{name}/{path.name} differs; see {drawing} in build/pictures\n{difference}")


def _picture(hand: Hand, lines: list[list[Segment]]) -> str:
    return "\n".join([*_draw(lines), f"screen = {type(hand.app.screen).__name__}"]) + "\n"


def _leave_drawing(lines: list[list[Segment]], name: str) -> str:
    DRAWN.mkdir(parents=True, exist_ok=True)
    drawing = DRAWN / f"{name}.svg"
    drawing.write_text(draw(lines, name), encoding="utf-8")
    return drawing.name


def screen_lines(hand: Hand) -> list[list[Segment]]:
    """What the terminal shows, line by line."""
    # What a dialog lies over shines through it.
    visible_screen_stack.set(hand.app._background_screens)
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
