"""Every action of a screen and every entry of the menu, by name."""

from typing import Any, cast

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen

from tashika_tui.i18n import Wording, say
from tashika_tui.keymap import keys_shown
from tashika_tui.screens.actions import Possible, possible
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.choices import ChoiceList
from tashika_tui.widgets.dialogs import Dialog
from tashika_tui.widgets.shell import label_key
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import client_of, texts_of

_ENTRY = "entry:"


class Palette(Dialog[str | None]):
    """Typing narrows, enter does it."""

    cancelled = None

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self.question = say("palette.title")
        self._screen_below = screen
        # Now, before this screen has the keyboard: then other keys would be active.
        self._actions = {
            each.key.id: each for each in possible(screen) if each.key.palette and each.key.id != "palette"
        }

    def body(self) -> ComposeResult:
        """The choices."""
        yield ChoiceList([*self._entry_choices(), *map(self._action_choice, self._actions.values())])

    async def carry_out(self, token: str | None) -> None:
        """Does what was chosen, once the screen below has the keyboard again."""
        screen = self._screen_below
        if token is None:
            return
        if token.startswith(_ENTRY):
            cast("BaseScreen[Any]", screen).client.open_entry(token.removeprefix(_ENTRY))
        else:
            found = self._actions[token]
            await screen.app.run_action(found.key.action, found.node)

    @on(ChoiceList.Chosen)
    def _chosen(self, event: ChoiceList.Chosen) -> None:
        event.stop()
        self.dismiss(event.token)

    def _action_choice(self, found: Possible) -> Choice:
        label = texts_of(self)(label_key(self._screen_below, found.key.id))
        keys = keys_shown(found.key)
        words: Wording = say("palette.action", label=label, keys=keys) if keys else label
        return Choice(found.key.id, words)

    def _entry_choices(self) -> list[Choice]:
        screen = self._screen_below
        if not isinstance(screen, BaseScreen):
            return []
        person = client_of(self).session.person
        roles = frozenset(person.roles) if person is not None else frozenset()
        texts = texts_of(self)
        return [
            Choice(_ENTRY + entry.id, say("palette.entry", label=texts(f"entry.{entry.id}")))
            for entry in screen.client.entries
            if not entry.roles or entry.roles & roles
        ]
