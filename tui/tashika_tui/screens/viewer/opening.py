"""Number and key, for somebody without an account."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from tashika_formats.verify_errors import NotAuthenticError
from tashika_tui.i18n import say
from tashika_tui.problems import LocalError
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.viewer.certificate import CertificateScreen, Shown
from tashika_tui.screens.viewer.pasting import find_number_and_key
from tashika_tui.verification import check_opened, is_demo
from tashika_tui.widgets.button import PushButton
from tashika_tui.widgets.form import Field, Form, Kind
from tashika_tui.widgets.line_input import LineInput
from tashika_tui.widgets.words import Say

_NUMBER, _KEY = "contract_number", "key"

_FIELDS = (
    Field(_NUMBER, Kind.NUMBER, label="label.contract_number", required=True, hint="viewer.number_hint"),
    Field(_KEY, Kind.KEY, label="viewer.key", required=True, hint="viewer.key_hint"),
)


class OpeningScreen(BaseScreen[None]):
    """The two fields. Typing errors are said before the register is asked."""

    TITLE = "viewer.title"
    KEYS = ("submit",)
    FOOTER = ("submit", "back", "language", "palette", "help", "quit")
    HELP = "viewer.help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "viewer.open"}

    DEFAULT_CSS = """
    OpeningScreen .note { margin: 0 0 1 0; }
    OpeningScreen Form { height: auto; max-height: 1fr; }
    OpeningScreen Form > _Fields { height: auto; }
    OpeningScreen #open-line { height: 1; margin: 1 0 0 26; }
    """

    def __init__(self, number: str = "") -> None:
        super().__init__()
        self._number = number

    def body(self) -> ComposeResult:
        """How it is done, the fields, and the button."""
        yield Say(say("viewer.about"), classes="note")
        yield Form(_FIELDS, last_submits=True)
        with Horizontal(id="open-line"):
            yield PushButton(say("viewer.open"), "open")

    def on_mount(self) -> None:
        """Starts where something is still to be typed."""
        super().on_mount()
        number_line, _ = self.query(LineInput)
        number_line.value = self._number
        self.query_one(Form).go_to(_KEY if self._number else _NUMBER)

    def action_submit(self) -> None:
        """Opens the certificate."""
        self.perform(self._open)

    @on(Form.LastEntered)
    def _entered(self) -> None:
        self.action_submit()

    @on(PushButton.Pressed)
    def _pressed(self) -> None:
        self.action_submit()

    @on(LineInput.Pasted)
    def _pasted(self, event: LineInput.Pasted) -> None:
        """Number and key in one paste go into their fields, whichever of them it went into."""
        event.stop()
        found = find_number_and_key(event.text)
        if found is None:
            return
        for line, typed in zip(self.query(LineInput), found, strict=True):
            line.value = typed
        self.query_one(Form).go_to(_KEY)
        self.toast(say("viewer.both_pasted"))

    async def _open(self) -> None:
        form = self.query_one(Form)
        if not form.complete():
            return
        values = form.values
        number, key = str(values[_NUMBER]), str(values[_KEY])
        opened = await self.ask(lambda register: register.open_certificate(number, key))
        try:
            shown = Shown(opened, check_opened(opened, number), is_demo(opened))
        except NotAuthenticError as error:
            sentence = error.sentence(self.texts.language)
            raise LocalError("verify.not_authentic", sentence=sentence, reason=error.reason) from None
        # Who comes back finds empty fields: the key is not left standing on a screen that people share.
        form.set_values({_NUMBER: None, _KEY: None})
        form.go_to(_NUMBER)
        await self.client.push_screen(CertificateScreen(shown))
