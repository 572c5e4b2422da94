"""The check of a whole register, offline: every record, its history, the audit trail, the log and the files."""

from collections.abc import Iterator
from pathlib import Path

from tashika_server.storage.backend import Backend, backend_at
from tashika_server.storage.blobs import FolderBlobs
from tashika_server.storage.errors import StorageError, StoreOpenError
from tashika_server.storage.findings import Finding, Problem
from tashika_server.storage.fsck_derived import check_feed, check_search
from tashika_server.storage.fsck_evidence import (
    check_audit,
    check_checkpoint,
    check_history,
    check_kept_checkpoint,
    check_log,
)
from tashika_server.storage.fsck_notices import check_notices
from tashika_server.storage.fsck_records import check_counters, check_records, named_blobs
from tashika_server.storage.migrations import CURRENT, version_of
from tashika_server.storage.session import Session


def check_store(
    location: str | Path, blobs: FolderBlobs | None = None, kept: str | None = None
) -> list[Finding]:
    """Check the store in a data folder or behind a URL, and its blobs where given; an empty list is a sound store.

    ``kept`` is the checkpoint that is kept outside the store: a store that is older than it was put back.

    Reads everything once: minutes for a million certificates. Holds the store's lock meanwhile. Raises LockedError
    while a server runs, StoreOpenError for tables of another version.
    """
    backend = backend_at(location)
    backend.lock()
    try:
        return _with_connection(backend, blobs, kept)
    except StoreOpenError:
        raise
    except StorageError as error:
        return [Finding(Problem.DATABASE_DAMAGED, backend.dialect.name, str(error))]
    finally:
        backend.unlock()


def _with_connection(backend: Backend, blobs: FolderBlobs | None, kept: str | None) -> list[Finding]:
    session = backend.connect(read_only=True)
    try:
        if version_of(backend, session) != CURRENT:
            raise StoreOpenError(f"the tables don't have version {CURRENT}; run: tashika-server migrate")
        return list(_check(backend, session, blobs, kept))
    finally:
        session.close()


def _check(
    backend: Backend, session: Session, blobs: FolderBlobs | None, kept: str | None
) -> Iterator[Finding]:
    if backend.dialect.name == "sqlite":
        damage = list(_integrity(session))
        yield from damage
        if damage:
            return
        for row in session.all("PRAGMA foreign_key_check"):
            yield Finding(Problem.HALF_RECORD, f"{row[0]} {row[1]}", f"no {row[2]} of its own")
    session.begin(write=False)
    for check in (
        *(check_records, check_history, check_audit, check_log, check_checkpoint),
        *(check_counters, check_search, check_feed, check_notices),
    ):
        yield from check(session)
    if kept is not None:
        yield from check_kept_checkpoint(session, kept)
    if blobs is not None:
        yield from _files(session, blobs)
    session.rollback()


def _integrity(session: Session) -> Iterator[Finding]:
    """SQLite's own check of its pages and indexes; on damaged pages nothing else can be believed."""
    for row in session.all("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield Finding(Problem.DATABASE_DAMAGED, "integrity_check", str(row[0]))


def _files(session: Session, blobs: FolderBlobs) -> Iterator[Finding]:
    """Every file that a record names is there and is what was stored; what no record names is only told."""
    named: set[str] = set()
    for subject, digest in named_blobs(session):
        named.add(digest)
        try:
            blobs.read(digest)
        except LookupError:
            yield Finding(Problem.BLOB_MISSING, subject, digest)
        except ValueError:
            yield Finding(Problem.BLOB_DAMAGED, subject, digest)
    for digest in blobs.digests():
        if digest not in named:
            yield Finding(Problem.BLOB_WITHOUT_ROW, digest)
