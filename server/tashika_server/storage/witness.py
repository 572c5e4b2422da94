"""The last checkpoint, kept as a file beside the store: an older store put back no longer fits it."""

import os
from pathlib import Path


class FileWitness:
    """Port ``Witness``: one small file, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self) -> str | None:
        """Give the last checkpoint that was kept."""
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def keep(self, note: str) -> None:
        """Keep a checkpoint: written aside, fsynced, renamed, so that a crash leaves the old one or the new one."""
        aside = self._path.with_name(f"{self._path.name}.new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
