"""How screens come and go: back, to the menu, away; with a question where something would be lost."""

from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.screen import Screen

from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen


class Leaving(App[int], inherit_bindings=False):
    """The app's stack of screens."""

    _leave_question: Screen[Any] | None = None

    def base_screens(self) -> list[BaseScreen[Any]]:
        """The screens but for dialogs, the one on top last."""
        return [screen for screen in self.screen_stack if isinstance(screen, BaseScreen)]

    def above_sign_in(self, screen: Screen[Any] | None) -> None:
        """Shows a screen in place of all but the sign-in, which stays below: Textual can't do without one."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if screen is not None:
            self.push_screen(screen)

    def close_screen(self, screen: Screen[Any]) -> None:
        """Closes a screen, with what came to lie on it meanwhile. Who waits for its result gets none, and goes on."""
        while screen in self.screen_stack and self.screen is not screen:
            self.pop_screen()
        if self.screen is screen:
            screen.dismiss(None)

    def pop_to_root(self) -> None:
        """Back to the menu, or whatever one can't go back behind."""
        while not self.at_root():
            self.pop_screen()

    def at_root(self) -> bool:
        """Whether there is nothing to go back to."""
        screen = self.screen
        return len(self.screen_stack) == 1 or (isinstance(screen, BaseScreen) and screen.is_root)

    def leave_screen(self, screen: Screen[Any], leave: Callable[[], object]) -> None:
        """Calls `leave`, after a question where it would lose what was typed."""
        from tashika_tui.widgets.dialogs import Confirm

        busy = isinstance(screen, BaseScreen) and screen.busy
        if not busy and not _holds_something(screen):
            leave()
            return
        if self._leave_question in self.screen_stack:
            # Asked already; the key works over dialogs too.
            return

        def answered(yes: bool | None) -> None:
            if yes:
                leave()

        name = "busy" if busy else "unsaved"
        self._leave_question = Confirm(say(f"shell.{name}"), say(f"shell.{name}_yes"))
        self.push_screen(self._leave_question, answered)

    def leave_all(self, leave: Callable[[], object]) -> None:
        """The same for all screens at once."""
        screens = self.base_screens()
        unsaved = next((screen for screen in screens if screen.busy or _holds_something(screen)), None)
        self.leave_screen(unsaved or self.screen_stack[0], leave)


def _holds_something(screen: Screen[Any]) -> bool:
    """Whether something was typed there; nothing is before it stands."""
    return isinstance(screen, BaseScreen) and screen.is_mounted and screen.unsaved()
