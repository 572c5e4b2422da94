"""Dialogs. They take wordings, give an answer, and start on the button that changes nothing.

Screens ask through `BaseScreen.confirm`, `confirm_typed`, `enter_text` and `pick`.
"""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen

from tashika_tui.failure import Failure
from tashika_tui.i18n import Wording, say
from tashika_tui.keymap import Scope
from tashika_tui.widgets.binding import bind_scope
from tashika_tui.widgets.button import PushButton
from tashika_tui.widgets.choices import ChoiceList
from tashika_tui.widgets.guard import Guarded
from tashika_tui.widgets.line_input import LineInput
from tashika_tui.widgets.shell import TooSmall, watch_size
from tashika_tui.widgets.stacked import Stacked
from tashika_tui.widgets.values import Choice, fold
from tashika_tui.widgets.words import Say, texts_of

AnswerT = TypeVar("AnswerT")


class Dialog(Guarded, Stacked[AnswerT], ModalScreen[AnswerT], Generic[AnswerT], inherit_bindings=False):
    """A box over the screen. Escape gives `cancelled`."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; layers: base over; }
    Dialog:ansi { background: ansi_default; }
    Dialog > #box {
        width: 66; max-width: 96%; height: auto; max-height: 96%; padding: 1 2;
        background: $surface; color: $foreground; border: ascii $primary;
    }
    Dialog #question { text-style: bold; }
    Dialog #type { margin: 1 0 0 0; }
    Dialog #buttons { height: 1; margin: 1 0 0 0; }
    """

    cancelled: AnswerT
    question: Wording = ""
    # Whether it comes unasked, so that nothing that was typed before is an answer to it.
    interrupts: ClassVar[bool] = False

    def compose(self) -> ComposeResult:
        """The question, what belongs to it, and the buttons."""
        with VerticalScroll(id="box", can_focus=False):
            if self.question:
                yield Say(self.question, id="question")
            yield from self.body()
            buttons = self.buttons()
            if buttons:
                with Horizontal(id="buttons"):
                    yield from buttons
        yield TooSmall()

    def on_mount(self) -> None:
        """Takes the keys of dialogs."""
        bind_scope(self, Scope.DIALOG)

    def body(self) -> ComposeResult:
        """What stands between question and buttons."""
        yield from ()

    def buttons(self) -> Sequence[PushButton]:
        """The buttons, the one that changes nothing first: it gets the keyboard."""
        return ()

    def on_resize(self, _event: events.Resize) -> None:
        """Follows the terminal."""
        watch_size(self)

    def action_cancel_dialog(self) -> None:
        """Gives up."""
        self.dismiss(self.cancelled)

    def action_next_button(self) -> None:
        """To the next button or field."""
        self.focus_next()

    def action_previous_button(self) -> None:
        """To the one before."""
        self.focus_previous()

    def action_accept(self) -> None:
        """The key for yes."""

    def action_decline(self) -> None:
        """The key for no."""
        self.dismiss(self.cancelled)


class Confirm(Dialog[bool]):
    """A question. `lines` are what stands under it, such as what would be lost."""

    cancelled = False

    def __init__(
        self, question: Wording, yes: Wording, no: Wording | None = None, lines: Sequence[Wording] = ()
    ) -> None:
        super().__init__()
        self.question = question
        self._yes, self._no, self._lines = yes, no or say("dialog.no"), lines

    def body(self) -> ComposeResult:
        """The lines."""
        yield from (Say(line) for line in self._lines)

    def buttons(self) -> Sequence[PushButton]:
        """No, and yes."""
        return PushButton(self._no, "no"), PushButton(self._yes, "yes")

    def action_accept(self) -> None:
        """Yes."""
        self.dismiss(True)

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


class TypedConfirm(Dialog[bool]):
    """A question about what can't be undone: only who types `phrase` can go on. Width and spaces are folded."""

    cancelled = False

    def __init__(
        self, question: Wording, phrase: Wording, yes: Wording, lines: Sequence[Wording] = ()
    ) -> None:
        super().__init__()
        self.question = question
        self._phrase, self._yes, self._lines = phrase, yes, lines

    def body(self) -> ComposeResult:
        """The lines, what to type, and where."""
        yield from (Say(line) for line in self._lines)
        yield Say(say("dialog.type", phrase=texts_of(self).words(self._phrase)), id="type")
        yield LineInput(id="typed", max_length=100)

    def buttons(self) -> Sequence[PushButton]:
        """No, and yes."""
        return PushButton(say("dialog.no"), "no"), PushButton(self._yes, "yes")

    @property
    def typed_right(self) -> bool:
        """Whether the phrase stands there."""
        phrase = texts_of(self).words(self._phrase)
        return _bare(self.query_one("#typed", LineInput).value) == _bare(phrase)

    @on(LineInput.Submitted)
    def _submitted(self) -> None:
        if self.typed_right:
            self.dismiss(True)
        else:
            self._complain()

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "no":
            self.dismiss(False)
        elif self.typed_right:
            self.dismiss(True)
        else:
            self._complain()

    def _complain(self) -> None:
        phrase = texts_of(self).words(self._phrase)
        self.query_one("#type", Say).say(say("dialog.type_again", phrase=phrase))
        self.query_one("#typed").focus()


