"""Verification of a certificate's PDF, offline with a trust folder or by asking the register."""

import asyncio
import datetime
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tashika_formats.checkpoint import LogKey, parse_vkey
from tashika_formats.errors import FormatError
from tashika_formats.issuance import IssuanceBundle, parse_bundle
from tashika_formats.statement import StatementError, parse_envelope
from tashika_formats.trust_folder import TrustFolder
from tashika_formats.verify_errors import NotAuthenticError
from tashika_formats.verify_pdf_file import DEMO_MARK, MAX_PDF_BYTES, PdfFile
from tashika_formats.verify_statement import load_chain, verify_statement_signature
from tashika_tui.client.errors import BrokenAnswer
from tashika_tui.client.records import OpenedCertificate
from tashika_tui.problems import LocalError

if TYPE_CHECKING:
    from tashika_formats.verify_pdf import Verified
    from tashika_tui.client.port import Register

# The same places at which a registered file can end inside a longer one as the offline verifier tries.
_END_OF_FILE = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")
_MAX_ENDS = 8

_MAX_ROOT_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Trusted:
    """A verified certificate, and whom that rests on: FOLDER (trust folder), ROOTS (given authorities and the
    register), REGISTER (the register's word alone).
    """

    verified: "Verified"
    basis: str


def read_pdf(path: Path) -> bytes:
    """The file's bytes, no more than a certificate can have and one. Raises LocalError."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_PDF_BYTES + 1)
    except OSError as error:
        raise LocalError("problem.file_read", path=path, cause=error.strerror or "") from None


def read_roots(folder: Path) -> tuple[bytes, ...]:
    """The PEM files of a folder of trusted authorities. Raises LocalError for none, or unusable ones."""
    from cryptography import x509

    try:
        roots = tuple(_read(file) for file in sorted(folder.glob("*.pem")))
        if roots and all(x509.load_pem_x509_certificates(root) for root in roots):
            return roots
    except (OSError, ValueError):
        pass
    raise LocalError("problem.roots", path=folder)


def verify_with_folder(data: bytes, folder: Path, now: datetime.datetime) -> Trusted:
    """Verifies offline. Raises NotAuthenticError, TrustFolderError."""
    from tashika_formats.verify_pdf import verify_pdf

    trust = TrustFolder.load(folder)
    return Trusted(verify_pdf(data, trust.roots, trust.log_key, trust.find, now), "FOLDER")


async def verify_with_register(
    register: "Register", data: bytes, roots: tuple[bytes, ...], now: datetime.datetime
) -> Trusted:
    """Verifies with what the register answers. Without `roots` the authority that the register's own record
    ends with is taken: then the result rests on the register's word alone.

    Raises NotAuthenticError, RegisterError.
    """
    # What can't be a certificate is not worth a question.
    if len(data) > MAX_PDF_BYTES:
        raise NotAuthenticError("TOO_LARGE", f"more than {MAX_PDF_BYTES} bytes")
    if not data.startswith(b"%PDF-"):
        raise NotAuthenticError("NOT_A_PDF", "no PDF header")
    bundle = await _find_bundle(register, data)
    if bundle is None:
        await asyncio.to_thread(_refuse_unregistered, data, roots, now)
        raise NotAuthenticError("NOT_REGISTERED", "the register issued no such file")
    log_key = await _log_key(register)
    trusted = roots or (bundle.signer_chain[-1].encode("ascii", "replace"),)
    verified = await asyncio.to_thread(_verify, data, trusted, log_key, bundle, now)
    return Trusted(verified, "ROOTS" if roots else "REGISTER")


def check_opened(opened: OpenedCertificate, contract_number: str) -> dict[str, object]:
    """The statement of an opened certificate, if it is what the guarantor signed and about this number.

    The signer's certificate is the one that the register gave. Raises NotAuthenticError.
    """
    try:
        statement = parse_envelope(opened.envelope)
    except StatementError as error:
        raise NotAuthenticError("STATEMENT_UNREADABLE", error.path) from None
    asked = (contract_number, opened.version, opened.contract_id)
    if (statement["contract_number"], statement["version"], statement["contract_id"]) != asked:
        raise NotAuthenticError("RECORD_DIFFERS", "number, version or contract differ")
    chain = load_chain(opened.chain)
    if not chain:
        raise NotAuthenticError("CHAIN_UNREADABLE", "no certificates")
    verify_statement_signature(chain[0], opened.statement_signature, opened.envelope)
    return statement


def is_demo(opened: OpenedCertificate) -> bool:
    """Whether an authority for demonstrations signed: by the register's word, or by a name in the chain.

    Raises NotAuthenticError for a chain that can't be read.
    """
    parts = (
        part for item in load_chain(opened.chain) for name in (item.subject, item.issuer) for part in name
    )
    return opened.demo or any(DEMO_MARK in str(part.value) for part in parts)


def _verify(
    data: bytes, roots: tuple[bytes, ...], log_key: LogKey, bundle: IssuanceBundle, now: datetime.datetime
) -> "Verified":
    from tashika_formats.verify_pdf import verify_pdf

    try:
        return verify_pdf(data, roots, log_key, lambda _number, _version: bundle, now)
    except ValueError as error:
        if isinstance(error, NotAuthenticError):
            raise
        raise NotAuthenticError("CHAIN_UNREADABLE", "the chain's last certificate is not PEM") from None


async def _find_bundle(register: "Register", data: bytes) -> IssuanceBundle | None:
    """The register's record of the file, or of a file that this one begins with."""
    for candidate in _candidates(data):
        answer = await register.verify_certificate(hashlib.sha256(candidate).hexdigest())
        if answer is not None:
            try:
                return parse_bundle(answer.bundle)
            except FormatError as error:
                raise BrokenAnswer(f"bundle: {error.code}") from None
    return None


async def _log_key(register: "Register") -> LogKey:
    info = await register.server_info()
    try:
        return parse_vkey(info.log_verifier_key)
    except FormatError as error:
        raise BrokenAnswer(f"log key: {error.code}") from None


def _candidates(data: bytes) -> Iterator[bytes]:
    """The file, and then its beginnings up to an end mark, the longest first: a registered certificate to
    which something was added begins with itself.
    """
    yield data
    ends: set[int] = set()
    for count, match in enumerate(_END_OF_FILE.finditer(data)):
        if count >= _MAX_ENDS:
            break
        ends |= {match.start() + len(b"%%EOF"), match.end()}
    for end in sorted(ends - {len(data)}, reverse=True):
        yield data[:end]


def _refuse_unregistered(data: bytes, roots: tuple[bytes, ...], now: datetime.datetime) -> None:
    """Raises NotAuthenticError with the best reason that an unregistered file itself gives, if it gives one."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    pdf = PdfFile(data)
    envelope = pdf.statement()
    try:
        parse_envelope(envelope)
    except StatementError as error:
        raise NotAuthenticError("STATEMENT_UNREADABLE", error.path) from None
    trusted = [
        certificate.public_bytes(Encoding.DER)
        for root in roots
        for certificate in x509.load_pem_x509_certificates(root)
    ]
    try:
        pdf.verify_signature(trusted, (), now)
    except NotAuthenticError as error:
        # Without authorities of its own this programme can't tell a stranger's signature from a guarantor's.
        if roots or error.reason != "UNTRUSTED_SIGNER":
            raise


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_MAX_ROOT_BYTES)
