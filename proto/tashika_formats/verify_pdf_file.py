"""Reading of a signed PDF for verification: its one signature, what that covers, whose it is, and the
statement.

pyHanko parses and verifies; what it leaves open is checked here. Input is hostile: whatever a parser raises
becomes NotAuthenticError.
"""

import datetime
import io
import logging
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tashika_formats.statement import MAX_STATEMENT_BYTES, STATEMENT_FILE_NAME
from tashika_formats.verify_errors import NotAuthenticError

# A certificate has 60 to 120 KB, with timestamps and long-term data below 1 MB.
MAX_PDF_BYTES = 8 * 1024 * 1024

# The attachments stand in a name tree; ours has one entry. Hostile trees have loops.
_MAX_TREE_NODES = 64

# A signer's clock and this one may differ by this much.
CLOCK_TOLERANCE = datetime.timedelta(minutes=10)

# A root's or signer's subject holds this where the authority is one for demonstrations.
DEMO_MARK = "見本 DEMO"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed a PDF: names from the certificate, its DER bytes, the claimed time, and if the chain is a
    demo one."""

    names: tuple[str, ...]
    certificate_der: bytes
    signed_at: datetime.datetime
    demo: bool


class PdfFile:
    """A PDF whose structure could be read. Raises NotAuthenticError (NOT_A_PDF, TOO_LARGE,
    UNREADABLE_PDF)."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_PDF_BYTES:
            raise NotAuthenticError("TOO_LARGE", f"more than {MAX_PDF_BYTES} bytes")
        if not data.startswith(b"%PDF-"):
            raise NotAuthenticError("NOT_A_PDF", "no PDF header")
        from pyhanko.pdf_utils.reader import PdfFileReader

        self.data = data
        _quiet()
        with _unreadable("the structure of the PDF"):
            self._reader = PdfFileReader(io.BytesIO(data))
            if self._reader.encrypted:
                raise NotAuthenticError("UNREADABLE_PDF", "the PDF is encrypted")
            self._signatures = list(self._reader.embedded_signatures)

    @property
    def signature_count(self) -> int:
        """How many signatures (document time stamps included) the PDF has."""
        return len(self._signatures)

    def statement(self) -> bytes:
        """The attached statement's bytes, as they are. Raises NotAuthenticError (NO_STATEMENT,
        STATEMENT_UNREADABLE)."""
        with _unreadable("the attachments", "STATEMENT_UNREADABLE"):
            found = [spec for name, spec in self._attachments() if name == STATEMENT_FILE_NAME]
            if not found:
                raise NotAuthenticError("NO_STATEMENT", f"no attachment {STATEMENT_FILE_NAME}")
            if len(found) > 1:
                raise NotAuthenticError("STATEMENT_UNREADABLE", "several attached statements")
            return _stream_bytes(found[0]["/EF"]["/F"])

    def verify_signature(
        self, roots: Sequence[bytes], others: Sequence[bytes], now: datetime.datetime
    ) -> Signer:
        """The signer, if the only signature is intact, covers the whole file and leads to one of `roots`.

        `roots` and `others` (intermediates) are DER. The chain is judged at the claimed time of signing, as
        a certificate outlives its signer's certificate; that time is part of what the register recorded.
        Raises NotAuthenticError (UNSIGNED, SEVERAL_SIGNATURES, NOT_WHOLE_FILE, SIGNATURE_BROKEN,
        UNTRUSTED_SIGNER, CLOCK).
        """
        if self.signature_count == 0:
            raise NotAuthenticError("UNSIGNED", "no signature")
        if self.signature_count > 1:
            raise NotAuthenticError("SEVERAL_SIGNATURES", f"{self.signature_count} signatures")
        signature = self._signatures[0]
        with _unreadable("the signature", "SIGNATURE_BROKEN"):
            self._check_coverage(signature)
            signed_at = signature.self_reported_timestamp
            if signed_at is None or signed_at.tzinfo is None:
                raise NotAuthenticError("SIGNATURE_BROKEN", "no time of signing")
            if signed_at > now + CLOCK_TOLERANCE:
                raise NotAuthenticError("CLOCK", "signed in the future")
            status = _validate(signature, roots, others, signed_at)
            if not (status.intact and status.valid):
                raise NotAuthenticError("SIGNATURE_BROKEN", "the signature does not match the bytes")
            if not status.bottom_line:
                raise NotAuthenticError("UNTRUSTED_SIGNER", "no valid path to a trusted root")
            return _signer(status, signed_at)

    def _check_coverage(self, signature: Any) -> None:
        """The signed ranges must be the whole file but for the signature's own hex string, and nothing
        else."""
        ranges = [int(value) for value in signature.byte_range]
        if len(ranges) != 4 or ranges[0] != 0:
            raise NotAuthenticError("NOT_WHOLE_FILE", "the byte range is unusual")
        _, before, start, length = ranges
        gap = self.data[before:start]
        if not 0 < before < start or start + length != len(self.data):
            raise NotAuthenticError("NOT_WHOLE_FILE", "the byte range does not end with the file")
        if (
            gap[:1] != b"<"
            or gap[-1:] != b">"
            or bytes.fromhex(gap[1:-1].decode("ascii")) != signature.pkcs7_content
        ):
            raise NotAuthenticError("NOT_WHOLE_FILE", "the byte range leaves out more than the signature")

    def _attachments(self) -> Iterator[tuple[str, Any]]:
        names = self._reader.root.get("/Names")
        nodes = [names["/EmbeddedFiles"]] if names is not None and "/EmbeddedFiles" in names else []
        visited = 0
        while nodes:
            visited += 1
            if visited > _MAX_TREE_NODES:
                raise NotAuthenticError("STATEMENT_UNREADABLE", "too many attachments")
            node = nodes.pop()
            pairs = node.get("/Names", ())
            for position in range(1, len(pairs), 2):
                spec = pairs[position]
                yield str(spec.get("/UF", spec.get("/F", ""))), spec
            nodes.extend(node.get("/Kids", ()))


