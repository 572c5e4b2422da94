"""The data folder: private to its owner, and held by one process at a time."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from tashika_server.storage.errors import LockedError, StoreOpenError

FILE_MODE = 0o600
FOLDER_MODE = 0o700
LOCK_NAME = "lock"


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner enters, whatever the umask.

    An existing one that others may enter is refused (StoreOpenError) and left as it is: it may be somebody's.
    """
    try:
        path.mkdir(mode=FOLDER_MODE, parents=True)
        path.chmod(FOLDER_MODE)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise StoreOpenError(f"{path} can be entered by others; run: chmod 700 {path}") from None
    return path


def sync_folder(path: Path) -> None:
    """Make new names in a folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderLock:
    """The exclusive lock on a data folder, for the server and for every command that works offline.

    The kernel drops it when the process ends, however it ends, so a stale lock can't stay behind.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock at once. Raises LockedError where another process has it, OSError as the disk says."""
        private_folder(self._folder)
        handle = os.open(self._folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise LockedError(
                f"{self._folder} is in use by another tashika-server; stop it first, or name another folder"
            ) from None
        os.fchmod(handle, FILE_MODE)
        self._handle = handle

    def give_back(self) -> None:
        """Let the next one in."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> "FolderLock":
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()
