"""What the contractor's lists show of a contract."""

from tashika_formats.dates import parse_date
from tashika_formats.money import group_digits, parse_yen
from tashika_formats.number import normalise_number
from tashika_tui.client.records import Contract, ContractRow, Moment, Page
from tashika_tui.i18n import Texts
from tashika_tui.presenting.wording import day_text, japan_day, yen_text
from tashika_tui.widgets.paged_list import Column, Place, Query
from tashika_tui.widgets.paging import RowT


def day_column(moment: Moment | None) -> str:
    """The day in Japan in ten columns; empty for None."""
    day = japan_day(moment)
    return day.isoformat() if day is not None else ""


def number_of(row: ContractRow | Contract, texts: Texts) -> str:
    """The number of a contract, or that it has none yet."""
    return row.contract_number or texts("value.no_number")


def _from_day(typed: str) -> str:
    # The order is by moments; a day begins at midnight in Japan.
    return f"{parse_date(typed).isoformat()}T00:00:00+09:00"


def _from_amount(typed: str) -> str:
    return str(parse_yen(typed))


NUMBER = Column[ContractRow]("contractor.column_number", number_of, 14, sort="NUMBER", jump=normalise_number)
DAY = Column[ContractRow](
    "contractor.column_day",
    lambda row, _: day_column(row.register_time),
    12,
    sort="REGISTERED_TIME",
    jump=_from_day,
)
STATE = Column[ContractRow](
    "contractor.column_state", lambda row, texts: texts.choice("state_short", row.state), 9
)
PRODUCT = Column[ContractRow](
    "label.product", lambda row, texts: texts.choice("product_short", row.product), 12, drop=4
)
AMOUNT = Column[ContractRow](
    "contractor.column_amount",
    lambda row, _: "" if row.amount_yen is None else group_digits(row.amount_yen),
    13,
    right=True,
    sort="AMOUNT_YEN",
    drop=3,
    jump=_from_amount,
)


def works_column(width: int, *, drop: int = 0) -> Column[ContractRow]:
    """The works' name in at least so many columns."""
    return Column[ContractRow](
        "label.works_name", lambda row, _: row.works_name, width, grow=4, sort="WORKS_NAME", drop=drop
    )


# The briefing's five columns first.
CONTRACTS = (
    NUMBER,
    DAY,
    Column[ContractRow]("contractor.column_name", lambda row, _: row.registrant.name, 9),
    Column[ContractRow]("contractor.column_company", lambda row, _: row.registrant.company, 12, grow=1),
    Column[ContractRow]("contractor.column_title", lambda row, _: row.registrant.title, 10),
    STATE,
    works_column(16, drop=2),
    AMOUNT,
    PRODUCT,
)

KEYS = (NUMBER, works_column(18), PRODUCT, DAY, AMOUNT)


def about(row: ContractRow, texts: Texts) -> tuple[str, str]:
    """Two lines about a contract: its works, and what is guaranteed."""
    parts = (
        texts.choice("product", row.product),
        texts.choice("form", row.form),
        yen_text(texts, row.amount_yen),
        _day_that_matters(row, texts),
    )
    works = "  ".join(part for part in (row.works_number, row.works_name) if part)
    return works or texts("contractor.no_works"), "  ".join(part for part in parts if part)


def _day_that_matters(row: ContractRow, texts: Texts) -> str:
    """The day by which the fee is to be paid, and once that is done the end of the guarantee."""
    if row.state == "ACCEPTED" and row.pay_by is not None:
        return texts("contractor.pay_by", day=day_text(texts, row.pay_by))
    return texts("contractor.until", day=day_text(texts, row.period_end)) if row.period_end else ""


class Few(list[RowT]):
    """The source of a list of few rows, all of which are here."""

    async def page(self, query: Query, place: Place, size: int) -> Page[RowT]:
        """All of them."""
        return Page(tuple(self), "", "", len(self), True)