def _validate(
    signature: Any, roots: Sequence[bytes], others: Sequence[bytes], moment: datetime.datetime
) -> Any:
    from asn1crypto import x509
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots],
        other_certs=[x509.Certificate.load(other) for other in others],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    # Nothing may follow the signed revision (checked before), so there are no differences to analyse.
    return validate_pdf_signature(signature, context, key_usage_settings=usage, skip_diff=True)


def _signer(status: Any, signed_at: datetime.datetime) -> Signer:
    certificate = status.signing_cert
    subject = certificate.subject.native
    names = tuple(
        str(subject[part])
        for part in ("common_name", "organization_name")
        if isinstance(subject.get(part), str)
    )
    subjects = [item.subject.human_friendly for item in status.validation_path]
    subjects.append(certificate.subject.human_friendly)
    return Signer(names, certificate.dump(), signed_at, any(DEMO_MARK in subject for subject in subjects))


def _stream_bytes(stream: Any) -> bytes:
    """The stream's bytes, at most MAX_STATEMENT_BYTES: a few KB of deflate can grow to gigabytes."""
    filters = stream.get("/Filter", ())
    kinds = (
        [str(item) for item in filters] if isinstance(filters, list) else [str(filters)] if filters else []
    )
    raw: bytes = stream.encoded_data
    if kinds == ["/FlateDecode"] and "/DecodeParms" not in stream:
        raw = zlib.decompressobj().decompress(raw, MAX_STATEMENT_BYTES + 1)
    elif kinds:
        raise NotAuthenticError("STATEMENT_UNREADABLE", "the attachment has an unusual filter")
    if len(raw) > MAX_STATEMENT_BYTES:
        raise NotAuthenticError("STATEMENT_UNREADABLE", "the attachment is too large")
    return raw


@contextmanager
def _unreadable(what: str, reason: str = "UNREADABLE_PDF") -> Iterator[None]:
    """Turns whatever a parser raises for hostile bytes into NotAuthenticError.

    Every Exception, as parsers of PDF, ASN.1 and X.509 raise dozens of kinds, and none of them may look
    like a verdict of its own or end the program.
    """
    try:
        yield
    except NotAuthenticError:
        raise
    except Exception as error:
        raise NotAuthenticError(reason, f"{what} can't be read ({type(error).__name__})") from None


def _quiet() -> None:
    """Keeps pyHanko's log lines about broken files from standard error where the program set up no
    logging."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
