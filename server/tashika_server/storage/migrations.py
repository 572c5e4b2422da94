"""Versions of the tables. Each runs once, whole or not at all, in its own transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tashika_server.storage.backend import Backend
from tashika_server.storage.derived import fill_feed, fill_search, widen_search
from tashika_server.storage.errors import StoreOpenError
from tashika_server.storage.fees import fill_fees
from tashika_server.storage.lead_times import fill_milestones
from tashika_server.storage.schema import VERSION_1
from tashika_server.storage.schema_2 import VERSION_2
from tashika_server.storage.schema_3 import VERSION_3
from tashika_server.storage.schema_fees import VERSION_FEES
from tashika_server.storage.schema_handing_in import VERSION_HANDING_IN
from tashika_server.storage.schema_key_mail import KEY_MAIL
from tashika_server.storage.schema_ssh_keys import SSH_KEYS
from tashika_server.storage.session import Session

_VERSION_TABLE: Final = (
    "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, time INTEGER NOT NULL)"
)


@dataclass(frozen=True)
class Migration:
    """One version: its statements, and then what fills new tables from what was kept before."""

    statements: tuple[str, ...]
    fills: tuple[Callable[[Session], None], ...] = ()


MIGRATIONS: Final = (
    Migration(VERSION_1),
    Migration(VERSION_2, (fill_search, fill_feed)),
    Migration(VERSION_3),
    Migration(SSH_KEYS),
    Migration(VERSION_HANDING_IN, (fill_milestones,)),
    Migration(VERSION_FEES, (fill_fees,)),
    Migration(KEY_MAIL),
    # No other tables, but more in one of them.
    Migration((), (widen_search,)),
)
"""Version 1, 2, ...; the statements of a version that was released never change."""

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
        migration = MIGRATIONS[version - 1]
        for statement in (*first, *migration.statements):
            session.do(backend.ddl(statement))
        for statement in guards:
            session.do(statement)
        for fill in migration.fills:
            fill(session)
        session.do(
            backend.dialect.text("INSERT INTO schema_version (version, time) VALUES (?, ?)"), version, time_us
        )
        session.commit()
    except BaseException:
        session.rollback()
        raise
