"""Screens that lie on each other. Each ends itself, and no other one."""

from typing import Generic

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType


class Stacked(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen whose `dismiss` ends this screen.

    Textual's (8.2.8) ends whichever lies on top: an answer that comes while somebody reads the help would close the
    help, and leave behind a form that was sent. Here the screen goes when it is on top again.
    """

    _has_ended = False
    _ended_with: ScreenResultType | None = None

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Ends the screen with a result: now, or when those above it are gone. A second time it does nothing."""
        stack = self.app.screen_stack
        if self not in stack:
            return AwaitComplete()
        if stack[-1] is not self:
            self._has_ended, self._ended_with = True, result
            return AwaitComplete()
        return super().dismiss(result)

    def on_screen_resume(self) -> None:
        """Goes, if it ended while others lay above it."""
        if self._has_ended:
            self.dismiss(self._ended_with)
