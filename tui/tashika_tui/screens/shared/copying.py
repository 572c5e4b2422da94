"""Copying one thing with one key: to the terminal's own clipboard, wherever the terminal is."""

from typing import Any

from tashika_tui.i18n import Wording, say
from tashika_tui.screens.base import BaseScreen


def copy_text(screen: BaseScreen[Any], text: str, what: Wording, said: Wording | None = None) -> None:
    """Copies `text`, and says what was copied, or `said`: whether the terminal took it can't be known."""
    screen.app.copy_to_clipboard(text)
    screen.toast(said or say("hand_in.copied", what=screen.texts.words(what)))
