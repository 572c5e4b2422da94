"""What the clients know: each request_id is on the disk before it is sent, each answer as soon as it came."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tashika.v1 import certificate_service_pb2 as pb


@dataclass(frozen=True)
class Answer:
    """What an issue answered."""

    certificate_id: str
    contract_number: str
    version: int
    pdf_sha256: str
    envelope_hex: str
    leaf_index: int
    etag: str


@dataclass(frozen=True)
class Entry:
    """An issue that was asked for: with its answer, once there was one, and the key, once it was seen."""

    request_id: str
    contract_id: str
    answer: Answer | None = None
    key: str = ""


class Journal:
    """Entries by request_id, each change appended to a file and synced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[str, Entry] = {}
        self._grown = asyncio.Event()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries.values()))

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def answered(self) -> list[Entry]:
        """What was acknowledged."""
        return [entry for entry in self if entry.answer is not None]

    @property
    def unanswered(self) -> list[Entry]:
        """What was asked for, and nobody knows whether it was done."""
        return [entry for entry in self if entry.answer is None]

    async def reaches(self, count: int) -> None:
        """Wait until that many were acknowledged."""
        while len(self.answered) < count:
            self._grown.clear()
            await self._grown.wait()

    def asks(self, request_id: str, contract_id: str) -> Entry:
        """Note an issue that is about to be sent."""
        return self.keeps(Entry(request_id, contract_id))

    def answers(self, entry: Entry, response: pb.IssueCertificateResponse) -> Entry:
        """Note an acknowledgement."""
        return self.keeps(replace(entry, answer=answer_of(response)))

    def sees_key(self, entry: Entry, key: str) -> Entry:
        """Note the key that the contractor was shown."""
        return self.keeps(replace(entry, key=key))

    def keeps(self, entry: Entry) -> Entry:
        """Note an entry as it is now."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(entry)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._entries[entry.request_id] = entry
        self._grown.set()
        return entry


def answer_of(response: pb.IssueCertificateResponse) -> Answer:
    """What of an answer must come again, unchanged."""
    certificate = response.certificate
    return Answer(
        certificate_id=certificate.certificate_id,
        contract_number=certificate.contract_number,
        version=certificate.version,
        pdf_sha256=certificate.pdf_sha256,
        envelope_hex=certificate.envelope.hex(),
        leaf_index=certificate.leaf_index,
        etag=response.contract.etag,
    )
