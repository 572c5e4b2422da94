"""The guarantor's lists: what waits for a decision, and all contracts."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from tashika_tui.client import records
from tashika_tui.client.records import STATES
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.wording import day_text, yen_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.guarantor.review import ReviewScreen
from tashika_tui.screens.shared.columns import AMOUNT, DAY, NUMBER, PRODUCT, STATE, works_column
from tashika_tui.widgets.paged_list import Column, PagedList, Place, Query
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import Say

Row = records.ContractRow

# Changes come in groups; one look after the first of them shows all.
_GATHER_SECONDS = 0.3

_ANY = "ANY"

_COMPANY = Column[Row]("label.company", lambda row, _: row.registrant.company, 14, drop=1)


class DeskList(BaseScreen[None]):
    """A list that follows what changes. `wanted` is what it shows."""

    COLUMNS: ClassVar[Sequence[Column[Row]]] = ()
    EMPTY: ClassVar[str] = ""
    QUERY: ClassVar[Query] = Query(sort="REGISTERED_TIME")

    DEFAULT_CSS = """
    DeskList #tabs { height: 1; padding: 0 1; text-style: bold; }
    DeskList .about { height: 1; padding: 0 2; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.wanted = records.ContractFilter()
        self._waiting: Timer | None = None

    def body(self) -> ComposeResult:
        """Which contracts, the list, and below it two lines about the row under the cursor."""
        yield Say("", id="tabs")
        yield PagedList(
            self.columns(),
            self._page,
            lambda row: row.contract_id,
            query=self.QUERY,
            empty=self.EMPTY,
            copied=lambda row: row.contract_number,
        )
        yield Say("", id="works", classes="about")
        yield Say("", id="guarantee", classes="about")

    def columns(self) -> Sequence[Column[Row]]:
        """The columns of the list."""
        return self.COLUMNS

    async def load(self) -> None:
        """Reads what is shown anew; the cursor stays on its row."""
        await self.query_one(PagedList).reload()
        self.relabel()

    def relabel(self) -> None:
        """The lines about the row under the cursor."""
        row: Row | None = self.query_one(PagedList).row
        works, guarantee = _about(row, self.texts) if row is not None else ("", "")
        self.query_one("#works", Say).say(works)
        self.query_one("#guarantee", Say).say(guarantee)

    def changed(self, event: records.WatchEvent) -> None:
        """Reads again soon after something changed."""
        if not isinstance(event, records.WatchHeartbeat) and self._waiting is None:
            self._waiting = self.set_timer(_GATHER_SECONDS, self._read_again)

    def show(self, wanted: records.ContractFilter) -> None:
        """Shows other contracts, from the beginning."""
        self.wanted = wanted
        self.perform(self._show, group=f"show-{wanted}")

    async def _show(self) -> None:
        await self.query_one(PagedList).load()
        await self.load()

    def _read_again(self) -> None:
        self._waiting = None
        self.load_now()

    @on(PagedList.Highlighted)
    def _highlighted(self) -> None:
        self.relabel()

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        self.app.push_screen(ReviewScreen(event.row.contract_id), lambda _: self.load_now())

    async def _page(self, query: Query, place: Place, size: int) -> records.Page[Row]:
        wanted = replace(self.wanted, sort=query.sort, search=query.text, from_value=place.from_value)
        page = records.PageRequest(size, place.token, query.descending, place.from_end)
        return await self.ask(lambda register: register.list_contracts(wanted, page))


class QueueScreen(DeskList):
    """What waits for the guarantor, stage by stage, the oldest first."""

    TITLE = "guarantor.queue"
    KEYS = ("next_step", "previous_step")
    FOOTER = ("open", "next_step", "filter", "sort", "back", "help")
    HELP = "guarantor.queue_help"
    COLUMNS = (NUMBER, DAY, _COMPANY, works_column(16), AMOUNT, PRODUCT)
    EMPTY = "guarantor.queue_empty"
    STAGES = ("SUBMITTED", "PENDING_APPROVAL", "ACCEPTED")

    def __init__(self) -> None:
        super().__init__()
        self.wanted = records.ContractFilter(state=self.STAGES[0])
        self._counts: dict[str, int] = {}

    async def load(self) -> None:
        """Reads the list, and how many wait at each stage."""
        await super().load()
        for state in self.STAGES:
            self._counts[state] = await self._count(state)
        self.relabel()

    async def _count(self, state: str) -> int:
        """How many contracts wait in a state, as far as the server counts."""
        wanted = records.ContractFilter(state=state)
        page = await self.ask(lambda register: register.list_contracts(wanted, records.PageRequest(1)))
        return page.total_size

    def relabel(self) -> None:
        """The stages with their counts; the one that is shown stands between marks."""
        super().relabel()
        parts = []
        for state in self.STAGES:
            count = self._counts.get(state)
            label = self.texts.choice("state", state)
            text = label if count is None else self.texts("guarantor.stage", label=label, count=count)
            parts.append(f"[>{text}<]" if state == self.wanted.state else f"  {text}  ")
        self.query_one("#tabs", Say).say(" ".join(parts))

    def action_next_step(self) -> None:
        """The next stage."""
        self._step(1)

    def action_previous_step(self) -> None:
        """The stage before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        place = self.STAGES.index(self.wanted.state) + by
        self.show(replace(self.wanted, state=self.STAGES[place % len(self.STAGES)]))
        self.relabel()


class PortfolioScreen(DeskList):
    """All contracts at this guarantor, or those in one state."""

    TITLE = "guarantor.portfolio"
    KEYS = ("pick_state",)
    FOOTER = ("open", "pick_state", "filter", "sort", "back", "help")
    HELP = "guarantor.portfolio_help"
    COLUMNS = (NUMBER, DAY, STATE, works_column(16), replace(_COMPANY, drop=4), AMOUNT, PRODUCT)
    EMPTY = "guarantor.portfolio_empty"
    QUERY = Query(sort="REGISTERED_TIME", descending=True)

    def relabel(self) -> None:
        """Which state is shown."""
        super().relabel()
        state = self.texts.choice("state", self.wanted.state) or self.texts("guarantor.any_state")
        self.query_one("#tabs", Say).say(say("guarantor.shown_state", state=state))

    def action_pick_state(self) -> None:
        """Asks which state to show."""
        self.perform(self._pick_state)

    async def _pick_state(self) -> None:
        choices = [Choice(_ANY, say("guarantor.any_state"))]
        # Drafts are the contractor's alone.
        choices += [Choice(state, say(f"state.{state}")) for state in STATES if state != "DRAFT"]
        chosen = await self.pick(say("guarantor.which_state"), choices, self.wanted.state or _ANY)
        if chosen is not None:
            self.show(replace(self.wanted, state="" if chosen == _ANY else chosen))


def _about(row: Row, texts: Texts) -> tuple[str, str]:
    """The works; and what is guaranteed, and until when something must happen."""
    works = "  ".join(part for part in (row.works_number, row.works_name, row.section) if part)
    pay_by: datetime.date | None = row.pay_by if row.state == "ACCEPTED" else None
    parts = (
        row.registrant.company,
        texts.choice("product", row.product),
        texts.choice("form", row.form),
        yen_text(texts, row.amount_yen),
        texts("guarantor.pay_by", day=day_text(texts, pay_by)) if pay_by else "",
    )
    return works, "  ".join(part for part in parts if part)
