"""The least that Textual can show: what the client's first frame is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Label

MARK = "bare"


class BareApp(App[None]):
    """One word."""

    def compose(self) -> ComposeResult:
        """The word."""
        yield Label(MARK)


if __name__ == "__main__":
    BareApp().run()
