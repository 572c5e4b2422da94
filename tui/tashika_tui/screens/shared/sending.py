"""A form that is sent with F10 after a question."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult

from tashika_tui.client.errors import RefusedByServer
from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.intents import Intents, shown_at_fields
from tashika_tui.widgets.form import Form, Value
from tashika_tui.widgets.words import Say


class SendingScreen(BaseScreen[None]):
    """What it is about, how it works (`ABOUT`), and the form. It closes once that is sent."""

    KEYS = ("submit",)
    FOOTER = ("submit", "next_problem", "back", "palette", "help")
    ABOUT: ClassVar[str] = ""

    DEFAULT_CSS = """
    SendingScreen .note { margin: 0 0 1 0; }
    SendingScreen .what { padding: 0 1; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.intents = Intents()

    def body(self) -> ComposeResult:
        """What it is about, how it works, and the form."""
        yield Say(self.what(), classes="what")
        yield Say(say(self.ABOUT), classes="note")
        yield from self.work()

    def what(self) -> str:
        """What it is about."""
        return ""

    def work(self) -> ComposeResult:
        """What stands below the words: the form alone."""
        yield self.form_of_fields()

    def form_of_fields(self) -> Form:
        """The form."""
        raise TypeError(type(self).__name__)

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Asks and does it. False: the person did not want to."""
        raise TypeError(type(self).__name__)

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self.form.dirty

    def action_submit(self) -> None:
        """Sends it."""
        self.perform(self._submit)

    async def _submit(self) -> None:
        if not self.form.complete():
            return
        try:
            if not await self.send(self.form.values):
                return
        except RefusedByServer as error:
            if not shown_at_fields(self.form, error):
                raise
            return
        self.form.mark_saved()
        self.dismiss()
