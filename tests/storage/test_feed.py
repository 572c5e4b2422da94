"""The feed, on every store: who sees which change, in order, whole revisions, and as the history says."""

import random
from dataclasses import replace
from typing import Any

import pytest

from tashika_server.application.ports import Done, FeedEntry
from tashika_server.domain.model import ContractState
from tashika_server.storage import feed as feed_module
from tashika_server.storage.findings import Problem
from tashika_server.storage.fsck import check_store
from tashika_server.storage.migrations import CURRENT
from tashika_server.storage.store import SqlStore, migrate_store, open_store
from tests.storage.databases import Database
from tests.storage.test_searching import orderer, saves
from tests.storage.world import (
    CHANGE,
    CONTRACTOR,
    GUARANTOR,
    START,
    CountingIds,
    ManualClock,
    adds,
    contract,
    organization,
    renames,
)

DRAFT, SUBMITTED = ContractState.DRAFT, ContractState.SUBMITTED


def changes(*steps: Any) -> Any:
    """A command that adds, replaces or (given a number) deletes contracts."""

    def command(unit: Any, now: Any, ids: Any) -> Done[None]:
        for step in steps:
            if isinstance(step, int):
                unit.contracts.delete(contract(step).contract_id, CHANGE)
                continue
            present = unit.contracts.get(step.contract_id)
            if present is None:
                unit.contracts.add(step, CHANGE)
            else:
                unit.contracts.save(replace(step, revision=present.revision), CHANGE)
        return Done(None)

    return command


async def told(store: SqlStore, organization_id: str, after: int = 0, limit: int = 100) -> list[FeedEntry]:
    return list(
        await store.read(lambda view: view.feed.of_organization(organization_id, after, limit), slow=True)
    )


def brief(entries: list[FeedEntry]) -> list[tuple[int, str, str]]:
    return [
        (e.revision, e.contract_id[-1], e.contract.state.value if e.contract else "gone") for e in entries
    ]


async def test_a_contractor_sees_all_of_its_own_and_a_guarantor_no_drafts(store: SqlStore) -> None:
    await store.run(changes(contract(1)))
    await store.run(changes(contract(1, SUBMITTED), contract(2)))
    await store.run(changes(2))
    await store.run(changes(contract(3, SUBMITTED, organization_id="org_other")))
    assert brief(await told(store, CONTRACTOR)) == [
        *((1, "1", "DRAFT"), (2, "1", "SUBMITTED"), (2, "2", "DRAFT"), (3, "2", "gone")),
    ]
    assert brief(await told(store, GUARANTOR)) == [(2, "1", "SUBMITTED"), (4, "3", "SUBMITTED")]
    assert brief(await told(store, "org_other")) == [(4, "3", "SUBMITTED")]
    assert [await told(store, each) for each in ("", "org_nobody", "\ud800", "\0")] == [[]] * 4
    first = (await told(store, CONTRACTOR))[0]
    assert (first.time, first.action) == (START, CHANGE.action)


async def test_who_saw_a_contract_last_is_told_that_it_is_gone(store: SqlStore) -> None:
    await store.run(changes(contract(1, SUBMITTED)))
    await store.run(changes(contract(1, SUBMITTED, guarantor_id="org_second")))
    assert brief(await told(store, GUARANTOR)) == [(1, "1", "SUBMITTED"), (2, "1", "gone")]
    assert brief(await told(store, "org_second")) == [(2, "1", "SUBMITTED")]


async def test_a_page_never_ends_within_a_revision(store: SqlStore) -> None:
    await store.run(changes(*(contract(number) for number in range(1, 8))))
    await store.run(changes(contract(8)))
    assert [e.revision for e in await told(store, CONTRACTOR, limit=3)] == [1] * 7
    assert [e.revision for e in await told(store, CONTRACTOR, after=1, limit=3)] == [2]
    page = await store.read(lambda view: view.feed.after(0, 3, {CONTRACTOR}))
    assert ([e.revision for e in page.entries], page.upto, page.more) == ([1] * 7, 1, True)
    page = await store.read(lambda view: view.feed.after(1, 3, {"org_other"}))
    assert (page.entries, page.upto, page.more) == ((), 2, False)


async def test_other_changes_move_the_revision_and_tell_nobody(store: SqlStore) -> None:
    await store.run(adds(organization()))
    await store.run(renames("別名"))
    page = await store.read(lambda view: view.feed.after(0, 10, {CONTRACTOR}))
    assert (page.entries, page.upto, page.more) == ((), 2, False)


async def test_how_far_behind_is_counted_to_a_limit(store: SqlStore) -> None:
    for number in range(1, 6):
        await store.run(changes(contract(number)))
    behind = await store.read(
        lambda view: [view.feed.behind(CONTRACTOR, after, 3) for after in (0, 2, 3, 5, 99)]
    )
    assert behind == [3, 3, 2, 0, 0]


