"""The verifier of an issued certificate's PDF, offline with a trust folder or online with the register's
answer.

Authentic means: byte for byte the file that the register recorded, signed by a guarantor whose certificate
leads to a trusted root, with a statement that the same guarantor signed, recorded in the log under the
register's key.
"""

import asyncio
import datetime
import hashlib
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tashika_formats.checkpoint import LogKey
from tashika_formats.issuance import IssuanceBundle
from tashika_formats.statement import StatementError, parse_envelope, statement_digest
from tashika_formats.verify_certificate import STANDINGS, standing, verify_bundle
from tashika_formats.verify_errors import NotAuthenticError
from tashika_formats.verify_pdf_file import PdfFile, Signer
from tashika_formats.verify_statement import (
    certificate_digest,
    load_chain,
    statement_algorithm,
    verify_statement_signature,
)

# Given a contract number and a version, the bundle that the register (or a folder) has of it, or None.
BundleSource: TypeAlias = Callable[[str, int], IssuanceBundle | None]

# A file may end with or without a line end behind its last marker: both are tried.
_END_OF_FILE = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")
# How many ends inside a file are tried to find the registered file in front of an addition.
_MAX_ENDS = 8


@dataclass(frozen=True, slots=True)
class Verified:
    """An authentic certificate.

    `standing` is CURRENT, SUPERSEDED, ENDED or STALE, as the register knew it at `as_of`; `demo` says that
    the authority is one for demonstrations, so that the certificate is worth nothing.
    """

    standing: str
    as_of: datetime.datetime
    next_update: datetime.datetime
    demo: bool
    contract_number: str
    version: int
    current_version: int
    state: str
    statement: dict[str, Any]
    signer_names: tuple[str, ...]
    signed_at: datetime.datetime
    pdf_sha256: str
    leaf_index: int
    log_size: int

    def sentence(self, language: str = "ja") -> str:
        """The result for people in `language`: "en" gives English, everything else Japanese."""
        ja, en = STANDINGS[self.standing]
        return en if language == "en" else ja


def verify_pdf(
    data: bytes,
    roots: Sequence[bytes],
    log_key: LogKey,
    bundle_source: BundleSource,
    now: datetime.datetime,
) -> Verified:
    """The verified certificate of a PDF's bytes.

    `roots` are PEM files of trusted authorities (each may hold several certificates), `log_key` the
    register's key, `now` an aware datetime. Raises NotAuthenticError with a reason; what `bundle_source`
    raises passes through; ValueError for unusable arguments. Blocks, and must not be called in a running
    event loop (use an executor).
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    _refuse_event_loop()
    trusted = _load_roots(roots)
    pdf = _read_pdf(data, bundle_source)
    envelope = pdf.statement()
    statement = _read_statement(envelope)
    bundle = bundle_source(statement["contract_number"], statement["version"])
    if bundle is None:
        pdf.verify_signature(trusted, (), now)
        raise NotAuthenticError("NOT_REGISTERED", "no record of this number and version")
    if bundle.record.pdf_sha256 != hashlib.sha256(data).hexdigest():
        raise _difference(pdf, bundle.record.pdf_sha256)
    signer = _verify_contents(pdf, envelope, statement, bundle, trusted, now)
    return _verified(statement, bundle, log_key, signer, now)


def _read_pdf(data: bytes, bundle_source: BundleSource) -> PdfFile:
    """The PDF. What is long behind a file's end makes it unreadable: that is told apart, as somebody added it."""
    try:
        return PdfFile(data)
    except NotAuthenticError as error:
        if error.reason != "UNREADABLE_PDF":
            raise
        raise _addition_to_registered(data, bundle_source) or error from None


def _read_statement(envelope: bytes) -> dict[str, Any]:
    try:
        return parse_envelope(envelope)
    except StatementError as error:
        raise NotAuthenticError("STATEMENT_UNREADABLE", error.path) from None


