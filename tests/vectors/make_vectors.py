"""Writes the vectors beside this file: `python -m tests.vectors.make_vectors`. Same code, same bytes.

The files are read by tests as they are committed; a change of a format shows as a difference here. Nothing
is random: keys and salts are hashes of labels.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tashika_formats import canonical, checkpoint, dates, issuance, key, merkle, number, statement, status
from tashika_formats.encoding import encode_base64
from tashika_formats.errors import FormatError
from tests.vectors import samples, signing

FOLDER = Path(__file__).parent

LOG_SEED = hashlib.sha256(b"tashika vectors: log key").digest()
LOG_NAME = "register.example/log"
TREE_SIZES = (1, 2, 3, 4, 5, 7, 8, 13, 64, 100)


def outcome(function: Callable[[str], Any], text: str) -> dict[str, Any]:
    """The input with its result, or with the code of its error (and the position of a wrong character)."""
    try:
        result = function(text)
    except FormatError as error:
        position = getattr(error, "position", None)
        return {"input": text, "error": error.code} | ({"position": position} if position else {})
    return {"input": text, "result": result.isoformat() if isinstance(result, datetime.date) else result}


def numbers() -> dict[str, Any]:
    made = [
        {"guarantor_code": code, "fiscal_year": year, "sequence": sequence, "number": made_number}
        for code, year, sequence in (
            (1, 2025, 1),
            (12, 2025, 123456789),
            (99, 2099, 999999999),
            (3, 2000, 42),
        )
        for made_number in [number.make_number(code, year, sequence)]
    ]
    return {"make": made, "normalise": [outcome(number.normalise_number, text) for text in samples.NUMBERS]}


def keys() -> dict[str, Any]:
    made = [
        {"random_hex": data.hex(), "key": key.make_key(data), "printed": key.format_key(key.make_key(data))}
        for data in (b"\x00" * 12, b"\xff" * 12, bytes(range(12)), hashlib.sha256(b"a key").digest()[:12])
    ]
    return {"make": made, "normalise": [outcome(key.normalise_key, text) for text in samples.KEYS]}


def days() -> dict[str, Any]:
    return {
        "era": [
            {"day": day, "era_date": dates.era_date(datetime.date.fromisoformat(day))} for day in samples.DAYS
        ],
        "parse": [outcome(dates.parse_date, text) for text in samples.DATE_TEXTS],
        "fiscal_year": [
            {"day": day, "fiscal_year": year, "era_fiscal_year": dates.era_fiscal_year(year)}
            for day in samples.DAYS
            if (year := dates.fiscal_year(datetime.date.fromisoformat(day))) >= dates.FIRST_FISCAL_YEAR
        ],
    }


def canonical_json() -> dict[str, Any]:
    def parsed(text: str) -> Any:
        return canonical.parse_canonical(text.encode("utf-8", "surrogatepass"))

    return {
        "canonical": [
            {"value": value, "utf8_hex": canonical.canonical_bytes(value).hex()} for value in samples.VALUES
        ],
        "refused": [
            {"utf8_hex": item["input"].encode("utf-8", "surrogatepass").hex(), "error": item["error"]}
            for item in (outcome(parsed, text) for text in samples.NOT_CANONICAL)
        ],
    }


def statements() -> dict[str, Any]:
    valid = []
    for value in samples.STATEMENTS:
        envelope = statement.build_envelope(value)
        valid.append(
            {
                "envelope": envelope.decode("utf-8"),
                "sha256": statement.statement_digest(envelope),
                "signing_input_sha256": hashlib.sha256(statement.signing_input(envelope)).hexdigest(),
            }
        )
    return {"valid": valid, "refused": [refused_statement(*item) for item in samples.BROKEN_STATEMENTS]}


def refused_statement(path: str, value: Any) -> dict[str, Any]:
    """The first sample with `value` at the dotted `path` (None: left out), and where the error is."""
    broken = samples.changed(samples.STATEMENTS[0], path, value)
    try:
        statement.validate_statement(broken)
    except statement.StatementError as error:
        return {"field": path, "path": error.path} | ({} if value is None else {"value": value})
    raise AssertionError(f"the statement with another {path} is accepted")


def signatures() -> dict[str, Any]:
    return signing.signatures(samples.STATEMENTS)


def leaves() -> dict[str, Any]:
    records = []
    for position, value in enumerate(samples.STATEMENTS):
        salt = hashlib.sha256(b"salt %d" % position).digest()
        record = issuance.IssuanceRecord(
            certificate_id=value["certificate_id"],
            contract_number=value["contract_number"],
            version=value["version"],
            issuer=value["guarantor"]["organization_id"],
            statement_sha256=statement.statement_digest(statement.build_envelope(value)),
            statement_signature_sha256=hashlib.sha256(b"signature %d" % position).hexdigest(),
            pdf_sha256=hashlib.sha256(b"pdf %d" % position).hexdigest(),
            signature_algorithm=(issuance.ECDSA_P256_SHA256, issuance.RSA_PSS_SHA256)[position % 2],
            signer_sha256=hashlib.sha256(b"certificate").hexdigest(),
        )
        leaf = issuance.build_leaf(record, salt)
        records.append(
            {
                "record": issuance.record_bytes(record).decode("utf-8"),
                "salt_hex": salt.hex(),
                "commitment": issuance.commitment(salt, issuance.record_digest(record)),
                "leaf": leaf.decode("utf-8"),
                "leaf_hash": merkle.leaf_hash(leaf).hex(),
            }
        )
    return {"certificates": records}


class Tree:
    """The tree over the leaves "leaf 0", "leaf 1", ..."""

    def __init__(self, size: int) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for index in range(size):
            leaf = merkle.leaf_hash(b"leaf %d" % index)
            for level, place, value in merkle.nodes_added_by(index, leaf, self.node):
                self.nodes[level, place] = value

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


def proofs() -> dict[str, Any]:
    tree = Tree(max(TREE_SIZES))
    return {
        "leaves": "the bytes of leaf n are ASCII: leaf, a space, n in decimal",
        "roots": [{"size": size, "root": merkle.root(size, tree.node).hex()} for size in (0, *TREE_SIZES)],
        "inclusion": [
            {"index": index, "size": size, "proof": hexes(merkle.inclusion_proof(index, size, tree.node))}
            for size in TREE_SIZES
            for index in sorted({0, size // 3, size // 2, size - 1})
        ],
        "consistency": [
            {"old": old, "new": new, "proof": hexes(merkle.consistency_proof(old, new, tree.node))}
            for new in TREE_SIZES
            for old in TREE_SIZES
            if old <= new
        ],
    }


def hexes(values: Iterable[bytes]) -> list[str]:
    return [value.hex() for value in values]


def checkpoints() -> dict[str, Any]:
    private = Ed25519PrivateKey.from_private_bytes(LOG_SEED)
    log_key = checkpoint.LogKey(LOG_NAME, private.public_key().public_bytes_raw())
    tree = Tree(max(TREE_SIZES))
    notes = []
    for size in TREE_SIZES:
        text = checkpoint.checkpoint_text(checkpoint.Checkpoint(LOG_NAME, size, merkle.root(size, tree.node)))
        notes.append(
            {"size": size, "note": checkpoint.sign_note(text, log_key, private.sign).decode("utf-8")}
        )
    return {
        "private_key_hex": LOG_SEED.hex(),
        "vkey": checkpoint.format_vkey(log_key),
        "notes": notes,
        "statuses": [signed_status(private, state, version) for state, version in samples.STATUSES],
    }


def signed_status(private: Ed25519PrivateKey, state: str, version: int) -> dict[str, Any]:
    moment = datetime.datetime(2025, 12, 26, 0, 30, tzinfo=datetime.UTC)
    value = status.Status(
        contract_number=samples.STATEMENTS[0]["contract_number"],
        current_version=version,
        state=state,
        tree_size=100,
        this_update=moment,
        next_update=moment + status.STATUS_VALIDITY,
    )
    signing_input = status.status_signing_input(value)
    signed = status.SignedStatus(value, private.sign(signing_input), LOG_NAME)
    return {
        "signed": status.signed_status_fields(signed),
        "signing_input_base64": encode_base64(signing_input),
    }


FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "numbers.json": numbers,
    "keys.json": keys,
    "dates.json": days,
    "canonical.json": canonical_json,
    "statements.json": statements,
    "signatures.json": signatures,
    "leaves.json": leaves,
    "proofs.json": proofs,
    "checkpoints.json": checkpoints,
}


def content(name: str) -> str:
    """The text of one vector file. Other code points than ASCII are escaped, so that every editor keeps
    them."""
    return json.dumps(FILES[name](), ensure_ascii=True, indent=1) + "\n"


def main() -> None:
    for name in FILES:
        (FOLDER / name).write_text(content(name), encoding="ascii")


if __name__ == "__main__":
    main()
