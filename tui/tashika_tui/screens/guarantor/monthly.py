"""Who pays its fees by the month (一括納付), and the month of each."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tashika_tui.client.records import MonthlyPayer, Page, PageRequest
from tashika_tui.i18n import Texts
from tashika_tui.presenting.wording import day_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.guarantor.money import LAST_OF_MONTH, PayerScreen, PaymentScreen
from tashika_tui.screens.shared.statement import StatementScreen
from tashika_tui.widgets.paged_list import Column, PagedList, Place, Query


def _due_day(row: MonthlyPayer, texts: Texts) -> str:
    if row.due_day == LAST_OF_MONTH:
        return texts("guarantor.due_last")
    return texts("guarantor.due_on", day=row.due_day)


_COLUMNS = (
    Column[MonthlyPayer]("label.company", lambda row, _: row.name, 24, grow=2),
    Column[MonthlyPayer](
        "label.monthly_payer",
        lambda row, texts: texts("guarantor.payer_active" if row.active else "guarantor.payer_ended"),
        10,
    ),
    Column[MonthlyPayer]("guarantor.due_day", _due_day, 14),
    Column[MonthlyPayer]("guarantor.since", lambda row, texts: day_text(texts, row.since), 16, drop=1),
    Column[MonthlyPayer]("guarantor.note", lambda row, _: row.note, 12, grow=1, drop=2),
)


class MonthlyScreen(BaseScreen[None]):
    """The agreements. Enter shows the contractor's month."""

    TITLE = "entry.monthly"
    KEYS = ("set_payer",)
    FOOTER = ("open", "set_payer", "back", "palette", "help")
    HELP = "guarantor.monthly_help"

    def body(self) -> ComposeResult:
        """The list."""
        yield PagedList(
            _COLUMNS,
            self._page,
            lambda row: row.organization_id,
            empty="guarantor.monthly_empty",
            search=False,
            copied=lambda row: row.name,
        )

    async def load(self) -> None:
        """Reads the list."""
        await self.query_one(PagedList).reload()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An approver alone changes what was agreed."""
        if action == "set_payer":
            person = self.session.person
            return person is not None and "APPROVER" in person.roles and self._row is not None
        return True

    def action_set_payer(self) -> None:
        """Changes what was agreed with the one under the cursor."""
        row = self._row
        if row is not None:
            screen = PayerScreen(row.organization_id, row.name, row)
            self.app.push_screen(screen, lambda _: self.load_now())

    @property
    def _row(self) -> MonthlyPayer | None:
        row: MonthlyPayer | None = self.query_one(PagedList).row
        return row

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        self.app.push_screen(GuarantorStatement(event.row.organization_id))

    async def _page(self, query: Query, place: Place, size: int) -> Page[MonthlyPayer]:
        page = PageRequest(size, place.token, query.descending, place.from_end)
        return await self.ask(lambda register: register.list_monthly_payers(page))


class GuarantorStatement(StatementScreen):
    """A contractor's month, as the guarantor sees it: what came in is booked here."""

    KEYS = (*StatementScreen.KEYS, "record_fee")
    FOOTER: ClassVar[tuple[str, ...]] = (
        "open",
        "previous_step",
        "next_step",
        "save_document",
        "record_fee",
        "help",
    )
    HELP = "guarantor.statement_help"

    def action_record_fee(self) -> None:
        """Books a payment in one sum."""
        found = self.statement
        if found is not None:
            screen = PaymentScreen(self.other_id, found.organization_name, found.closing_yen)
            self.app.push_screen(screen, lambda _: self.load_now())

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        from tashika_tui.screens.guarantor.review import ReviewScreen

        self.app.push_screen(ReviewScreen(event.row.item.contract_id), lambda _: self.load_now())