async def test_a_change_that_was_refused_tells_nobody(store: SqlStore) -> None:
    def fails(unit: Any, now: Any, ids: Any) -> Done[None]:
        unit.contracts.add(contract(1), CHANGE)
        raise RuntimeError("a fault of the command's own")

    with pytest.raises(RuntimeError):
        await store.run(fails)
    await store.run(changes(contract(2)))
    assert brief(await told(store, CONTRACTOR)) == [(1, "2", "DRAFT")]


async def test_every_query_of_the_feed_reads_an_index_and_sorts_nothing(
    store: SqlStore, database: Database
) -> None:
    session = database.session()
    if database.kind == "postgresql":
        for setting in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            session.do(f"SET enable_{setting} = off")
    explain = "EXPLAIN QUERY PLAN " if database.kind == "sqlite" else "EXPLAIN "
    plans = {
        text: "\n".join(
            str(row[-1]) for row in session.all(explain + session.dialect.text(text), *parameters)
        )
        for text, parameters in (
            (feed_module.OF_ORGANIZATION, ("org", 5, 10)),
            (feed_module.OF_ORGANIZATION_AT, ("org", 5)),
            (feed_module.BEHIND, ("org", 5, 10)),
            (feed_module.OF_ALL, (5, 10)),
            (feed_module.OF_ALL_AT, (5,)),
        )
    }
    session.close()
    for text, plan in plans.items():
        assert not any(each in plan for each in ("SCAN f", "SCAN h", "Seq Scan")), plan
        # what is read at one revision is sorted where the store likes to: that is a handful of rows
        at_one = text in (feed_module.OF_ORGANIZATION_AT, feed_module.OF_ALL_AT)
        assert at_one or "TEMP B-TREE" not in plan, plan
    for text in (feed_module.OF_ORGANIZATION, feed_module.BEHIND):
        assert "contract_feed_organization_id" in plans[text], plans[text]
    assert "PRIMARY KEY (revision>?)" in plans[feed_module.OF_ALL] or database.kind == "postgresql"
    assert "\nSort" not in plans[feed_module.OF_ORGANIZATION] + plans[feed_module.OF_ALL]


# --- Made anew from what was there before ------------------------------------------------------------------------


def contents(database: Database) -> dict[str, list[Any]]:
    session = database.session()
    found = {
        table: sorted(tuple(row) for row in session.all(f"SELECT {columns} FROM {table}"))
        for table, columns in (
            ("contract_feed", "revision, ordinal, organization_id, contract_id, gone"),
            ("search_text", "kind, id, folded"),
            ("search_gram", "kind, gram, id"),
        )
    }
    session.close()
    return found


async def some_history(store: SqlStore) -> None:
    made = random.Random(11)
    await store.run(adds(organization()))
    await store.run(saves(orderer()))
    live: set[int] = set()
    for _ in range(40):
        number = made.randint(1, 6)
        if number in live and made.random() < 0.3:
            await store.run(changes(number))
            live.discard(number)
        else:
            who = {"guarantor_id": made.choice([GUARANTOR, "org_second"])}
            await store.run(changes(contract(number, made.choice([DRAFT, SUBMITTED]), **who)))
            live.add(number)


async def test_an_older_register_gets_the_same_by_migrating(
    store: SqlStore, database: Database, clock: ManualClock
) -> None:
    await some_history(store)
    await store.close()
    before = contents(database)
    assert all(before.values())
    database.go_back(1)
    assert migrate_store(database.location) == (1, CURRENT)
    assert contents(database) == before
    assert check_store(database.location) == []
    again = open_store(database.location, clock=clock, ids=CountingIds())
    assert len(await told(again, CONTRACTOR)) > 30
    await again.close()


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("DELETE FROM contract_feed WHERE revision = 3", Problem.FEED_DIFFERS),
        ("UPDATE contract_feed SET gone = 1 WHERE revision = 3", Problem.FEED_DIFFERS),
        (
            "INSERT INTO contract_feed (revision, ordinal, organization_id, contract_id, gone) "
            "VALUES (3, 0, 'org_stranger', 'con_1', 0)",
            Problem.FEED_DIFFERS,
        ),
        ("UPDATE search_text SET folded = 'x' WHERE kind = 'contract'", Problem.SEARCH_DIFFERS),
        ("DELETE FROM search_text WHERE kind = 'orderer'", Problem.SEARCH_DIFFERS),
        ("DELETE FROM search_gram WHERE gram = '柏市'", Problem.SEARCH_DIFFERS),
        (
            "INSERT INTO search_gram (kind, gram, id) VALUES ('contract', '柏', 'con_1')",
            Problem.SEARCH_DIFFERS,
        ),
    ],
)
async def test_fsck_finds_what_differs(
    store: SqlStore, database: Database, damage: str, problem: Problem
) -> None:
    await some_history(store)
    await store.close()
    assert check_store(database.location) == []
    assert database.execute(damage) > 0
    found = check_store(database.location)
    assert {each.problem for each in found} == {problem}
    assert all(each.is_error and each.ja and each.en for each in found)
