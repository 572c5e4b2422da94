"""The parts of a field into which something is typed or chosen."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message

from tashika_tui.i18n import say
from tashika_tui.keymap import Scope
from tashika_tui.widgets.binding import bind_scope
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import Worded, fit, texts_of

if TYPE_CHECKING:
    from tashika_tui.screens.base import BaseScreen


class ChoiceEditor(Worded, can_focus=True):
    """One of some choices in one line: left and right change it, enter shows all of them.

    Without `choices` they are still to be read, and enter waits for them: an empty list would look as if there were
    none.
    """

    DEFAULT_CSS = """
    ChoiceEditor { height: 1; width: 1fr; background: $panel; color: $foreground; padding: 0 1; }
    ChoiceEditor:focus { background: $panel-lighten-1; text-style: underline; }
    ChoiceEditor:ansi { background: ansi_default; text-style: underline; }
    ChoiceEditor:ansi:focus { text-style: reverse; }
    """

    class Changed(Message):
        """Another one was chosen."""

        def __init__(self, editor: "ChoiceEditor") -> None:
            super().__init__()
            self.editor = editor

    def __init__(
        self, choices: Sequence[Choice] | None, value: str, question: str, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._choices = choices or ()
        self._there = asyncio.Event()
        if choices is not None:
            self._there.set()
        self._value = value
        self._question = question
        bind_scope(self, Scope.CHOICE)

    @property
    def value(self) -> str:
        """The token; empty: none is chosen."""
        return self._value

    @value.setter
    def value(self, token: str) -> None:
        if token != self._value:
            self._value = token
            self.refresh()
            self.post_message(self.Changed(self))

    @property
    def choices(self) -> Sequence[Choice]:
        """What can be chosen."""
        return self._choices

    @choices.setter
    def choices(self, choices: Sequence[Choice]) -> None:
        self._choices = choices
        self._there.set()
        if self._value and all(choice.token != self._value for choice in choices):
            self.value = ""
        self.refresh()

    def render(self) -> Content:
        """The choice between marks."""
        texts = texts_of(self)
        label = next((texts.words(one.label) for one in self._choices if one.token == self._value), "")
        label = label or texts("entering.choose" if self._there.is_set() else "listing.loading")
        room = self.size.width - len("<  >")
        return Content(f"< {label if cell_len(label) <= room else fit(label, max(0, room))} >")

    def on_click(self) -> None:
        """A click shows all of them."""
        self.focus()
        self.action_choose()

    def action_next_choice(self) -> None:
        """The next one."""
        self._step(1)

    def action_previous_choice(self) -> None:
        """The one before."""
        self._step(-1)

    def action_choose(self) -> None:
        """Shows all of them."""
        cast("BaseScreen[Any]", self.screen).perform(self._pick, group="choose")

    async def _pick(self) -> None:
        screen = cast("BaseScreen[Any]", self.screen)
        await self._there.wait()
        chosen = await screen.pick(say(self._question), self._choices, self._value)
        if chosen is not None:
            self.value = chosen

    def _step(self, by: int) -> None:
        tokens = [choice.token for choice in self._choices]
        if not tokens:
            return
        if self._value in tokens:
            self.value = tokens[(tokens.index(self._value) + by) % len(tokens)]
        else:
            self.value = tokens[0 if by > 0 else -1]
