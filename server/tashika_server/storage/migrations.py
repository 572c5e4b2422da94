"""Versions of the tables. Each runs once, whole or not at all, in its own transaction."""

from typing import Final

from tashika_server.storage.backend import Backend
from tashika_server.storage.errors import StoreOpenError
from tashika_server.storage.schema import VERSION_1
from tashika_server.storage.session import Session

_VERSION_TABLE: Final = (
    "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, time INTEGER NOT NULL)"
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (VERSION_1,)
"""The statements of version 1, 2, ...; a version that was released never changes."""

CURRENT: Final = len(MIGRATIONS)


def version_of(backend: Backend, session: Session) -> int:
    """The version of the tables, 0 where there are none."""
    if "schema_version" not in backend.table_names(session):
        return 0
    row = session.one("SELECT max(version) FROM schema_version")
    return int(row[0]) if row is not None and row[0] is not None else 0


def migrate(backend: Backend, time_us: int) -> tuple[int, int]:
    """Bring the tables to the current version; answers the version before and after. The lock must be held.

    Raises StoreOpenError for tables of a newer server.
    """
    backend.prepare()
    session = backend.connect()
    try:
        before = version_of(backend, session)
        if before > CURRENT:
            raise StoreOpenError(
                f"the tables have version {before}, this server knows {CURRENT}; update the server"
            )
        for version in range(before + 1, CURRENT + 1):
            _apply(backend, session, version, time_us)
    finally:
        session.close()
    return before, CURRENT


def _apply(backend: Backend, session: Session, version: int, time_us: int) -> None:
    session.begin(write=True)
    try:
        first = (_VERSION_TABLE,) if version == 1 else ()
        guards = backend.guards() if version == 1 else ()
        for statement in (*first, *MIGRATIONS[version - 1]):
            session.do(backend.ddl(statement))
        for statement in guards:
            session.do(statement)
        session.do(
            backend.dialect.text("INSERT INTO schema_version (version, time) VALUES (?, ?)"), version, time_us
        )
        session.commit()
    except BaseException:
        session.rollback()
        raise
