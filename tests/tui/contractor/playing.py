"""The client in the contractor's hands, on a simulated register."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tashika_tui.client.fake import PASSWORD, FakeRegister, World
from tashika_tui.client.port import Register
from tashika_tui.context import SessionContext
from tests.tui.running import Hand, running
from tests.tui.tiny import NOW


@asynccontextmanager
async def contractor(
    folder: Path, world: World | None = None, *, login_name: str = "contractor", **changes: Any
) -> AsyncIterator[Hand]:
    """The client, with the contractor signed in and the menu shown."""
    held = world or World(count=40, now=NOW)
    register = FakeRegister(held, changes.get("language", "ja"))

    @asynccontextmanager
    async def connect(session: SessionContext, token: str) -> AsyncIterator[Register]:
        register.use_token(token)
        register.use_language(session.language)
        yield register

    async with running(folder, register, connect=connect, **changes) as hand:
        await hand.paste(login_name)
        await hand.press("tab")
        await hand.paste(PASSWORD)
        await hand.press("enter")
        await hand.until(lambda: type(hand.app.screen).__name__ == "MenuScreen")
        await hand.settle()
        yield hand


async def reach(hand: Hand, name: str) -> None:
    """Waits until the screen of this class is shown, and has nothing more to do."""
    await hand.until(lambda: type(hand.app.screen).__name__ == name)
    await hand.settle()
    await hand.until(
        lambda: (
            not any(
                worker.group in ("load", "perform") and not worker.is_finished
                for worker in hand.app.screen.workers
            )
        )
    )
    await hand.settle()
