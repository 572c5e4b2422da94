"""A small register for tests: a throw-away authority, a log in memory, and certificates issued into it."""

import asyncio
import datetime
import functools
import hashlib
import io
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tashika_formats import checkpoint as cp
from tashika_formats import issuance, merkle, status
from tashika_formats.number import make_number
from tashika_formats.statement import build_envelope, signing_input, statement_digest
from tashika_formats.verify_statement import certificate_digest, statement_algorithm

NUMBER = make_number(12, 2025, 1)
NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def statement(**changes: Any) -> dict[str, Any]:
    """A valid statement; `changes` replace top-level fields."""
    return {
        "certificate_id": "crt_" + "0" * 25 + "1",
        "contract_id": "con_" + "0" * 25 + "1",
        "contract_number": NUMBER,
        "version": 1,
        "product": "PERFORMANCE",
        "guaranteed_amount_yen": 12_870_000,
        "guarantee_period": {"from_signing": True, "to": "2999-03-31"},
        "obligee": {
            "orderer_id": "mihon-shi",
            "name": "見本市",
            "addressee": "見本市長",
            "section": "契約課",
        },
        "principal": {
            "company": "株式会社髙﨑𠮷田組",
            "address": "千葉県見本市一丁目2番3号",
            "representative": "代表取締役　葛\U000e0101城 太郎",
        },
        "works": {
            "number": "第7-12号",
            "name": "見本橋架替工事",
            "place": "見本市一丁目地内",
            "kind": "CONSTRUCTION",
            "kind_name": "建設工事",
            "period": {"from": "2025-12-27", "to": "2999-03-31"},
            "price_yen": 128_700_000,
        },
        "guarantor": {
            "organization_id": "org_mihon",
            "name": "見本保証株式会社",
            "address": "東京都見本区見本町1-1",
            "representative": "代表取締役社長　見本 花子",
        },
        "issue_date": "2025-12-26",
        "terms_reference": "見本保証約款（2025年4月1日）",
        **changes,
    }


@dataclass(frozen=True)
class Credential:
    """A certificate with its private key."""

    key: Key
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def sign_statement(self, envelope: bytes) -> bytes:
        """The detached signature over a statement's envelope."""
        message, sha256 = signing_input(envelope), hashes.SHA256()
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PSS(padding.MGF1(sha256), sha256.digest_size), sha256)
        return self.key.sign(message, ec.ECDSA(sha256))


def make_credential(
    name: str,
    issuer: Credential | None = None,
    key: Key | None = None,
    until: datetime.datetime = NOW + datetime.timedelta(days=3650),
) -> Credential:
    """A root (without `issuer`), or a signer that a root issued."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "見本保証株式会社"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
            "digital_signature",
            "content_commitment",
            "key_cert_sign",
            "crl_sign",
        ),
        False,
    )
    usage |= {"key_cert_sign": True} if issuer is None else {"content_commitment": True}
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    return Credential(key, certificate)


def make_pdf(attachments: dict[str, bytes]) -> bytes:
    """A PDF of one empty page with these attachments."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, data in attachments.items():
            pdf.attachments[name] = data
        pdf.save(out)
    return out.getvalue()


def sign_pdf(data: bytes, signer: Credential, root: Credential, field_name: str = "Signature") -> bytes:
    """The PDF with a PAdES signature of NOW that allows no changes."""
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(_asn1(root.certificate))
    key = signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    simple = signers.SimpleSigner(
        _asn1(signer.certificate), asn1_keys.PrivateKeyInfo.load(key), cert_registry=store
    )
    certify = field_name == "Signature"
    meta = signers.PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    return asyncio.run(_signed_now(data, signers.PdfSigner(meta, simple)))


