"""The tables on every store: as the models have them, guarded, durable, private, and versioned."""

import os
import sqlite3
import stat
from pathlib import Path
from typing import Any, cast

import pytest
from psycopg.conninfo import conninfo_to_dict

from tashika_server.application.ports import Done
from tashika_server.storage import models
from tashika_server.storage.backend import backend_at
from tashika_server.storage.errors import CommitUnknownError, ConstraintError, StoreFaultError, StoreOpenError
from tashika_server.storage.migrations import CURRENT
from tashika_server.storage.schema import APPEND_ONLY
from tashika_server.storage.sqlite import DATABASE_NAME, SqliteBackend
from tashika_server.storage.store import SqlStore, migrate_store, open_store
from tests.storage.databases import Database
from tests.storage.world import CountingIds, ManualClock, attempt, issues

MODELS = [each for each in vars(models).values() if isinstance(each, type) and issubclass(each, models.Base)]
TABLES = [each for each in MODELS if each not in (models.Base, models.Record)]


@pytest.mark.parametrize("model", TABLES, ids=lambda each: each.__name__)
async def test_a_model_is_its_table(store: SqlStore, database: Database, model: Any) -> None:
    session = database.session()
    name = model._meta.table_name
    if database.kind == "sqlite":
        rows = session.all(f"SELECT name, type, NOT \"notnull\" FROM pragma_table_info('{name}')")
        types = {"TEXT": "TEXT", "INTEGER": "BIGINT", "BLOB": "BLOB"}
    else:
        rows = session.all(
            "SELECT column_name, data_type, is_nullable = 'YES' FROM information_schema.columns "
            f"WHERE table_name = '{name}' AND table_schema = current_schema()"
        )
        types = {"text": "TEXT", "bigint": "BIGINT", "bytea": "BLOB"}
    session.close()
    found = {row[0]: (types[row[1]], bool(row[2])) for row in rows}
    assert found == {each.name: (each.field_type, each.null) for each in model._meta.sorted_fields}


async def test_what_is_evidence_can_only_be_appended_to(store: SqlStore, database: Database) -> None:
    await store.run(issues(1))
    await store.open(attempt())
    for table in APPEND_ONLY:
        assert database.count(table) > 0, table
        statements = [f"DELETE FROM {table}", f"UPDATE {table} SET {column_of(table)} = {column_of(table)}"]
        for statement in [*statements, *([f"TRUNCATE {table}"] if database.kind == "postgresql" else [])]:
            session = database.session()
            with pytest.raises(ConstraintError):
                session.do(statement)
            session.close()


def column_of(table: str) -> str:
    return {"opening": "peer", "leaf": "data", "payload": "data", "log_node": "hash"}.get(table, "action")


async def test_on_postgresql_every_text_column_and_index_compares_by_code_point(
    postgresql: Database, clock: ManualClock
) -> None:
    store = open_store(postgresql.location, clock=clock, ids=CountingIds())
    session = postgresql.session()
    columns = session.all(
        "SELECT c.relname, c.relkind, a.attname, l.collname FROM pg_attribute a "
        "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation l ON l.oid = a.attcollation "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
    )
    indexes = session.all(
        "SELECT c.relname, l.collname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN unnest(i.indcollation) AS u(oid) "
        "JOIN pg_collation l ON l.oid = u.oid WHERE n.nspname = current_schema()"
    )
    session.close()
    await store.close()
    assert {("contract", "number"), ("contract", "works_name")} <= {(row[0], row[2]) for row in columns}
    assert [row for row in columns if row[3] != "C"] == []
    assert "contract_list_desk_id_works_name" in {row[0] for row in indexes}
    assert [row for row in indexes if row[1] != "C"] == []


async def test_migrating_again_changes_nothing(store: SqlStore, database: Database) -> None:
    await store.close()
    assert migrate_store(database.location) == (CURRENT, CURRENT)


