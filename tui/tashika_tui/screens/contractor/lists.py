"""保証契約一覧, and the same for authentication keys."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from tashika_tui.client import records
from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.contractor.history import HistoryScreen
from tashika_tui.screens.contractor.key import KeyDetail
from tashika_tui.screens.contractor.notice import deliver_notice
from tashika_tui.screens.shared import columns
from tashika_tui.widgets.paged_list import Column, PagedList, Place, Query
from tashika_tui.widgets.words import Say

# Several changes at once are one reading.
_GATHER_SECONDS = 0.3


class ContractsScreen(BaseScreen[None]):
    """A list of the caller's contracts, which follows what changes."""

    COLUMNS: ClassVar[Sequence[Column[records.ContractRow]]] = ()
    FILTER: ClassVar[records.ContractFilter] = records.ContractFilter()
    EMPTY: ClassVar[str] = ""

    DEFAULT_CSS = """
    ContractsScreen .about { height: 1; padding: 0 2; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: Timer | None = None

    def body(self) -> ComposeResult:
        """The list, and below it two lines about the row under the cursor."""
        yield PagedList(
            self.COLUMNS,
            self._page,
            lambda row: row.contract_id,
            query=Query(sort="REGISTERED_TIME", descending=True),
            empty=self.EMPTY,
            copied=lambda row: row.contract_number,
        )
        yield Say("", id="works", classes="about")
        yield Say("", id="guarantee", classes="about")

    async def load(self) -> None:
        """Reads what is shown anew; the cursor stays on its row."""
        await self.list.reload()

    @property
    def list(self) -> PagedList[records.ContractRow]:
        """The list."""
        return self.query_one(PagedList)

    def relabel(self) -> None:
        """The lines about the row under the cursor."""
        row = self.list.row
        works, guarantee = columns.about(row, self.texts) if row is not None else ("", "")
        self.query_one("#works", Say).say(works)
        self.query_one("#guarantee", Say).say(guarantee)

    def changed(self, event: records.WatchEvent) -> None:
        """Shows a row's new state at once where it is held, and reads the list again for the rest."""
        if isinstance(event, records.WatchHeartbeat):
            return
        row = event.row if isinstance(event, records.ContractChanged) else None
        if row is not None and self._fits(row) and self.list.replace(row):
            self.relabel()
            return
        if self._waiting is None:
            self._waiting = self.set_timer(_GATHER_SECONDS, self._read_again)

    def _read_again(self) -> None:
        self._waiting = None
        self.load_now()

    def _fits(self, row: records.ContractRow) -> bool:
        return self.FILTER.state in ("", row.state) and self.FILTER.form in ("", row.form)

    @on(PagedList.Highlighted)
    def _highlighted(self) -> None:
        self.relabel()

    async def _page(self, query: Query, place: Place, size: int) -> records.Page[records.ContractRow]:
        wanted = records.ContractFilter(
            state=self.FILTER.state,
            form=self.FILTER.form,
            sort=query.sort,
            search=query.text,
            from_value=place.from_value,
        )
        page = records.PageRequest(size, place.token, query.descending, place.from_end)
        return await self.ask(lambda register: register.list_contracts(wanted, page))


class ContractList(ContractsScreen):
    """保証契約一覧: every contract, drafts among them."""

    TITLE = "contractor.list"
    KEYS = ("new", "copy_last")
    FOOTER = ("open", "filter", "sort", "new", "copy_last", "help")
    HELP = "contractor.list_help"
    COLUMNS = columns.CONTRACTS
    EMPTY = "contractor.list_empty"

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        row: records.ContractRow = event.row
        if row.state == "DRAFT":
            from tashika_tui.screens.contractor.application import ApplicationScreen

            self.app.push_screen(ApplicationScreen(contract_id=row.contract_id))
        else:
            self.app.push_screen(HistoryScreen(row.contract_id))

    def action_new(self) -> None:
        """A new application."""
        from tashika_tui.screens.contractor.application import ApplicationScreen

        self.app.push_screen(ApplicationScreen())

    def action_copy_last(self) -> None:
        """A new application with all of the last one but its works, amount and dates."""
        self.perform(self._copy_last)

    async def _copy_last(self) -> None:
        from tashika_tui.screens.contractor.application import ApplicationScreen
        from tashika_tui.screens.contractor.drafting import copied

        wanted = records.ContractFilter(sort="REGISTERED_TIME")
        page = await self.ask(
            lambda register: register.list_contracts(wanted, records.PageRequest(size=50, descending=True))
        )
        row = next((row for row in page.items if row.contract_number), None)
        if row is None:
            self.toast(say("contractor.nothing_to_copy"))
            return
        last = await self.ask(lambda register: register.get_contract(row.contract_id))
        self.app.push_screen(ApplicationScreen(copied(last.application)))


class KeyList(ContractsScreen):
    """電子保証（認証キー）: the electronic guarantees in force, whose keys there are."""

    TITLE = "contractor.keys"
    KEYS = ("save_document",)
    FOOTER = ("open", "save_document", "filter", "sort", "back", "help")
    HELP = "contractor.keys_help"
    COLUMNS = columns.KEYS
    FILTER = records.ContractFilter(state="IN_FORCE", form="ELECTRONIC")
    EMPTY = "contractor.keys_empty"

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        self.app.push_screen(KeyDetail(event.row.contract_id))

    def action_save_document(self) -> None:
        """印刷, without the way over details and versions."""
        row = self.list.row
        if row is not None:
            self.perform(partial(deliver_notice, self, row))
