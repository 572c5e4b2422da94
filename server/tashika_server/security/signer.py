"""A guarantor's signing key at work: PAdES B-B over the PDF, and a detached signature over the statement.

P-256 or RSA of at least 3,072 bits; Ed25519 is refused, since common verifiers (pdfsig, OpenSSL 3.0) reject
it. The key object stays in memory: loading and checking an RSA key for each signature would cost 200 ms.
"""

import asyncio
import os
import stat
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import CertificateStore, SimpleCertificateStore

from tashika_formats.statement import signing_input

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

ECDSA: Final = "ECDSA_P256_SHA256"
RSA_PSS: Final = "RSA_PSS_SHA256"
_MIN_RSA_BITS: Final = 3072
_FIELD: Final = "Guarantor"
_DIGEST: Final = "sha256"
# Room for the rest of the signature container, beside the certificates: attributes, signature, names.
_CONTAINER_BYTES: Final = 2048


class SignerError(Exception):
    """The signing key or its chain can't be used. The text says which file and why, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A certificate chain: the signing certificate first, then who signed it, up to a root or not."""

    certificates: tuple[x509.Certificate, ...]

    @property
    def signing(self) -> x509.Certificate:
        """The certificate whose key signs."""
        return self.certificates[0]

    def root_pem(self) -> str:
        """The root in PEM; empty where the chain does not hold it."""
        last = self.certificates[-1]
        if last.subject != last.issuer:
            return ""
        return last.public_bytes(serialization.Encoding.PEM).decode("ascii")


class Signer:
    """Signs with one key. Not for several threads at once."""

    def __init__(self, key: PrivateKey, chain: Chain) -> None:
        _check_key(key)
        if key.public_key() != chain.signing.public_key():
            raise SignerError("the signing key does not belong to the first certificate of the chain")
        self.chain = chain
        self._key = key
        self._cms = _KeptKeySigner(key, chain)
        der = sum(
            len(certificate.public_bytes(serialization.Encoding.DER)) for certificate in chain.certificates
        )
        # In hexadecimal digits, two for each byte. What does not fit raises; nothing is cut off.
        self._reserved = 2 * (der + _CONTAINER_BYTES)

    @property
    def algorithm(self) -> str:
        """The algorithm of `sign_statement`: ECDSA_P256_SHA256 or RSA_PSS_SHA256."""
        return ECDSA if isinstance(self._key, ec.EllipticCurvePrivateKey) else RSA_PSS

    def certificates_pem(self) -> tuple[str, ...]:
        """The chain in PEM, the signing certificate first."""
        return tuple(
            certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
            for certificate in self.chain.certificates
        )

    def signer_sha256(self) -> str:
        """SHA-256 of the signing certificate in DER, in lower-case hexadecimal."""
        return self.chain.signing.fingerprint(hashes.SHA256()).hex()

    def sign_statement(self, envelope: bytes) -> bytes:
        """The detached signature over the label, a zero byte and the canonical envelope."""
        data = signing_input(envelope)
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        return self._key.sign(data, pss, hashes.SHA256())

    def sign_pdf(self, pdf: bytes, signing_time: datetime) -> bytes:
        """The PDF with a certifying signature (PAdES B-B, no changes permitted) that covers the whole file.

        `signing_time` has a zone; it is what the signature claims.
        """
        if signing_time.tzinfo is None:
            raise ValueError("the signing time needs a zone")
        return asyncio.run(self._sign_pdf(pdf, signing_time))

    async def _sign_pdf(self, pdf: bytes, signing_time: datetime) -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm=_DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        writer = _SigningWriter(BytesIO(pdf))
        session = signers.PdfSigner(metadata, signer=self._cms).init_signing_session(writer)
        # pyHanko takes its own clock here; the time is the caller's, who has it in the register too.
        session.system_time = signing_time
        prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=self._reserved)
        digest: PreparedByteRangeDigest
        output = BytesIO()
        digest, _ = prepared.digest_tbs_document(output=output)
        await prepared.perform_signature(
            document_digest=digest.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=signing_time),
        )
        return output.getvalue()


class _SigningWriter(IncrementalPdfFileWriter):
    """Adds the signature and nothing else.

    pyHanko would also set the times of change to its own clock and declare PDF 2.0 for the sake of the curve,
    while the file is PDF/A-3, which is PDF 1.7, and says in two places when it was made.
    """

    def ensure_output_version(self, version: object) -> None:
        pass

    def register_extension(self, *_: object, **__: object) -> None:
        pass

    def _update_meta(self) -> None:
        pass


class _KeptKeySigner(signers.Signer):
    """pyHanko's signer around a key object that is loaded once; a dry run costs no signature."""

    def __init__(self, key: PrivateKey, chain: Chain) -> None:
        loaded = [
            asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
            for certificate in chain.certificates
        ]
        store: CertificateStore = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        for certificate in loaded[1:]:
            store.register(certificate)
        super().__init__(signing_cert=loaded[0], cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != _DIGEST:
            raise SignerError(f"unexpected digest {digest_algorithm}")
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return bytes(72) if dry_run else self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def open_signer(key_file: Path, chain_file: Path, passphrase_file: Path | None = None) -> Signer:
    """A signer from PEM files. Raises SignerError.

    The key and the passphrase must be readable by their owner alone (0600 or less).
    """
    passphrase = None if passphrase_file is None else _secret(passphrase_file).rstrip(b"\r\n")
    try:
        key = serialization.load_pem_private_key(_secret(key_file), passphrase)
    except (ValueError, TypeError):
        # The cause may quote what was read, so it stays away from the message and its chain.
        raise SignerError(f"{key_file.name} is no private key in PEM, or its passphrase is wrong") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SignerError(f"{key_file.name} is neither a P-256 nor an RSA key")
    return Signer(key, read_chain(chain_file))


def read_chain(chain_file: Path) -> Chain:
    """The chain in a PEM file, each certificate issued by the next. Raises SignerError."""
    try:
        certificates = x509.load_pem_x509_certificates(chain_file.read_bytes())
    except (OSError, ValueError):
        raise SignerError(f"{chain_file.name} can't be read as certificates in PEM") from None
    for certificate, issuer in pairwise(certificates):
        try:
            certificate.verify_directly_issued_by(issuer)
        except Exception:
            raise SignerError(f"{chain_file.name}: a certificate is not issued by the next one") from None
    return Chain(tuple(certificates))


def _check_key(key: object) -> None:
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _MIN_RSA_BITS:
        return
    raise SignerError(f"the signing key must be P-256, or RSA of at least {_MIN_RSA_BITS} bits")


def _secret(path: Path) -> bytes:
    """The bytes of a file that nobody else can read; permissions and bytes come from one open file."""
    try:
        with path.open("rb") as file:
            mode: Any = os.fstat(file.fileno()).st_mode
            if stat.S_IMODE(mode) & 0o077:
                raise SignerError(f"{path.name} can be read by others: chmod 600 it")
            return file.read()
    except OSError as error:
        raise SignerError(f"{path.name} can't be read: {error.strerror}") from None