def _verify_contents(
    pdf: PdfFile,
    envelope: bytes,
    statement: dict[str, Any],
    bundle: IssuanceBundle,
    trusted: Sequence[bytes],
    now: datetime.datetime,
) -> Signer:
    """The PDF's signer, if PDF, statement, record and both signatures belong together."""
    record = bundle.record
    same = (
        record.contract_number == statement["contract_number"]
        and record.version == statement["version"]
        and record.certificate_id == statement["certificate_id"]
        and record.issuer == statement["guarantor"]["organization_id"]
    )
    if not same:
        raise NotAuthenticError("RECORD_DIFFERS", "number, version, certificate or issuer differ")
    if record.statement_sha256 != statement_digest(envelope):
        raise NotAuthenticError("STATEMENT_DIFFERS", "the statement's digest differs")
    chain = load_chain(bundle.signer_chain)
    signer = pdf.verify_signature(trusted, [_der(item) for item in chain[1:]], now)
    if certificate_digest(chain[0]) != record.signer_sha256 or _der(chain[0]) != signer.certificate_der:
        raise NotAuthenticError("SIGNER_DIFFERS", "the certificates of PDF, bundle and record differ")
    if hashlib.sha256(bundle.statement_signature).hexdigest() != record.statement_signature_sha256:
        raise NotAuthenticError("STATEMENT_SIGNATURE", "the detached signature is not the recorded one")
    if record.signature_algorithm != statement_algorithm(chain[0]):
        raise NotAuthenticError(
            "STATEMENT_SIGNATURE", "the recorded algorithm is not that of the signer's key"
        )
    verify_statement_signature(chain[0], bundle.statement_signature, envelope)
    return signer


def _verified(
    statement: dict[str, Any],
    bundle: IssuanceBundle,
    log_key: LogKey,
    signer: Signer,
    now: datetime.datetime,
) -> Verified:
    issuance = verify_bundle(bundle, log_key, now)
    status, record = issuance.status, bundle.record
    last_day = datetime.date.fromisoformat(statement["guarantee_period"]["to"])
    return Verified(
        standing=standing(status, record.version, last_day, now),
        as_of=status.this_update,
        next_update=status.next_update,
        demo=signer.demo,
        contract_number=record.contract_number,
        version=record.version,
        current_version=status.current_version,
        state=status.state,
        statement=statement,
        signer_names=signer.names,
        signed_at=signer.signed_at,
        pdf_sha256=record.pdf_sha256,
        leaf_index=bundle.leaf_index,
        log_size=issuance.checkpoint.size,
    )


def _difference(pdf: PdfFile, registered_sha256: str) -> NotAuthenticError:
    """The best reason for a file that differs from the registered one."""
    if pdf.signature_count == 0:
        return NotAuthenticError(
            "UNSIGNED", "the statement is registered, this file without a signature is not"
        )
    addition = _addition(pdf.data, registered_sha256)
    return addition or NotAuthenticError("ALTERED", "the file's SHA-256 differs from the registered one")


def _addition_to_registered(data: bytes, bundle_source: BundleSource) -> NotAuthenticError | None:
    """The reason, if an unreadable file begins with a registered one; None if it does not."""
    for end in _ends(data):
        try:
            statement = _read_statement(PdfFile(data[:end]).statement())
        except NotAuthenticError:
            continue
        bundle = bundle_source(statement["contract_number"], statement["version"])
        return _addition(data, bundle.record.pdf_sha256) if bundle else None
    return None


def _addition(data: bytes, registered_sha256: str) -> NotAuthenticError | None:
    """The reason, if `data` is the registered file with something behind it; None if it is not."""
    for end in _ends(data):
        if hashlib.sha256(data[:end]).hexdigest() == registered_sha256:
            update = b"startxref" in data[end:]
            return NotAuthenticError(
                "ADDED_AFTER_SIGNING" if update else "JUNK_AT_END",
                f"{len(data) - end} bytes follow the registered file",
            )
    return None


def _ends(data: bytes) -> list[int]:
    """Where a file inside `data` may end, in order: with and without the line end behind its last marker."""
    matches = itertools.islice(_END_OF_FILE.finditer(data), _MAX_ENDS)
    return sorted({end for match in matches for end in (match.start() + len(b"%%EOF"), match.end())})


def _load_roots(pems: Sequence[bytes]) -> list[bytes]:
    from cryptography import x509

    roots = [_der(item) for pem in pems for item in x509.load_pem_x509_certificates(pem)]
    if not roots:
        raise ValueError("at least one trusted root is needed")
    return roots


def _der(certificate: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    encoded: bytes = certificate.public_bytes(Encoding.DER)
    return encoded


def _refuse_event_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("verify_pdf blocks: call it in an executor, not in the event loop")