@pytest.mark.parametrize(
    ("version", "advice"), [(CURRENT + 1, "update the server"), (CURRENT - 1, "migrate")]
)
async def test_tables_of_another_version_are_left_alone(
    store: SqlStore, database: Database, clock: ManualClock, version: int, advice: str
) -> None:
    await store.close()
    database.spoiled = True
    database.execute("DELETE FROM schema_version")
    database.execute("INSERT INTO schema_version (version, time) VALUES (?, 0)", version)
    with pytest.raises(StoreOpenError, match=advice):
        open_store(database.location, clock=clock, ids=CountingIds())
    if version > CURRENT:
        with pytest.raises(StoreOpenError, match=advice):
            migrate_store(database.location)


# --- Files and durability ----------------------------------------------------------------------------------------


def modes_in(folder: Path) -> dict[str, int]:
    inside = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    return {".": stat.S_IMODE(folder.stat().st_mode), **inside}


async def test_files_are_their_owners_only_whatever_the_umask(sqlite: Database, clock: ManualClock) -> None:
    before = os.umask(0)
    try:
        store = open_store(sqlite.location, clock=clock, ids=CountingIds())
        await store.run(issues(1))
        modes = modes_in(Path(sqlite.location))
        await store.close()
    finally:
        os.umask(before)
    assert modes.pop(".") == 0o700
    assert {"tashika.db", "tashika.db-wal", "tashika.db-shm", "lock"} <= modes.keys()
    assert set(modes.values()) == {0o600}


async def test_files_that_were_opened_to_others_are_closed_at_the_start(
    sqlite: Database, clock: ManualClock
) -> None:
    await open_store(sqlite.location, clock=clock, ids=CountingIds()).close()
    folder = Path(sqlite.location)
    for path in (folder, folder / DATABASE_NAME, folder / "lock"):
        os.chmod(path, 0o777)
    await open_store(sqlite.location, clock=clock, ids=CountingIds()).close()
    assert modes_in(folder) == {".": 0o700, DATABASE_NAME: 0o600, "lock": 0o600}


async def test_a_database_that_left_its_write_ahead_log_does_not_open(
    sqlite: Database, clock: ManualClock
) -> None:
    await open_store(sqlite.location, clock=clock, ids=CountingIds()).close()
    path = Path(sqlite.location) / DATABASE_NAME
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    connection.close()
    with pytest.raises(StoreOpenError, match="journal_mode"):
        SqliteBackend(Path(sqlite.location)).verify()


async def test_every_connection_syncs_each_commit(sqlite: Database, clock: ManualClock) -> None:
    store = open_store(sqlite.location, clock=clock, ids=CountingIds())

    def pragmas(unit: Any, now: Any, ids: Any) -> Any:
        session = cast(Any, unit)._session
        return Done(
            [session.one(f"PRAGMA {each}")[0] for each in ("synchronous", "foreign_keys", "journal_mode")]
        )

    assert (await store.run(pragmas)).value == [2, 1, "wal"]
    await store.close()


async def test_postgresql_commits_wait_for_the_disk_whatever_the_databases_default(
    postgresql: Database,
) -> None:
    name = conninfo_to_dict(str(postgresql.location))["dbname"]
    postgresql.spoiled = True
    postgresql.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    backend = postgresql.backend()
    backend.verify()
    session = backend.connect()
    assert session.one("SHOW synchronous_commit") == ("on",)
    session.close()


def test_postgresql_answering_commit_with_rollback_is_told(postgresql: Database) -> None:
    session = postgresql.session()
    session.begin(write=True)
    with pytest.raises(ConstraintError):
        session.do("INSERT INTO head SELECT * FROM head")
    with pytest.raises(CommitUnknownError):
        session.commit()
    session.close()


async def test_a_url_with_a_password_never_shows_in_an_error() -> None:
    backend = backend_at("postgresql://tashika:hidden-word@127.0.0.1:1/register")
    with pytest.raises(StoreFaultError) as failed:
        backend.connect()
    assert "hidden-word" not in f"{failed.value}{failed.value.__cause__}"
