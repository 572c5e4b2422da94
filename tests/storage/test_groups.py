"""Groups of commands: neighbours, dead groups, unknown COMMITs, replays; on every store, with real faults."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import psycopg
import pytest

from tashika_server.application.ports import Change, Done, Ids, OpeningVerdict, ReadView, UnitOfWork
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.storage import writer as writer_module
from tashika_server.storage.errors import LockedError, StoreFaultError
from tashika_server.storage.fsck import check_store
from tashika_server.storage.session import Session
from tashika_server.storage.sqlite import SqliteBackend
from tashika_server.storage.store import SqlStore, open_store
from tests.storage.conftest import Grouped
from tests.storage.databases import Database, terminate
from tests.storage.world import (
    CHANGE,
    CONTRACTOR,
    CountingIds,
    Gate,
    ManualClock,
    adds,
    attempt,
    contract,
    issues,
    name_of,
    organization,
    renames,
    replay,
    user,
)


def reason_of(answer: object) -> Reason:
    assert isinstance(answer, RefusedError), answer
    return answer.reason


async def test_neighbours_of_a_refused_command_are_written_in_one_commit(
    store: SqlStore, grouped: Grouped
) -> None:
    def refused(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.contracts.add(contract(9), CHANGE)
        raise refuse(Reason.WRONG_STATE)

    first, wrong, taken, last = await grouped(
        store,
        store.run(adds(contract(1))),
        store.run(refused),
        store.run(adds(contract(1))),
        store.run(adds(contract(2))),
    )
    assert (reason_of(wrong), reason_of(taken)) == (Reason.WRONG_STATE, Reason.ALREADY_EXISTS)
    assert (first.revision, last.revision) == (1, 2)
    there = await store.read(
        lambda v: [v.contracts.get(contract(n).contract_id) is not None for n in (1, 2, 9)]
    )
    assert there == [True, True, False]


async def test_a_neighbours_write_makes_an_etag_stale_within_the_group(
    store: SqlStore, grouped: Grouped
) -> None:
    await store.run(adds(organization()))
    read = await store.read(lambda view: view.organizations.get(CONTRACTOR))
    assert read is not None

    def by_etag(name: str) -> Callable[[UnitOfWork, datetime, Ids], Done[None]]:
        def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            found = unit.organizations.get(CONTRACTOR)
            if found is None or found.revision != read.revision:
                raise refuse(Reason.ETAG_MISMATCH)
            unit.organizations.save(replace(found, name=name), CHANGE)
            return Done(None)

        return command

    first, second = await grouped(store, store.run(by_etag("一")), store.run(by_etag("二")))
    assert first.revision == 2
    assert reason_of(second) is Reason.ETAG_MISMATCH


# --- Replays -----------------------------------------------------------------------------------------------------


async def test_a_repeated_call_is_answered_and_not_run_again(store: SqlStore, clock: ManualClock) -> None:
    await store.run(adds(organization()))
    first = await store.run(renames("一"), replay())
    await store.run(renames("二"))
    clock.forward(days=29)
    again = await store.run(renames("一"), replay())
    assert (again.replayed, again.value) == (True, None)
    assert (again.revision, again.time, again.result_ids) == (first.revision, first.time, first.result_ids)
    assert await store.read(name_of) == "二"


async def test_a_request_id_is_not_for_another_body(store: SqlStore) -> None:
    await store.run(adds(organization()))
    await store.run(renames("一"), replay())
    with pytest.raises(RefusedError, match="REQUEST_ID_REUSED"):
        await store.run(renames("二"), replay(digest=b"other"))
    assert await store.read(name_of) == "一"


async def test_a_refused_call_may_be_repeated(store: SqlStore) -> None:
    with pytest.raises(AssertionError):
        await store.run(renames("一"), replay())
    await store.run(adds(organization()))
    assert not (await store.run(renames("一"), replay())).replayed


async def test_two_equal_calls_in_one_group_are_one(store: SqlStore, grouped: Grouped) -> None:
    await store.run(adds(organization()))
    first, second, other = await grouped(
        store,
        store.run(renames("一"), replay()),
        store.run(renames("一"), replay()),
        store.run(renames("二"), replay("r-2")),
    )
    assert (first.replayed, second.replayed, other.replayed) == (False, True, False)
    assert (first.revision, second.revision, other.revision) == (2, 2, 3)
    assert first.time == second.time


async def test_a_repeated_call_is_recognised_after_a_restart(database: Database, clock: ManualClock) -> None:
    for _ in range(2):
        store = open_store(database.location, clock=clock, ids=CountingIds())
        outcome = await store.run(adds(organization()), replay())
        await store.close()
    assert (outcome.replayed, outcome.revision, outcome.result_ids) == (True, 1, ("made",))


async def test_after_thirty_days_a_request_id_is_free_and_the_row_goes(
    store: SqlStore, clock: ManualClock, database: Database
) -> None:
    await store.run(adds(organization()), replay())
    clock.forward(days=31)
    assert not (await store.run(renames("一"), replay())).replayed
    clock.forward(days=31)
    assert await store.forget() == 1
    assert database.count("idempotency") == 0


# --- A group that dies -------------------------------------------------------------------------------------------

# What a database that is as good as full still has room for: some small rows, but no large one.
SPARE_PAGES = 160
LARGE = "あ" * 2_000_000


class SmallDisk(SqliteBackend):
    """A database that may not grow beyond some pages: SQLite itself then says that the disk is full."""

    pages = 0

    def connect(self, *, read_only: bool = False) -> Session:
        session = super().connect(read_only=read_only)
        session.one(f"PRAGMA max_page_count = {self.pages or 2**30}")
        return session


async def test_a_full_disk_inside_a_group_loses_only_what_did_not_fit(
    sqlite: Database, clock: ManualClock, grouped: Grouped
) -> None:
    backend = SmallDisk(cast(Any, sqlite.location))
    store = open_store(sqlite.location, clock=clock, ids=CountingIds(), backend=backend)
    await store.run(adds(organization()))

    def shrink(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        session = cast(Any, unit)._session
        backend.pages = session.one("PRAGMA page_count")[0] + SPARE_PAGES
        session.one(f"PRAGMA max_page_count = {backend.pages}")
        return Done(None)

    answers = await grouped(
        store,
        store.run(shrink),
        store.run(adds(contract(1))),
        store.run(adds(organization("org_large", name=LARGE))),
        store.run(adds(contract(2)), replay()),
    )
    assert reason_of(answers[2]) is Reason.STORE_UNAVAILABLE
    assert [answers[1].revision, answers[3].revision] == [2, 3]
    with pytest.raises(RefusedError, match="STORE_UNAVAILABLE"):
        await store.run(adds(organization("org_large", name=LARGE)))
    await store.close()
    assert check_store(sqlite.location) == []

    store = open_store(sqlite.location, clock=clock, ids=CountingIds())
    there = await store.read(
        lambda v: [
            v.contracts.get(contract(1).contract_id) is not None,
            v.contracts.get(contract(2).contract_id) is not None,
            v.organizations.get("org_large") is not None,
        ]
    )
    assert there == [True, True, False]
    await store.run(adds(organization("org_large", name=LARGE)))
    await store.close()


async def test_a_lost_connection_inside_a_group_loses_nothing(
    postgresql: Database, clock: ManualClock, grouped: Grouped
) -> None:
    store = open_store(postgresql.location, clock=clock, ids=CountingIds())
    cuts: list[bool] = []

    def cut(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.contracts.add(contract(9), CHANGE)
        if not cuts:
            cuts.append(terminate(cast(Any, unit)._session.connection, str(postgresql.location)))
        unit.contracts.add(contract(8), CHANGE)
        return Done(None)

    answers = await grouped(store, store.run(adds(contract(1))), store.run(cut), store.run(adds(contract(2))))
    assert [each.revision for each in answers] == [1, 2, 3]
    found = await store.read(
        lambda v: [v.contracts.get(contract(n).contract_id) is not None for n in (1, 2, 8, 9)]
    )
    await store.close()
    assert found == [True] * 4
    assert check_store(postgresql.location) == []


async def test_after_postgresql_came_back_everything_goes_on(
    postgresql: Database, clock: ManualClock
) -> None:
    store = open_store(postgresql.location, clock=clock, ids=CountingIds())
    await store.run(issues(1))
    await store.read(name_of)
    with psycopg.connect(str(postgresql.location), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert (await store.open(attempt(1))).verdict is OpeningVerdict.OPENED
    assert await store.read(lambda view: view.revision()) == 1
    assert (await store.run(adds(organization()))).revision == 2
    with pytest.raises(LockedError):
        open_store(postgresql.location, clock=clock, ids=CountingIds())
    await store.close()


async def test_a_watcher_that_fails_harms_no_caller(store: SqlStore) -> None:
    def broken(revision: int) -> None:
        raise RuntimeError("a mistake")

    store.after_commit(broken)
    assert (await store.run(adds(organization()))).revision == 1


async def test_a_query_that_fails_harms_no_neighbour(store: SqlStore) -> None:
    await store.run(adds(organization()))

    def broken(view: ReadView) -> None:
        raise KeyError("a mistake")

    answers = await asyncio.gather(
        *(store.read(query) for query in (name_of, broken, name_of)), return_exceptions=True
    )
    assert [type(each) for each in answers] == [str, KeyError, str]


async def test_a_swallowed_fault_does_not_let_a_command_go_on(
    sqlite: Database, clock: ManualClock, grouped: Grouped
) -> None:
    """After a full disk SQLite has no transaction any more, and would commit the next statement by itself."""
    backend = SmallDisk(cast(Any, sqlite.location))
    store = open_store(sqlite.location, clock=clock, ids=CountingIds(), backend=backend)

    def stubborn(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        session = cast(Any, unit)._session
        backend.pages = session.one("PRAGMA page_count")[0] + SPARE_PAGES
        session.one(f"PRAGMA max_page_count = {backend.pages}")
        with pytest.raises(StoreFaultError):
            unit.organizations.add(organization("org_large", name=LARGE), CHANGE)
        with pytest.raises(StoreFaultError):
            unit.users.add(user(), CHANGE)
        return Done(None)

    with pytest.raises(RefusedError, match="STORE_UNAVAILABLE"):
        await store.run(stubborn)
    assert await store.read(lambda view: view.users.get("usr_1")) is None
    await store.close()


async def test_a_conflict_is_run_again(postgresql: Database, clock: ManualClock) -> None:
    store = open_store(postgresql.location, clock=clock, ids=CountingIds())
    await store.run(adds(organization()))
    tries = []

    def conflicting(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[str]:
        tries.append(1)
        if len(tries) < 4:
            cast(Any, unit)._session.do(
                "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"
            )
        return renames("一")(unit, now, ids)

    assert (await store.run(conflicting)).revision == 2
    assert len(tries) == 4
    await store.close()


# --- One server --------------------------------------------------------------------------------------------------


async def test_a_second_server_does_not_start(
    store: SqlStore, database: Database, clock: ManualClock
) -> None:
    with pytest.raises(LockedError, match="in use by another"):
        open_store(database.location, clock=clock, ids=CountingIds())
    with pytest.raises(LockedError):
        check_store(database.location)
    await store.close()
    await open_store(database.location, clock=clock, ids=CountingIds()).close()


async def test_a_server_that_lost_its_place_writes_no_more(store: SqlStore, database: Database) -> None:
    await store.run(adds(organization()))
    database.execute("UPDATE head SET owner = ?", b"another server")
    with pytest.raises(RefusedError, match="STORE_UNAVAILABLE"):
        await store.run(renames("一"))
    assert await store.read(name_of) == organization().name


async def test_a_full_queue_refuses_at_once(
    store: SqlStore, grouped: Grouped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "MAX_WAITING", 2)
    answers = await grouped(store, *(store.run(adds(contract(n))) for n in range(3)))
    assert [isinstance(each, RefusedError) for each in answers] == [False, False, True]
    assert reason_of(answers[2]) is Reason.SERVER_BUSY


async def test_closing_finishes_what_was_queued_and_takes_nothing_more(
    database: Database, clock: ManualClock
) -> None:
    store = open_store(database.location, clock=clock, ids=CountingIds())
    waiting = [asyncio.ensure_future(store.run(adds(contract(n)))) for n in range(20)]
    await asyncio.sleep(0)
    await store.close()
    assert sorted(each.revision for each in await asyncio.gather(*waiting)) == list(range(1, 21))
    with pytest.raises(RefusedError, match="SHUTTING_DOWN"):
        await store.run(adds(contract(99)))
    with pytest.raises(RefusedError, match="SHUTTING_DOWN"):
        await store.read(name_of)


async def test_a_command_whose_caller_has_gone_is_not_run(store: SqlStore) -> None:
    gate = Gate()
    held = asyncio.ensure_future(store.run(gate.command))
    await asyncio.to_thread(gate.entered.wait, 20)
    gone = asyncio.ensure_future(store.run(adds(organization())))
    await asyncio.sleep(0)
    gone.cancel()
    gate.opened.set()
    await held
    await store.run(adds(user()))
    assert await store.read(name_of) == ""


async def test_whoever_watches_is_woken_with_the_revision(store: SqlStore) -> None:
    seen: list[int] = []
    store.after_commit(seen.append)
    await store.run(adds(organization()))
    await store.run(lambda unit, now, ids: Done(None))
    await store.run(renames("一"))
    assert seen == [1, 2]


async def test_an_undone_group_logs_no_values(
    sqlite: Database, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(sqlite.location, clock=clock, ids=CountingIds())

    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.audit(Change("秘密\ud800", "actor"), "subject")
        return Done(None)

    with pytest.raises(RefusedError, match="STORE_UNAVAILABLE"):
        await store.run(command)
    await store.close()
    assert caplog.records
    assert "秘密" not in caplog.text
