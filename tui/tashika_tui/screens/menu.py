"""The menu of who is signed in."""

from textual import on
from textual.app import ComposeResult

from tashika_tui.i18n import Texts, say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.menu_list import MenuList
from tashika_tui.widgets.words import Say


class MenuScreen(BaseScreen[None]):
    """What somebody with these roles can do, in the table's order."""

    TITLE = "menu.title"
    FOOTER = ("open", "language", "theme", "palette", "help", "quit")
    HELP = "menu.help"

    def __init__(self) -> None:
        super().__init__()
        self.is_root = True

    def body(self) -> ComposeResult:
        """A greeting and the entries."""
        yield Say("", id="greeting", classes="title")
        yield MenuList(self._entries(), self._words)
        if not self._entries():
            yield Say(say("menu.nothing"), classes="note")

    def relabel(self) -> None:
        """Greets."""
        person = self.session.person
        if person is not None:
            self.query_one("#greeting", Say).say(
                say("menu.greeting", name=person.name, organization=person.organization)
            )

    def unread_changed(self) -> None:
        """Says it beside the entry of the notices."""
        self.query_one(MenuList).refresh()

    @on(MenuList.Chosen)
    def _chosen(self, event: MenuList.Chosen) -> None:
        self.client.open_entry(event.entry)

    def _entries(self) -> list[str]:
        person = self.session.person
        roles = frozenset(person.roles) if person is not None else frozenset()
        return [entry.id for entry in self.client.entries if not entry.roles or entry.roles & roles]

    def _words(self, entry: str, texts: Texts) -> tuple[str, str]:
        label, about = texts(f"entry.{entry}"), f"entry.{entry}_about"
        if entry == "notices" and self.client.unread:
            label = texts("menu.unread", label=label, count=self.client.unread)
        return label, texts(about) if texts.has(about) else ""
