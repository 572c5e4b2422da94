"""A look at the outbox beside a server that may be running: it reads, and takes no lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tashika_server.application.ports import MailRow
from tashika_server.domain.mailing import MailState
from tashika_server.storage.backend import backend_at
from tashika_server.storage.errors import StoreOpenError
from tashika_server.storage.key_mails import KeyMailReader
from tashika_server.storage.migrations import CURRENT, version_of
from tashika_server.storage.outbox import OutboxReader
from tashika_server.storage.sqlite import DATABASE_NAME


@dataclass(frozen=True, slots=True)
class OutboxLook:
    """How many mails wait or were given up, and the first of each."""

    counts: Mapping[MailState, int]
    rows: Sequence[MailRow]


def look_at_outbox(location: str | Path, states: Sequence[MailState], limit: int) -> OutboxLook:
    """Read the outbox of a store. Raises StoreOpenError, StoreFaultError."""
    if isinstance(location, Path) and not (location / DATABASE_NAME).is_file():
        raise StoreOpenError(f"{location} holds no register")
    backend = backend_at(location)
    session = backend.connect(read_only=True)
    try:
        if version_of(backend, session) != CURRENT:
            raise StoreOpenError(f"the tables don't have version {CURRENT}; run: tashika-server migrate")
        session.begin(write=False)
        readers = (KeyMailReader(session), OutboxReader(session))
        rows = [row for state in states for reader in readers for row in reader.rows(state, limit)]
        counts = [reader.counts() for reader in readers]
        found = OutboxLook({state: sum(each[state] for each in counts) for state in counts[0]}, rows)
        session.rollback()
        return found
    finally:
        session.close()
