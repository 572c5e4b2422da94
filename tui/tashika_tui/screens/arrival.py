"""The first moment of somebody who has signed in on the way here."""

from textual.app import ComposeResult

from tashika_tui.i18n import say
from tashika_tui.problems import Exit, LocalError
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.words import Say


class ArrivalScreen(BaseScreen[None]):
    """Says so, and goes on to the menu as soon as the register has answered. There is nothing to sign in with here."""

    TITLE = "arrival.title"
    FOOTER = ("reload", "language", "palette", "help", "quit")
    HELP = "arrival.help"

    def __init__(self) -> None:
        super().__init__()
        self.is_root = True

    def body(self) -> ComposeResult:
        """One sentence."""
        yield Say(say("arrival.about"), classes="note")

    async def load(self) -> None:
        """Takes up the sign-in."""
        await self.session.look_at_server()
        self.refresh_frame()
        if self.session.person is not None:
            return
        if not await self.session.resume():
            raise LocalError("arrival.over", Exit.REFUSED)
        self.client.signed_in()
