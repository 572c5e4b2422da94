"""From the key table to Textual's bindings. No other module makes one."""

from collections.abc import Iterable

from textual.binding import Binding
from textual.dom import DOMNode

from tashika_tui.keymap import BY_ID, Scope, of_scope

# What must work while a dialog or a form has the keyboard.
_ALWAYS = frozenset({"quit", "language", "theme"})


def bind(node: DOMNode, names: Iterable[str]) -> None:
    """Gives a widget or a screen the keys of these actions; each calls its `action_<name>`."""
    # Textual keeps an instance's bindings here and has no public way to add one (8.2.8); the lists inside are
    # shared with the class, so they are replaced and not added to.
    table = node._bindings.key_to_bindings
    for name in names:
        row = BY_ID[name]
        if not row.keys:
            continue
        binding = Binding(
            ",".join(row.all_keys()), row.action, row.id, show=False, priority=name in _ALWAYS, id=row.id
        )
        for each in Binding.make_bindings([binding]):
            table[each.key] = [each, *table.get(each.key, ())]


def bind_scope(node: DOMNode, scope: Scope) -> None:
    """Gives a widget or a screen all actions of a scope."""
    bind(node, (key.id for key in of_scope(scope)))
