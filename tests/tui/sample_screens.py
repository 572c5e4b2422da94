"""Screens as the roles have them, with nothing behind them but what a test gives."""

from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult

from tashika_formats.money import group_digits, parse_yen
from tashika_tui.client import records
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.sheet import Pair, Section
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.field_sheet import CompareSheet, Comparison, FieldSheet
from tashika_tui.widgets.form import Choice, Field, Form, Heading, Kind, Value
from tashika_tui.widgets.paged_list import Column, PagedList, Place, Query
from tests.tui.tiny import Keyset, Row

COLUMNS = (
    Column[Row]("label.contract_number", lambda row, _: row.key, 11, sort="NUMBER", jump=lambda typed: typed),
    Column[Row]("label.works_name", lambda row, _: row.name, 20, grow=1),
    Column[Row](
        "label.guaranteed_amount",
        lambda row, _: group_digits(row.amount_yen),
        16,
        right=True,
        sort="AMOUNT_YEN",
        jump=lambda typed: str(parse_yen(typed)),
    ),
    Column[Row]("label.state", lambda _, texts: texts.choice("state", "IN_FORCE"), 20, drop=1),
)


class ListScreen(BaseScreen[None]):
    """A list over rows in memory, asked for through the session like any other."""

    TITLE = "heading.versions"
    FOOTER = ("open", "filter", "sort", "last", "back", "help")

    def __init__(self, keyset: Keyset) -> None:
        super().__init__()
        self.keyset = keyset
        self.opened: list[Any] = []

    def body(self) -> ComposeResult:
        yield PagedList(COLUMNS, self.page, lambda row: row.key, query=Query(sort="NUMBER"))

    async def page(self, query: Query, place: Place, size: int) -> records.Page[Row]:
        async def call(register: Any) -> records.Page[Row]:
            register.answer("page")
            return await self.keyset.page(query, place, size)

        return await self.ask(call)

    async def load(self) -> None:
        await self.list.reload()

    @property
    def list(self) -> PagedList[Row]:
        return self.query_one(PagedList)

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        self.opened.append(event.row)


FIELDS = (
    Heading("heading.guarantee"),
    Field(
        "product",
        Kind.CHOICE,
        required=True,
        choices=[
            Choice(token, say(f"product.{token}"))
            for token in ("PERFORMANCE", "PREPAYMENT", "MIDTERM_PREPAYMENT")
        ],
    ),
    Field("amount_yen", Kind.YEN, required=True),
    Field("period_on_signing", Kind.YES_NO),
    Field("period_start", Kind.DAY, when=lambda values: values["period_on_signing"] is not True),
    Field("period_end", Kind.DAY, required=True),
    Heading("heading.works"),
    Field("works.number", Kind.CODE),
    Field("works.name", required=True, max_length=20),
    Field("works.price_yen", Kind.YEN, hint="entering.required"),
)


def check(values: Mapping[str, Value]) -> Mapping[str, Wording]:
    """The amount must be below the price."""
    amount, price = values["amount_yen"], values["works.price_yen"]
    if isinstance(amount, int) and isinstance(price, int) and amount > price:
        return {"amount_yen": "請負金額を超えています。"}
    return {}


class FormScreen(BaseScreen[None]):
    """A form whose submission the test decides."""

    TITLE = "heading.guarantee"
    KEYS = ("save", "submit")
    FOOTER = ("submit", "save", "next_problem", "back", "palette", "help")

    def __init__(self) -> None:
        super().__init__()
        self.submitted: list[Mapping[str, Value]] = []
        self.changes: list[Mapping[str, Value]] = []

    def body(self) -> ComposeResult:
        yield Form(FIELDS, {"product": "PREPAYMENT"}, check=check)

    @property
    def form(self) -> Form:
        return self.query_one(Form)

    def unsaved(self) -> bool:
        return self.form.dirty

    def action_submit(self) -> None:
        self.perform(self._submit)

    async def _submit(self) -> None:
        if not self.form.complete():
            return

        async def call(register: Any) -> None:
            register.answer("submit")

        await self.ask(call)
        self.submitted.append(self.form.values)
        self.form.mark_saved()

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        self.changes.append(event.values)


LONG = "市道第二〇三号線外二路線 舗装補修及び排水施設改良工事（その三）に伴う交通誘導警備業務を含む"


class SheetScreen(BaseScreen[None]):
    """Labelled values, among them one that would like to act on the terminal."""

    TITLE = "heading.reference"
    FOOTER = ("scroll_page_down", "scroll_page_up", "back", "palette", "help")

    def body(self) -> ComposeResult:
        yield FieldSheet(self.sections)

    def sections(self, texts: Texts) -> list[Section]:
        rows = [
            (texts("label.works_name"), LONG),
            (texts("label.company"), "株式会社\x1b[2J吉\u202e田"),
            ("", ""),
        ]
        more = [(texts("label.works_number"), f"令7-{number:03d}") for number in range(40)]
        return [Section(texts("heading.works"), rows), Section(texts("heading.facts"), more)]


class CompareScreen(BaseScreen[None]):
    """What was applied for, and what was accepted."""

    TITLE = "heading.differences"
    FOOTER = ("next_difference", "scroll_page_down", "scroll_page_up", "back", "help")

    def body(self) -> ComposeResult:
        yield CompareSheet(self.comparison)

    def comparison(self, texts: Texts) -> Comparison:
        works = [
            Pair(texts("label.works_name"), LONG, LONG.replace("その三", "その二")),
            Pair(texts("label.price"), "金 123,456,000 円", "金 123,456,000 円"),
        ]
        guarantee = [Pair(texts("label.guaranteed_amount"), "金 49,380,000 円", "金 49,300,000 円")]
        guarantee += [Pair(texts("label.pay_by"), "令和8年3月13日", "令和8年3月13日")] * 20
        guarantee += [Pair(texts("label.branch"), "東葛支店", "千葉支店")]
        return Comparison(
            texts("label.submit_time"),
            texts("label.issue_time"),
            [(texts("heading.works"), works), (texts("heading.guarantee"), guarantee)],
        )
