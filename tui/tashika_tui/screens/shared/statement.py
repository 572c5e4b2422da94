"""A month between a guarantor and a contractor that pays by the month (一括納付明細書)."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult

from tashika_formats.money import group_digits
from tashika_tui.client.records import FeeStatement, FeeStatementEntry, File
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.fees import plain_yen
from tashika_tui.presenting.wording import day_text, japan_day, month_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.columns import Few, day_column
from tashika_tui.widgets.paged_list import Column, PagedList
from tashika_tui.widgets.words import Say

_SIGNS = {"CHARGE": 1, "REFUND": 1, "PAYMENT": -1, "REVERSAL": -1}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Row:
    """An entry, with what is owed after it."""

    item: FeeStatementEntry
    balance_yen: int


def _amount(row: _Row, _texts: Texts) -> str:
    sign = "-" if _SIGNS.get(row.item.entry.kind, 0) < 0 else ""
    return sign + group_digits(row.item.entry.amount_yen)


_COLUMNS = (
    Column[_Row]("statement.booked", lambda row, _: day_column(row.item.entry.record_time), 10),
    Column[_Row]("contractor.column_number", lambda row, _: row.item.contract_number, 14),
    Column[_Row]("label.works_name", lambda row, _: row.item.works_name, 12, grow=1, drop=2),
    Column[_Row]("statement.kind", lambda row, texts: texts.choice("ledger", row.item.entry.kind), 8),
    Column[_Row]("statement.amount", _amount, 11, right=True),
    Column[_Row]("statement.balance", lambda row, _: group_digits(row.balance_yen), 11, right=True),
    Column[_Row]("guarantor.note", lambda row, _: row.item.entry.note, 16, drop=3),
)


class StatementScreen(BaseScreen[None]):
    """The entries of a month, with what was owed before and after them. `other_id` is the other party's."""

    TITLE = "statement.title"
    KEYS: ClassVar[tuple[str, ...]] = ("next_step", "previous_step", "save_document")
    FOOTER: ClassVar[tuple[str, ...]] = (
        "previous_step",
        "next_step",
        "save_document",
        "back",
        "palette",
        "help",
    )
    HELP = "statement.help"

    DEFAULT_CSS = """
    StatementScreen #parties { padding: 0 2; background: $surface; }
    StatementScreen #month { height: 1; padding: 0 1; text-style: bold; }
    StatementScreen #sums { padding: 0 2; background: $surface; }
    """

    def __init__(self, other_id: str) -> None:
        super().__init__()
        self.other_id = other_id
        self.statement: FeeStatement | None = None
        self._month: tuple[int, int] | None = None
        self._rows: Few[_Row] = Few()

    def body(self) -> ComposeResult:
        """Whose month, its entries, and the sums."""
        yield Say("", id="parties")
        yield Say("", id="month")
        yield PagedList(
            _COLUMNS,
            self._rows.page,
            lambda row: row.item.entry.entry_id,
            empty="statement.empty",
            search=False,
        )
        yield Say("", id="sums")

    async def load(self) -> None:
        """Reads the month; the first time this month."""
        year, month = self._shown_month()
        self.statement = await self.ask(
            lambda register: register.get_fee_statement(self.other_id, year, month)
        )
        balance, rows = self.statement.opening_yen, []
        for item in self.statement.entries:
            balance += _SIGNS.get(item.entry.kind, 0) * item.entry.amount_yen
            rows.append(_Row(item, balance))
        self._rows[:] = rows
        await self.query_one(PagedList).load()
        self.relabel()
        self.refresh_bindings()

    def relabel(self) -> None:
        """Parties, month and sums."""
        found, texts = self.statement, self.texts
        if found is None:
            return
        self.query_one("#parties", Say).say(
            say("statement.parties", guarantor=found.guarantor_name, contractor=found.organization_name)
        )
        month = texts("statement.month", month=month_text(texts, found.year, found.month))
        open_yet = texts("statement.as_of", day=day_text(texts, found.as_of)) if found.as_of else ""
        label = f"[{texts('fees.label', label=found.label)}]" if found.label else ""
        self.query_one("#month", Say).say("  ".join(part for part in (month, open_yet, label) if part))
        self.query_one("#sums", Say).say(
            say(
                "statement.sums",
                opening=plain_yen(texts, found.opening_yen),
                charged=plain_yen(texts, found.charged_yen),
                received=plain_yen(texts, found.received_yen),
                closing=plain_yen(texts, found.closing_yen),
                due=day_text(texts, found.due_date),
            )
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no month after this one."""
        if action == "next_step":
            return self._shown_month() < self._this_month()
        if action == "save_document":
            return self.statement is not None and bool(self.statement.entries)
        return True

    def action_next_step(self) -> None:
        """The month after."""
        self._go(1)

    def action_previous_step(self) -> None:
        """The month before."""
        self._go(-1)

    def action_save_document(self) -> None:
        """Saves the statement's PDF."""
        self.perform(self._save)

    def _go(self, by: int) -> None:
        year, month = self._shown_month()
        years, place = divmod(month - 1 + by, _MONTHS)
        self._month = (year + years, place + 1)
        self.perform(self.load, group=f"month-{self._month}")

    def _shown_month(self) -> tuple[int, int]:
        return self._month or self._this_month()

    def _this_month(self) -> tuple[int, int]:
        day = japan_day(self.session.context.now())
        assert day is not None
        return day.year, day.month

    async def _save(self) -> None:
        found = self.statement
        if found is None or not found.entries:
            return
        year, month = found.year, found.month

        async def fetch() -> File:
            return await self.ask(
                lambda register: register.download_fee_statement(self.other_id, year, month)
            )

        # Any contract of the month names the two parties.
        number = found.entries[0].contract_number
        await self.deliver_from(fetch, ("fee-statement", number, "--month", f"{year:04d}-{month:02d}"))
