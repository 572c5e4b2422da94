"""Buttons in one line."""

from textual.content import Content
from textual.message import Message

from tashika_tui.i18n import Wording
from tashika_tui.widgets.binding import bind
from tashika_tui.widgets.words import Worded, texts_of


class PushButton(Worded, can_focus=True):
    """A button in one line. The one with the keyboard has a mark beside it."""

    DEFAULT_CSS = """
    PushButton { width: auto; height: 1; margin: 0 2 0 0; color: $foreground; background: $panel; }
    PushButton:focus {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    PushButton:focus:ansi { text-style: reverse; }
    PushButton:disabled { text-style: strike; }
    """

    class Pressed(Message):
        """Somebody pressed it."""

        def __init__(self, button: "PushButton") -> None:
            super().__init__()
            self.button = button

    def __init__(self, wording: Wording, id: str) -> None:
        super().__init__(id=id)
        self._wording = wording
        bind(self, ("press",))

    def render(self) -> Content:
        """The label between marks."""
        label = texts_of(self).words(self._wording)
        return Content(f"[>{label}<]" if self.has_focus else f"[ {label} ]")

    def on_click(self) -> None:
        """A click is a press."""
        self.action_press()

    def action_press(self) -> None:
        """Presses it."""
        if not self.disabled:
            self.post_message(self.Pressed(self))