class TextDialog(Dialog[str | None]):
    """Asks for one line of text. None: cancelled."""

    cancelled = None

    def __init__(
        self, question: Wording, value: str = "", *, required: bool = True, max_length: int = 500
    ) -> None:
        super().__init__()
        self.question = question
        self._value, self._required, self._max_length = value, required, max_length

    def body(self) -> ComposeResult:
        """The line."""
        yield LineInput(self._value, id="typed", max_length=self._max_length)

    def buttons(self) -> Sequence[PushButton]:
        """The line has the keyboard; enter in it is the first button."""
        return PushButton(say("dialog.ok"), "ok"), PushButton(say("dialog.cancel"), "cancel")

    @on(LineInput.Submitted)
    def _submitted(self) -> None:
        self._finish()

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "ok":
            self._finish()
        else:
            self.dismiss(None)

    def _finish(self) -> None:
        value = self.query_one("#typed", LineInput).value.strip()
        if value or not self._required:
            self.dismiss(value)


class PickDialog(Dialog[str | None]):
    """Asks for one of some choices; typing narrows them. None: cancelled."""

    cancelled = None

    def __init__(self, question: Wording, choices: Sequence[Choice], chosen: str = "") -> None:
        super().__init__()
        self.question = question
        self._choices, self._chosen = choices, chosen

    def body(self) -> ComposeResult:
        """A line to type in, and what fits it."""
        yield ChoiceList(self._choices, self._chosen)

    @on(ChoiceList.Chosen)
    def _chosen_now(self, event: ChoiceList.Chosen) -> None:
        self.dismiss(event.token)


class CommandDialog(Dialog[None]):
    """A command for the person's own computer, which can be copied."""

    cancelled = None

    DEFAULT_CSS = """
    CommandDialog #command { margin: 1 0; text-style: bold; }
    """

    def __init__(self, question: Wording, command: str, about: Wording) -> None:
        super().__init__()
        self.question = question
        self._command, self._about = command, about

    def body(self) -> ComposeResult:
        """The command, and how it is meant."""
        yield Say(self._command, id="command")
        yield Say(self._about)

    def buttons(self) -> Sequence[PushButton]:
        """Copy and close."""
        return PushButton(say("dialog.copy"), "copy"), PushButton(say("dialog.close"), "close")

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "copy":
            # No terminal says whether it took it, so the command stays where it can be read.
            self.app.copy_to_clipboard(self._command)
            self.app.notify(texts_of(self)("dialog.copied"), markup=False)
        else:
            self.dismiss(None)


class ErrorDialog(Dialog[bool]):
    """What went wrong: the reason, what to do and who can, and the reference. True: try again."""

    cancelled = False

    DEFAULT_CSS = """
    ErrorDialog > #box { border: ascii $error; }
    ErrorDialog .part { margin: 1 0 0 0; }
    """

    interrupts = True

    def __init__(self, failure: Failure, *, again: bool = False) -> None:
        super().__init__()
        self.question = say("dialog.error", sentence=failure.sentence)
        self._failure, self._again = failure, again

    def body(self) -> ComposeResult:
        """Fields, next steps, reason and reference, each where there is one."""
        failure, texts = self._failure, texts_of(self)
        for problem in failure.fields if len(failure.fields) > 1 else ():
            yield Say(say("dialog.error_field", sentence=problem.sentence))
        if failure.next_steps:
            yield Say(say("dialog.next_steps"), classes="part")
            yield from (Say(say("dialog.next_step", sentence=step)) for step in failure.next_steps)
        quoted = [texts("problem.reference", reference=failure.reference)] if failure.reference else []
        quoted += [f"[{failure.reason}]"] if failure.reason else []
        if quoted:
            yield Say(" ".join(quoted), classes="part")

    def buttons(self) -> Sequence[PushButton]:
        """Close, and once more where that may help."""
        close = PushButton(say("dialog.close"), "close")
        return (close, PushButton(say("dialog.again"), "again")) if self._again else (close,)

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        self.dismiss(event.button.id == "again")


def _bare(text: str) -> str:
    """What counts of a typed phrase."""
    return "".join(fold(text).split()).casefold()