async def _signed_now(data: bytes, signer: signers.PdfSigner) -> bytes:
    """Signed at NOW, which the tests verify at: pyHanko's own clock has gone on since, for as long as the run takes."""
    session = signer.init_signing_session(IncrementalPdfFileWriter(io.BytesIO(data)))
    session.system_time = NOW
    prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=16 * 1024)
    out = io.BytesIO()
    digest, _ = prepared.digest_tbs_document(output=out)
    await prepared.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=NOW),
    )
    return out.getvalue()


def _asn1(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


@dataclass
class Log:
    """A log in memory with its Ed25519 key."""

    name: str = "register.example/log"
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    size: int = 0

    @property
    def key(self) -> cp.LogKey:
        return cp.LogKey(self.name, self.private.public_key().public_bytes_raw())

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def append(self, leaf: bytes) -> int:
        """The index that the leaf got."""
        for level, index, value in merkle.nodes_added_by(self.size, merkle.leaf_hash(leaf), self.node):
            self.nodes[level, index] = value
        self.size += 1
        return self.size - 1

    def checkpoint(self) -> bytes:
        text = cp.checkpoint_text(cp.Checkpoint(self.name, self.size, merkle.root(self.size, self.node)))
        return cp.sign_note(text, self.key, self.private.sign)

    def status(self, **changes: Any) -> status.SignedStatus:
        """A signed status of NUMBER, version 1, in force, fresh at NOW; `changes` replace its fields."""
        plain = {
            "contract_number": NUMBER,
            "current_version": 1,
            "state": "IN_FORCE",
            "tree_size": self.size,
            "this_update": NOW,
            "next_update": NOW + status.STATUS_VALIDITY,
        }
        value = status.Status(**{**plain, **changes})
        return status.SignedStatus(value, self.private.sign(status.status_signing_input(value)), self.name)


@dataclass(frozen=True)
class Issued:
    """A certificate as issued: its PDF before and after signing, its bundle, and all keys."""

    unsigned: bytes
    pdf: bytes
    envelope: bytes
    bundle: issuance.IssuanceBundle
    root: Credential
    signer: Credential
    log: Log


def issue(
    *,
    signer_key: Key | None = None,
    root_name: str = "見本認証局",
    signer_until: datetime.datetime = NOW + datetime.timedelta(days=365),
    **changes: Any,
) -> Issued:
    """A certificate, issued into a new log of five leaves; `changes` go to the statement."""
    root = make_credential(root_name)
    signer = make_credential("見本保証 証書署名", root, signer_key, signer_until)
    envelope = build_envelope(statement(**changes))
    unsigned = make_pdf({"statement.json": envelope})
    pdf = sign_pdf(unsigned, signer, root)
    return record(envelope, unsigned, pdf, signer, root)


def record(envelope: bytes, unsigned: bytes, pdf: bytes, signer: Credential, root: Credential) -> Issued:
    """The given PDF, recorded in a new log."""
    log, salt, signature = Log(), bytes(range(32)), signer.sign_statement(envelope)
    parsed = issuance.IssuanceRecord(
        certificate_id=statement()["certificate_id"],
        contract_number=NUMBER,
        version=1,
        issuer=statement()["guarantor"]["organization_id"],
        statement_sha256=statement_digest(envelope),
        statement_signature_sha256=hashlib.sha256(signature).hexdigest(),
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        signature_algorithm=statement_algorithm(signer.certificate),
        signer_sha256=certificate_digest(signer.certificate),
    )
    log.append(b"another leaf")
    index = log.append(issuance.build_leaf(parsed, salt))
    for other in range(3):
        log.append(bytes([other]))
    bundle = issuance.IssuanceBundle(
        record=parsed,
        salt=salt,
        leaf_index=index,
        inclusion_proof=tuple(merkle.inclusion_proof(index, log.size, log.node)),
        checkpoint=log.checkpoint(),
        statement_signature=signature,
        signer_chain=(signer.pem, root.pem),
        status=log.status(),
    )
    return Issued(unsigned, pdf, envelope, bundle, root, signer, log)


@functools.cache
def issued() -> Issued:
    """One certificate for all tests that only read it."""
    return issue()
