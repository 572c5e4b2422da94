"""One line to type in. What is pasted can't act, and what is too long is cut and not thrown away."""

from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from tashika_formats.text import bad_characters
from tashika_tui.terminal import acting_positions

# Longer pastes are cut before anything looks at them: nobody pastes that much into one line on purpose.
_MAX_PASTE_CHARACTERS = 10_000

_WIDE_SPACE = "\u3000"

# Stands for a character that came from elsewhere and may not be drawn. What is wrong with it is said below the line.
_HIDDEN = "*"
_ACTS = "?"


class LineInput(Input):
    """Textual's input in one line, with a safe way to paste. `max_length` is in characters."""

    DEFAULT_CSS = """
    LineInput, LineInput:focus, LineInput.-invalid, LineInput.-invalid:focus {
        border: none; height: 1; padding: 0 1; background: $panel; color: $foreground;
    }
    LineInput { width: 1fr; }
    LineInput:focus { background: $panel-lighten-1; text-style: underline; }
    LineInput:ansi { text-style: underline; background: ansi_default; color: ansi_default; }
    LineInput:ansi > .input--cursor { text-style: reverse; background: ansi_default; color: ansi_default; }
    LineInput:ansi > .input--selection { text-style: reverse; background: ansi_default; color: ansi_default; }
    """

    class Trimmed(Message):
        """Not all of what was pasted could be taken."""

        def __init__(self, line_input: "LineInput") -> None:
            super().__init__()
            self.line_input = line_input

    class Pasted(Message):
        """Something was pasted. `text` is all of it, as it came: it may have other lines than the one taken."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(
        self,
        value: str = "",
        *,
        id: str | None = None,
        max_length: int = 200,
        secret: bool = False,
        placeholder: str = "",
    ) -> None:
        super().__init__(
            value,
            placeholder,
            id=id,
            max_length=max(max_length, len(value)),
            password=secret,
            select_on_focus=False,
        )
        self.cursor_blink = False

    @property
    def _value(self) -> Text:
        """What is drawn: as many characters as there are, but none that would act on the terminal."""
        drawn = super()._value
        if self.password:
            # Terminals disagree about the width of Textual's dot.
            drawn.plain = _HIDDEN * len(self.value)
        elif acting := acting_positions(drawn.plain):
            drawn.plain = "".join(
                _ACTS if position in acting else char for position, char in enumerate(drawn.plain, 1)
            )
        return drawn

    def on_focus(self) -> None:
        """Shows the part with the cursor: of a text that was there from the beginning Textual shows the first."""
        self.call_after_refresh(self._show_cursor)

    def on_resize(self) -> None:
        """The cursor stays visible."""
        self._show_cursor()

    def _show_cursor(self) -> None:
        if self.has_focus:
            cursor = Region(self._cursor_offset, 0, width=1, height=1)
            self.scroll_to_region(cursor, force=True, animate=False)

    async def _on_key(self, event: events.Key) -> None:
        # The space of Japanese names. Python counts it among what can't be printed, and Textual drops that.
        if event.character == _WIDE_SPACE:
            event.stop()
            event.prevent_default()
            self.replace(_WIDE_SPACE, *sorted(self.selection))
        else:
            await super()._on_key(event)

    def render_line(self, y: int) -> Strip:
        """The line, as long as it is even while nothing stands in it: Textual then draws the cursor alone."""
        strip = super().render_line(y)
        return strip.extend_cell_length(self.scrollable_content_region.width, self.rich_style)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        line = _first_line(event.text[:_MAX_PASTE_CHARACTERS])
        start, end = sorted(self.selection)
        room = (self.max_length or 0) - len(self.value) + (end - start)
        taken = _harmless(line)[:room]
        if taken != line or len(event.text) > _MAX_PASTE_CHARACTERS:
            self.post_message(self.Trimmed(self))
        # Textual does not follow the cursor in the first value that a line gets, so that one shows its beginning.
        self._initial_value = False
        self.replace(taken, start, end)
        self.post_message(self.Pasted(event.text[:_MAX_PASTE_CHARACTERS]))


def _first_line(text: str) -> str:
    """The first line with something in it."""
    return next((line for line in text.splitlines() if line.strip()), "")


def _harmless(line: str) -> str:
    """A line without characters that a terminal would obey or hide."""
    bad = {found.position for found in bad_characters(line) if found.kind not in ("PRIVATE_USE", "SELECTOR")}
    return "".join(char for position, char in enumerate(line, 1) if position not in bad)
