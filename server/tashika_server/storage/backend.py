"""What a store is to the rest of this package: connections, a lock, and the tables' spelling."""

from pathlib import Path
from typing import Protocol

from tashika_server.storage.postgres import PostgresBackend
from tashika_server.storage.session import Dialect, Session
from tashika_server.storage.sqlite import SqliteBackend

POSTGRES_SCHEMES = ("postgresql://", "postgres://")


class Backend(Protocol):
    """A database that this process holds alone."""

    dialect: Dialect

    def lock(self) -> None:
        """Keep every other server out. Raises LockedError."""
        ...

    def unlock(self) -> None:
        """Let others in."""
        ...

    def keep_lock(self) -> None:
        """Take the lock anew where its connection was lost. Raises LockedError where another one has it."""
        ...

    def prepare(self) -> None:
        """Make the database ready for tables."""
        ...

    def verify(self) -> None:
        """See that what was acknowledged will be durable. Raises StoreOpenError."""
        ...

    def connect(self, *, read_only: bool = False) -> Session:
        """Open a connection for one thread at a time. Raises StoreFaultError where the database is away."""
        ...

    def ddl(self, statement: str) -> str:
        """Spell a statement of the migrations."""
        ...

    def guards(self) -> tuple[str, ...]:
        """The triggers that refuse to change evidence."""
        ...

    def table_names(self, session: Session) -> set[str]:
        """The tables that are there."""
        ...


def backend_at(location: str | Path) -> Backend:
    """The backend of a PostgreSQL URL, or of a data folder."""
    if isinstance(location, str) and location.startswith(POSTGRES_SCHEMES):
        return PostgresBackend(location)
    return SqliteBackend(Path(location))
