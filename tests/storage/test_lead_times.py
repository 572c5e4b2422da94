"""Lead times on every store: as reckoned from the contracts themselves, by an index, and on older registers too."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.lead_time import Leg, Milestones, Spread, milestones
from tashika_server.domain.model import Contract, ContractState, Fact, FactKind, StepTimes
from tashika_server.storage import lead_times as lead_times_module
from tashika_server.storage.findings import Problem
from tashika_server.storage.fsck import check_store
from tashika_server.storage.migrations import CURRENT
from tashika_server.storage.store import SqlStore, migrate_store, open_store
from tests.storage.databases import Database
from tests.storage.test_feed import changes
from tests.storage.world import GUARANTOR, START, CountingIds, ManualClock, adds, attempt, contract, issues

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ENDS: Mapping[Leg, tuple[str, str]] = {
    Leg.APPLY_TO_ACCEPT: ("submitted", "accepted"),
    Leg.ACCEPT_TO_PAID: ("accepted", "paid"),
    Leg.PAID_TO_ISSUED: ("paid", "issued"),
    Leg.ISSUED_TO_HANDED_IN: ("issued", "handed_in"),
    Leg.APPLY_TO_HANDED_IN: ("submitted", "handed_in"),
}


def walked(number: int, *moments: datetime | None, **changes: Any) -> Contract:
    """A contract with its milestones at these moments (submitted, accepted, paid, issued, handed in)."""
    submitted, accepted, paid, issued, handed_in = moments
    base = contract(number, ContractState.IN_FORCE if issued else ContractState.ACCEPTED)
    facts = (Fact(FactKind.HANDED_IN, 1, handed_in, channel="MAIL"),) if handed_in else ()
    return replace(
        base,
        terms=base.application,
        steps=StepTimes(submitted, None, accepted, None, paid, issued, handed_in),
        facts=facts,
        **changes,
    )


def some(count: int, seed: int = 4) -> list[Contract]:
    """Contracts of some months that got more or less far, some within minutes, some in weeks."""
    made = random.Random(seed)
    found = []
    for number in range(1, count + 1):
        moment = START + made.random() * 90 * DAY
        moments: list[datetime | None] = [moment]
        for _ in range(made.choice([0, 1, 2, 3, 4, 4, 4])):
            moment += made.choice([HOUR / 7, 5 * HOUR, 2 * DAY, 11 * DAY]) * made.random()
            moments.append(moment)
        moments += [None] * (5 - len(moments))
        where = {"guarantor_id": "org_second"} if made.random() < 0.2 else {}
        found.append(walked(number, *moments, **where))
    return found


def reckoned(contracts: list[Contract], leg: Leg, begin: datetime, end: datetime) -> Spread:
    """The spread as the contracts themselves give it."""
    times: dict[int, int] = {}
    longest = same_day = 0
    for each in contracts:
        reached: Milestones = milestones(each)
        first, last = (getattr(reached, name) for name in ENDS[leg])
        if each.guarantor_id != GUARANTOR or first is None or last is None or not begin <= last < end:
            continue
        seconds = int((last - first).total_seconds())
        unit = 60 if last - first < 2 * DAY else 3600
        times[seconds // unit * unit] = times.get(seconds // unit * unit, 0) + 1
        longest = max(longest, seconds)
        same_day += japan_day(first) == japan_day(last)
    return Spread(tuple(sorted(times.items())), longest, same_day)


async def spreads(store: SqlStore, begin: datetime, end: datetime) -> Mapping[Leg, Spread]:
    return await store.read(lambda view: view.lead_times.spreads(GUARANTOR, begin, end), slow=True)


async def test_they_are_what_the_contracts_say(store: SqlStore) -> None:
    contracts = some(300)
    await store.run(adds(*contracts))
    for begin, end in ((START, START + 400 * DAY), (START + 30 * DAY, START + 31 * DAY), (START, START)):
        found = await spreads(store, begin, end)
        assert found == {leg: reckoned(contracts, leg, begin, end) for leg in Leg}
    whole = await spreads(store, START, START + 400 * DAY)
    assert all(whole[leg].count > 30 for leg in Leg)
    assert whole[Leg.APPLY_TO_HANDED_IN].same_day > 0
    assert await store.read(lambda view: view.lead_times.spreads("org_\0", START, START + DAY)) == {
        leg: Spread() for leg in Leg
    }


async def test_a_leg_counts_on_the_day_on_which_it_ended_to_the_microsecond(store: SqlStore) -> None:
    end = START + 5 * HOUR
    await store.run(adds(walked(1, START, START + HOUR, START + HOUR, START + 2 * HOUR, end)))

    async def handed_in(begin: datetime, until: datetime) -> int:
        return (await spreads(store, begin, until))[Leg.APPLY_TO_HANDED_IN].count

    moment = timedelta(microseconds=1)
    assert [await handed_in(end, end + moment), await handed_in(end + moment, end + DAY)] == [1, 0]
    assert await handed_in(START, end) == 0


async def test_they_follow_every_change(store: SqlStore) -> None:
    moments = (START, START + HOUR, START + HOUR, START + 2 * HOUR, START + 5 * HOUR)
    await store.run(changes(walked(1, *moments[:4], None)))
    assert (await spreads(store, START, START + DAY))[Leg.APPLY_TO_HANDED_IN].count == 0
    await store.run(changes(walked(1, *moments)))
    found = (await spreads(store, START, START + DAY))[Leg.APPLY_TO_HANDED_IN]
    assert found == Spread(((5 * 3600, 1),), 5 * 3600, 1)
    await store.run(changes(1))
    assert (await spreads(store, START, START + DAY))[Leg.APPLY_TO_HANDED_IN] == Spread()


async def test_every_leg_reads_its_index_and_no_contract(store: SqlStore, database: Database) -> None:
    session = database.session()
    if database.kind == "postgresql":
        for setting in ("seqscan", "bitmapscan"):
            session.do(f"SET enable_{setting} = off")
    explain = "EXPLAIN QUERY PLAN " if database.kind == "sqlite" else "EXPLAIN "
    for leg, text in lead_times_module.SPREADS.items():
        rows = session.all(explain + session.dialect.text(text), GUARANTOR, 1, 2)
        plan = "\n".join(str(row[-1]) for row in rows)
        wanted = (
            "COVERING INDEX contract_lead_"
            if database.kind == "sqlite"
            else "Index Only Scan using contract_lead_"
        )
        assert wanted in plan, f"{leg}\n{plan}"
    session.close()


async def test_an_older_register_gets_the_same_by_migrating(
    store: SqlStore, database: Database, clock: ManualClock
) -> None:
    await store.run(adds(*some(60, seed=9), contract(90)))
    before = await spreads(store, START, START + 400 * DAY)
    await store.close()
    database.go_back(2)
    assert migrate_store(database.location) == (2, CURRENT)
    again = open_store(database.location, clock=clock, ids=CountingIds())
    assert await spreads(again, START, START + 400 * DAY) == before
    await again.close()
    assert Problem.COLUMN_DIFFERS not in {each.problem for each in check_store(database.location)}


async def test_on_an_older_register_every_key_that_opened_was_the_first(
    store: SqlStore, database: Database, clock: ManualClock
) -> None:
    await store.run(issues(1))
    await store.open(attempt())
    await store.open(attempt(digest=b"x" * 32))
    await store.close()
    database.go_back(2)
    migrate_store(database.location)
    again = open_store(database.location, clock=clock, ids=CountingIds())
    rows = await again.read(lambda view: view.openings.of_number(attempt().number, 5))
    assert [(row.success, row.generation) for row in rows] == [(False, 0), (True, 1)]
    assert await again.read(lambda view: view.openings.first_success(attempt().number, 1)) == START
    await again.close()
    assert check_store(database.location) == []
