"""Rendering and signing, and the bytes that came of it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tashika_server.domain.advance import AdvanceTerms
from tashika_server.domain.handing_in import HandInAdvice
from tashika_server.domain.model import Certificate, Contract, Organization
from tashika_server.domain.monthly import FeeStatement


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A rendered and signed certificate.

    ``sha256`` of the file and ``signer_sha256`` of the signing certificate in DER are lower-case hexadecimal;
    ``chain`` is in PEM, the signing certificate first.
    """

    pdf: bytes
    sha256: str
    statement_signature: bytes
    signature_algorithm: str
    signer_sha256: str
    chain: tuple[str, ...]
    demo: bool


class Documents(Protocol):
    """Rendering and signing, outside every transaction."""

    def has_signer(self, guarantor_id: str) -> bool:
        """Say whether this guarantor can sign here."""
        ...

    def missing_glyphs(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """Give, by field, the first character that no font has."""
        ...

    async def issue(self, envelope: bytes, guarantor_id: str, signing_time: datetime) -> IssuedDocument:
        """Render the certificate of a statement and sign both.

        Raises ``RefusedError`` with RENDERING_UNAVAILABLE, SIGNER_MISSING or GLYPH_MISSING.
        """
        ...

    async def key_notice(
        self, certificate: Certificate, contract: Contract, key: str, advice: HandInAdvice, day_iso: str
    ) -> bytes:
        """Render the key notice (認証キーのお知らせ) of a version; unsigned, never stored."""
        ...

    async def fee_sheet(
        self, contract: Contract, guarantor: Organization, orderer_name: str, day: date
    ) -> bytes:
        """Render the fee sheet (保証料計算書) of a contract as it stands; never stored.

        Raises ``RefusedError`` with RENDERING_UNAVAILABLE or GLYPH_MISSING, as those below.
        """
        ...

    async def fee_statement(
        self, statement: FeeStatement, guarantor: Organization, contractor: Organization, day: date
    ) -> bytes:
        """Render the statement of a month (一括納付明細書); never stored."""
        ...

    async def advance_request(
        self, contract: Contract, guarantor: Organization, said: AdvanceTerms, day: date, copy: bool
    ) -> bytes:
        """Render the request for the advance (前払金請求書), or a copy (控え) of it; never stored."""
        ...


class Blobs(Protocol):
    """Bytes by their SHA-256 (lower-case hexadecimal)."""

    async def put(self, data: bytes) -> str:
        """Keep bytes durably (fsynced, folder too) and give their digest."""
        ...

    async def get(self, sha256: str) -> bytes:
        """Give the bytes; raises ``LookupError`` where they are missing and ``ValueError`` where they changed."""
        ...

    def stream(self, sha256: str, chunk_bytes: int) -> AsyncIterator[bytes]:
        """Give the bytes in pieces."""
        ...
