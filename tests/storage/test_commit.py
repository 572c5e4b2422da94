"""A COMMIT whose answer is lost: what took place is answered, what did not is run again, once; on every store."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, cast

import pytest

from tashika_server.application.ports import Done, Ids, UnitOfWork
from tashika_server.domain.reasons import RefusedError
from tashika_server.storage import group
from tashika_server.storage.errors import StoreFaultError
from tashika_server.storage.postgres import PostgresBackend, PostgresDialect
from tashika_server.storage.session import Connection, Session
from tashika_server.storage.sqlite import SqliteBackend, SqliteDialect
from tashika_server.storage.store import open_store
from tests.storage.conftest import Grouped
from tests.storage.databases import Database, terminate
from tests.storage.world import (
    CountingIds,
    ManualClock,
    adds,
    contract,
    name_of,
    organization,
    renames,
    replay,
    user,
)


class CutSqlite(SqliteDialect):
    """A COMMIT whose answer is lost, before or after it took place."""

    cut = ""

    def commit(self, connection: Connection) -> None:
        cut, self.cut = self.cut, ""
        if cut == "after":
            super().commit(connection)
        if cut:
            raise sqlite3.OperationalError("disk I/O error")
        super().commit(connection)


class CutPostgres(PostgresDialect):
    """A connection that the server cuts around COMMIT, for real."""

    cut = ""
    url = ""

    def commit(self, connection: Connection) -> None:
        cut, self.cut = self.cut, ""
        if cut == "after":
            super().commit(connection)
        if cut:
            terminate(connection, self.url)
        super().commit(connection)


class Cutter:
    """A store whose next COMMIT is cut, and whose database then may be away."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.away = False
        cutter = self

        class CutSqliteBackend(SqliteBackend):
            def connect(self, *, read_only: bool = False) -> Session:
                cutter.refuse_while_away()
                return super().connect(read_only=read_only)

        class CutPostgresBackend(PostgresBackend):
            def connect(self, *, read_only: bool = False) -> Session:
                cutter.refuse_while_away()
                return super().connect(read_only=read_only)

        backend: SqliteBackend | PostgresBackend
        if database.kind == "sqlite":
            backend = CutSqliteBackend(cast(Any, database.location))
            self.dialect: CutSqlite | CutPostgres = CutSqlite()
        else:
            backend = CutPostgresBackend(str(database.location))
            self.dialect = CutPostgres()
            self.dialect.url = str(database.location)
        backend.dialect = self.dialect
        self.store = open_store(database.location, clock=clock, ids=CountingIds(), backend=backend)

    def refuse_while_away(self) -> None:
        if self.away:
            raise StoreFaultError("the database is away")


@pytest.fixture
async def cutter(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Cutter]:
    monkeypatch.setattr(group, "RECONNECT_PAUSE_SECONDS", 0.0)
    made = Cutter(database, clock)
    await made.store.run(adds(organization()))
    yield made
    made.away = False
    await made.store.close()


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_after_a_lost_answer_to_commit_each_command_is_done_once(
    cutter: Cutter, grouped: Grouped, database: Database, cut: str
) -> None:
    store = cutter.store

    def armed(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[int]:
        cutter.dialect.cut = cut if not runs else ""
        runs.append(1)
        return Done(unit.next_sequence("runs"))

    runs: list[int] = []
    answers = await grouped(
        store,
        store.run(armed),
        store.run(adds(contract(1))),
        store.run(renames("一"), replay()),
        store.run(adds(user())),
    )
    assert [each.revision for each in answers] == [1, 2, 3, 4]
    assert [each.value for each in answers[:3]] == [1, None, organization().name]
    assert len(runs) == (2 if cut == "before" else 1)
    assert (database.count("contract"), database.count("person")) == (1, 1)
    assert (await store.run(renames("二"), replay())).replayed


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_while_the_database_is_away_the_outcome_is_unknown_and_a_repeated_call_finds_out(
    cutter: Cutter, cut: str
) -> None:
    store = cutter.store

    def armed(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[str]:
        if not cutter.away:
            cutter.dialect.cut, cutter.away = cut, True
        return renames("一")(unit, now, ids)

    with pytest.raises(RefusedError, match="OUTCOME_UNKNOWN"):
        await store.run(armed, replay())
    with pytest.raises(RefusedError, match="STORE_UNAVAILABLE"):
        await store.run(renames("二"))
    cutter.away = False
    again = await store.run(renames("一"), replay())
    assert again.replayed is (cut == "after")
    assert again.revision == 2
    assert await store.read(name_of) == "一"
