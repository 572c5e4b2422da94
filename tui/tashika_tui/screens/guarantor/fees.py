"""Which fees are unpaid, or were paid too much."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from tashika_formats.money import group_digits
from tashika_tui.client import records
from tashika_tui.i18n import Texts
from tashika_tui.presenting.fees import labelled, plain_yen
from tashika_tui.presenting.wording import day_text, japan_day
from tashika_tui.screens.guarantor.lists import DeskList
from tashika_tui.screens.shared.columns import works_column
from tashika_tui.widgets.paged_list import Column, PagedList, Place, Query
from tashika_tui.widgets.words import Say

Row = records.ContractRow


class FeeListScreen(DeskList):
    """Fees by how they stand: those whose last day has passed, those whose day is near, and credits."""

    TITLE = "entry.fees"
    KEYS = ("next_step", "previous_step")
    FOOTER = ("open", "next_step", "previous_step", "filter", "back", "help")
    HELP = "guarantor.fees_help"
    EMPTY = "guarantor.fees_empty"
    QUERY = Query()
    # The last day is over; it comes within so many days; more was paid than is owed.
    STANDINGS = (("OVERDUE", 0), ("DUE_SOON", 7), ("DUE_SOON", 30), ("CREDIT", 0))

    def __init__(self) -> None:
        super().__init__()
        self._place = 0
        self._label = ""
        self.wanted = self._filter()

    def columns(self) -> Sequence[Column[Row]]:
        """The last day, how far away it is, and what is owed."""
        return (
            Column[Row]("contractor.column_number", lambda row, _: row.contract_number, 14),
            Column[Row]("guarantor.fee_due", lambda row, _: _iso(row.fee_due_date), 10),
            Column[Row]("guarantor.fee_days", self._days, 12),
            Column[Row]("label.company", lambda row, _: row.registrant.company, 14, grow=1),
            Column[Row]("guarantor.fee_balance", _balance, 11, right=True),
            works_column(16, drop=1),
        )

    def relabel(self) -> None:
        """How the fees stand that are shown, with the label that must stand beside them."""
        super().relabel()
        texts = self.texts
        parts = []
        for place, (standing, days) in enumerate(self.STANDINGS):
            key = {"OVERDUE": "guarantor.fees_overdue", "CREDIT": "guarantor.fees_credit"}.get(standing)
            text = texts(key) if key else texts("guarantor.fees_soon", days=days)
            parts.append(f"[>{text}<]" if place == self._place else f"  {text}  ")
        label = f" [{texts('fees.label', label=self._label)}]" if self._label else ""
        self.query_one("#tabs", Say).say("".join(parts) + label)
        row: Row | None = self.query_one(PagedList).row
        if row is not None:
            self.query_one("#guarantee", Say).say(self._about(row))

    def action_next_step(self) -> None:
        """The next group."""
        self._step(1)

    def action_previous_step(self) -> None:
        """The group before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        self._place = (self._place + by) % len(self.STANDINGS)
        self._label = ""
        self.show(self._filter())
        self.relabel()

    def _filter(self) -> records.ContractFilter:
        standing, days = self.STANDINGS[self._place]
        return records.ContractFilter(sort="", fee_standing=standing, due_within_days=days)

    def _days(self, row: Row, texts: Texts) -> str:
        """How many days ago the last day was, or is still to go."""
        today, due = japan_day(self.session.context.now()), row.fee_due_date
        if row.state == "LAPSED":
            return texts("guarantor.fee_lapsed")
        if today is None or due is None:
            return ""
        days = (due - today).days
        if days == 0:
            return texts("guarantor.fee_today")
        return texts("guarantor.fee_late", days=-days) if days < 0 else texts("guarantor.fee_left", days=days)

    def _about(self, row: Row) -> str:
        texts = self.texts
        # What lapsed is not owed any more.
        owed = texts("guarantor.fee_owed", amount=plain_yen(texts, row.balance_yen))
        amount = owed if row.balance_yen else ""
        if row.balance_yen < 0:
            amount = texts("guarantor.fee_credit", amount=plain_yen(texts, -row.balance_yen))
        parts = (
            row.registrant.company,
            labelled(texts, amount, row.fee_label),
            texts("guarantor.pay_by", day=day_text(texts, row.fee_due_date)) if row.fee_due_date else "",
            texts("label.monthly_payer") if row.monthly_payer else "",
            texts.choice("state", row.state),
        )
        return "  ".join(part for part in parts if part)

    async def _page(self, query: Query, place: Place, size: int) -> records.Page[Row]:
        wanted = replace(self.wanted, search=query.text)
        page = records.PageRequest(size, place.token, query.descending, place.from_end)
        found = await self.ask(lambda register: register.list_contracts(wanted, page))
        self._label = self._label or next((row.fee_label for row in found.items if row.fee_label), "")
        return found


def _balance(row: Row, _texts: Texts) -> str:
    return group_digits(row.balance_yen) if row.balance_yen else ""


def _iso(day: datetime.date | None) -> str:
    return day.isoformat() if day is not None else ""
