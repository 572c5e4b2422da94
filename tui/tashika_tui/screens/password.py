"""Changing the password: by wish, or because the server wants another one first."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult

from tashika_tui.i18n import Wording, say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.form import Field, Form, Kind, Value
from tashika_tui.widgets.words import Say

_FIELDS = (
    Field("old", Kind.SECRET, label="password_screen.old", required=True, max_length=1000),
    Field("new", Kind.SECRET, label="password_screen.new", required=True, max_length=1000),
    Field("again", Kind.SECRET, label="password_screen.again", required=True, max_length=1000),
)


class PasswordScreen(BaseScreen[None]):
    """Three lines. With a password that must be changed there is nothing else to do but this."""

    TITLE = "password_screen.title"
    KEYS = ("submit",)
    FOOTER = ("submit", "back", "language", "palette", "help", "quit")
    HELP = "password_screen.help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "password_screen.change"}

    def __init__(self, *, must: bool = False) -> None:
        super().__init__()
        self.is_root = must

    def body(self) -> ComposeResult:
        """Why, and the form."""
        yield Say(say("password_screen.must" if self.is_root else "password_screen.about"), classes="note")
        yield Form(_FIELDS, check=_check)

    def action_submit(self) -> None:
        """Changes it."""
        self.perform(self._change)

    async def _change(self) -> None:
        form = self.query_one(Form)
        if not form.complete():
            return
        values = form.values
        await self.session.change_password(str(values["old"]), str(values["new"]))
        self.toast(say("password_screen.done"))
        self.client.enter()


def _check(values: Mapping[str, Value]) -> Mapping[str, Wording]:
    if values["again"] is not None and values["again"] != values["new"]:
        return {"again": say("password_screen.differ")}
    return {}
