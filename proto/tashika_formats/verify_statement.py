"""Verification of the guarantor's detached signature over a statement (ECDSA P-256 in DER, or RSA-PSS;
SHA-256)."""

import hashlib
from typing import TYPE_CHECKING

from tashika_formats.issuance import ECDSA_P256_SHA256, RSA_PSS_SHA256
from tashika_formats.statement import signing_input
from tashika_formats.verify_errors import NotAuthenticError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

# RSA keys below this are refused; new ones have 3072 bits.
_MIN_RSA_BITS = 2048


def load_chain(pems: tuple[str, ...]) -> "list[Certificate]":
    """The certificates of a chain of PEM texts. Raises NotAuthenticError (CHAIN_UNREADABLE)."""
    from cryptography import x509

    try:
        return [x509.load_pem_x509_certificate(pem.encode("ascii")) for pem in pems]
    except ValueError:
        raise NotAuthenticError("CHAIN_UNREADABLE", "a certificate of the chain is not PEM") from None


def certificate_digest(certificate: "Certificate") -> str:
    """SHA-256 of the certificate in DER, in lower-case hex."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def statement_algorithm(certificate: "Certificate") -> str:
    """The algorithm with which the certificate's key signs statements: its type fixes it, nobody chooses.

    Raises NotAuthenticError (STATEMENT_SIGNATURE) for a key that may sign none.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        key = None
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return ECDSA_P256_SHA256
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _MIN_RSA_BITS:
        return RSA_PSS_SHA256
    raise NotAuthenticError(
        "STATEMENT_SIGNATURE", "the signer's key is neither P-256 nor RSA of 2048 bits or more"
    )


def verify_statement_signature(certificate: "Certificate", signature: bytes, envelope: bytes) -> None:
    """Raises NotAuthenticError (STATEMENT_SIGNATURE) unless the certificate's key signed the envelope's bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    statement_algorithm(certificate)
    message, sha256 = signing_input(envelope), hashes.SHA256()
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(sha256))
        elif isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(mgf=padding.MGF1(sha256), salt_length=padding.PSS.AUTO)
            key.verify(signature, message, pss, sha256)
        else:
            raise InvalidSignature
    except (InvalidSignature, ValueError):
        raise NotAuthenticError("STATEMENT_SIGNATURE", "the detached signature does not verify") from None
