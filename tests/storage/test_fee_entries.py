"""Fees on every store: what two parties owe each other, the lists of what is due, tariffs and agreements."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import pytest

from tashika_server.application.ports import Done, FeeStanding, ListKind, ListQuery
from tashika_server.domain.fee_records import FeeRounding
from tashika_server.domain.model import Contract, ContractState, FeeEntry, FeeEntryKind, Product
from tashika_server.domain.monthly import Balance, MonthlyPayer, payer_id
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.domain.tariff import Tariff, TariffBand, TariffTable, TariffVersion
from tashika_server.storage.findings import Problem
from tashika_server.storage.fsck import check_store
from tashika_server.storage.migrations import CURRENT
from tashika_server.storage.store import SqlStore, migrate_store, open_store
from tests.storage.databases import Database
from tests.storage.world import (
    CHANGE,
    CONTRACTOR,
    GUARANTOR,
    START,
    CountingIds,
    ManualClock,
    adds,
    contract,
)

TODAY = date(2026, 4, 10)
CHARGE, PAYMENT = FeeEntryKind.CHARGE, FeeEntryKind.PAYMENT
ACCEPTED, IN_FORCE, LAPSED = ContractState.ACCEPTED, ContractState.IN_FORCE, ContractState.LAPSED
TABLE = TariffTable(
    "見本料率表", TODAY, FeeRounding.DOWN, 10, (TariffBand(Product.PREPAYMENT, 0, 350, 1_000),)
)
TARIFF = Tariff(GUARANTOR, (TariffVersion(1, TABLE, START, "usr_1"),))
PAYER = MonthlyPayer(GUARANTOR, CONTRACTOR, TODAY, due_day=20)


def entry(number: int, kind: FeeEntryKind, amount_yen: int, time: datetime = START) -> FeeEntry:
    return FeeEntry(f"fee_{number}", kind, amount_yen, time.date(), time, "usr_2")


def owing(number: int, due: date | None, *entries: FeeEntry, **changes: Any) -> Contract:
    """A contract with a fee of 1,000 yen and its number, accepted and due on a day unless told otherwise."""
    rows = entries or (entry(number, CHARGE, 1_000 + number),)
    return contract(number, **{"state": ACCEPTED, "pay_by": due, "ledger": rows, **changes})


def saves(changed: Contract) -> Any:
    def command(unit: Any, now: Any, ids: Any) -> Done[None]:
        found = unit.contracts.get(changed.contract_id)
        unit.contracts.save(replace(changed, revision=found.revision), CHANGE)
        return Done(None)

    return command


async def balance(store: SqlStore, moment: datetime, organization_id: str = CONTRACTOR) -> int:
    found = await store.read(lambda view: view.fees.balance_before(GUARANTOR, organization_id, moment))
    assert not found.fictional
    return found.owed_yen


async def test_what_two_parties_owe_each_other_follows_every_ledger(store: SqlStore) -> None:
    later = START + timedelta(hours=1)
    await store.run(adds(owing(1, TODAY), owing(2, TODAY), owing(3, TODAY, organization_id="org_other")))
    paid = owing(1, None, entry(1, CHARGE, 1_001), entry(11, PAYMENT, 2_000, later))
    await store.run(saves(paid))
    await store.run(saves(paid))
    assert await balance(store, START) == 0
    assert await balance(store, later) == 2_003
    assert await balance(store, later + timedelta(microseconds=1)) == 3
    assert await balance(store, later, "org_other") == 1_003
    assert await balance(store, later, "org_\0") == 0

    def booked(begin: datetime, end: datetime, limit: int = 10) -> Any:
        return store.read(lambda view: view.fees.between(GUARANTOR, CONTRACTOR, begin, end, limit))

    first, second = paid.contract_id, contract(2).contract_id
    assert await booked(START, later) == ((first, "fee_1"), (second, "fee_2"))
    assert await booked(later, later + timedelta(hours=1)) == ((first, "fee_11"),)
    assert await booked(START, later, 1) == ((first, "fee_1"),)


async def test_a_balance_with_a_fictional_fee_in_it_is_known_as_one(store: SqlStore) -> None:
    later = START + timedelta(hours=1)
    fictional = replace(entry(2, CHARGE, 5, later), fictional=True)
    await store.run(adds(owing(1, TODAY), owing(2, TODAY, fictional)))
    until = (later, later + timedelta(seconds=1))
    found = [
        await store.read(lambda view, at=at: view.fees.balance_before(GUARANTOR, CONTRACTOR, at))  # type: ignore[misc]
        for at in until
    ]
    assert found == [Balance(1_001), Balance(1_006, fictional=True)]


async def test_what_is_owed_comes_in_the_order_in_which_it_is_due(store: SqlStore) -> None:
    await store.run(
        adds(
            owing(1, TODAY + timedelta(days=2)),
            owing(2, TODAY),
            owing(3, TODAY, guarantor_id="org_second"),
            owing(4, None, entry(4, CHARGE, 1), entry(5, PAYMENT, 1)),
            owing(6, TODAY + timedelta(days=1), monthly_payer=True, monthly_due=TODAY + timedelta(days=1)),
        )
    )
    found = await store.read(lambda view: view.fees.owed(GUARANTOR, CONTRACTOR, 10))
    assert found == tuple(contract(number).contract_id for number in (2, 6, 1))


# --- Lists -------------------------------------------------------------------------------------------------------


@pytest.fixture
async def filled(store: SqlStore) -> SqlStore:
    """By number: what each is, on TODAY."""
    over = (entry(20, CHARGE, 100), entry(21, PAYMENT, 500))
    await store.run(
        adds(
            owing(1, TODAY - timedelta(days=1)),  # overdue, its lapse not recorded yet
            owing(2, TODAY),  # due today
            owing(3, TODAY + timedelta(days=7)),  # due in a week
            owing(4, TODAY + timedelta(days=8)),
            owing(5, TODAY - timedelta(days=30), state=LAPSED, ledger=()),  # lapsed a month ago
            owing(6, TODAY - timedelta(days=31), state=LAPSED, ledger=()),
            owing(7, None, *over, state=IN_FORCE),  # a credit of 400
            owing(8, None, entry(8, PAYMENT, 900), state=ContractState.WITHDRAWN),  # one of 900
            owing(9, None, state=IN_FORCE, monthly_payer=True, monthly_due=TODAY - timedelta(days=40)),
            owing(10, None, state=ContractState.PENDING_APPROVAL),  # not told yet
            owing(11, TODAY - timedelta(days=1), organization_id="org_other"),
            contract(12, IN_FORCE),
        )
    )
    return store


async def listed(store: SqlStore, standing: FeeStanding, **query: Any) -> list[int]:
    sort = "balance_yen" if standing is FeeStanding.CREDIT else "fee_due"
    asked = ListQuery(
        **{
            "kind": ListKind.FEES,
            "sort": sort,
            "scope": ("guarantor_id", GUARANTOR),
            "equals": {"fee_standing": standing.value},
            "today_iso": TODAY.isoformat(),
            **query,
        }
    )
    found = await store.read(lambda view: view.list(asked), slow=True)
    if query.get("page_size") is None:
        assert (found.total, found.total_exact) == (len(found.items), True)
    return [int(cast(Contract, each).contract_id[4:]) for each in found.items]


async def test_fees_are_listed_by_how_they_stand_on_the_day(filled: SqlStore) -> None:
    assert await listed(filled, FeeStanding.OVERDUE) == [9, 5, 1, 11]
    assert await listed(filled, FeeStanding.DUE_SOON, due_within_days=7) == [2, 3]
    assert await listed(filled, FeeStanding.DUE_SOON) == [2]
    assert await listed(filled, FeeStanding.OWED) == [9, 1, 11, 2, 3, 4]
    assert await listed(filled, FeeStanding.CREDIT) == [8, 7]


async def test_a_party_sees_its_own_fees_page_by_page(filled: SqlStore) -> None:
    own = ("organization_id", CONTRACTOR)
    assert await listed(filled, FeeStanding.OVERDUE, scope=own) == [9, 5, 1]
    assert await listed(filled, FeeStanding.OVERDUE, page_size=2) == [9, 5]
    after = ((TODAY - timedelta(days=30)).isoformat(), contract(5).contract_id)
    assert await listed(filled, FeeStanding.OVERDUE, page_size=2, after=after) == [1, 11]
    start = (TODAY - timedelta(days=30)).isoformat()
    assert await listed(filled, FeeStanding.OVERDUE, page_size=9, from_value=start) == [5, 1, 11]
    found = await listed(filled, FeeStanding.OVERDUE, search="第009号線")
    assert found == [9]


async def test_a_standing_that_there_is_not_is_refused(filled: SqlStore) -> None:
    asked = ListQuery(ListKind.FEES, equals={"fee_standing": "PAID"}, today_iso=TODAY.isoformat())
    with pytest.raises(RefusedError) as refused:
        await filled.read(lambda view: view.list(asked))
    assert refused.value.reason is Reason.CHOICE_UNKNOWN


# --- Tariffs and agreements --------------------------------------------------------------------------------------


async def test_tariffs_and_agreements_are_kept_with_their_history(store: SqlStore) -> None:
    def make(unit: Any, now: Any, ids: Any) -> Done[None]:
        unit.tariffs.add(TARIFF, CHANGE)
        unit.payers.add(PAYER, CHANGE)
        return Done(None)

    def change(unit: Any, now: Any, ids: Any) -> Done[None]:
        found = unit.payers.get(payer_id(GUARANTOR, CONTRACTOR))
        unit.payers.save(replace(found, active=False), CHANGE)
        return Done(None)

    first = (await store.run(make)).revision
    await store.run(change)
    tariff = await store.read(lambda view: view.tariffs.get(GUARANTOR))
    assert tariff == replace(TARIFF, revision=first)
    kept = await store.read(lambda view: view.payers.history(payer_id(GUARANTOR, CONTRACTOR)))
    assert [each.entity.active for each in kept] == [True, False]
    query = ListQuery(ListKind.MONTHLY_PAYERS, sort="since", scope=("guarantor_id", GUARANTOR))
    page = await store.read(lambda view: view.list(query))
    assert (len(page.items), page.total) == (1, 1)
    other = replace(query, scope=("guarantor_id", "org_second"))
    assert (await store.read(lambda view: view.list(other))).items == ()


async def test_an_older_register_gets_the_same_by_migrating(
    filled: SqlStore, database: Database, clock: ManualClock
) -> None:
    await filled.close()

    def contents() -> list[Any]:
        session = database.session()
        rows = [
            session.all("SELECT id, fee_due, balance_yen FROM contract ORDER BY id"),
            session.all("SELECT contract_id, entry_id, owed_yen FROM fee_entry ORDER BY 1, 2"),
        ]
        session.close()
        return rows

    before = contents()
    assert len(before[1]) == 10
    database.go_back(2)
    assert migrate_store(database.location) == (2, CURRENT)
    assert contents() == before
    # The contracts of this world are in force without certificates.
    assert {each.problem for each in check_store(database.location)} == {Problem.HALF_RECORD}
    again = open_store(database.location, clock=clock, ids=CountingIds())
    assert await listed(again, FeeStanding.CREDIT) == [8, 7]
    await again.close()
