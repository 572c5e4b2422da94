"""The signatures of the vectors. All keys here are public on purpose: they must never sign anything but vectors.

Nothing is random, so that the same code gives the same bytes: keys are hashes of labels (that of RSA is a file),
ECDSA is that of RFC 6979, and the salt of RSA-PSS is a hash of what is signed.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from tashika_formats.issuance import ECDSA_P256_SHA256, RSA_PSS_SHA256
from tashika_formats.statement import build_envelope, signing_input

RSA_KEY = Path(__file__).with_name("rsa_key.pem")
FIRST_DAY = datetime.datetime(2025, 4, 1, tzinfo=datetime.UTC)
LAST_DAY = datetime.datetime(2125, 3, 31, tzinfo=datetime.UTC)
# RFC 8017 section 9.1.1: the salt is as long as the digest, the encoded message is closed by this byte.
SALT_BYTES = 32
TRAILER = 0xBC

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def curve_key(label: str, curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
    """A key of a curve, from the hash of a label."""
    return ec.derive_private_key(int.from_bytes(hashlib.sha256(label.encode()).digest()[:31]), curve)


def rsa_key() -> rsa.RSAPrivateKey:
    """The key of RSA."""
    key = serialization.load_pem_private_key(RSA_KEY.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


ROOT = curve_key("tashika vectors: root", ec.SECP256R1())
SIGNERS: dict[str, Key] = {
    "ecdsa": curve_key("tashika vectors: signer", ec.SECP256R1()),
    "rsa": rsa_key(),
    # Keys of these sign no statement, whatever certificate they have.
    "p384": curve_key("tashika vectors: another curve", ec.SECP384R1()),
}
ALGORITHMS = {"ecdsa": ECDSA_P256_SHA256, "rsa": RSA_PSS_SHA256}


def certificate(name: str, key: Key, *, serial: int, ca: bool) -> str:
    """A certificate by the root, in PEM."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "見本 DEMO 認証局")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(FIRST_DAY)
        .not_valid_after(LAST_DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(ROOT, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def sign(key: Key, message: bytes) -> bytes:
    """A signature as statements have it: ECDSA in DER, or RSA-PSS, with SHA-256."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return pss(key, message)


def pss(key: rsa.RSAPrivateKey, message: bytes) -> bytes:
    """RSASSA-PSS (RFC 8017 section 8.1.1) with SHA-256 and a salt that follows from the message."""
    numbers, bits = key.private_numbers(), key.key_size - 1
    length, salt = -(-bits // 8), hashlib.sha256(b"salt" + message).digest()
    digest = hashlib.sha256(bytes(8) + hashlib.sha256(message).digest() + salt).digest()
    block = bytes(length - len(salt) - len(digest) - 2) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(block, _mgf1(digest, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    encoded = int.from_bytes(bytes(masked) + digest + bytes([TRAILER]))
    return pow(encoded, numbers.d, numbers.public_numbers.n).to_bytes(key.key_size // 8)


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = (hashlib.sha256(seed + count.to_bytes(4)).digest() for count in range(-(-length // 32)))
    return b"".join(blocks)[:length]


def signatures(statements: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """The content of `signatures.json`."""
    envelopes = [build_envelope(statement) for statement in statements]
    names = {"ecdsa": "見本保証 署名", "rsa": "見本保証 署名 RSA", "p384": "見本保証 署名 P-384"}
    signers = {
        name: {"certificate": certificate(names[name], key, serial=place, ca=False)}
        | ({"algorithm": ALGORITHMS[name]} if name in ALGORITHMS else {})
        for place, (name, key) in enumerate(SIGNERS.items(), start=2)
    }
    valid = [
        {"statement": place, "signer": name, "signature_hex": sign(SIGNERS[name], signing_input(data)).hex()}
        for place, data in enumerate(envelopes)
        for name in ALGORITHMS
    ]
    refused = [
        {"statement": 0, "signer": name, "signature_hex": signature.hex(), "why": why}
        for name, why, signature in _refused(envelopes)
    ]
    root = certificate("見本 DEMO 認証局", ROOT, serial=1, ca=True)
    return {"root": root, "signers": signers, "valid": valid, "refused": refused}


def _refused(envelopes: list[bytes]) -> Iterator[tuple[str, str, bytes]]:
    """What is no signature over the first envelope: by whom, why, and the bytes."""
    first, second = envelopes[0], envelopes[1]
    spoilt: dict[str, Callable[[bytes], bytes]] = {
        "without the label": lambda data: data,
        "without the zero byte": lambda data: b"tashika-statement/1" + data,
        "with another label": lambda data: b"tashika-status/1\x00" + data,
        "over the digest of what is to be signed": lambda data: hashlib.sha256(signing_input(data)).digest(),
        "over another statement": lambda _: signing_input(second),
    }
    for name in ALGORITHMS:
        for why, spoil in spoilt.items():
            yield name, why, sign(SIGNERS[name], spoil(first))
        yield name, "cut short", sign(SIGNERS[name], signing_input(first))[:-1]
        yield name, "empty", b""
    curve, big = SIGNERS["ecdsa"], SIGNERS["rsa"]
    assert isinstance(curve, ec.EllipticCurvePrivateKey) and isinstance(big, rsa.RSAPrivateKey)
    message = signing_input(first)
    r, s = decode_dss_signature(sign(curve, message))
    yield "ecdsa", "r and s side by side instead of DER", r.to_bytes(32) + s.to_bytes(32)
    yield "ecdsa", "with SHA-512", curve.sign(message, ec.ECDSA(hashes.SHA512(), deterministic_signing=True))
    yield "ecdsa", "by the root's key", sign(ROOT, message)
    yield "rsa", "by the other signer's key", sign(curve, message)
    yield (
        "rsa",
        "with the padding of PKCS #1 version 1.5",
        big.sign(message, padding.PKCS1v15(), hashes.SHA256()),
    )
    yield "p384", "by a key of a curve that signs no statements", sign(SIGNERS["p384"], message)
