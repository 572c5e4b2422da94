"""A list of choices that typing narrows."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size, clamp
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from tashika_tui.keymap import Scope
from tashika_tui.widgets.binding import bind_scope
from tashika_tui.widgets.line_input import LineInput
from tashika_tui.widgets.values import Choice, fold
from tashika_tui.widgets.words import Worded, fit, texts_of

# What a box of choices has around them, in lines: its frame, the question and the line to type in.
_AROUND = 9
_LEAST_LINES = 3


class _Lines(Worded):
    """The choices that fit, some lines of them around the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choices--cursor"}

    DEFAULT_CSS = """
    _Lines { height: auto; width: 1fr; color: $foreground; }
    _Lines > .choices--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    _Lines:ansi > .choices--cursor { text-style: reverse; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.choices: Sequence[Choice] = ()
        self.cursor = 0

    def get_content_height(self, container: object, viewport: Size, width: int) -> int:
        """As many lines as there are choices, if there is room; else a last one says how many there are."""
        return clamp(len(self.choices), 1, max(_LEAST_LINES, viewport.height - _AROUND))

    @property
    def _shown(self) -> int:
        """How many choices are seen at once."""
        height = max(1, self.size.height)
        return height if len(self.choices) <= height else max(1, height - 1)

    @property
    def _first(self) -> int:
        """Which of them is in the first line."""
        return clamp(self.cursor - self._shown + 1, 0, max(0, len(self.choices) - self._shown))

    def render_line(self, y: int) -> Strip:
        """One choice; the one under the cursor has a mark."""
        index, width, texts = self._first + y, self.size.width, texts_of(self)
        if y >= self._shown or index >= len(self.choices):
            text = "" if self.choices or y else texts("dialog.nothing_fits")
            if y >= self._shown:
                text = texts("listing.place", here=self.cursor + 1, total=len(self.choices))
            return Strip([Segment(fit(f"  {text}", width), self.rich_style)], width)
        label = texts.words(self.choices[index].label)
        if index == self.cursor:
            return Strip(
                [Segment(fit(f"> {label}", width), self.get_component_rich_style("choices--cursor"))], width
            )
        return Strip([Segment(fit(f"  {label}", width), self.rich_style)], width)

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        index = self._first + event.y
        if event.y < self._shown and index < len(self.choices):
            self.cursor = index
            parent = self.parent
            if isinstance(parent, ChoiceList):
                parent.action_choose_this()


class ChoiceList(Vertical):
    """A line to type in above the choices. Enter takes the one under the cursor."""

    DEFAULT_CSS = """
    ChoiceList { height: auto; }
    ChoiceList > _Lines { margin: 1 0 0 0; }
    """

    class Chosen(Message):
        """One was chosen."""

        def __init__(self, token: str) -> None:
            super().__init__()
            self.token = token

    def __init__(self, choices: Sequence[Choice], chosen: str = "") -> None:
        super().__init__()
        self._choices = choices
        self._chosen = chosen
        bind_scope(self, Scope.CHOICES)

    def compose(self) -> ComposeResult:
        """The line and the choices."""
        yield LineInput(id="narrow", max_length=100, placeholder=texts_of(self)("dialog.narrow"))
        yield _Lines()

    def on_mount(self) -> None:
        """Starts on what is chosen now."""
        self._show(self._choices)
        tokens = [choice.token for choice in self._choices]
        if self._chosen in tokens:
            self._lines.cursor = tokens.index(self._chosen)
        self.query_one("#narrow").focus()

    @property
    def _lines(self) -> _Lines:
        return self.query_one(_Lines)

    def _show(self, choices: Sequence[Choice]) -> None:
        self._lines.choices = choices
        self._lines.cursor = 0
        self._lines.refresh(layout=True)

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        wanted = fold(event.value).casefold().split()
        texts = texts_of(self)
        self._show(
            [
                choice
                for choice in self._choices
                if all(part in fold(texts.words(choice.label)).casefold() for part in wanted)
            ]
        )

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_choose_this()

    def action_choose_this(self) -> None:
        """Takes the one under the cursor."""
        lines = self._lines
        if lines.choices:
            self.post_message(self.Chosen(lines.choices[lines.cursor].token))

    def action_choice_down(self) -> None:
        """One further."""
        self._move(1)

    def action_choice_up(self) -> None:
        """One back."""
        self._move(-1)

    def action_choice_page_down(self) -> None:
        """A screen further."""
        self._move(max(1, self._lines.size.height - 1))

    def action_choice_page_up(self) -> None:
        """A screen back."""
        self._move(-max(1, self._lines.size.height - 1))

    def _move(self, by: int) -> None:
        lines = self._lines
        lines.cursor = clamp(lines.cursor + by, 0, max(0, len(lines.choices) - 1))
        lines.refresh()
