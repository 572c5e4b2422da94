"""What is different where the client runs at a host: the first screen, and who may end it."""

import asyncio
import signal
from types import FrameType
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.screen import Screen

from tashika_tui.context import LAST_SECONDS, SessionContext
from tashika_tui.i18n import Said
from tashika_tui.screens.entries import at

if TYPE_CHECKING:
    from tashika_tui.app import TashikaApp


def first_screen(context: SessionContext) -> Screen[Any]:
    """The viewer for a visitor, a word of welcome for who has signed in on the way, else the sign-in."""
    if context.visitor:
        return at("tashika_tui.screens.viewer.visitor:VisitorScreen")("")
    return at(
        "tashika_tui.screens.arrival:ArrivalScreen"
        if context.arrival is not None
        else "tashika_tui.screens.login:LoginScreen"
    )("")


def listen(app: "TashikaApp") -> None:
    """Hears what the host has to say, and leaves in good order when it is told to go, or the line is cut."""
    context = app.context
    if not context.hosted:
        return

    def heard(words: Said, final: bool) -> None:
        if final:
            app.exit(0, message=Text(app.texts.words(words)))
        else:
            app.toast(words)

    loop = asyncio.get_running_loop()

    def leave() -> None:
        # What was typed and waits is for nobody any more, and drawing what comes of it takes the last seconds.
        app.strokes.close()
        app.exit(0)

    def go(number: int, frame: FrameType | None) -> None:
        # Not a handler of the loop's: that would not run while the loop waits for the terminal.
        signal.alarm(LAST_SECONDS)
        loop.call_soon_threadsafe(leave)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, go)
    if context.host is not None:
        context.host.listen(heard)
