"""What stands around every screen: breadcrumbs, the word about the connection, status line, footer."""

from typing import TYPE_CHECKING, Any, cast

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from tashika_tui.client.connection import Link, LinkState
from tashika_tui.i18n import say
from tashika_tui.keymap import BY_ID, Key, shown
from tashika_tui.widgets.words import Say, Worded, client_of, fit, texts_of

if TYPE_CHECKING:
    from tashika_tui.screens.base import BaseScreen

# The least in which the screens can be read.
LEAST_COLUMNS, LEAST_LINES = 60, 16

# More than this is cut off without a word on 80 columns.
MAX_FOOTER_KEYS = 6

_BETWEEN_CRUMBS = " > "

# In columns: an address of which less is seen could be any.
_LEAST_PLACE = 15


class Crumbs(Worded):
    """Where one is: the screens from the menu to this one. If they do not fit, the first ones go."""

    DEFAULT_CSS = """
    Crumbs { height: 1; background: $panel; color: $foreground; text-style: bold; padding: 0 1; }
    Crumbs:ansi { text-style: bold reverse; }
    """

    def render(self) -> Content:
        """One line."""
        stack = [screen for screen in self.app.screen_stack if hasattr(screen, "crumb")]
        if self.screen in stack:
            stack = stack[: stack.index(cast("BaseScreen[Any]", self.screen)) + 1]
        roots = [index for index, screen in enumerate(stack) if getattr(screen, "is_root", False)]
        stack = stack[roots[-1] :] if roots else stack
        parts = [texts_of(self)("shell.product"), *(screen.crumb() for screen in stack)]
        line = _BETWEEN_CRUMBS.join(parts)
        while cell_len(line) > self.size.width and len(parts) > 1:
            parts = parts[1:]
            line = _BETWEEN_CRUMBS.join(["..", *parts])
        return Content(fit(line, self.size.width))


class Banner(Say):
    """Says that the server can't be reached, or that the session is over; not there while neither is so."""

    DEFAULT_CSS = """
    Banner { display: none; height: 1; background: $error; color: $background; text-style: bold; padding: 0 1; }
    Banner:ansi { text-style: bold reverse; }
    """

    def show(self, state: LinkState, *, session_over: bool = False) -> None:
        """Shows where connection and session stand."""
        lost = state.link is not Link.CONNECTED
        self.display = lost or session_over
        if lost:
            key = "shell.reconnecting" if state.link is Link.RECONNECTING else "shell.offline"
            self.say(say(key, attempts=state.attempts))
        elif session_over:
            self.say(say("shell.session_over"))


class StatusLine(Worded):
    """Who works here, how many notices are unread, and at which server. The mark of a demo never gives way."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    StatusLine:ansi { text-style: reverse; }
    """

    def render(self) -> Content:
        """One line: the person at its left, the server at its right."""
        texts, session = texts_of(self), client_of(self).session
        person, server = session.person, session.server
        if person is None:
            who = texts("shell.nobody")
        else:
            roles = texts("value.separator").join(texts.choice("role", role) for role in person.roles)
            who = texts("shell.who", name=person.name, organization=person.organization, roles=roles)
        demo = texts("shell.demo") if server is not None and server.demo else ""
        unread = client_of(self).unread
        news = texts("shell.unread", count=unread) if unread and person is not None else ""
        width = self.size.width
        left_over = width - cell_len(who) - cell_len(demo) - cell_len(news) - 6
        place = _short(session.address, max(_LEAST_PLACE, min(left_over, width // 3)))
        right = "  ".join(part for part in (news, place, demo) if part)
        room = width - cell_len(right) - 2
        if room < cell_len(texts("shell.nobody")):
            right = "  ".join(part for part in (news, demo) if part)
            room = width - cell_len(right) - 2
        return Content(fit(f"{fit(who, max(0, room))}  {right}", width))


def _short(address: str, columns: int) -> str:
    """An address in so many columns: how it begins and how it ends says most."""
    if len(address) <= columns:
        return address
    return f"{address[:5]}..{address[len(address) - columns + 7 :]}"


class KeyFooter(Worded):
    """The keys of this screen that work just now, at most six, in the order that the screen says."""

    DEFAULT_CSS = """
    KeyFooter { height: 1; background: $surface; color: $foreground; padding: 0 1; }
    KeyFooter:ansi { text-style: none; }
    """

    def on_mount(self) -> None:
        """Follows what has the keyboard."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        """The keys that fit; a label is never cut in half."""
        texts = texts_of(self)
        parts: list[Content] = []
        used = 0
        for row in self._rows():
            label = texts(label_key(self.screen, row.id))
            key = self._best_key(row)
            length = cell_len(f"{key} {label}") + (2 if parts else 0)
            if used + length > self.size.width:
                break
            used += length
            parts.append(Content.styled(f"{key} ", "bold $primary") + Content(label))
        return Content("  ").join(parts)

    def _rows(self) -> list[Key]:
        # While a filter is typed, the two ways out of it come first.
        names = ("keep_filter", "drop_filter", *getattr(self.screen, "FOOTER", ()))
        active = {found.binding.id for found in self.screen.active_bindings.values() if found.enabled}
        return [BY_ID[name] for name in names if name in active][:MAX_FOOTER_KEYS]

    def _best_key(self, row: Key) -> str:
        # While somebody types, a letter is a letter: then the key that types nothing is the one to show.
        focused = self.screen.focused
        for key in row.keys:
            if len(key) > 1 or focused is None or not focused.check_consume_key(key, key):
                return shown(key)
        return shown(row.keys[0])


def label_key(screen: Widget, action: str) -> str:
    """Where the words stand for what an action does on a screen: a dialog has none of its own."""
    ask = getattr(screen, "label_key", None)
    return str(ask(action)) if ask is not None else f"key.{action}"


class TooSmall(Worded):
    """Lies over everything while the terminal is too small to show it. What was typed stays as it is."""

    DEFAULT_CSS = """
    TooSmall {
        display: none; layer: over; dock: top; width: 100%; height: 100%;
        background: $background; color: $foreground; content-align: center middle; text-align: center;
    }
    """

    def render(self) -> Content:
        """A sentence, as much of it as fits."""
        texts = texts_of(self)
        return Content(texts("shell.too_small", columns=LEAST_COLUMNS, lines=LEAST_LINES))


def watch_size(screen: Widget) -> None:
    """Shows or hides the screen's `TooSmall` for its size now."""
    size = screen.app.size
    for cover in screen.query(TooSmall):
        cover.display = size.width < LEAST_COLUMNS or size.height < LEAST_LINES
