"""`tashika list`: guarantee contracts, works contracts, orderers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tashika_tui.client.port import Register
from tashika_tui.client.records import (
    STATES,
    ContractFilter,
    ContractRow,
    OrdererRow,
    Page,
    PageRequest,
    Works,
)
from tashika_tui.commands.connection import signed_in
from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts
from tashika_tui.plain import plain
from tashika_tui.presenting.wording import day_text, japan_day, yen_text
from tashika_tui.problems import Exit, LocalError
from tashika_tui.terminal import table

KINDS = ("contracts", "works", "orderers")

# The largest page that a register gives.
_MAX_PAGE = 200

T = TypeVar("T")
Fetch = Callable[[PageRequest], Awaitable[Page[T]]]


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What to list (one of KINDS), contracts in which state only, and how many at most."""

    kind: str = "contracts"
    state: str = ""
    limit: int = 50
    json: bool = False


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list as a table, with its right-aligned columns, and as JSON."""

    rows: list[Sequence[str]]
    right: tuple[int, ...]
    items: object
    shown: int
    total: int
    exact: bool


async def list_things(session: SessionContext, options: ListOptions) -> Exit:
    """Lists, the newest first. Raises LocalError, RegisterError."""
    if options.kind not in KINDS:
        raise LocalError("problem.list_kind", kinds=", ".join(KINDS))
    state = options.state.upper().replace("-", "_")
    if state and (options.kind != "contracts" or state not in STATES):
        key = "problem.list_state" if options.kind == "contracts" else "problem.list_state_kind"
        raise LocalError(key, states=", ".join(STATES))
    async with signed_in(session) as register:
        listed = await _fetch(session.texts, register, options, state)
    if options.json:
        session.console.json(
            {
                options.kind: listed.items,
                "total_size": listed.total,
                "total_size_exact": listed.exact,
            }
        )
        return Exit.DONE
    if listed.shown:
        session.console.lines(table(listed.rows, listed.right))
    count = "list.count" if listed.exact else "list.count_more"
    session.console.error(session.texts(count, shown=listed.shown, total=listed.total))
    return Exit.DONE


async def _fetch(texts: Texts, register: Register, options: ListOptions, state: str) -> _Listed:
    if options.kind == "works":
        works, page = await _pages(register.list_works, options.limit)
        return _listed(_works_rows(texts, works), (4,), works, page)
    if options.kind == "orderers":
        orderers, some = await _pages(register.list_orderers, options.limit, descending=False)
        return _listed(_orderer_rows(texts, orderers), (), orderers, some)

    async def contracts(page: PageRequest) -> Page[ContractRow]:
        return await register.list_contracts(ContractFilter(state=state), page)

    rows, last = await _pages(contracts, options.limit)
    return _listed(_contract_rows(texts, rows), (7,), rows, last)


async def _pages(fetch: Fetch[T], limit: int, *, descending: bool = True) -> tuple[list[T], Page[T]]:
    """The first `limit` things, page after page, and the last page."""
    found: list[T] = []
    token = ""
    while True:
        size = min(limit - len(found), _MAX_PAGE)
        page = await fetch(PageRequest(size=size, token=token, descending=descending))
        found += page.items[:size]
        token = page.next_page_token
        # A page without items ends the list whatever its token says, or it would never end.
        if not token or not page.items or len(found) >= limit:
            return found, page


def _listed(
    rows: list[Sequence[str]], right: tuple[int, ...], items: Sequence[object], page: Page[T]
) -> _Listed:
    return _Listed(rows, right, plain(list(items)), len(items), page.total_size, page.total_size_exact)


def _contract_rows(texts: Texts, contracts: Sequence[ContractRow]) -> list[Sequence[str]]:
    """The five columns of 保証契約一覧, and what a clerk looks for beside them."""
    heads = ("register_number", "register_date", "registrant", "registrant_company", "registrant_title")
    more = ("state", "product", "guaranteed_amount", "works_name")
    rows: list[Sequence[str]] = [[texts(f"label.{name}") for name in heads + more]]
    for row in contracts:
        rows.append(
            [
                row.contract_number or texts("value.no_number"),
                day_text(texts, japan_day(row.register_time)),
                row.registrant.name,
                row.registrant.company,
                row.registrant.title,
                texts.choice("state", row.state),
                texts.choice("product", row.product),
                yen_text(texts, row.amount_yen),
                row.works_name,
            ]
        )
    return rows


def _works_rows(texts: Texts, works: Sequence[Works]) -> list[Sequence[str]]:
    heads = ("works_id", "works_number", "works_name", "orderer", "price", "works_end")
    rows: list[Sequence[str]] = [[texts(f"label.{name}") for name in heads]]
    for row in works:
        amount = yen_text(texts, row.price_yen)
        orderer = "  ".join(part for part in (row.orderer_id, row.section) if part)
        rows.append([row.works_id, row.number, row.name, orderer, amount, day_text(texts, row.period_end)])
    return rows


def _orderer_rows(texts: Texts, orderers: Sequence[OrdererRow]) -> list[Sequence[str]]:
    heads = ("orderer_id", "name", "prefecture", "electronic")
    rows: list[Sequence[str]] = [[texts(f"label.{name}") for name in heads]]
    for row in orderers:
        electronic = texts("value.yes") if row.electronic else texts("value.no")
        rows.append([row.orderer_id, row.name, row.prefecture, electronic])
    return rows
