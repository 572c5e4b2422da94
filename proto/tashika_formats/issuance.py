"""Issuance: the record of an issued certificate, the leaf in the log that commits to it, and the bundle of
proofs.

The leaf shows no content: it has the issuer in clear and a commitment, SHA-256 over a label, a random salt
and the record's digest. Who erases the salt unlinks the leaf from the record.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final, cast

from tashika_formats import schema
from tashika_formats.canonical import JsonValue, canonical_bytes, parse_canonical, parse_json
from tashika_formats.checkpoint import MAX_NOTE_BYTES
from tashika_formats.encoding import decode_base64, decode_hex, encode_base64
from tashika_formats.merkle import HASH_BYTES, MAX_PROOF_HASHES
from tashika_formats.schema import SchemaError, required
from tashika_formats.statement import MAX_VERSION, typed_id
from tashika_formats.status import SignedStatus, check_signed_status, read_signed_status, signed_status_fields

RECORD_FORMAT: Final = "tashika-record/1"
LEAF_FORMAT: Final = "tashika-leaf/1"
BUNDLE_FORMAT: Final = "tashika-bundle/1"
LEAF_KIND_CERTIFICATE: Final = "CERTIFICATE"

SALT_BYTES: Final = 32
# A bundle has a proof of 64 hashes, a chain of at most 6 certificates, a note and a status: below 64 KiB.
MAX_BUNDLE_BYTES: Final = 131_072
MAX_CHAIN: Final = 6
MAX_PEM_CHARACTERS: Final = 16_384

# A record has fixed fields of some 600 bytes.
MAX_RECORD_BYTES: Final = 4_096

# Over SHA-256: ECDSA on P-256 in DER, and RSA-PSS with MGF1 over SHA-256.
ECDSA_P256_SHA256: Final = "ECDSA_P256_SHA256"
RSA_PSS_SHA256: Final = "RSA_PSS_SHA256"

_COMMITMENT_LABEL = b"tashika-leaf/1\x00"


@dataclass(frozen=True, slots=True)
class IssuanceRecord:
    """What the register holds of one issued certificate version. Digests are SHA-256 in lower-case hex.

    `issuer` is the guarantor's organization id; `signature_algorithm` is that of the detached signature over
    the statement; `signer_sha256` is the digest of the signer's certificate in DER.
    """

    certificate_id: str
    contract_number: str
    version: int
    issuer: str
    statement_sha256: str
    statement_signature_sha256: str
    pdf_sha256: str
    signature_algorithm: str
    signer_sha256: str


@dataclass(frozen=True, slots=True)
class IssuanceBundle:
    """Everything that proves an issue to somebody who trusts only the roots and the log's key.

    `salt` 32 bytes; `inclusion_proof` hashes for leaf `leaf_index` in the tree of `checkpoint` (a signed
    note); `statement_signature` raw bytes; `signer_chain` PEM certificates, the signer first; `status` as
    signed.
    """

    record: IssuanceRecord
    salt: bytes
    leaf_index: int
    inclusion_proof: tuple[bytes, ...]
    checkpoint: bytes
    statement_signature: bytes
    signer_chain: tuple[str, ...]
    status: SignedStatus


def record_fields(record: IssuanceRecord) -> dict[str, JsonValue]:
    """The record as a JSON object. Raises SchemaError if it breaks its form."""
    fields: dict[str, JsonValue] = {
        "format": RECORD_FORMAT,
        "certificate_id": record.certificate_id,
        "contract_number": record.contract_number,
        "version": record.version,
        "issuer": record.issuer,
        "statement_sha256": record.statement_sha256,
        "statement_signature_sha256": record.statement_signature_sha256,
        "pdf_sha256": record.pdf_sha256,
        "signature_algorithm": record.signature_algorithm,
        "signer_sha256": record.signer_sha256,
    }
    _RECORD(fields, "$.record")
    return fields


def record_bytes(record: IssuanceRecord) -> bytes:
    """The record in canonical JSON. Raises SchemaError if it breaks its form."""
    return canonical_bytes(record_fields(record))


def parse_record(data: bytes) -> IssuanceRecord:
    """The record of its canonical bytes. Raises SchemaError or CanonicalError."""
    return _read_record(parse_canonical(data, max_bytes=MAX_RECORD_BYTES))


def record_digest(record: IssuanceRecord) -> bytes:
    """SHA-256 of the record in canonical JSON, 32 bytes."""
    return hashlib.sha256(record_bytes(record)).digest()


def commitment(salt: bytes, digest: bytes) -> str:
    """The commitment to a record's digest, in lower-case hex. Raises ValueError for wrong lengths."""
    if len(salt) != SALT_BYTES or len(digest) != HASH_BYTES:
        raise ValueError("a commitment needs a salt and a digest of 32 bytes each")
    return hashlib.sha256(_COMMITMENT_LABEL + salt + digest).hexdigest()


