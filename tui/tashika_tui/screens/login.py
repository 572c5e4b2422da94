"""Signing in, and the ways in that need no account."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from tashika_tui.client.errors import ServerNotReachable
from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.button import PushButton
from tashika_tui.widgets.form import Field, Form, Kind
from tashika_tui.widgets.words import Say

_FIELDS = (
    Field("login_name", label="login_screen.name", required=True, max_length=100),
    Field("password", Kind.SECRET, label="login_screen.password", required=True, max_length=1000),
)

# Long enough for the terminal to have got the first frame.
FIRST_LOOK_SECONDS = 0.1


class LoginScreen(BaseScreen[None]):
    """The first screen: sign in, or open what is open to everybody."""

    TITLE = "login_screen.title"
    FOOTER = ("submit", "open_certificate", "language", "palette", "help", "quit")
    KEYS = ("submit", "open_certificate")
    HELP = "login_screen.help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "login_screen.sign_in"}

    DEFAULT_CSS = """
    LoginScreen #login { padding: 1 2; }
    LoginScreen Form { height: auto; max-width: 72; margin: 1 0 0 0; }
    LoginScreen _Fields { height: auto; }
    LoginScreen #sign-in { height: 1; margin: 1 0 0 26; }
    LoginScreen #open { margin: 2 0 0 0; height: auto; }
    LoginScreen .entry { height: 1; margin: 1 0 0 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_root = True

    def load_first(self) -> None:
        """Looks for the server a moment later: what that loads would keep the first frame waiting."""
        self.set_timer(FIRST_LOOK_SECONDS, self.load_now)

    def body(self) -> ComposeResult:
        """Name and password, and below them what needs neither."""
        with VerticalScroll(id="login", can_focus=False):
            yield Say(say("login_screen.heading"), classes="title")
            yield Say(say("login_screen.about"), classes="note")
            yield Form(_FIELDS, {"login_name": self.session.last_login_name()}, last_submits=True)
            with Horizontal(id="sign-in"):
                yield PushButton(say("login_screen.sign_in"), "sign_in")
            open_to_all = [entry for entry in self.client.entries if not entry.roles]
            if open_to_all:
                with VerticalScroll(id="open", can_focus=False):
                    yield Say(say("login_screen.without"), classes="title")
                    for entry in open_to_all:
                        with Horizontal(classes="entry"):
                            yield PushButton(say(f"entry.{entry.id}"), f"entry-{entry.id}")

    def on_mount(self) -> None:
        """Starts where something is still to be typed."""
        super().on_mount()
        form = self.query_one(Form)
        if form.values["login_name"]:
            form.go_to("password")

    async def load(self) -> None:
        """Looks for the server, and for a sign-in that still holds."""
        await self.session.look_at_server()
        self.refresh_frame()
        if self.session.person is None and await self.session.resume():
            self.client.signed_in()
        elif start := self.client.take_start():
            self.client.open_entry(start.entry, start.argument)

    def action_submit(self) -> None:
        """Signs in."""
        self.perform(self._sign_in)

    def action_open_certificate(self) -> None:
        """Opens a certificate by number and key, for who has no account."""
        self.client.open_entry("open_certificate")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What this client does not offer is no key either."""
        if action == "open_certificate":
            return any(entry.id == action and not entry.roles for entry in self.client.entries)
        return True

    @on(Form.LastEntered)
    def _entered(self) -> None:
        """Enter behind the password signs in, as everywhere."""
        self.action_submit()

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        name = event.button.id or ""
        if name == "sign_in":
            self.action_submit()
        else:
            self.client.open_entry(name.removeprefix("entry-"))

    async def _sign_in(self) -> None:
        form = self.query_one(Form)
        if not form.complete():
            return
        values = form.values
        try:
            await self.session.sign_in(str(values["login_name"]), str(values["password"]))
        except ServerNotReachable:
            # It was not judged, and is offered to be sent again.
            raise
        except BaseException:
            form.set_values({"password": None})
            raise
        form.set_values({"password": None})
        self.client.signed_in()
