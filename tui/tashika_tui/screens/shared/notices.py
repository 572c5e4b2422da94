"""お知らせ: what happened to the contracts, the newest first, read or unread."""

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from tashika_tui.client import records
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.wording import JAPAN
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.entries import CONTRACT_SCREENS
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.screens.shared.notice_settings import NoticeSettingsScreen
from tashika_tui.widgets.paged_list import Column, PagedList, Place, Query
from tashika_tui.widgets.words import Say

# Several notices at once are one reading.
_GATHER_SECONDS = 0.3


def _read_word(notice: records.Notice, texts: Texts) -> str:
    return texts("notices.unread" if notice.read_time is None else "notices.read")


def _moment(notice: records.Notice, _: Texts) -> str:
    time = notice.notice_time
    return "" if time is None else time.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")


_COLUMNS = (
    Column[records.Notice]("notices.column_read", _read_word, 6),
    Column[records.Notice]("notices.column_time", _moment, 16),
    Column[records.Notice]("notices.column_kind", lambda row, texts: texts.choice("notice", row.kind), 18),
    Column[records.Notice]("contractor.column_number", lambda row, _: row.contract_number, 14),
    Column[records.Notice]("label.works_name", lambda row, _: row.works_name, 12, grow=1, drop=1),
)


class NoticesScreen(BaseScreen[None]):
    """The notices of who is signed in. Opening one opens its contract, and has read it."""

    TITLE = "notices.title"
    KEYS = ("mark_read", "mark_all_read", "unread_only", "mail_settings")
    FOOTER = ("open", "mark_read", "mark_all_read", "unread_only", "mail_settings", "help")
    HELP = "notices.help"

    DEFAULT_CSS = """
    NoticesScreen #stand { height: 1; padding: 0 1; text-style: bold; }
    NoticesScreen .about { padding: 0 2; background: $surface; }
    NoticesScreen #works { height: 1; }
    NoticesScreen #next { height: 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._unread_only = False
        self._waiting: Timer | None = None
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """How many are unread, the list, and below it the works and what to do next."""
        yield Say("", id="stand")
        yield PagedList(
            _COLUMNS,
            self._page,
            lambda notice: notice.notice_id,
            empty="notices.empty",
            search=False,
            copied=lambda notice: notice.contract_number,
        )
        yield Say("", id="works", classes="about")
        yield Say("", id="next", classes="about")

    @property
    def list(self) -> PagedList[records.Notice]:
        """The list."""
        return self.query_one(PagedList)

    async def load(self) -> None:
        """Reads what is shown anew; the cursor stays on its notice."""
        await self.list.reload()
        self.relabel()

    def relabel(self) -> None:
        """How many are unread, and the lines about the notice under the cursor."""
        shown = "notices.only_unread" if self._unread_only else "notices.all"
        count = self.client.unread
        self.query_one("#stand", Say).say(say(shown, count=count))
        row = self.list.row
        self.query_one("#works", Say).say(row.works_name if row is not None else "")
        self.query_one("#next", Say).say(self._next_step(row) if row is not None else "")

    def unread_changed(self) -> None:
        """There are other notices than before."""
        self.relabel()
        if self._waiting is None:
            self._waiting = self.set_timer(_GATHER_SECONDS, self._read_again)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is to be marked."""
        row = self.list.row if action.startswith("mark") else None
        match action:
            case "mark_read":
                return row is not None and row.read_time is None
            case "mark_all_read":
                return row is not None and self.client.unread > 0
            case _:
                return True

    def action_mark_read(self) -> None:
        """Has read the one under the cursor."""
        row = self.list.row
        if row is not None:
            self.perform(lambda: self._mark(row))

    def action_mark_all_read(self) -> None:
        """Has read all that there are so far."""
        self.perform(self._mark_all)

    def action_unread_only(self) -> None:
        """Shows only what is unread, or everything again."""
        self._unread_only = not self._unread_only
        self.perform(self._begin_again)

    def action_mail_settings(self) -> None:
        """Which kinds come by mail too."""
        self.app.push_screen(NoticeSettingsScreen())

    @on(PagedList.Highlighted)
    def _highlighted(self) -> None:
        self.relabel()

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        notice: records.Notice = event.row
        person = self.session.person
        kind = person.organization_kind if person is not None else ""
        if kind in CONTRACT_SCREENS:
            self.app.push_screen(CONTRACT_SCREENS[kind](notice.contract_id))
        if notice.read_time is None:
            self.perform(lambda: self._mark(notice), group="mark-opened")

    async def _mark(self, notice: records.Notice) -> None:
        request_id = self._intents.id_for("read", notice.notice_id)
        await self.ask(lambda register: register.mark_read([notice.notice_id], request_id=request_id))
        # Shown at once; the watch brings the rest.
        self.list.replace(replace(notice, read_time=self.session.context.now()))
        self.refresh_bindings()

    async def _mark_all(self) -> None:
        newest = await self.ask(lambda register: register.list_notices(records.PageRequest(1)))
        if not newest.items:
            return
        last = newest.items[0].notice_id
        request_id = self._intents.id_for("all", last)
        left = await self.ask(lambda register: register.mark_read(up_to=last, request_id=request_id))
        self.toast(say("notices.all_marked", count=left) if left else say("notices.none_left"))
        await self.load()

    async def _begin_again(self) -> None:
        await self.list.load()
        self.relabel()

    def _read_again(self) -> None:
        self._waiting = None
        self.load_now()

    def _next_step(self, notice: records.Notice) -> str:
        person = self.session.person
        guarantor = person is not None and person.organization_kind == "GUARANTOR"
        key = f"notice_next_guarantor.{notice.kind}" if guarantor else f"notice_next.{notice.kind}"
        return self.texts(key) if self.texts.has(key) else ""

    async def _page(self, query: Query, place: Place, size: int) -> records.Page[records.Notice]:
        page = records.PageRequest(size, place.token, from_end=place.from_end)
        only = self._unread_only
        return await self.ask(lambda register: register.list_notices(page, unread_only=only))
