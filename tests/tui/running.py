"""A client that a test operates, on a terminal of its own size, without one."""

import io
import re
import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from textual import events
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.screen import Screen

from tashika_tui.app import TashikaApp
from tashika_tui.context import SessionContext
from tashika_tui.delivery import LocalDelivery
from tashika_tui.i18n import Texts
from tashika_tui.screens.entries import ENTRIES, Entry
from tashika_tui.terminal import Console
from tests.tui.quiet import Quiet
from tests.tui.tiny import NOW, PASSWORD, TinyRegister, connecting

# Nobody presses keys faster, but for those of `rush`.
_BETWEEN_KEYS_SECONDS = 0.02
_PATIENCE_SECONDS = 30


class Hand:
    """What somebody at the keyboard can do, and see."""

    def __init__(
        self, pilot: Pilot[int], app: TashikaApp, register: Any, faults: list[BaseException]
    ) -> None:
        self.pilot = pilot
        self.app = app
        self.register = register
        self.faults = faults
        self._quiet = Quiet(pilot)

    async def press(self, *keys: str) -> None:
        """Presses keys, each when the one before has had its effect, and waits until there is nothing more to do."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self._quiet.come(_BETWEEN_KEYS_SECONDS)
        await self.settle()

    async def type(self, text: str) -> None:
        """Types a text, letter by letter."""
        await self.press(*("space" if char == " " else char for char in text))

    async def rush(self, *keys: str) -> None:
        """Presses keys so fast that all are there before the client looks at the first one."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.settle()
        await self.until(lambda: self.app.strokes.idle)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Pastes a text, which is much faster than typing it."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Waits until workers and messages are done, and what is shown has been drawn."""
        await self._quiet.come()

    async def until(self, condition: Any) -> None:
        """Waits until something holds: longer than a toast stands, which may cover it, however fast the machine is."""
        deadline = monotonic() + _PATIENCE_SECONDS
        while not condition():
            if monotonic() > deadline:
                raise AssertionError(f"never came:\n{self.shown}")
            await self.pilot.pause(0.01)

    async def sign_in(self) -> None:
        """From the first screen to the menu."""
        await self.paste("hanako")
        await self.press("tab")
        await self.paste(PASSWORD)
        await self.press("enter")

    @property
    def lines(self) -> list[str]:
        """What the terminal shows, line by line."""
        app = self.app
        strips = app.screen._compositor.render_strips(app.size)
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def shown(self) -> str:
        """What the terminal shows."""
        return "\n".join(self.lines)

    @property
    def words(self) -> str:
        """What the terminal shows, without line ends, frames and spaces."""
        return re.sub(r"[\s|]+", "", self.shown)


def key_event(key: str) -> events.Key:
    """A key as the terminal's driver posts it."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    if name == "enter":
        return events.Key(name, "\r")
    try:
        character = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
    except KeyError:
        character = key if len(key) == 1 else ""
    return events.Key(name, character or None)


def context_of(
    register: Any,
    folder: Path,
    *,
    language: str = "ja",
    theme: str = "dark",
    faults: list[BaseException] | None = None,
    **changes: Any,
) -> SessionContext:
    """A session on this register, with its files in a folder of the test."""
    kept = faults if faults is not None else []
    return SessionContext(
        texts=Texts(language),
        console=Console(io.BytesIO(), io.StringIO(), io.StringIO(), io.BytesIO(), lambda _: "", True, True),
        environment={
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_RUNTIME_DIR": "/run/demo",
        },
        now=changes.pop("now", lambda: NOW),
        connect=connecting(register) if isinstance(register, TinyRegister) else changes.pop("connect"),
        delivery=LocalDelivery(folder),
        theme=theme,
        record_fault=lambda _, error: kept.append(error),
        **changes,
    )


@asynccontextmanager
async def running(
    folder: Path,
    register: Any = None,
    *,
    size: tuple[int, int] = (80, 24),
    entries: Sequence[Entry] = ENTRIES,
    screen: Screen[Any] | None = None,
    **changes: Any,
) -> AsyncIterator[Hand]:
    """The client, with `screen` shown if one is given. Faults of the programme fail the test at its end."""
    register = register if register is not None else TinyRegister()
    faults: list[BaseException] = []
    app = TashikaApp(context_of(register, folder, faults=faults, **changes), entries=entries)
    async with app.run_test(size=size, notifications=True) as pilot:
        hand = Hand(pilot, app, register, faults)
        await hand.settle()
        if screen is not None:
            await app.push_screen(screen)
            await hand.settle()
        yield hand
        if faults:
            raise faults[0]


async def reach(hand: Hand, name: str) -> None:
    """Waits until the screen of this class is shown, and has nothing more to do."""
    await hand.until(lambda: type(hand.app.screen).__name__ == name)
    await hand.settle()
    await hand.until(lambda: not _busy(hand))
    await hand.settle()


def _busy(hand: Hand) -> bool:
    """Whether the screen that is shown still asks for something."""
    screen = hand.app.screen
    return any(
        worker.node is screen and worker.group in ("load", "perform") and not worker.is_finished
        for worker in screen.workers
    )
