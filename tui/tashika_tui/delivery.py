"""Saving of documents: whole or not at all, for the owner's eyes, never over something else unasked."""

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tashika_tui.problems import LocalError

# A certificate shows an account number and a key notice a key: nobody else on this computer reads them.
FILE_MODE = 0o600

# File systems take 255 bytes; a Japanese character has three in UTF-8.
_MAX_NAME_CHARACTERS = 80


class Delivery(Protocol):
    """How a document comes to the person who asked for it."""

    def command(self, get: Sequence[str]) -> str | None:
        """The command by which the person gets what the words of `get` name (`notice`, a number) on their own
        computer; None: this can save it by itself. Raises LocalError where there is neither.
        """

    def suggest(self, name: str) -> str | None:
        """Where a document of this name would go, for the person to change; None: there is nothing to choose."""

    def taken(self, where: str) -> bool:
        """Whether something stands there already."""

    def deliver(self, where: str, name: str, content: bytes, *, overwrite: bool) -> str:
        """Delivers, and gives where it is now, to be shown. Raises LocalError."""


@dataclass(frozen=True, slots=True)
class LocalDelivery:
    """Saves documents as files of this computer. `folder` is where they go unless somebody says otherwise."""

    folder: Path = Path()

    def command(self, get: Sequence[str]) -> str | None:
        """None is needed."""
        return None

    def suggest(self, name: str) -> str | None:
        """A file in the folder; only the last part of the name counts, whatever a server calls it."""
        return str(self.folder / safe_name(name))

    def taken(self, where: str) -> bool:
        """Whether there is a file, or anything else."""
        return os.path.lexists(self._place(where))

    def deliver(self, where: str, name: str, content: bytes, *, overwrite: bool) -> str:
        """Writes the file. A folder as `where` takes it under its own name; a place that is not said in full is
        one in the folder that was suggested, wherever the programme was started.
        """
        path = self._place(where)
        with _system_errors(path):
            if path.is_dir():
                path /= safe_name(name)
            save(path, content, overwrite=overwrite)
        return str(path)

    def _place(self, where: str) -> Path:
        return Path(os.path.abspath(self.folder / _as_path(where)))


def local_delivery(environment: Mapping[str, str]) -> LocalDelivery:
    """Saves where a browser would: XDG_DOWNLOAD_DIR, else a folder `Downloads` that exists, else at home."""
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    named = environment.get("XDG_DOWNLOAD_DIR") or ""
    if os.path.isabs(named):
        return LocalDelivery(Path(named))
    downloads = home / "Downloads"
    return LocalDelivery(downloads if downloads.is_dir() else home)


def safe_name(name: str) -> str:
    """The last part of a name from elsewhere, as a file's name that is shown as it is and is never hidden."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable() and char not in ':*?"<>|').strip(" .")
    return kept[-_MAX_NAME_CHARACTERS:] or "document"


def _as_path(where: str) -> Path:
    if "\0" in where:
        raise LocalError("problem.text")
    try:
        return Path(where.strip()).expanduser()
    except RuntimeError:
        return Path(where.strip())


@contextlib.contextmanager
def _system_errors(path: Path) -> Iterator[None]:
    """Whatever the system says of a path that can't be one, such as a name that is too long."""
    try:
        yield
    except OSError as error:
        raise LocalError("problem.file_write", path=path, cause=error.strerror or "") from None


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
