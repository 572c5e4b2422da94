"""One line to type in. What is pasted can't act, and what is too long is cut and not thrown away."""

from textual import events
from textual.message import Message
from textual.widgets import Input

from tashika_formats.text import bad_characters

# Longer pastes are cut before anything looks at them: nobody pastes that much into one line on purpose.
_MAX_PASTE_CHARACTERS = 10_000


class LineInput(Input):
    """Textual's input in one line, with a safe way to paste. `max_length` is in characters."""

    DEFAULT_CSS = """
    LineInput, LineInput:focus, LineInput.-invalid, LineInput.-invalid:focus {
        border: none; height: 1; padding: 0 1; width: 1fr; background: $panel; color: $foreground;
    }
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
        self, value: str = "", *, id: str | None = None, max_length: int = 200, secret: bool = False
    ) -> None:
        super().__init__(
            value, id=id, max_length=max(max_length, len(value)), password=secret, select_on_focus=False
        )
        self.cursor_blink = False

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
