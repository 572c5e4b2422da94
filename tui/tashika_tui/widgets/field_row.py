"""One field of a form: mark, label, where it is typed, how it was understood, and what is wrong with it."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from tashika_tui.i18n import Wording, say
from tashika_tui.widgets.editors import ChoiceEditor
from tashika_tui.widgets.line_input import LineInput
from tashika_tui.widgets.values import NO, YES, Choice, Field, Kind, Value, echo, parse, typed_as
from tashika_tui.widgets.words import Worded, fit, texts_of, wrap

_CHOSEN = (Kind.CHOICE, Kind.YES_NO)

# Numbers need no more room than this, and what they were understood as stands beside them.
_NARROW = (Kind.YEN, Kind.DAY, Kind.COUNT, Kind.NUMBER, Kind.KEY, Kind.CODE)

# How much longer than the limit may be typed, so that the sentence about it can be seen.
_SLACK = 1

# Columns: the mark, the label, and an editor for what is short.
_MARK, _LABEL = 2, 24
_INDENT = _MARK + _LABEL
_NARROW_WIDTH = 28


class FieldRow(Worded):
    """A field. `typed` is what stands in it, `value` what that means.

    It draws everything but the editor itself: an application has some dozens of fields, and each widget that a
    screen does without makes it open and answer sooner.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"field--here", "field--echo", "field--hint", "field--problem"}

    DEFAULT_CSS = f"""
    FieldRow {{ height: auto; width: 1fr; color: $foreground; }}
    FieldRow > .editor {{ margin: 0 0 0 {_INDENT}; }}
    FieldRow > .narrow {{ width: {_NARROW_WIDTH}; }}
    FieldRow > .field--here {{ text-style: bold; }}
    FieldRow > .field--echo {{ color: $secondary; }}
    FieldRow:ansi > .field--echo {{ color: ansi_default; }}
    FieldRow > .field--hint {{ color: $foreground 75%; }}
    FieldRow:ansi > .field--hint {{ color: ansi_default; }}
    FieldRow > .field--problem {{ color: $error; }}
    FieldRow:ansi > .field--problem {{ color: ansi_default; text-style: bold; }}
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
        self._here = False
        self._problem: Wording | None = None
        self.editor: Widget = self._make_editor(typed)
        self.editor.add_class("editor")
        self.editor.set_class(self._narrow, "narrow")

    def compose(self) -> ComposeResult:
        """What is typed or chosen in; all else is drawn."""
        yield self.editor

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The line of the field, and the lines under it."""
        return 1 + len(self._under(width))

    def render_line(self, y: int) -> Strip:
        """Mark, label and echo, with room for the editor between them; below them hint and problem."""
        width = self.size.width
        if y == 0:
            return self._first_line(width)
        under = self._under(width)
        if y > len(under):
            return Strip.blank(width, self.rich_style)
        component, text = under[y - 1]
        line = fit(" " * _INDENT + text, width)
        return Strip([Segment(line, self.get_component_rich_style(component))], width)

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
        if problem != self._problem:
            self._problem = problem
            self.refresh(layout=True)

    @property
    def _narrow(self) -> bool:
        return self.field.kind in _NARROW

    def _first_line(self, width: int) -> Strip:
        texts = texts_of(self)
        mark = ">" if self._here else ("*" if self.field.required else "")
        label = self.get_component_rich_style("field--here") if self._here else self.rich_style
        parts = [
            Segment(fit(mark, _MARK), self.rich_style),
            Segment(fit(texts(self.field.label_key), _LABEL), label),
        ]
        rest = width - _INDENT
        if self._narrow:
            words = echo(self.field.kind, self.value, texts)
            parts.append(Segment(" " * (_NARROW_WIDTH + 1), self.rich_style))
            rest -= _NARROW_WIDTH + 1
            parts.append(Segment(fit(words, max(0, rest)), self.get_component_rich_style("field--echo")))
        else:
            parts.append(Segment(" " * max(0, rest), self.rich_style))
        return Strip(parts).crop(0, width)

    def _under(self, width: int) -> list[tuple[str, str]]:
        """The lines under the field, each with its look."""
        texts = texts_of(self)
        room = width - _INDENT - 1
        lines = []
        if self._here and (hint := self.field.hint_wording):
            lines += [("field--hint", line) for line in wrap(texts.words(hint), room)]
        if self._problem is not None:
            sentence = texts("entering.problem", sentence=texts.words(self._problem))
            lines += [("field--problem", line) for line in wrap(sentence, room)]
        return lines

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
        if self._narrow:
            self.refresh()
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
        self._enter(here=True)

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Tidies what was typed, and lets the form say what is wrong with it."""
        self._enter(here=False)
        self.visited = self.visited or not self.empty
        kind, value = self.field.kind, self.value
        if value is not None and kind in (Kind.YEN, Kind.COUNT, Kind.NUMBER, Kind.KEY, Kind.CODE):
            self.type(typed_as(kind, value))
        self.post_message(self.Left(self))

    def _enter(self, *, here: bool) -> None:
        self._here = here
        self.refresh(layout=bool(self.field.hint_wording))
