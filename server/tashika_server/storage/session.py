"""One connection to the database, and what the two stores do differently: the only seam between them."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeAlias

from peewee import Database

from tashika_server.storage.errors import CommitUnknownError, ConstraintError, StoreFaultError

Value: TypeAlias = "str | int | bytes | None"
Row: TypeAlias = tuple[Any, ...]
Failure: TypeAlias = "ConstraintError | StoreFaultError"


class Cursor(Protocol):
    """What both drivers' cursors have."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """What both drivers' connections have."""

    def execute(self, sql: Any, parameters: Any = ..., /) -> Any: ...
    def close(self) -> None: ...


class Dialect(Protocol):
    """What differs between the stores.

    ``compiler`` is a peewee database that never connects and only spells SQL. ``begin_write`` and ``begin_read``
    open transactions; ``lock`` is what a SELECT ends with so that its rows stay as they are until COMMIT;
    ``position`` is the function that tells where a text begins within another (0: it does not); ``listed`` selects the
    values of one parameter (see ``list_parameter``) as ``id``.
    """

    name: str
    compiler: Database
    driver_errors: tuple[type[Exception], ...]
    begin_write: str
    begin_read: str
    lock: str
    position: str
    listed: str

    def text(self, sql: str) -> str:
        """Turn the neutral spelling (``?`` for a parameter) into the driver's."""
        ...

    def failure(self, error: Exception) -> Failure:
        """Say in our words what a driver's error was."""
        ...

    def in_transaction(self, connection: Connection) -> bool:
        """Say whether a transaction is open and sound."""
        ...

    def many(self, connection: Connection, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Execute one statement for each row."""
        ...

    def commit(self, connection: Connection) -> None:
        """COMMIT, and raise where the database answered anything but "committed"."""
        ...

    def in_list(self, column: str) -> str:
        """A condition that a column is among the values of one parameter (see ``list_parameter``)."""
        ...

    def list_parameter(self, values: Sequence[str | bytes]) -> object:
        """The one parameter for ``in_list``."""
        ...


class Session:
    """One connection with our errors.

    After an error that makes the transaction worthless every further statement is refused, so that code which
    swallows an error can't go on in what has become another transaction (or none).
    """

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect = dialect
        self.failure: Failure | None = None

    def _run(self, sql: str, parameters: Sequence[object]) -> Any:
        if self.failure is not None:
            raise self.failure
        try:
            # without parameters a percent sign is nothing special to psycopg
            return self.connection.execute(sql, parameters) if parameters else self.connection.execute(sql)
        except self.dialect.driver_errors as error:
            self.failure = self.dialect.failure(error)
            raise self.failure from error

    def one(self, sql: str, *parameters: object) -> Row | None:
        """The first row."""
        cursor = self._run(sql, parameters)
        try:
            row: Row | None = cursor.fetchone()
        except self.dialect.driver_errors as error:
            self.failure = self.dialect.failure(error)
            raise self.failure from error
        return row

    def all(self, sql: str, *parameters: object) -> list[Row]:
        """All rows."""
        cursor = self._run(sql, parameters)
        try:
            rows: list[Row] = cursor.fetchall()
        except self.dialect.driver_errors as error:
            self.failure = self.dialect.failure(error)
            raise self.failure from error
        return rows

    def do(self, sql: str, *parameters: object) -> int:
        """Execute and count the rows that it touched."""
        count: int = self._run(sql, parameters).rowcount
        return count

    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        """Execute once for each row."""
        if not rows:
            return
        if self.failure is not None:
            raise self.failure
        try:
            self.dialect.many(self.connection, sql, rows)
        except self.dialect.driver_errors as error:
            self.failure = self.dialect.failure(error)
            raise self.failure from error

    def begin(self, *, write: bool) -> None:
        """Open a transaction. Whatever failed before is over."""
        self.failure = None
        self._run(self.dialect.begin_write if write else self.dialect.begin_read, ())

    def commit(self) -> None:
        """End a transaction. Raises CommitUnknownError: whether it took place has to be looked up."""
        try:
            self.dialect.commit(self.connection)
        except self.dialect.driver_errors as error:
            failure = self.dialect.failure(error)
            certain = isinstance(failure, ConstraintError) or failure.again
            raise CommitUnknownError(str(failure), certain=certain) from error

    def rollback(self) -> bool:
        """Undo the transaction; False where even that fails and the connection is to be thrown away."""
        try:
            if self.dialect.in_transaction(self.connection) or self.dialect.name == "postgresql":
                self.connection.execute("ROLLBACK")
        except self.dialect.driver_errors:
            return False
        self.failure = None
        return True

    def rollback_to(self, savepoint: str) -> None:
        """Undo what came after a savepoint, and a constraint error with it."""
        if isinstance(self.failure, ConstraintError):
            self.failure = None
        self._run("ROLLBACK TO SAVEPOINT " + savepoint, ())
        self._run("RELEASE SAVEPOINT " + savepoint, ())

    @property
    def sound(self) -> bool:
        """Whether the transaction is open and every statement in it succeeded."""
        return self.failure is None and self.dialect.in_transaction(self.connection)

    def close(self) -> None:
        """Close the connection, whatever its state."""
        try:
            self.connection.close()
        except self.dialect.driver_errors:
            return
