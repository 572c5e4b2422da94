"""A certificate authority for demonstrations: a root and a signing certificate for each guarantor.

Its subjects carry 見本 DEMO, verification prints that, and a server without `--demo` refuses such a chain.
Real guarantors bring keys and chains from an authority that orderers trust.
"""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from tashika_formats.verify_pdf_file import DEMO_MARK
from tashika_server.security.new_file import sync_folder, write_new
from tashika_server.security.signer import Chain, SignerError, read_chain

ROOT_FILE: Final = "root.pem"
ROOT_KEY_FILE: Final = "root-key.pem"
KEY_FILE: Final = "key.pem"
CHAIN_FILE: Final = "chain.pem"
_ROOT_YEARS: Final = 20
_SIGNER_YEARS: Final = 10
# Clocks of verifiers may be behind.
_BEFORE: Final = timedelta(hours=1)
# RFC 9336: signing of documents.
_DOCUMENT_SIGNING: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.36")


class DemoAuthorityError(SignerError):
    """A chain for demonstrations was given to a server that is none."""


def create_demo_authority(folder: Path, guarantors: Mapping[str, str], now: datetime) -> None:
    """Make `folder` with root.pem and its key, and in a folder for each guarantor's id, key.pem and chain.pem.

    `guarantors` maps ids to names. `now` has a zone. Folders are 0700 and files 0600. The root's key is kept, so
    that guarantors can be added: it proves nothing, since every name below it says that it is a sample.
    Raises FileExistsError rather than replace anything.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = _root_certificate(root_key, now)
    if (folder / ROOT_FILE).exists():
        raise FileExistsError(folder / ROOT_FILE)
    # A key that was left without its certificate, by a start that did not come to its end, certified nothing.
    (folder / ROOT_KEY_FILE).unlink(missing_ok=True)
    write_new(folder / ROOT_KEY_FILE, _pem(root_key))
    write_new(folder / ROOT_FILE, root.public_bytes(serialization.Encoding.PEM))
    for identifier, name in guarantors.items():
        add_demo_signer(folder, identifier, name, now)


def add_demo_signer(folder: Path, identifier: str, name: str, now: datetime) -> None:
    """Make key.pem and chain.pem of a guarantor in the authority's folder, named by its id.

    Raises FileExistsError rather than replace anything, and SignerError where the authority can't be read.
    """
    try:
        root = x509.load_pem_x509_certificate((folder / ROOT_FILE).read_bytes())
        root_key = serialization.load_pem_private_key((folder / ROOT_KEY_FILE).read_bytes(), None)
    except (OSError, ValueError):
        raise SignerError(f"the authority for demonstrations in {folder.name} can't be read") from None
    if not isinstance(root_key, ec.EllipticCurvePrivateKey):
        raise SignerError(f"{ROOT_KEY_FILE} is not a P-256 key")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signing_certificate(key, name, root_key, root, now)
    chain = b"".join(item.public_bytes(serialization.Encoding.PEM) for item in (certificate, root))
    _make_folder(folder / identifier, {CHAIN_FILE: chain, KEY_FILE: _pem(key)})


def _make_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder that is there with all its files or not at all: half a signer could sign nothing, ever."""
    if folder.exists():
        raise FileExistsError(folder)
    aside = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        for name, data in files.items():
            write_new(aside / name, data)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    sync_folder(folder.parent)


def load_chain(folder: Path) -> Chain:
    """The chain of a guarantor's folder. Raises SignerError."""
    return read_chain(folder / CHAIN_FILE)


def is_demo(chain: Chain) -> bool:
    """Whether any subject or issuer in the chain says that it is for demonstrations."""
    names = [name for item in chain.certificates for name in (item.subject, item.issuer)]
    return any(DEMO_MARK in str(attribute.value) for name in names for attribute in name)


def refuse_demo(chain: Chain) -> None:
    """Raise DemoAuthorityError if the chain is for demonstrations: for servers without `--demo`."""
    if is_demo(chain):
        raise DemoAuthorityError(
            f"the signing certificate is from an authority for demonstrations ({DEMO_MARK}); "
            "use a real key and chain, or start the server with --demo"
        )


def _root_certificate(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = _name(f"Tashika {DEMO_MARK} ルート認証局", f"{DEMO_MARK} 認証局")
    builder = _certificate(name, name, key, now, _ROOT_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return builder.sign(key, hashes.SHA256())


def _signing_certificate(
    key: ec.EllipticCurvePrivateKey,
    guarantor: str,
    root_key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    now: datetime,
) -> x509.Certificate:
    # A common name holds 64 characters at most (RFC 5280, appendix A.1); the mark comes first, so it stays.
    name = _name(f"{DEMO_MARK} {guarantor}"[:64], guarantor[:64])
    builder = _certificate(name, root.subject, key, now, _SIGNER_YEARS)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    builder = builder.add_extension(authority, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    usage = _usage(digital_signature=True, content_commitment=True)
    builder = builder.add_extension(usage, critical=True)
    # NSS, and with it pdfsig, wants e-mail protection; document signing alone is too new for it.
    purposes = [ExtendedKeyUsageOID.EMAIL_PROTECTION, _DOCUMENT_SIGNING]
    builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return builder.sign(root_key, hashes.SHA256())


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
