"""Signing in again over a screen whose session is over, so that nothing on it is lost."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from tashika_tui.client.errors import RegisterError
from tashika_tui.failure import describe
from tashika_tui.i18n import say
from tashika_tui.problems import LocalError
from tashika_tui.widgets.button import PushButton
from tashika_tui.widgets.dialogs import Dialog
from tashika_tui.widgets.line_input import LineInput
from tashika_tui.widgets.words import Say, client_of


class SignInAgain(Dialog[bool]):
    """Asks for the password of who was signed in. False: that person did not want to."""

    cancelled = False

    interrupts = True

    def __init__(self) -> None:
        super().__init__()
        self.question = say("again.title")
        self._trying = False

    def body(self) -> ComposeResult:
        """Who, and the password."""
        person = client_of(self).session.person
        yield Say(say("again.about", name=person.name if person else ""))
        yield Say("", id="why")
        yield Say(say("login_screen.password"), id="type")
        yield LineInput(id="typed", max_length=1000, secret=True)

    def buttons(self) -> Sequence[PushButton]:
        """Later, and in."""
        return PushButton(say("login_screen.sign_in"), "yes"), PushButton(say("again.later"), "no")

    @on(LineInput.Submitted)
    def _submitted(self) -> None:
        self._try()

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "no":
            self.dismiss(False)
        else:
            self._try()

    def _try(self) -> None:
        # Enter once more while the server thinks must not call off the first one.
        if not self._trying:
            self._trying = True
            self.run_worker(self._sign_in(), exit_on_error=False)

    async def _sign_in(self) -> None:
        line, session = self.query_one("#typed", LineInput), client_of(self).session
        person, password = session.person, line.value
        line.value = ""
        try:
            if person is not None and password:
                await session.sign_in(person.login_name, password)
                self.dismiss(True)
        except (RegisterError, LocalError) as error:
            failure = describe(session.texts, error, session.address)
            if failure is not None:
                self.query_one("#why", Say).say(say("entering.problem", sentence=failure.sentence))
        except Exception as error:
            self.tell_fault(error)
        finally:
            self._trying = False
