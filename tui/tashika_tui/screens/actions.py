"""What can be done on a screen just now: the rows of the key table that are bound and allowed there."""

from typing import Any, NamedTuple

from textual.dom import DOMNode
from textual.screen import Screen

from tashika_tui.keymap import BY_ID, KEYS, Key


class Possible(NamedTuple):
    """A row of the key table, and the widget or screen on which it acts."""

    key: Key
    node: DOMNode


def possible(screen: Screen[Any]) -> list[Possible]:
    """In the table's order, each action once."""
    found: dict[str, DOMNode] = {}
    for active in screen.active_bindings.values():
        name = active.binding.id
        if active.enabled and name in BY_ID:
            found.setdefault(name, active.node)
    # What has no key of its own is there all the same.
    for key in KEYS:
        if not key.keys and screen.app.check_action(key.action, ()):
            found.setdefault(key.id, screen.app)
    return [Possible(key, found[key.id]) for key in KEYS if key.id in found]
