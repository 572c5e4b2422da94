"""Opening with number and key, on every store."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tashika_server.application.ports import Done, Ids, OpeningVerdict, UnitOfWork
from tashika_server.domain.reasons import RefusedError
from tashika_server.storage.store import SqlStore
from tests.storage.conftest import Grouped
from tests.storage.databases import Database
from tests.storage.world import (
    CHANGE,
    START,
    Gate,
    ManualClock,
    adds,
    attempt,
    certificate,
    contract,
    issues,
    sealed_key,
)

OPENED, WRONG, THROTTLED = OpeningVerdict.OPENED, OpeningVerdict.WRONG, OpeningVerdict.THROTTLED


async def test_the_right_pair_opens_the_contract_and_all_its_versions(store: SqlStore) -> None:
    await store.run(issues(1))
    await store.run(adds(certificate(1, version=2)))
    result = await store.open(attempt())
    assert (result.verdict, result.time, result.generation) == (OPENED, START, 1)
    assert result.contract is not None
    assert result.contract.contract_id == contract(1).contract_id
    assert [(each.version, each.leaf_index) for each in result.certificates] == [(1, 0), (2, 1)]


async def test_what_was_opened_before_is_opened_as_it_is_now(store: SqlStore) -> None:
    await store.run(issues(1))
    before = await store.open(attempt())
    assert (await store.open(attempt())).contract is before.contract

    def withdraws(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        present = unit.contracts.get(contract(1).contract_id)
        assert present is not None
        unit.contracts.save(replace(present, refusal="changed"), CHANGE)
        return Done(None)

    await store.run(withdraws)
    changed = await store.open(attempt())
    assert changed.contract is not None
    assert changed.contract.refusal == "changed"
    await store.run(adds(certificate(1, version=2)))
    assert [each.version for each in (await store.open(attempt())).certificates] == [1, 2]


async def test_unknown_number_wrong_key_and_another_contracts_key_look_the_same(store: SqlStore) -> None:
    await store.run(issues(1, digest=b"a" * 32))
    await store.run(issues(2, digest=b"b" * 32))
    results = [await store.open(attempt(*pair)) for pair in ((9, b"a" * 32), (1, b"x" * 32), (1, b"b" * 32))]
    assert [replace(each, time=START) for each in results] == [replace(results[0], verdict=WRONG)] * 3


async def test_a_revoked_key_opens_nothing_from_the_moment_that_this_was_answered(store: SqlStore) -> None:
    await store.run(issues(1))

    def reissue(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        old = unit.keys.current(contract(1).contract_id)
        assert old is not None
        unit.keys.save(replace(old, revoked_time=now), CHANGE)
        unit.keys.add(sealed_key(1, generation=2, digest=b"n" * 32), CHANGE)
        return Done(None)

    await store.run(reissue)
    assert (await store.open(attempt())).verdict is WRONG
    renewed = await store.open(attempt(digest=b"n" * 32))
    assert (renewed.verdict, renewed.generation) == (OPENED, 2)


async def test_an_opening_says_with_which_key_and_a_wrong_attempt_says_nothing(
    store: SqlStore, clock: ManualClock
) -> None:
    await store.run(issues(1))
    number = attempt().number
    await store.open(attempt())

    def reissue(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[datetime | None]:
        old = unit.keys.current(contract(1).contract_id)
        assert old is not None
        seen = unit.openings.first_success(number, 1)
        unit.keys.save(replace(old, revoked_time=now), CHANGE)
        unit.keys.add(sealed_key(1, generation=2, digest=b"n" * 32), CHANGE)
        return Done(seen)

    assert (await store.run(reissue)).value == START
    # at the very moment of the re-issue: only the generation can tell the two apart
    assert await store.read(lambda view: view.openings.first_success(number, 2)) is None
    await store.open(attempt())
    clock.forward(minutes=1)
    await store.open(attempt(digest=b"n" * 32))
    rows = await store.read(lambda view: view.openings.of_number(number, 10))
    assert [(row.success, row.generation) for row in rows] == [(True, 2), (False, 0), (True, 1)]
    firsts = await store.read(
        lambda view: [view.openings.first_success(number, key) for key in (None, 1, 2, 3)]
    )
    assert firsts == [START, START, START + timedelta(minutes=1), None]


async def test_every_attempt_is_a_row_and_the_first_success_a_fact(
    store: SqlStore, clock: ManualClock
) -> None:
    await store.run(issues(1))
    number = contract(1, contract(1).state).number or attempt().number
    for step, digest in enumerate((b"x" * 32, b"d" * 32, b"d" * 32)):
        clock.time = START + timedelta(minutes=step)
        await store.open(attempt(digest=digest))
    rows = await store.read(lambda view: view.openings.of_number(attempt().number, 10))
    assert [(row.success, row.time, row.peer) for row in rows] == [
        (True, START + timedelta(minutes=2), "192.0.2.9"),
        (True, START + timedelta(minutes=1), "192.0.2.9"),
        (False, START, "192.0.2.9"),
    ]
    assert len(await store.read(lambda view: view.openings.of_number(attempt().number, 2))) == 2
    assert await store.read(lambda view: view.openings.first_success(attempt().number)) == START + timedelta(
        minutes=1
    )
    assert await store.read(lambda view: view.openings.first_success(number + "0")) is None


async def test_an_attempt_moves_no_revision(store: SqlStore) -> None:
    await store.run(issues(1))
    await store.open(attempt())
    assert await store.read(lambda view: view.revision()) == 1


async def test_over_its_limit_a_peer_is_told_to_wait_and_leaves_no_rows(
    store: SqlStore, clock: ManualClock, database: Database
) -> None:
    await store.run(issues(1))
    clock.forward(minutes=4)
    verdicts = [(await store.open(attempt(digest=b"x" * 32))).verdict for _ in range(10)]
    assert verdicts == [WRONG] * 10
    over = await store.open(attempt(digest=b"x" * 32))
    assert (over.verdict, over.retry_after_seconds) == (THROTTLED, 6 * 60)
    assert database.count("opening") == 10


async def test_nobodys_failures_lock_out_a_right_pair_or_another_peer(store: SqlStore) -> None:
    await store.run(issues(1))
    for _ in range(12):
        await store.open(attempt(digest=b"x" * 32))
    assert (await store.open(attempt())).verdict is OPENED
    assert (await store.open(attempt(digest=b"x" * 32, peer="198.51.100.7"))).verdict is WRONG
    assert (await store.open(attempt(digest=b"x" * 32))).verdict is THROTTLED


async def test_the_next_window_begins_anew(store: SqlStore, clock: ManualClock) -> None:
    for _ in range(11):
        last = await store.open(attempt(digest=b"x" * 32))
    assert last.verdict is THROTTLED
    clock.forward(minutes=10)
    assert (await store.open(attempt(digest=b"x" * 32))).verdict is WRONG


async def test_a_group_counts_its_failures_one_by_one(
    store: SqlStore, grouped: Grouped, database: Database
) -> None:
    await store.run(issues(1))
    pairs = [attempt(digest=b"x" * 32)] * 12 + [attempt()] + [attempt(9, peer="198.51.100.7")]
    results = await grouped(store, *(store.open(each) for each in pairs))
    assert [each.verdict for each in results] == [WRONG] * 10 + [THROTTLED] * 2 + [OPENED, WRONG]
    assert database.count("opening") == 12
    assert database.count("throttle") == 4  # two peers, two numbers


async def test_without_its_counters_nothing_opens(store: SqlStore, database: Database) -> None:
    await store.run(issues(1))
    database.spoiled = True
    database.execute("ALTER TABLE throttle RENAME TO gone")
    with pytest.raises(RefusedError, match="STORE_UNAVAILABLE"):
        await store.open(attempt(digest=b"x" * 32))
    assert database.count("opening") == 0


async def test_a_number_that_no_column_can_hold_spoils_nothing_for_its_neighbours(
    store: SqlStore, grouped: Grouped
) -> None:
    await store.run(issues(1))
    hostile = [replace(attempt(), number=number) for number in ("\0", "\ud800")]
    results = await grouped(store, *(store.open(each) for each in [*hostile, attempt()]))
    assert results[2].verdict is OPENED
    assert not any(getattr(each, "verdict", None) is OPENED for each in results[:2])


async def test_openings_and_commands_take_turns(store: SqlStore) -> None:
    await store.run(issues(1))
    order: list[str] = []
    gate = Gate()
    held = asyncio.ensure_future(store.run(gate.command))
    await asyncio.to_thread(gate.entered.wait, 20)

    async def note(what: str, call: object) -> None:
        await call  # type: ignore[misc]
        order.append(what)

    # more of each than one group takes
    calls = [note("command", store.run(lambda unit, now, ids: Done(None))) for _ in range(70)]
    calls += [note("opening", store.open(attempt())) for _ in range(300)]
    tasks = [asyncio.ensure_future(each) for each in calls]
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(held, *tasks)
    turns = [what for place, what in enumerate(order) if place == 0 or order[place - 1] != what]
    assert turns == ["opening", "command", "opening", "command"]
