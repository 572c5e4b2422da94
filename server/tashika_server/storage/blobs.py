"""Issued bytes in a folder, each under its SHA-256: written once, synced, never changed.

A blob without a row in the store is never authentic: it is what an issue that did not come to its end left behind.
"""

import asyncio
import hashlib
import logging
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.storage.folder import FILE_MODE, FOLDER_MODE, private_folder, sync_folder

LOGGER = logging.getLogger(__name__)

# An attachment is the largest thing kept, 20 MiB at most; anything larger here is a mistake in the caller.
MAX_BLOB_BYTES = 64 * 1024 * 1024
_DIGEST = re.compile("[0-9a-f]{64}")
_PART_SUFFIX = ".part"


class FolderBlobs:
    """The port ``Blobs`` in a folder of two levels (65,536 folders keep seven million names apart)."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder)

    async def put(self, data: bytes) -> str:
        """Keep bytes durably and give their digest.

        Raises ValueError above 64 MiB, RefusedError with STORE_UNAVAILABLE where the disk is full or fails.
        """
        if len(data) > MAX_BLOB_BYTES:
            raise ValueError(f"a blob has at most {MAX_BLOB_BYTES} bytes")
        try:
            return await asyncio.to_thread(self.write, data)
        except OSError as error:
            raise _unavailable(error) from error

    async def get(self, sha256: str) -> bytes:
        """Give the bytes.

        Raises LookupError where they are missing, ValueError where they changed, RefusedError with
        STORE_UNAVAILABLE where the disk fails.
        """
        try:
            return await asyncio.to_thread(self.read, sha256)
        except OSError as error:
            raise _unavailable(error) from error

    async def stream(self, sha256: str, chunk_bytes: int) -> AsyncIterator[bytes]:
        """Give the bytes in pieces, all of them verified before the first. Raises what ``get`` raises."""
        if chunk_bytes < 1:
            raise ValueError("a piece has at least one byte")
        data = await self.get(sha256)
        for start in range(0, len(data), chunk_bytes):
            yield data[start : start + chunk_bytes]

    def read(self, sha256: str) -> bytes:
        """What ``get`` does, for callers without an event loop; raises OSError as the disk says."""
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise LookupError(f"no blob {sha256}") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"the blob {sha256} is not what was stored")
        return data

    def write(self, data: bytes) -> str:
        """What ``put`` does, for callers without an event loop; raises OSError as the disk says."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        self._folders(path.parent)
        part = path.with_name(f"{sha256}.{secrets.token_hex(8)}{_PART_SUFFIX}")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
            with os.fdopen(handle, "wb") as file:
                os.fchmod(file.fileno(), FILE_MODE)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # The same bytes again replace themselves, which also mends a file that was damaged.
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(path.parent)
        return sha256

    def digests(self) -> Iterator[str]:
        """Every digest that has a file, in order."""
        for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def _path(self, sha256: str) -> Path:
        # Also what keeps a digest from being a way out of the folder.
        if not _DIGEST.fullmatch(sha256):
            raise LookupError("a blob's name is 64 lower-case hexadecimal digits")
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    def _folders(self, inner: Path) -> None:
        """Make both levels; a new name is durable only once the folder above it is synced."""
        for folder in (inner.parent, inner):
            try:
                folder.mkdir(mode=FOLDER_MODE)
            except FileExistsError:
                continue
            folder.chmod(FOLDER_MODE)
            sync_folder(folder.parent)


def _unavailable(error: OSError) -> RefusedError:
    LOGGER.warning("the folder of issued files failed: %s", error.strerror)
    return refuse(Reason.STORE_UNAVAILABLE)
