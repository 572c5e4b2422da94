"""One field of a form: mark, label, where it is typed, how it was understood, and what is wrong with it."""

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tashika_tui.i18n import Wording, say
from tashika_tui.widgets.editors import ChoiceEditor
from tashika_tui.widgets.line_input import LineInput
from tashika_tui.widgets.values import NO, YES, Choice, Field, Kind, Value, echo, parse, typed_as
from tashika_tui.widgets.words import Say, Worded, texts_of

_CHOSEN = (Kind.CHOICE, Kind.YES_NO)

# Numbers need no more room than this, and what they were understood as stands beside them.
_NARROW = (Kind.YEN, Kind.DAY, Kind.COUNT, Kind.NUMBER, Kind.KEY, Kind.CODE)

# How much longer than the limit may be typed, so that the sentence about it can be seen.
_SLACK = 1


class _Echo(Worded):
    """How the client understood what was typed."""

    DEFAULT_CSS = """
    _Echo { width: 1fr; height: 1; padding: 0 1; color: $secondary; }
    _Echo:ansi { color: ansi_default; }
    """

    def __init__(self, row: "FieldRow") -> None:
        super().__init__()
        self._row = row

    def render(self) -> str:
        """The value in words."""
        return echo(self._row.field.kind, self._row.value, texts_of(self))


class FieldRow(Vertical):
    """A field. `typed` is what stands in it, `value` what that means."""

    DEFAULT_CSS = """
    FieldRow { height: auto; }
    FieldRow > Horizontal { height: 1; }
    FieldRow .mark { width: 2; }
    FieldRow .label { width: 22; height: 1; }
    FieldRow .narrow { width: 28; }
    FieldRow .under { margin: 0 1 0 24; display: none; }
    FieldRow .problem { color: $error; }
    FieldRow .problem:ansi { color: ansi_default; text-style: bold; }
    FieldRow .hint { color: $foreground 75%; }
    FieldRow .hint:ansi { color: ansi_default; }
    FieldRow.here .label { text-style: bold; }
    """

    class Edited(Message):
        """What stands in it changed."""

        def __init__(self, row: "FieldRow") -> None:
            super().__init__()
            self.row = row

    class Left(Edited):
        """The keyboard went elsewhere."""

    class Entered(Edited):
        """Enter was pressed in it."""

    def __init__(self, field: Field, typed: str) -> None:
        super().__init__()
        self.field = field
        self.visited = False
        self.editor: Widget = self._make_editor(typed)
        if field.kind in _NARROW:
            self.editor.add_class("narrow")

    def compose(self) -> ComposeResult:
        """The line, and under it hint and problem."""
        with Horizontal():
            yield Say("", classes="mark")
            yield Say(say(self.field.label_key), classes="label")
            yield self.editor
            if self.field.kind in _NARROW:
                yield _Echo(self)
        if self.field.hint:
            yield Say(say(self.field.hint), classes="under hint")
        yield Say("", classes="under problem")

    def on_mount(self) -> None:
        """Marks what is required."""
        self._mark(focused=False)

    @property
    def typed(self) -> str:
        """What stands there."""
        return str(getattr(self.editor, "value", ""))

    @property
    def value(self) -> Value:
        """What it means; None where it means nothing."""
        return parse(self.field, self.typed, "ja")[0]

    @property
    def empty(self) -> bool:
        """Whether nothing stands there."""
        return not self.typed.strip()

    def problem(self, language: str) -> Wording | None:
        """What is wrong with what stands there, for itself."""
        return parse(self.field, self.typed, language)[1]

    def type(self, typed: str) -> None:
        """Puts something there."""
        if isinstance(self.editor, LineInput | ChoiceEditor):
            self.editor.value = typed

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """What it offers from now on."""
        if isinstance(self.editor, ChoiceEditor):
            self.editor.choices = choices

    def show_problem(self, problem: Wording | None) -> None:
        """Shows what is wrong, with a mark before it; None: nothing."""
        shown = self.query_one(".problem", Say)
        shown.display = problem is not None
        if problem is not None:
            shown.say(say("entering.problem", sentence=texts_of(self).words(problem)))

    def _make_editor(self, typed: str) -> Widget:
        field = self.field
        if field.kind in _CHOSEN:
            choices = field.choices
            if field.kind is Kind.YES_NO:
                choices = (Choice(NO, say("value.no")), Choice(YES, say("value.yes")))
            return ChoiceEditor(choices, typed, field.label_key)
        secret = field.kind is Kind.SECRET
        return LineInput(typed, max_length=field.max_length + _SLACK, secret=secret)

    @on(Input.Changed)
    @on(ChoiceEditor.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        for shown in self.query(_Echo):
            shown.refresh()
        self.post_message(self.Edited(self))

    @on(LineInput.Trimmed)
    def _trimmed(self, event: Message) -> None:
        event.stop()
        self.notify(texts_of(self)("entering.trimmed"), markup=False)

    @on(Input.Submitted)
    def _submitted(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Entered(self))

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Shows the hint."""
        self._mark(focused=True)

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Tidies what was typed, and lets the form say what is wrong with it."""
        self._mark(focused=False)
        self.visited = self.visited or not self.empty
        kind, value = self.field.kind, self.value
        if value is not None and kind in (Kind.YEN, Kind.COUNT, Kind.NUMBER, Kind.KEY, Kind.CODE):
            self.type(typed_as(kind, value))
        self.post_message(self.Left(self))

    def _mark(self, *, focused: bool) -> None:
        mark = ">" if focused else ("*" if self.field.required else "")
        self.query_one(".mark", Say).say(mark)
        self.set_class(focused, "here")
        for hint in self.query(".hint"):
            hint.display = focused