def build_leaf(record: IssuanceRecord, salt: bytes) -> bytes:
    """The bytes of the log's leaf for a record: canonical JSON of format, kind, issuer and commitment.

    `merkle.leaf_hash` of them is what the tree holds. Raises SchemaError, and ValueError for a wrong salt.
    """
    return canonical_bytes(
        {
            "format": LEAF_FORMAT,
            "kind": LEAF_KIND_CERTIFICATE,
            "issuer": record.issuer,
            "commitment": commitment(salt, record_digest(record)),
        }
    )


def format_bundle(bundle: IssuanceBundle) -> bytes:
    """The bundle as a JSON file in UTF-8, indented for people. Raises SchemaError if it breaks its form."""
    fields = {
        "format": BUNDLE_FORMAT,
        "record": record_fields(bundle.record),
        "salt": bundle.salt.hex(),
        "leaf_index": bundle.leaf_index,
        "inclusion_proof": [value.hex() for value in bundle.inclusion_proof],
        "checkpoint": bundle.checkpoint.decode("utf-8"),
        "statement_signature": encode_base64(bundle.statement_signature),
        "signer_chain": list(bundle.signer_chain),
        "status": signed_status_fields(bundle.status),
    }
    _BUNDLE(fields, "$")
    text = json.dumps(fields, ensure_ascii=False, indent=2, sort_keys=True)
    return text.encode("utf-8") + b"\n"


def parse_bundle(data: bytes) -> IssuanceBundle:
    """The bundle of a JSON file. Nothing in it is verified yet. Raises SchemaError or CanonicalError."""
    value = parse_json(data, max_bytes=MAX_BUNDLE_BYTES)
    _BUNDLE(value, "$")
    fields = cast("dict[str, Any]", value)
    return IssuanceBundle(
        record=_read_record(fields["record"], "$.record"),
        salt=decode_hex(fields["salt"]),
        leaf_index=fields["leaf_index"],
        inclusion_proof=tuple(decode_hex(item) for item in fields["inclusion_proof"]),
        checkpoint=fields["checkpoint"].encode("utf-8"),
        statement_signature=decode_base64(fields["statement_signature"]),
        signer_chain=tuple(fields["signer_chain"]),
        status=read_signed_status(fields["status"], "$.status"),
    )


def _read_record(value: object, path: str = "$") -> IssuanceRecord:
    _RECORD(value, path)
    fields = cast("dict[str, Any]", value)
    return IssuanceRecord(**{name: item for name, item in fields.items() if name != "format"})


def _limited(maximum: int) -> schema.Rule:
    def rule(value: object, path: str) -> None:
        if not isinstance(value, str) or not 1 <= len(value) <= maximum:
            raise SchemaError(path, f"a string of 1 to {maximum} characters is needed")

    return rule


_SHA256 = schema.hex_bytes(HASH_BYTES)

_RECORD = schema.record(
    {
        "format": required(schema.choice(RECORD_FORMAT)),
        "certificate_id": required(typed_id("crt")),
        "contract_number": required(schema.contract_number),
        "version": required(schema.integer(1, MAX_VERSION)),
        "issuer": required(schema.pattern("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "an id")),
        "statement_sha256": required(_SHA256),
        "statement_signature_sha256": required(_SHA256),
        "pdf_sha256": required(_SHA256),
        "signature_algorithm": required(schema.choice(ECDSA_P256_SHA256, RSA_PSS_SHA256)),
        "signer_sha256": required(_SHA256),
    }
)

_BUNDLE = schema.record(
    {
        "format": required(schema.choice(BUNDLE_FORMAT)),
        "record": required(_RECORD),
        "salt": required(schema.hex_bytes(SALT_BYTES)),
        "leaf_index": required(schema.integer(0, 2**53 - 1)),
        "inclusion_proof": required(schema.array(_SHA256, 0, MAX_PROOF_HASHES)),
        "checkpoint": required(_limited(MAX_NOTE_BYTES)),
        "statement_signature": required(schema.base64_text),
        "signer_chain": required(schema.array(_limited(MAX_PEM_CHARACTERS), 1, MAX_CHAIN)),
        "status": required(check_signed_status),
    }
)
