"""Two people in one draft: what is typed here beside what somebody else saved."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult

from tashika_tui.client.records import Application
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.comparison import pairs
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.field_sheet import CompareSheet, Comparison
from tashika_tui.widgets.words import Say


class ConflictScreen(BaseScreen[bool]):
    """Both sides. F10 saves what is typed here over the other; back goes on typing."""

    TITLE = "contractor.conflict"
    KEYS = ("submit",)
    FOOTER = ("submit", "next_difference", "scroll_page_down", "back", "help", "palette")
    HELP = "contractor.conflict_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "contractor.conflict_keep_yes"}

    def __init__(self, mine: Application, theirs: Application, names: Mapping[str, str]) -> None:
        super().__init__()
        self._mine, self._theirs, self._names = mine, theirs, names

    def body(self) -> ComposeResult:
        """Both sides."""
        yield Say(say("contractor.conflict_about"), classes="note")
        yield CompareSheet(self._comparison)

    def action_submit(self) -> None:
        """Saves what is typed here over the other."""
        self.perform(self._keep)

    async def _keep(self) -> None:
        if await self.confirm(say("contractor.conflict_keep"), say("contractor.conflict_keep_yes")):
            self.dismiss(True)

    def _comparison(self, texts: Texts) -> Comparison:
        return Comparison(
            texts("contractor.mine"),
            texts("contractor.theirs"),
            pairs(texts, self._mine, self._theirs, self._names),
        )
