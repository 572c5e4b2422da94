"""SQLite: one file in the data folder, one process, write-ahead log, every commit synced to the disk."""

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from peewee import Database, SqliteDatabase

from tashika_server.storage.errors import ConstraintError, StoreFaultError, StoreOpenError
from tashika_server.storage.folder import FILE_MODE, FolderLock
from tashika_server.storage.schema import APPEND_ONLY
from tashika_server.storage.session import Connection, Dialect, Failure, Session, Value

DATABASE_NAME = "tashika.db"
# STRICT tables came with 3.37, and keep a text out of a number's column as PostgreSQL does.
MINIMUM_VERSION = (3, 37, 0)
# Another connection of this process holds the write lock for the length of a checkpoint or a backup step only.
BUSY_SECONDS = 5.0
# Bytes 18 and 19 of the file are 2 where the write-ahead log is on.
_WAL_MARK = b"\x02\x02"


class SqliteDialect:
    """SQLite's ways."""

    name = "sqlite"
    driver_errors: tuple[type[Exception], ...] = (sqlite3.Error, sqlite3.Warning)
    begin_write = "BEGIN IMMEDIATE"
    begin_read = "BEGIN"
    lock = ""
    position = "INSTR"
    listed = "SELECT value AS id FROM json_each(?)"

    def __init__(self) -> None:
        self.compiler: Database = SqliteDatabase(None)

    def text(self, sql: str) -> str:
        """SQLite speaks the neutral spelling."""
        return sql

    def failure(self, error: Exception) -> Failure:
        """Constraint errors leave the transaction as it is; anything else may have undone it."""
        name = str(getattr(error, "sqlite_errorname", type(error).__name__))
        if isinstance(error, sqlite3.IntegrityError):
            # "UNIQUE constraint failed: person.login_name": names of columns, never values
            unique = name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
            return ConstraintError(name, str(error).rpartition(".")[2] if unique else "")
        return StoreFaultError(name)

    def in_transaction(self, connection: Connection) -> bool:
        """Ask SQLite itself: a full disk ends a transaction without a word."""
        return cast(sqlite3.Connection, connection).in_transaction

    def many(self, connection: Connection, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Execute for each row."""
        cast(sqlite3.Connection, connection).executemany(sql, rows)

    def commit(self, connection: Connection) -> None:
        """COMMIT; SQLite raises where it did not."""
        connection.execute("COMMIT")

    def in_list(self, column: str) -> str:
        """One parameter for any number of values keeps the text of the statement the same."""
        return f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608

    def list_parameter(self, values: Sequence[str | bytes]) -> object:
        """A JSON array; digests don't pass through JSON, so they are looked up one by one."""
        return json.dumps(list(cast(Sequence[str], values)))


class SqliteBackend:
    """The database file of a data folder, under the folder's lock."""

    def __init__(self, folder: Path) -> None:
        self.dialect: Dialect = SqliteDialect()
        self.path = folder / DATABASE_NAME
        self._lock = FolderLock(folder)

    def lock(self) -> None:
        """Take the folder. Raises LockedError."""
        self._lock.take()

    def unlock(self) -> None:
        """Give the folder back."""
        self._lock.give_back()

    def keep_lock(self) -> None:
        """The lock is the kernel's, for as long as the process has the file open."""

    def prepare(self) -> None:
        """Make the file, for its owner only, and switch it to the write-ahead log."""
        if sqlite3.sqlite_version_info < MINIMUM_VERSION:
            raise StoreOpenError(f"SQLite {sqlite3.sqlite_version} is too old; 3.37 or newer is needed")
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            os.fchmod(handle, FILE_MODE)
        finally:
            os.close(handle)
        connection = self._open()
        try:
            # A switch that fails says so only in the row that it answers with.
            row = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.Error as error:
            raise StoreOpenError(f"the database can't be switched to its write-ahead log: {error}") from error
        finally:
            connection.close()
        if row != ("wal",):
            raise StoreOpenError(
                f"the database stays in journal mode {row}; is its folder on a network disk?"
            )

    def verify(self) -> None:
        """See on a fresh connection, and in the file, that commits are durable. Raises StoreOpenError."""
        with self.path.open("rb") as file:
            head = file.read(20)
        connection = self._open()
        try:
            found = tuple(
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys")
            )
        finally:
            connection.close()
        if head[18:20] != _WAL_MARK or found != ("wal", 2, 1):
            raise StoreOpenError(f"journal_mode, synchronous and foreign_keys are {found}, not wal, 2 and 1")

    def connect(self, *, read_only: bool = False) -> Session:
        """Open a connection for one thread at a time."""
        connection = self._open()
        if read_only:
            connection.execute("PRAGMA query_only = 1").fetchall()
        return Session(cast(Connection, connection), self.dialect)

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self.path,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=512,
            )
        except sqlite3.Error as error:
            raise StoreFaultError(str(self.dialect.failure(error))) from error
        try:
            for pragma in (
                "synchronous = FULL",
                "foreign_keys = 1",
                "trusted_schema = 0",
                "cell_size_check = 1",
                # The journal of a savepoint would spill into /var/tmp, which may be full while the data folder is not.
                "temp_store = MEMORY",
            ):
                connection.execute("PRAGMA " + pragma).fetchall()
        except sqlite3.Error as error:
            connection.close()
            raise StoreFaultError(str(self.dialect.failure(error))) from error
        return connection

    def ddl(self, statement: str) -> str:
        """The neutral spelling is SQLite's own but for STRICT, and tables in the order of their key."""
        statement = statement.replace("{empty}", "x''")
        if statement.endswith("{clustered}"):
            return statement.removesuffix("{clustered}") + " STRICT, WITHOUT ROWID"
        return statement + " STRICT" if statement.startswith("CREATE TABLE") else statement

    def guards(self) -> tuple[str, ...]:
        """Triggers that refuse to change evidence."""
        made: list[str] = []
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                made.append(
                    f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return tuple(made)

    def table_names(self, session: Session) -> set[str]:
        """The tables that are there."""
        rows = session.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {str(row[0]) for row in rows}

    def backup_to(self, target: Path) -> None:
        """Copy the database page by page while it is written to (SQLite's online backup)."""
        source = self._open()
        copy: Any = sqlite3.connect(target)
        try:
            # Each step holds a read lock only; the copy begins anew where a writer was faster, and ends whole.
            source.backup(copy, pages=1000, sleep=0.005)
        finally:
            copy.close()
            source.close()
