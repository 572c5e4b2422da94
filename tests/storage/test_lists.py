"""Lists, on every store: paging both ways, filters, states by the day, totals, and an index for each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tashika_server.application.ports import Done, ListKind, ListQuery, Page
from tashika_server.domain.model import Contract, ContractState, Form, Product
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.storage import lists as lists_module
from tashika_server.storage.kinds import CONTRACT
from tashika_server.storage.lists import LISTS, Lists, plan_of
from tashika_server.storage.statements import spell
from tashika_server.storage.store import SqlStore
from tests.storage.databases import Database
from tests.storage.world import (
    CHANGE,
    CONTRACTOR,
    GUARANTOR,
    START,
    adds,
    contract,
    issues,
    organization,
    user,
)

TODAY = "2026-06-01"
STATES = tuple(ContractState)


def contracts(count: int = 26) -> list[Contract]:
    """Contracts of two contractors and guarantors, all states, with equal sort values among them."""
    made = []
    for number in range(1, count + 1):
        one = contract(
            number,
            STATES[number % len(STATES)],
            organization_id=CONTRACTOR if number % 3 else "org_other",
            guarantor_id=GUARANTOR if number % 4 else "org_second",
            updated_time=START + timedelta(seconds=number // 3) if number % 5 else None,
        )
        application = replace(
            one.application,
            amount_yen=1_000 * (number % 7) if number % 6 else None,
            product=Product.PERFORMANCE if number % 2 else Product.PREPAYMENT,
            form=Form.PAPER if number % 9 == 0 else Form.ELECTRONIC,
        )
        made.append(replace(one, application=application))
    return made


@pytest.fixture
async def filled(store: SqlStore) -> SqlStore:
    await store.run(adds(*contracts()))
    return store


async def page(store: SqlStore, **query: Any) -> Page:
    asked = ListQuery(**{"kind": ListKind.CONTRACTS, "today_iso": TODAY, **query})
    return await store.read(lambda view: view.list(asked), slow=True)


def ids(found: Page) -> list[str]:
    return [cast(Contract, each).contract_id for each in found.items]


def in_order(
    sort: str, descending: bool = False, keep: Callable[[Contract], bool] = lambda each: True
) -> list[str]:
    """The reference: sorted by column value and id, in Python."""
    rows = [(CONTRACT.row(each)[sort], each.contract_id) for each in contracts() if keep(each)]
    return [entity_id for _, entity_id in sorted(cast(Any, rows), reverse=descending)]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", sorted(LISTS[ListKind.CONTRACTS].sorts))
async def test_pages_hold_everything_once_in_order_both_ways(
    filled: SqlStore, sort: str, descending: bool
) -> None:
    expected = in_order(sort, descending)
    forwards = await page(filled, sort=sort, descending=descending, page_size=10)
    second = await page(filled, sort=sort, descending=descending, page_size=10, after=forwards.next_after)
    third = await page(filled, sort=sort, descending=descending, page_size=10, after=second.next_after)
    assert ids(forwards) + ids(second) + ids(third) == expected
    assert (forwards.previous_before, third.next_after) == (None, None)

    last = await page(filled, sort=sort, descending=descending, page_size=10, backwards=True)
    assert ids(last) == expected[-10:]
    back = await page(
        filled, sort=sort, descending=descending, page_size=10, backwards=True, after=last.previous_before
    )
    assert ids(back) == expected[-20:-10]
    assert back.next_after is not None
    assert ids(await page(filled, sort=sort, descending=descending, after=back.next_after)) == expected[-10:]


async def test_a_list_starts_at_a_value_of_its_column(filled: SqlStore) -> None:
    expected = in_order("amount_yen", keep=lambda each: (each.application.amount_yen or -1) >= 3_000)
    found = await page(filled, sort="amount_yen", from_value="3000")
    assert ids(found) == expected
    assert found.previous_before is not None
    down = await page(filled, sort="amount_yen", from_value="3000", descending=True)
    assert ids(down) == in_order(
        "amount_yen", True, lambda each: (each.application.amount_yen or -1) <= 3_000
    )
    start = (START + timedelta(seconds=20)).isoformat()
    assert len(ids(await page(filled, sort="registered_time", from_value=start))) == 7


async def test_a_list_read_backwards_from_beyond_its_end_has_nothing_ahead(filled: SqlStore) -> None:
    found = await page(filled, sort="amount_yen", from_value="999999999", backwards=True, page_size=10)
    assert ids(found) == in_order("amount_yen")[-10:]
    assert found.next_after is None
    inside = await page(filled, sort="amount_yen", from_value="3000", backwards=True, page_size=10)
    assert inside.next_after == ("3000", ids(inside)[-1])


async def test_an_empty_list_has_no_neighbours(store: SqlStore) -> None:
    assert await page(store) == Page((), None, None, 0, True)


async def test_a_scope_shows_only_its_own_and_a_desk_no_drafts(filled: SqlStore) -> None:
    own = await page(filled, scope=("organization_id", CONTRACTOR))
    assert {cast(Contract, each).organization_id for each in own.items} == {CONTRACTOR}
    assert own.total == sum(each.organization_id == CONTRACTOR for each in contracts())
    desk = await page(filled, scope=("guarantor_id", GUARANTOR))
    expected = [e for e in contracts() if e.guarantor_id == GUARANTOR and e.state is not ContractState.DRAFT]
    assert (sorted(ids(desk)), desk.total) == ([each.contract_id for each in expected], len(expected))


async def test_nobodys_scope_is_not_everybodys(filled: SqlStore) -> None:
    with pytest.raises(RefusedError, match="PERMISSION_DENIED"):
        await page(filled, scope=("guarantor_id", ""))


def shown(each: Contract) -> str:
    """The state as of today, as the domain has it."""
    end = each.application.period_end
    if each.state is ContractState.IN_FORCE and end is not None and end.isoformat() < "2026-12-15":
        return "EXPIRED"
    return each.state.value


@pytest.mark.parametrize("state", [each.value for each in ContractState])
async def test_states_and_their_totals_go_by_the_day(filled: SqlStore, state: str) -> None:
    for scope in (None, ("organization_id", CONTRACTOR)):
        expected = [
            each.contract_id
            for each in contracts()
            if shown(each) == state and (scope is None or each.organization_id == CONTRACTOR)
        ]
        found = await page(
            filled, equals={"state": state}, scope=scope, today_iso="2026-12-15", sort="number"
        )
        assert sorted(ids(found)) == expected
        assert (found.total, found.total_exact) == (len(expected), True)


async def test_an_unpaid_acceptance_lists_as_lapsed_after_its_day(store: SqlStore) -> None:
    await store.run(adds(contract(1, ContractState.ACCEPTED, pay_by=START.date())))
    on_the_day = await page(store, equals={"state": "LAPSED"}, today_iso="2026-04-01")
    after = await page(store, equals={"state": "LAPSED"}, today_iso="2026-04-02")
    accepted = await page(store, equals={"state": "ACCEPTED"}, today_iso="2026-04-02")
    assert [(len(p.items), p.total) for p in (on_the_day, after, accepted)] == [(0, 0), (1, 1), (0, 0)]


async def test_filters_go_together_and_count_to_a_limit(
    filled: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    equals = {"product": "PERFORMANCE", "form": "ELECTRONIC"}
    found = await page(filled, equals=equals)
    assert found.total == len(found.items) == 12
    assert found.total_exact
    monkeypatch.setattr(lists_module, "COUNT_LIMIT", 5)
    found = await page(filled, equals=equals, page_size=2)
    assert (len(found.items), found.total, found.total_exact) == (2, 5, False)


async def test_totals_follow_changes_also_within_the_transaction(store: SqlStore) -> None:
    query = ListQuery(ListKind.CONTRACTS, today_iso=TODAY)
    drafts = ListQuery(ListKind.CONTRACTS, equals={"state": "DRAFT"}, today_iso=TODAY)

    def command(unit: Any, now: Any, made: Any) -> Done[tuple[int, int, int]]:
        unit.contracts.add(contract(1), CHANGE)
        unit.contracts.add(contract(2), CHANGE)
        found = unit.contracts.get(contract(1).contract_id)
        unit.contracts.save(replace(found, state=ContractState.SUBMITTED, number="1"), CHANGE)
        unit.contracts.delete(contract(2).contract_id, CHANGE)
        unit.contracts.add(contract(3), CHANGE)
        listed = unit.list(query)
        return Done((len(listed.items), listed.total, unit.list(drafts).total))

    assert (await store.run(command)).value == (2, 2, 1)
    listed = await store.read(lambda view: [view.list(query).total, view.list(drafts).total])
    assert listed == [2, 1]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"sort": "payload"}, Reason.CHOICE_UNKNOWN),
        ({"equals": {"payload": "x"}}, Reason.CHOICE_UNKNOWN),
        ({"equals": {"1=1; --": "x"}}, Reason.CHOICE_UNKNOWN),
        ({"scope": ("state", "DRAFT")}, Reason.CHOICE_UNKNOWN),
        ({"sort": "amount_yen", "after": ("many", "con_1")}, Reason.PAGE_TOKEN_INVALID),
        ({"sort": "amount_yen", "after": ("9" * 5_000, "con_1")}, Reason.PAGE_TOKEN_INVALID),
        ({"sort": "amount_yen", "from_value": str(2**63)}, Reason.PAGE_TOKEN_INVALID),
        ({"sort": "registered_time", "from_value": "2026-13-01T00:00:00Z"}, Reason.PAGE_TOKEN_INVALID),
        ({"sort": "registered_time", "from_value": "2026-12-01T00:00:00"}, Reason.PAGE_TOKEN_INVALID),
        ({"sort": "works_name", "from_value": "\0"}, Reason.PAGE_TOKEN_INVALID),
        ({"equals": {"state": "\ud800"}}, Reason.PAGE_TOKEN_INVALID),
    ],
)
async def test_a_query_outside_the_closed_list_is_refused(
    filled: SqlStore, query: dict[str, Any], reason: Reason
) -> None:
    with pytest.raises(RefusedError) as refused:
        await page(filled, **query)
    assert refused.value.reason is reason


async def test_every_kind_can_be_listed_by_each_of_its_columns(store: SqlStore) -> None:
    await store.run(issues(1))
    await store.run(adds(organization(), user()))
    for kind, spec in LISTS.items():
        for sort in spec.sorts:
            found = await page(store, kind=kind, sort=sort)
            none = (ListKind.WORKS, ListKind.ORDERERS, ListKind.FEES, ListKind.MONTHLY_PAYERS)
            assert len(found.items) == found.total == (0 if kind in none else 1)


# --- Indexes -----------------------------------------------------------------------------------------------------

QUERIES = [
    (kind, scope, sort)
    for kind, spec in LISTS.items()
    for scope in (None, *spec.scopes)
    for sort in spec.sorts
]


async def test_every_scope_and_sort_column_reads_an_index_and_sorts_nothing(
    store: SqlStore, database: Database
) -> None:
    lists = Lists(database.backend().dialect)
    session = database.session()
    if database.kind == "postgresql":
        # Tables of no rows are scanned for good reason; what is asked is whether an index could serve at all.
        for setting in ("seqscan", "sort", "bitmapscan"):
            session.do(f"SET enable_{setting} = off")
    for kind, scope, sort in QUERIES:
        plan = plan_of(ListQuery(kind, scope=(scope, "org_1") if scope else None, sort=sort))
        for start in (None, ("1", "id", False)):
            begin = None if start is None else (1 if sort in lists_module.WHOLE_NUMBERS else "1", "id", False)
            sql, parameters = spell(session.dialect, lists.select(plan, True, begin, 50))
            explain = "EXPLAIN QUERY PLAN " if database.kind == "sqlite" else "EXPLAIN "
            text = "\n".join(str(row[-1]) for row in session.all(explain + sql, *parameters))
            assert "USING INDEX" in text or "Index Scan" in text, (kind, scope, sort, text)
            assert "TEMP B-TREE" not in text, (kind, scope, sort, text)
            assert "Sort" not in text, (kind, scope, sort, text)
            if scope:
                column = LISTS[kind].scopes[scope]
                assert f"{column}=?" in text or f"({column} = " in text, (kind, scope, sort, text)
    session.close()
