"""Files, which travel as a header and then chunks."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Protocol

from tashika.v1 import contract_attaching_pb2 as attaching
from tashika.v1 import file_pb2
from tashika_tui.client import records
from tashika_tui.client.errors import BrokenAnswer
from tashika_tui.problems import LocalError

# The largest file that a register sends is an attachment of 20 MiB.
MAX_FILE_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 64 * 1024


class FilePart(Protocol):
    """One message of a stream that gives a file."""

    @property
    def header(self) -> file_pb2.FileHeader: ...
    @property
    def chunk(self) -> bytes: ...
    def WhichOneof(self, name: str, /) -> str | None: ...


class Receiver:
    """Puts a stream together. Every method raises BrokenAnswer for what can't be the announced file."""

    def __init__(self, progress: records.Progress | None = None) -> None:
        self._header: file_pb2.FileHeader | None = None
        self._content = bytearray()
        self._progress = progress

    def take(self, part: FilePart) -> None:
        """The next message."""
        if part.WhichOneof("part") == "header":
            if self._header is not None or not 0 < part.header.size_bytes <= MAX_FILE_BYTES:
                raise BrokenAnswer("a second header, or an impossible size")
            self._header = part.header
            return
        self._content += part.chunk
        if self._header is None or len(self._content) > self._header.size_bytes:
            raise BrokenAnswer("bytes before the header, or more than it announced")
        if self._progress is not None:
            self._progress(len(self._content), self._header.size_bytes)

    def file(self) -> records.File:
        """The whole file, after the last message."""
        header = self._header
        digest = hashlib.sha256(self._content).hexdigest()
        if header is None or len(self._content) != header.size_bytes or digest != header.sha256:
            raise BrokenAnswer("the file is not complete")
        return records.File(header.name, header.media_type, digest, bytes(self._content))


def read_source(source: Path | bytes, limit_bytes: int = MAX_FILE_BYTES) -> bytes:
    """The bytes to send. Of a file that is too large only as much is read as shows it. Raises LocalError."""
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as file:
            return file.read(limit_bytes + 1)
    except OSError as error:
        raise LocalError("problem.file_read", path=source, cause=error.strerror or "") from None


async def attaching_messages(
    header: attaching.AttachDocumentHeader, content: bytes, progress: records.Progress | None
) -> AsyncIterator[attaching.AttachDocumentRequest]:
    """The stream that attaches a file. Progress is told when a chunk is asked for after it: it was taken then."""
    yield attaching.AttachDocumentRequest(header=header)
    sent = 0
    for chunk in _chunks(content):
        yield attaching.AttachDocumentRequest(chunk=chunk)
        sent += len(chunk)
        if progress is not None:
            progress(sent, len(content))


def _chunks(content: bytes) -> Iterator[bytes]:
    view = memoryview(content)
    for start in range(0, len(view), CHUNK_BYTES):
        yield bytes(view[start : start + CHUNK_BYTES])
