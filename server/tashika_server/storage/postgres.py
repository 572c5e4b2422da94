"""PostgreSQL: for now one server process too, held by an advisory lock on a connection of its own."""

import contextlib
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any, cast

import psycopg
from peewee import Database, PostgresqlDatabase
from psycopg.pq import TransactionStatus

from tashika_server.storage.errors import ConstraintError, LockedError, StoreFaultError, StoreOpenError
from tashika_server.storage.schema import APPEND_ONLY
from tashika_server.storage.session import Connection, Dialect, Failure, Session, Value

# "tashika" as a number; advisory locks are per database, so two registers in one cluster don't meet.
LOCK_KEY = 0x7461736869_6B61 % 2**62
CONNECT_SECONDS = 10
# A server that was killed a moment ago keeps its lock until PostgreSQL has noticed.
LOCK_TRIES = 5
LOCK_PAUSE_SECONDS = 0.1
# The one writer meets no other; a lock that takes longer is held by a person's own session and is refused.
# A commit is acknowledged when it is on the disk, whatever the database's own default says.
_OPTIONS = "-c lock_timeout=10s -c synchronous_commit=on"
# The states in which a transaction conflicted with another and is simply run again.
_AGAIN = ("40001", "40P01")
_UNIQUE = "23505"
_CONSTRAINT_CLASS = "23"


class PostgresDialect:
    """PostgreSQL's ways."""

    name = "postgresql"
    driver_errors: tuple[type[Exception], ...] = (psycopg.Error,)
    begin_write = "BEGIN"
    begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    lock = " FOR UPDATE"
    position = "STRPOS"
    listed = "SELECT unnest(?::text[]) AS id"

    def __init__(self) -> None:
        self.compiler: Database = PostgresqlDatabase(None)

    def text(self, sql: str) -> str:
        """psycopg's placeholders; no statement of ours has a question mark or a percent sign of its own."""
        return sql.replace("?", "%s")

    def failure(self, error: Exception) -> Failure:
        """Name the class and the SQLSTATE; the server's text may quote values."""
        state = str(getattr(error, "sqlstate", None) or "")
        what = f"{type(error).__name__} {state}".strip()
        if state.startswith(_CONSTRAINT_CLASS):
            return ConstraintError(what, self._column(error) if state == _UNIQUE else "")
        return StoreFaultError(what, again=state in _AGAIN)

    @staticmethod
    def _column(error: Exception) -> str:
        """Our unique indexes are named table_column; a primary key is the id."""
        diagnostics = cast(psycopg.Error, error).diag
        table, name = diagnostics.table_name or "", diagnostics.constraint_name or ""
        return "id" if name.endswith("_pkey") else name.removeprefix(table + "_")

    def in_transaction(self, connection: Connection) -> bool:
        """A failed statement leaves a transaction open that can only be undone: that does not count."""
        return cast(psycopg.Connection[Any], connection).info.transaction_status == TransactionStatus.INTRANS

    def many(self, connection: Connection, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Execute for each row, in one pipeline."""
        with cast(psycopg.Connection[Any], connection).cursor() as cursor:
            cursor.executemany(cast(Any, sql), rows)

    def commit(self, connection: Connection) -> None:
        """COMMIT. On a transaction that failed PostgreSQL answers ROLLBACK, and no error."""
        answer = connection.execute("COMMIT").statusmessage
        if answer != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction("the transaction was rolled back")

    def in_list(self, column: str) -> str:
        """One array parameter."""
        return column + " = ANY(?)"

    def list_parameter(self, values: Sequence[str | bytes]) -> object:
        """An array."""
        return list(values)


class PostgresBackend:
    """A database reached by URL. The URL may hold a password and never shows in an error."""

    def __init__(self, url: str) -> None:
        self.dialect: Dialect = PostgresDialect()
        self._url = url
        self._holder: psycopg.Connection[Any] | None = None
        self._guard = threading.Lock()

    def lock(self) -> None:
        """Hold the advisory lock. Raises LockedError, StoreFaultError."""
        with self._guard:
            self._take()

    def _take(self) -> None:
        holder = self._open()
        for _ in range(LOCK_TRIES):
            if holder.execute("SELECT pg_try_advisory_lock(%s)", (LOCK_KEY,)).fetchone() == (True,):
                self._holder = holder
                return
            time.sleep(LOCK_PAUSE_SECONDS)
        holder.close()
        raise LockedError("this database is in use by another tashika-server; stop it first")

    def unlock(self) -> None:
        """Give the lock back."""
        with self._guard:
            if self._holder is not None:
                # Closing alone would leave the lock until the server has noticed.
                with contextlib.suppress(psycopg.Error):
                    self._holder.execute("SELECT pg_advisory_unlock(%s)", (LOCK_KEY,))
                self._holder.close()
                self._holder = None

    def keep_lock(self) -> None:
        """Look whether the lock's connection still lives, else take the lock again. Raises LockedError."""
        with self._guard:
            try:
                if self._holder is not None:
                    self._holder.execute("SELECT 1")
                    return
            except psycopg.Error:
                if self._holder is not None:
                    self._holder.close()
                self._holder = None
            self._take()

    def prepare(self) -> None:
        """Japanese text needs UTF-8."""
        connection = self._open()
        try:
            row = connection.execute("SHOW server_encoding").fetchone()
        finally:
            connection.close()
        if row != ("UTF8",):
            raise StoreOpenError(f"the database's encoding is {row}; create it with ENCODING 'UTF8'")

    def verify(self) -> None:
        """See on a fresh connection that a commit waits for the disk. Raises StoreOpenError."""
        connection = self._open()
        try:
            names = ("synchronous_commit", "fsync", "full_page_writes")
            found = tuple(
                (connection.execute(cast(Any, "SHOW " + name)).fetchone() or ("",))[0] for name in names
            )
        finally:
            connection.close()
        if found != ("on", "on", "on"):
            raise StoreOpenError(
                f"synchronous_commit, fsync and full_page_writes are {found}; all must be on"
            )

    def connect(self, *, read_only: bool = False) -> Session:
        """Open a connection. Raises StoreFaultError."""
        return Session(cast(Connection, self._open()), self.dialect)

    def _open(self) -> psycopg.Connection[Any]:
        try:
            connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                client_encoding="UTF8",
                options=_OPTIONS,
            )
        except psycopg.Error as error:
            # "from None": libpq's text quotes the URL's parts
            raise StoreFaultError(f"no connection to PostgreSQL ({type(error).__name__})") from None
        return connection

    def ddl(self, statement: str) -> str:
        """Keys and sort columns compare by code point, as in SQLite, whatever the database's language."""
        if statement.startswith(("CREATE TABLE", "ALTER TABLE")):
            statement = statement.replace(" TEXT", ' TEXT COLLATE "C"')
            statement = statement.replace(" INTEGER", " BIGINT").replace(" BLOB", " BYTEA")
        # PostgreSQL's tables are heaps beside their key.
        return statement.replace("{empty}", "''::bytea").removesuffix("{clustered}")

    def guards(self) -> tuple[str, ...]:
        """Triggers that refuse to change evidence, TRUNCATE included."""
        refuse = (
            "CREATE FUNCTION tashika_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001'; END $$"
        )
        return (
            refuse,
            *(
                f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION tashika_refuse()"
                for table in APPEND_ONLY
            ),
        )

    def table_names(self, session: Session) -> set[str]:
        """The tables that are there."""
        rows = session.all("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return {str(row[0]) for row in rows}
