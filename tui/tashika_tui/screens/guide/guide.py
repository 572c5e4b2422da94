"""The guide: two explanations with a drawing each, and the guarantors' offices. For everybody, without an account."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from tashika_tui.client.records import GuarantorOffices
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.offices import offices_sections
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import japan_day
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.menu_list import MenuList
from tashika_tui.widgets.words import Say

PAGES = ("how_it_works", "how_to_hand_in")
_OFFICES = "offices"


class GuideScreen(BaseScreen[None]):
    """What there is to read."""

    TITLE = "guide.title"
    FOOTER = ("open", "back", "language", "palette", "help")
    HELP = "guide.help"

    def body(self) -> ComposeResult:
        """The pages, and the offices."""
        yield Say(say("guide.about"), classes="note")
        yield MenuList((*PAGES, _OFFICES), _words)

    @on(MenuList.Chosen)
    def _chosen(self, event: MenuList.Chosen) -> None:
        chosen = OfficesScreen() if event.entry == _OFFICES else GuidePage(event.entry)
        self.app.push_screen(chosen)


class GuidePage(BaseScreen[None]):
    """A drawing, and what it shows step by step."""

    FOOTER = ("scroll_page_down", "scroll_page_up", "back", "language", "palette", "help")
    HELP = "guide.help"

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page

    def crumb(self) -> str:
        """The name of the page."""
        return self.texts(f"guide.{self._page}")

    def body(self) -> ComposeResult:
        """One sheet."""
        yield FieldSheet(self._sections)

    def _sections(self, texts: Texts) -> Sequence[Section]:
        drawing, steps = texts(f"guide.{self._page}_drawing"), texts(f"guide.{self._page}_steps")
        rows = [_step(line) for line in steps.strip().splitlines() if line]
        after = texts(f"guide.{self._page}_after").strip()
        return [Section("", [("", drawing.rstrip())]), Section("", rows), Section("", [("", after)])]


class OfficesScreen(BaseScreen[None]):
    """Whom to ask: each office with telephone, opening hours, and whether it answers at this moment."""

    TITLE = "guide.offices"
    FOOTER = ("reload", "scroll_page_down", "scroll_page_up", "back", "palette", "help")
    HELP = "guide.offices_help"

    def __init__(self) -> None:
        super().__init__()
        self._guarantors: tuple[GuarantorOffices, ...] | None = None

    def body(self) -> ComposeResult:
        """One sheet."""
        yield FieldSheet(self._sections)

    async def load(self) -> None:
        """Asks how the offices stand now."""
        self._guarantors = await self.ask(lambda register: register.list_offices())
        self.query_one(FieldSheet).relabel()

    def _sections(self, texts: Texts) -> Sequence[Section]:
        if self._guarantors is None:
            return [Section("", [("", texts("listing.loading"))])]
        today = japan_day(self.session.context.now())
        sections = [offices_sections(texts, each, today) for each in self._guarantors]
        return sections or [Section("", [("", texts("guide.no_offices"))])]


def _step(line: str) -> tuple[str, str]:
    """A step as the catalogues write it: what it is called, a bar, and what is done."""
    name, _, text = line.partition(" | ")
    return name, text


def _words(page: str, texts: Texts) -> tuple[str, str]:
    return texts(f"guide.{page}"), texts(f"guide.{page}_about")
