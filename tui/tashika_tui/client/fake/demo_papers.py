"""Papers signed by a throw-away demonstration authority, with a log in memory: they verify as real ones do.

The keys are no secrets: they are in this file. Needs cryptography and pyHanko, which are loaded when the first paper is
signed.
"""

import datetime
import functools
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tashika_formats import checkpoint, issuance, merkle, status
from tashika_formats.statement import parse_envelope, signing_input, statement_digest
from tashika_tui.client.fake.papers import Signed

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_FROM = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
_UNTIL = datetime.datetime(2090, 1, 1, tzinfo=datetime.UTC)
_LOG_NAME = "tashika.demo/simulation"
_ROOT_SECRET, _SIGNER_SECRET = 0x7A51_0001, 0x7A51_0002


class DemoPapers:
    """Signs statement and PDF, and records both in its log. `now` is the moment of the signatures and the signed
    status."""

    def __init__(self, now: datetime.datetime) -> None:
        self._now = now
        self._log = _Log()

    @property
    def log_verifier_key(self) -> str:
        """The key of the log that bundles rest on."""
        return checkpoint.format_vkey(self._log.key)

    def issue(self, envelope: bytes) -> Signed:
        """The papers of a statement."""
        from tashika_formats.verify_statement import certificate_digest, statement_algorithm

        authority = _authority()
        statement = parse_envelope(envelope)
        pdf = _sign_pdf(_pdf_with(envelope), authority, self._now)
        signature = authority.sign(signing_input(envelope))
        record = issuance.IssuanceRecord(
            certificate_id=statement["certificate_id"],
            contract_number=statement["contract_number"],
            version=statement["version"],
            issuer=statement["guarantor"]["organization_id"],
            statement_sha256=statement_digest(envelope),
            statement_signature_sha256=hashlib.sha256(signature).hexdigest(),
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            signature_algorithm=statement_algorithm(authority.signer),
            signer_sha256=certificate_digest(authority.signer),
        )
        return Signed(
            pdf, signature, authority.chain, self._log.bundle(record, signature, authority.chain, self._now)
        )

    def bundle_now(self, bundle: bytes, state: str, current_version: int) -> bytes:
        """A bundle with a status of its own signing, for how the contract stands now."""
        held = issuance.parse_bundle(bundle)
        status_now = self._log.status(
            held.record.contract_number, state, current_version, self._now, held.status.status.tree_size
        )
        return issuance.format_bundle(replace(held, status=status_now))


@dataclass
class _Log:
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    size: int = 0

    @functools.cached_property
    def private(self) -> "Ed25519PrivateKey":
        """The key that signs the log."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_LOG_NAME.encode()).digest())

    @property
    def key(self) -> checkpoint.LogKey:
        """The key that verifies it."""
        return checkpoint.LogKey(_LOG_NAME, self.private.public_key().public_bytes_raw())

    def bundle(
        self,
        record: issuance.IssuanceRecord,
        signature: bytes,
        chain: tuple[str, ...],
        now: datetime.datetime,
    ) -> bytes:
        """Records, and gives what verifies offline."""
        salt = hashlib.sha256(issuance.record_bytes(record)).digest()
        leaf = merkle.leaf_hash(issuance.build_leaf(record, salt))
        index = self.size
        for level, place, value in merkle.nodes_added_by(self.size, leaf, self._node):
            self.nodes[level, place] = value
        self.size += 1
        tree = checkpoint.Checkpoint(_LOG_NAME, self.size, merkle.root(self.size, self._node))
        return issuance.format_bundle(
            issuance.IssuanceBundle(
                record=record,
                salt=salt,
                leaf_index=index,
                inclusion_proof=tuple(merkle.inclusion_proof(index, self.size, self._node)),
                checkpoint=checkpoint.sign_note(
                    checkpoint.checkpoint_text(tree), self.key, self.private.sign
                ),
                statement_signature=signature,
                signer_chain=chain,
                status=self.status(record.contract_number, status.IN_FORCE, record.version, now, self.size),
            )
        )

    def status(
        self, contract_number: str, state: str, current_version: int, now: datetime.datetime, tree_size: int
    ) -> status.SignedStatus:
        """The word on a contract, signed."""
        word = status.Status(
            contract_number=contract_number,
            current_version=current_version,
            state=state,
            tree_size=tree_size,
            this_update=now,
            next_update=now + status.STATUS_VALIDITY,
        )
        return status.SignedStatus(word, self.private.sign(status.status_signing_input(word)), _LOG_NAME)

    def _node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


@dataclass(frozen=True)
class _Authority:
    root: "x509.Certificate"
    signer: "x509.Certificate"
    key: "ec.EllipticCurvePrivateKey"

    @property
    def chain(self) -> tuple[str, ...]:
        """PEM, the signer first."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return tuple(each.public_bytes(Encoding.PEM).decode("ascii") for each in (self.signer, self.root))

    def sign(self, message: bytes) -> bytes:
        """A detached signature, the same each time."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        return self.key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


@functools.cache
def _authority() -> _Authority:
    from cryptography.hazmat.primitives.asymmetric import ec

    root_key = ec.derive_private_key(_ROOT_SECRET, ec.SECP256R1())
    key = ec.derive_private_key(_SIGNER_SECRET, ec.SECP256R1())
    root = _certificate("認証局", 1, root_key, None, root_key)
    return _Authority(root, _certificate("証書署名", 2, key, root, root_key), key)


def _certificate(
    name: str,
    serial: int,
    key: "ec.EllipticCurvePrivateKey",
    issuer: "x509.Certificate | None",
    issuer_key: "ec.EllipticCurvePrivateKey",
) -> "x509.Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "東陽建設業保証株式会社 見本 DEMO"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name} 見本 DEMO"),
        ]
    )
    usage = dict.fromkeys(_USAGES, False)
    usage["key_cert_sign" if issuer is None else "content_commitment"] = True
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer is not None else subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True)
    )


_USAGES = (
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "encipher_only",
    "decipher_only",
    "digital_signature",
    "content_commitment",
    "key_cert_sign",
    "crl_sign",
)


def _pdf_with(envelope: bytes) -> bytes:
    """A PDF of one empty page with the statement attached."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(statement.json) 4 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        b"<</Type/Filespec/F(statement.json)/UF(statement.json)/EF<</F 5 0 R>>>>",
        b"<</Type/EmbeddedFile/Length %d>>stream\n%s\nendstream" % (len(envelope), envelope),
    )
    out = bytearray(b"%PDF-1.7\n")
    starts = []
    for number, content in enumerate(objects, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for start in starts:
        out += b"%010d 00000 n \n" % start
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _sign_pdf(data: bytes, authority: _Authority, now: datetime.datetime) -> bytes:
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    make_store: Any = SimpleCertificateStore
    store = make_store()
    store.register(x509.Certificate.load(authority.root.public_bytes(Encoding.DER)))
    key = authority.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        x509.Certificate.load(authority.signer.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )
    meta = signers.PdfSignatureMetadata(
        field_name="Signature",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )

    class _Dated(signers.PdfSigner):
        """Signs at the moment that the simulation has, not at the computer's."""

        def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
            session = super().init_signing_session(*arguments, **options)
            session.system_time = now
            return session

    def sign() -> bytes:
        out: io.BytesIO = _Dated(meta, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)))
        return out.getvalue()

    # pyHanko runs a loop of its own, which it can't where one runs already.
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(sign).result()
