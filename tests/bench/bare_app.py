"""What the client's first frame is measured against: one word of Textual's, and its stock parts of such a screen."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Input, Label

MARK = "bare"


class BareApp(App[None]):
    """One word."""

    def compose(self) -> ComposeResult:
        """The word."""
        yield Label(MARK)


class StockApp(App[None]):
    """A header, a line to type in, and a footer, as they come."""

    def compose(self) -> ComposeResult:
        """The three."""
        yield Header()
        yield Input(placeholder=MARK)
        yield Footer()


if __name__ == "__main__":
    (StockApp if sys.argv[1:] == ["stock"] else BareApp)().run()
