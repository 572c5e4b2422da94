"""An online backup: the database first, the blobs after it, never the keys.

In this order every row of the copy finds its blob, since a blob is on the disk before its row; blobs that came
later are in the copy without a row and are never authentic. Keys are kept apart, so that a backup that gets lost
opens nothing.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from tashika_server.storage.blobs import FolderBlobs
from tashika_server.storage.errors import StorageError
from tashika_server.storage.folder import FILE_MODE, private_folder, sync_folder
from tashika_server.storage.sqlite import DATABASE_NAME, SqliteBackend

BLOBS_NAME = "blobs"


class BackupError(StorageError):
    """A backup can't be made; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was copied: the database's bytes, and the blobs that the target did not have yet."""

    database_bytes: int
    blobs_copied: int
    blobs_kept: int


def backup(data_folder: Path, target: Path) -> BackupReport:
    """Copy a SQLite register to another folder while its server runs; a second run adds only new blobs.

    PostgreSQL is backed up with its own tools first (pg_dump), then ``backup_blobs``. Raises BackupError, and
    LookupError or ValueError where a blob of the source is missing or damaged.
    """
    source = data_folder / DATABASE_NAME
    if not source.is_file():
        raise BackupError(
            f"{data_folder} holds no SQLite register; with PostgreSQL use pg_dump, then the blobs"
        )
    if target.resolve() == data_folder.resolve():
        raise BackupError("the backup needs a folder of its own")
    private_folder(target)
    size = _database(data_folder, target)
    copied, kept = backup_blobs(data_folder / BLOBS_NAME, target / BLOBS_NAME)
    return BackupReport(size, copied, kept)


def _database(data_folder: Path, target: Path) -> int:
    """Copy under another name and rename: the last good copy stays until the new one is whole."""
    part = target / (DATABASE_NAME + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
    try:
        part.chmod(FILE_MODE)
        SqliteBackend(data_folder).backup_to(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        # What an earlier copy's own log holds must not be played into the new file.
        for suffix in ("-wal", "-shm"):
            (target / (DATABASE_NAME + suffix)).unlink(missing_ok=True)
        part.replace(target / DATABASE_NAME)
    finally:
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
    sync_folder(target)
    return (target / DATABASE_NAME).stat().st_size


def backup_blobs(source: Path, target: Path) -> tuple[int, int]:
    """Copy the blobs that the target lacks, each verified; answers how many were copied and how many were there."""
    blobs, copy = FolderBlobs(source), FolderBlobs(target)
    there = set(copy.digests())
    copied = kept = 0
    for digest in blobs.digests():
        if digest in there:
            kept += 1
            continue
        copy.write(blobs.read(digest))
        copied += 1
    return copied, kept
