"""Help for a screen: what it is for, its keys, and how to reach people."""

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen

from tashika_tui.i18n import Texts
from tashika_tui.keymap import Scope, keys_shown
from tashika_tui.presenting.sheet import Section
from tashika_tui.screens.actions import possible
from tashika_tui.screens.base import BaseScreen
from tashika_tui.version import client_version
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.shell import label_key

_FIRST = (
    Scope.WORK,
    Scope.APPLYING,
    Scope.LIST,
    Scope.FILTER,
    Scope.FORM,
    Scope.CHOICE,
    Scope.SHEET,
    Scope.MENU,
)
_ORDER = (*_FIRST, *(scope for scope in Scope if scope not in _FIRST))


class HelpScreen(BaseScreen[None]):
    """F1 on a screen. The keys are those that worked there just before."""

    TITLE = "help_screen.title"
    FOOTER = ("back", "scroll_page_down", "scroll_page_up", "language", "palette")

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._about = getattr(screen, "HELP", "")
        self._possible = possible(screen)
        self._below = screen

    def body(self) -> ComposeResult:
        """One sheet."""
        yield FieldSheet(self._sections)

    def _sections(self, texts: Texts) -> Sequence[Section]:
        sections = []
        if self._about:
            sections.append(Section(texts("help_screen.about"), [("", texts(self._about).strip())]))
        # What only this screen has is what people look for.
        for scope in sorted(Scope, key=_ORDER.index):
            rows = [
                (
                    keys_shown(found.key) or texts("help_screen.palette"),
                    texts(label_key(self._below, found.key.id)),
                )
                for found in self._possible
                if found.key.scope is scope
            ]
            sections.append(Section(texts(f"scope.{scope.value}"), rows))
        sections.append(Section(texts("help_screen.more"), [("", texts("help_screen.general").strip())]))
        sections.append(Section("", [("", texts("help_screen.version", version=client_version()))]))
        return sections
