"""Dialogs. They take wordings, give an answer, and start on the button that changes nothing.

Screens ask through `BaseScreen.confirm`, `confirm_typed`, `enter_text` and `pick`.
"""

from collections.abc import Sequence

from textual.screen import ModalScreen

from tashika_tui.failure import Failure
from tashika_tui.i18n import Wording
from tashika_tui.widgets.form import Choice


class Confirm(ModalScreen[bool]):
    """A question. `lines` are what stands under it, such as what would be lost."""

    def __init__(
        self, question: Wording, yes: Wording, no: Wording | None = None, lines: Sequence[Wording] = ()
    ) -> None: ...


class TypedConfirm(ModalScreen[bool]):
    """A question about what can't be undone: only who types `phrase` can go on. Width and spaces are folded."""

    def __init__(
        self, question: Wording, phrase: Wording, yes: Wording, lines: Sequence[Wording] = ()
    ) -> None: ...


class TextDialog(ModalScreen[str | None]):
    """Asks for one line of text. None: cancelled."""

    def __init__(
        self, question: Wording, value: str = "", *, required: bool = True, max_length: int = 500
    ) -> None: ...


class PickDialog(ModalScreen[str | None]):
    """Asks for one of some choices; typing narrows them. None: cancelled."""

    def __init__(self, question: Wording, choices: Sequence[Choice], chosen: str = "") -> None: ...


class ErrorDialog(ModalScreen[bool]):
    """What went wrong: the reason, what to do and who can, and the reference. True: try again."""

    def __init__(self, failure: Failure, *, again: bool = False) -> None: ...
