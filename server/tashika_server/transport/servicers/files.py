"""Files over the wire: a header first, then chunks of at most 64 KiB."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

from tashika.v1.file_pb2 import FileHeader

CHUNK_BYTES = 64 * 1024
"""Small enough to interleave with other calls on one connection."""

PDF = "application/pdf"


def pdf_header(name: str, size_bytes: int, sha256: str) -> FileHeader:
    """Give the header of a PDF."""
    return FileHeader(name=name, media_type=PDF, size_bytes=size_bytes, sha256=sha256)


async def send(response: type[Any], header: FileHeader, chunks: AsyncIterator[bytes]) -> AsyncIterator[Any]:
    """Yield the responses (of a type with the parts ``header`` and ``chunk``) that carry a file."""
    yield response(header=header)
    async for chunk in chunks:
        yield response(chunk=chunk)


async def send_bytes(response: type[Any], name: str, data: bytes) -> AsyncIterator[Any]:
    """Yield the responses that carry a PDF held in memory."""
    yield response(header=pdf_header(name, len(data), hashlib.sha256(data).hexdigest()))
    for start in range(0, len(data), CHUNK_BYTES):
        yield response(chunk=data[start : start + CHUNK_BYTES])
