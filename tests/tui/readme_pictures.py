"""The README's pictures of the client: each party at its work, on a simulated register with a clock that stands still.

`python -m tests.tui.readme_pictures` writes them to `tui/pictures`, with the same bytes each time; a test holds the
committed ones to it.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tashika_tui.i18n import LANGUAGES
from tashika_tui.screens.viewer.opening import OpeningScreen
from tests.tui.contractor.playing import contractor, in_force, submitted, world
from tests.tui.drawing import draw
from tests.tui.guarantor.playing import attached, desk, world_of
from tests.tui.running import Hand, reach
from tests.tui.snapshots import screen_lines
from tests.tui.viewer.playing import city, find_issued, open_with_key, opened

FOLDER = Path(__file__).parents[2] / "tui" / "pictures"
SIZE = (100, 28)

# Called with the client as it is to be drawn, and the picture's name.
Draw = Callable[[Hand, str], Awaitable[None]]


async def of_contractor(folder: Path, language: str, draw_it: Draw) -> None:
    """The list, an application with its live quote, a key and how to hand it in."""
    held = world()
    await in_force(held)
    await submitted(held)
    async with contractor(folder, held, language=language, size=SIZE) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await draw_it(hand, "contractor-list")
        await hand.press("ctrl+y")
        await reach(hand, "ApplicationScreen")
        await hand.press("enter", "enter")
        await hand.until(lambda: "F7" in hand.lines[-1])
        await hand.press("f7")
        await reach(hand, "ApplicationScreen")
        await draw_it(hand, "contractor-application")
        await hand.press("escape", "y", "escape", "2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        await draw_it(hand, "contractor-key")
        await hand.press("h")
        await reach(hand, "HandInScreen")
        await draw_it(hand, "contractor-hand-in")


async def of_guarantor(folder: Path, language: str, draw_it: Draw) -> None:
    """The queue, and the review of an application."""
    held = world_of()
    await attached(held)
    async with desk(folder, held, language=language, size=SIZE) as hand:
        await hand.press("1")
        await reach(hand, "QueueScreen")
        await draw_it(hand, "guarantor-queue")
        await hand.press("down", "enter")
        await reach(hand, "ReviewScreen")
        await draw_it(hand, "guarantor-review")


async def of_city(folder: Path, language: str, draw_it: Draw) -> None:
    """A certificate that was opened with number and key."""
    held = await find_issued()
    screen = OpeningScreen(held.number)
    async with city(folder, held, language=language, size=SIZE, screen=screen) as hand:
        await open_with_key(hand, held.key)
        await opened(hand)
        await reach(hand, "CertificateScreen")
        await draw_it(hand, "city-certificate")


PARTIES: tuple[Callable[[Path, str, Draw], Awaitable[None]], ...] = (of_contractor, of_guarantor, of_city)


async def drawn(party: Callable[[Path, str, Draw], Awaitable[None]], language: str) -> dict[str, str]:
    """A party's pictures in a language by the names of their files."""
    found: dict[str, str] = {}

    async def draw_it(hand: Hand, name: str) -> None:
        hand.app.clear_notifications()
        await hand.settle()
        lines = screen_lines(hand)
        found[f"{name}.{language}.svg"] = draw(lines, hand.lines[0].strip())

    with tempfile.TemporaryDirectory() as folder:
        await party(Path(folder), language, draw_it)
    return found


async def main() -> None:
    """Writes all of them, and nothing else stays in the folder."""
    found: dict[str, str] = {}
    for party in PARTIES:
        for language in LANGUAGES:
            found |= await drawn(party, language)
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.svg"):
        if path.name not in found:
            path.unlink()
    for name, svg in found.items():
        (FOLDER / name).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
