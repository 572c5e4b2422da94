"""A guarantor's signing key at work: PAdES B-B over the PDF, and a detached signature over the statement.

P-256 or RSA of at least 3,072 bits; Ed25519 is refused, since common verifiers (pdfsig, OpenSSL 3.0) reject
it. The key object stays in memory: loading and checking an RSA key for each signature would cost 200 ms.
"""

import os
import stat
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tashika_formats.statement import signing_input

if TYPE_CHECKING:
    from tashika_server.security.pdf_signature import PdfSignature

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

ECDSA: Final = "ECDSA_P256_SHA256"
RSA_PSS: Final = "RSA_PSS_SHA256"
_MIN_RSA_BITS: Final = 3072


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
        self._pdf: PdfSignature | None = None

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
        if self._pdf is None:
            # A fifth of what a server would load as it starts; but those who sign are the processes that render.
            from tashika_server.security.pdf_signature import PdfSignature

            self._pdf = PdfSignature(self._key, self.chain.certificates)
        return self._pdf.sign(pdf, signing_time)


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
