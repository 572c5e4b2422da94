"""Saving of documents: whole or not at all, for the owner's eyes, never over something else unasked."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from tashika_tui.problems import LocalError

# A certificate shows an account number and a key notice a key: nobody else on this computer reads them.
FILE_MODE = 0o600


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raises LocalError if a file could not be saved at `path`, so that nothing is asked or fetched in vain."""
    if path.is_dir():
        raise LocalError("problem.file_is_folder", path=path)
    if not path.parent.is_dir():
        raise LocalError("problem.file_no_folder", path=path.parent)
    if os.path.lexists(path) and not overwrite:
        raise LocalError("problem.file_exists", path=path)


def save(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Writes `data` to `path` with mode 0600, by way of a file beside it that is renamed when it is durable.

    A file that stands there is replaced only with `overwrite`; a link is replaced, not followed. Raises
    LocalError.
    """
    check_target(path, overwrite=overwrite)
    try:
        with _temporary(path) as beside:
            _write(beside, data)
            if overwrite:
                beside.replace(path)
            else:
                _put(beside, path)
        _sync_folder(path.parent)
    except FileExistsError:
        raise LocalError("problem.file_exists", path=path) from None
    except OSError as error:
        raise LocalError("problem.file_write", path=path, cause=error.strerror or "") from None


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    # Not the file's own name with something added: that could be too long.
    beside = path.with_name(f".tashika-{secrets.token_hex(8)}")
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with open(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _put(beside: Path, path: Path) -> None:
    """Gives the file its name unless that is taken, even by somebody in this very moment."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no hard links; there the check before stands alone.
        beside.rename(path)


def _sync_folder(folder: Path) -> None:
    # Without it the new name may be lost with the power; where folders can't be opened it is not possible.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
