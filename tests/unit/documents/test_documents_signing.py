"""Signatures that others can check, and keys that are refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import NameOID
from pikepdf import pdfa
from pyhanko.pdf_utils.reader import PdfFileReader

from tashika_formats.statement import signing_input
from tashika_formats.verify_errors import NotAuthenticError
from tashika_formats.verify_pdf_file import PdfFile
from tashika_server.documents.certificate import render_certificate
from tashika_server.documents.face import FaceLibrary
from tashika_server.security.authority import (
    DemoAuthorityError,
    add_demo_signer,
    create_demo_authority,
    is_demo,
    load_chain,
    refuse_demo,
)
from tashika_server.security.signer import Chain, Signer, SignerError, open_signer
from tests.unit.documents import samples

NOW = datetime(2026, 1, 5, 1, 2, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    create_demo_authority(folder, {"org_a": "見本保証株式会社", "org_b": "別の保証株式会社"}, NOW)
    return folder


@pytest.fixture(scope="module")
def unsigned(library: FaceLibrary) -> bytes:
    return render_certificate(samples.envelope(samples.plain()), library, demo=True)[0]


def signer_of(authority: Path, guarantor: str = "org_a") -> Signer:
    return open_signer(authority / guarantor / "key.pem", authority / guarantor / "chain.pem")


def roots(chain: Chain) -> list[bytes]:
    return [chain.certificates[-1].public_bytes(serialization.Encoding.DER)]


def certificate_for(key: PrivateKeyTypes, common: str = "本番保証株式会社") -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
        .public_key(key.public_key())  # type: ignore[arg-type]
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2035, 1, 1, tzinfo=UTC))
        .add_extension(usage, critical=True)
    )  # fmt: skip
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, digest)  # type: ignore[arg-type]


def test_the_signed_pdf_verifies_and_the_signature_covers_the_whole_file(
    authority: Path, unsigned: bytes
) -> None:
    signer = signer_of(authority)
    found = PdfFile(signer.sign_pdf(unsigned, NOW)).verify_signature(roots(signer.chain), [], NOW)
    assert found.signed_at == NOW
    assert found.demo and "見本保証株式会社" in found.names


def test_no_change_is_permitted_after_the_signature(authority: Path, unsigned: bytes) -> None:
    reader = PdfFileReader(BytesIO(signer_of(authority).sign_pdf(unsigned, NOW)))
    (signature,) = reader.embedded_signatures
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_signing_leaves_the_page_and_its_dates_alone(authority: Path, unsigned: bytes) -> None:
    signed = signer_of(authority).sign_pdf(unsigned, NOW)
    assert signed.startswith(unsigned)
    assert b"ModDate" not in signed[len(unsigned) :] and b"/Version" not in signed


def test_pdf_a_findings_after_signing_are_about_the_signature_alone(
    authority: Path, unsigned: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signer_of(authority).sign_pdf(unsigned, NOW))
    # The validator has no opinion on AcroForm, Perms and attachments; it finds nothing wrong with the rest.
    rules = {finding.rule for finding in pdfa.validate_written(path, "3b").findings}
    assert rules <= {"pikepdf:schema-Catalog", "pikepdf:embedded-file"}


@pytest.mark.parametrize("place", [100, -100])
def test_a_flipped_bit_breaks_the_signature(authority: Path, unsigned: bytes, place: int) -> None:
    signer = signer_of(authority)
    data = bytearray(signer.sign_pdf(unsigned, NOW))
    data[place] ^= 1
    with pytest.raises(NotAuthenticError):
        PdfFile(bytes(data)).verify_signature(roots(signer.chain), [], NOW)


def test_rsa_of_3072_bits_signs_pdf_and_statement(unsigned: bytes) -> None:
    key = rsa.generate_private_key(65537, 3072)
    signer = Signer(key, Chain((certificate_for(key),)))
    PdfFile(signer.sign_pdf(unsigned, NOW)).verify_signature(roots(signer.chain), [], NOW)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    key.public_key().verify(signer.sign_statement(b"{}"), signing_input(b"{}"), pss, hashes.SHA256())
    assert signer.algorithm == "RSA_PSS_SHA256"


def test_the_detached_signature_is_over_label_and_statement(authority: Path) -> None:
    signer = signer_of(authority)
    public = signer.chain.signing.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    signature = signer.sign_statement(b"{}")
    public.verify(signature, b"tashika-statement/1\0{}", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(signature, b"{}", ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("kind", ["ed25519", "p384", "rsa2048"])
def test_weak_and_unusual_keys_are_refused(kind: str) -> None:
    keys: dict[str, Callable[[], PrivateKeyTypes]] = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "rsa2048": lambda: rsa.generate_private_key(65537, 2048),
    }
    key = keys[kind]()
    with pytest.raises(SignerError):
        Signer(key, Chain((certificate_for(key),)))  # type: ignore[arg-type]


def test_a_key_that_others_can_read_is_refused(authority: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes((authority / "org_a" / "key.pem").read_bytes())
    key.chmod(0o640)
    with pytest.raises(SignerError, match="chmod 600"):
        open_signer(key, authority / "org_a" / "chain.pem")


def test_a_key_of_another_certificate_is_refused(authority: Path) -> None:
    with pytest.raises(SignerError, match="does not belong"):
        open_signer(authority / "org_a" / "key.pem", authority / "org_b" / "chain.pem")


def test_a_chain_in_the_wrong_order_is_refused(authority: Path, tmp_path: Path) -> None:
    chain = tmp_path / "chain.pem"
    chain.write_bytes(
        (authority / "root.pem").read_bytes() + (authority / "org_a" / "chain.pem").read_bytes()
    )
    with pytest.raises(SignerError, match="not issued by the next"):
        open_signer(authority / "org_a" / "key.pem", chain)


@pytest.mark.parametrize(
    "content", [b"", b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"]
)
def test_a_malformed_key_is_refused_without_quoting_it(
    authority: Path, tmp_path: Path, content: bytes
) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(content)
    key.chmod(0o600)
    with pytest.raises(SignerError) as caught:
        open_signer(key, authority / "org_a" / "chain.pem")
    assert "c2VjcmV0" not in str(caught.value) and caught.value.__suppress_context__


def test_an_encrypted_key_opens_with_its_passphrase_file(authority: Path, tmp_path: Path) -> None:
    plain = serialization.load_pem_private_key((authority / "org_a" / "key.pem").read_bytes(), None)
    key, passphrase = tmp_path / "key.pem", tmp_path / "passphrase"
    encrypted = serialization.BestAvailableEncryption("秘密".encode())
    key.write_bytes(
        plain.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encrypted)
    )
    passphrase.write_text("秘密\n")
    for path in (key, passphrase):
        path.chmod(0o600)
    chain = authority / "org_a" / "chain.pem"
    assert open_signer(key, chain, passphrase).algorithm == "ECDSA_P256_SHA256"
    passphrase.write_text("違う\n")
    with pytest.raises(SignerError, match="passphrase"):
        open_signer(key, chain, passphrase)


def test_a_demo_authority_is_private_marked_and_never_overwritten(authority: Path) -> None:
    files = [path for path in authority.rglob("*") if path.is_file()]
    assert len(files) == 6 and {path.stat().st_mode & 0o777 for path in files} == {0o600}
    chain = load_chain(authority / "org_a")
    assert is_demo(chain)
    with pytest.raises(DemoAuthorityError, match="--demo"):
        refuse_demo(chain)
    with pytest.raises(FileExistsError):
        create_demo_authority(authority, {}, NOW)


def test_a_guarantor_can_be_added_to_a_demo_authority_once(tmp_path: Path) -> None:
    create_demo_authority(tmp_path / "own", {}, NOW)
    add_demo_signer(tmp_path / "own", "org_c", "後の保証株式会社", NOW)
    assert is_demo(signer_of(tmp_path / "own", "org_c").chain)
    with pytest.raises(FileExistsError):
        add_demo_signer(tmp_path / "own", "org_c", "後の保証株式会社", NOW)


def test_a_real_chain_is_no_demo() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    refuse_demo(Chain((certificate_for(key),)))
