"""The committed vectors: the code still makes exactly these, and they hold by themselves."""

import contextlib
import hashlib
import itertools
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from tashika_formats import (
    canonical,
    checkpoint,
    dates,
    folding,
    issuance,
    key,
    merkle,
    number,
    statement,
    status,
)
from tashika_formats.encoding import decode_base64
from tashika_formats.errors import FormatError
from tashika_formats.verify_errors import NotAuthenticError
from tashika_formats.verify_note import verify_checkpoint, verify_status
from tashika_formats.verify_statement import statement_algorithm, verify_statement_signature
from tests.vectors import make_vectors, samples

FOLDER = Path(make_vectors.__file__).parent


def vectors(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="ascii"))


@pytest.mark.parametrize("name", make_vectors.FILES)
def test_the_committed_file_is_what_the_code_makes(name: str) -> None:
    assert make_vectors.content(name) == (FOLDER / name).read_text(encoding="ascii")


def test_every_vector_file_is_made_and_described() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in FOLDER.glob("*.json")} == set(make_vectors.FILES)
    assert all(f"`{name}`" in readme for name in make_vectors.FILES)


def holds(function: Callable[[str], Any], case: dict[str, Any]) -> bool:
    """Whether the function gives the case's result, or its error."""
    try:
        result = function(case["input"])
    except FormatError as error:
        return error.code == case.get("error") and getattr(error, "position", None) == case.get("position")
    return bool(result == case.get("result"))


def test_typed_numbers() -> None:
    file = vectors("numbers.json")
    assert all(holds(number.normalise_number, case) for case in file["normalise"])
    for case in file["make"]:
        assert (
            number.make_number(case["guarantor_code"], case["fiscal_year"], case["sequence"])
            == case["number"]
        )


def test_typed_keys() -> None:
    file = vectors("keys.json")
    assert all(holds(key.normalise_key, case) for case in file["normalise"])
    for case in file["make"]:
        assert key.make_key(bytes.fromhex(case["random_hex"])) == case["key"]
        assert key.normalise_key(case["printed"]) == case["key"]


def test_days() -> None:
    file = vectors("dates.json")
    assert all(holds(lambda text: dates.parse_date(text).isoformat(), case) for case in file["parse"])
    for case in file["era"]:
        assert dates.parse_date(case["era_date"]) == date.fromisoformat(case["day"])
    for case in file["fiscal_year"]:
        first, last = dates.fiscal_year_bounds(case["fiscal_year"])
        assert first <= date.fromisoformat(case["day"]) <= last


def test_canonical_json() -> None:
    file = vectors("canonical.json")
    for case in file["canonical"]:
        data = bytes.fromhex(case["utf8_hex"])
        assert canonical.parse_canonical(data) == case["value"]
        assert json.loads(data) == case["value"], "any JSON reader sees the same"
    for case in file["refused"]:
        with pytest.raises(canonical.CanonicalError) as caught:
            canonical.parse_canonical(bytes.fromhex(case["utf8_hex"]))
        assert caught.value.code == case["error"]


def test_statements() -> None:
    file = vectors("statements.json")
    for case in file["valid"]:
        data = case["envelope"].encode("utf-8")
        assert statement.build_envelope(statement.parse_envelope(data)) == data
        assert hashlib.sha256(data).hexdigest() == case["sha256"]
        label = b"tashika-statement/1\x00"
        assert hashlib.sha256(label + data).hexdigest() == case["signing_input_sha256"]
    first = json.loads(file["valid"][0]["envelope"])["statement"]
    for case in file["refused"]:
        with pytest.raises(statement.StatementError) as caught:
            statement.validate_statement(samples.changed(first, case["field"], case.get("value")))
        assert caught.value.path == case["path"]


def test_signatures() -> None:
    file = vectors("signatures.json")
    root = x509.load_pem_x509_certificate(file["root"].encode())
    signers = {
        name: x509.load_pem_x509_certificate(signer["certificate"].encode())
        for name, signer in file["signers"].items()
    }
    envelopes = [case["envelope"].encode() for case in vectors("statements.json")["valid"]]
    for name, signer in signers.items():
        signer.verify_directly_issued_by(root)
        if algorithm := file["signers"][name].get("algorithm"):
            assert statement_algorithm(signer) == algorithm
    assert {(case["statement"], case["signer"]) for case in file["valid"]} == set(
        itertools.product(range(len(envelopes)), ("ecdsa", "rsa"))
    )
    for case in file["valid"] + file["refused"]:
        expected = pytest.raises(NotAuthenticError) if "why" in case else contextlib.nullcontext()
        with expected:
            signature = bytes.fromhex(case["signature_hex"])
            verify_statement_signature(signers[case["signer"]], signature, envelopes[case["statement"]])


def test_every_separator_is_among_the_vectors() -> None:
    for name in ("numbers.json", "keys.json"):
        typed = {char for case in vectors(name)["normalise"] if "result" in case for char in case["input"]}
        assert typed >= folding.HYPHENS | folding.INVISIBLE | {" ", "\u3000", "\x1f", "\x85", "\u2028"}


def test_leaves() -> None:
    file = vectors("leaves.json")
    for position, case in enumerate(file["certificates"]):
        record = case["record"].encode("utf-8")
        digest = hashlib.sha256(
            b"tashika-leaf/1\x00" + bytes.fromhex(case["salt_hex"]) + hashlib.sha256(record).digest()
        )
        leaf = json.loads(case["leaf"])
        assert leaf["commitment"] == case["commitment"] == digest.hexdigest()
        assert hashlib.sha256(b"\x00" + case["leaf"].encode()).hexdigest() == case["leaf_hash"]
        parsed = issuance.parse_record(record)
        assert parsed.issuer == leaf["issuer"]
        assert parsed.pdf_sha256 == hashlib.sha256(b"pdf %d" % position).hexdigest()
        assert parsed.statement_sha256 == vectors("statements.json")["valid"][position]["sha256"]


def test_proofs() -> None:
    file = vectors("proofs.json")
    roots = {case["size"]: bytes.fromhex(case["root"]) for case in file["roots"]}
    for case in file["inclusion"]:
        leaf = merkle.leaf_hash(b"leaf %d" % case["index"])
        proof = [bytes.fromhex(text) for text in case["proof"]]
        merkle.verify_inclusion(leaf, case["index"], case["size"], proof, roots[case["size"]])
    for case in file["consistency"]:
        proof = [bytes.fromhex(text) for text in case["proof"]]
        merkle.verify_consistency(case["old"], case["new"], proof, roots[case["old"]], roots[case["new"]])


def test_checkpoints_and_statuses() -> None:
    file = vectors("checkpoints.json")
    log_key = checkpoint.parse_vkey(file["vkey"])
    roots = {case["size"]: case["root"] for case in vectors("proofs.json")["roots"]}
    for case in file["notes"]:
        found = verify_checkpoint(log_key, case["note"].encode("utf-8"))
        assert (found.size, found.root.hex()) == (case["size"], roots[case["size"]])
    for case in file["statuses"]:
        signed = status.read_signed_status(case["signed"])
        verify_status(log_key, signed)
        assert decode_base64(case["signing_input_base64"]) == status.status_signing_input(signed.status)
