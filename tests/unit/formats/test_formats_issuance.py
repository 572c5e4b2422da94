import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from tashika_formats.checkpoint import format_vkey
from tashika_formats.encoding import (
    EncodingError,
    decode_base64,
    decode_hex,
    format_moment,
    parse_moment,
)
from tashika_formats.errors import FormatError
from tashika_formats.issuance import (
    MAX_BUNDLE_BYTES,
    build_leaf,
    commitment,
    format_bundle,
    parse_bundle,
    parse_record,
    record_bytes,
)
from tashika_formats.status import Status, read_signed_status, signed_status_fields, status_signing_input
from tashika_formats.trust_folder import TrustFolder, TrustFolderError, bundle_file_name
from tests.unit.formats.issued import NOW, NUMBER, issued
from tests.vectors.samples import changed


def test_a_leaf_shows_its_issuer_and_nothing_of_the_contents() -> None:
    leaf = json.loads(build_leaf(issued().bundle.record, bytes(32)))
    assert sorted(leaf) == ["commitment", "format", "issuer", "kind"]
    assert (leaf["issuer"], leaf["kind"]) == ("org_mihon", "CERTIFICATE")


def test_a_commitment_depends_on_salt_and_record() -> None:
    assert len({commitment(bytes([a]) * 32, bytes([b]) * 32) for a in (0, 1) for b in (0, 1)}) == 4
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"", bytes(32))


def test_a_record_survives_its_bytes() -> None:
    record = issued().bundle.record
    assert parse_record(record_bytes(record)) == record


def test_a_bundle_survives_its_file() -> None:
    bundle = issued().bundle
    assert parse_bundle(format_bundle(bundle)) == bundle


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("format", "tashika-bundle/2"),
        ("salt", "00"),
        ("salt", "A" * 64),
        ("leaf_index", -1),
        ("leaf_index", 0.5),
        ("inclusion_proof", ["00" * 32] * 65),
        ("inclusion_proof", ["00" * 31]),
        ("checkpoint", ""),
        ("checkpoint", "a" * 16_385),
        ("statement_signature", "!"),
        ("signer_chain", []),
        ("signer_chain", ["a"] * 7),
        ("status", {}),
        ("status.status.state", "DRAFT"),
        ("status.status.next_update", "2000-01-01T00:00:00Z"),
        ("status.signature", "AAAA"),
        ("record.version", 0),
        ("record.pdf_sha256", "0"),
        ("record", None),
        ("more", 1),
    ],
)
def test_a_malformed_bundle_is_refused(path: str, item: Any) -> None:
    fields = json.loads(format_bundle(issued().bundle))
    with pytest.raises(FormatError):
        parse_bundle(json.dumps(changed(fields, path, item)).encode())


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"\xff", b"[" * 100_000, b" " * (MAX_BUNDLE_BYTES + 1)]
)
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse_bundle(data)


def test_a_status_survives_its_json_and_is_signed_with_a_label() -> None:
    signed = issued().bundle.status
    assert read_signed_status(signed_status_fields(signed)) == signed
    assert status_signing_input(signed.status).startswith(b'tashika-status/1\x00{"contract_number"')


def test_a_status_that_ends_before_it_begins_is_not_signed() -> None:
    with pytest.raises(FormatError):
        status_signing_input(Status(NUMBER, 1, "IN_FORCE", 1, NOW, NOW))


def test_moments_have_one_spelling() -> None:
    jst = datetime.timezone(datetime.timedelta(hours=9))
    assert format_moment(datetime.datetime(2025, 12, 26, 9, 30, 0, 999_999, jst)) == "2025-12-26T00:30:00Z"
    assert parse_moment("2025-12-26T00:30:00Z") == datetime.datetime(2025, 12, 26, 0, 30, tzinfo=datetime.UTC)
    with pytest.raises(ValueError, match="time zone"):
        format_moment(datetime.datetime(2025, 12, 26))  # noqa: DTZ001
    for text in (
        "2025-12-26T00:30:00+00:00",
        "2025-12-26T00:30:00.0Z",
        "2025-02-30T00:00:00Z",
        "٢025-12-26T00:30:00Z",
    ):
        with pytest.raises(EncodingError):
            parse_moment(text)


def test_bytes_have_one_spelling() -> None:
    for text in ("AA", "AB==", "A-==", " AA==", "AA==\n", "あ"):
        with pytest.raises(EncodingError):
            decode_base64(text)
    for text in ("0", "0G", "AA", "0 "):
        with pytest.raises(EncodingError):
            decode_hex(text)


def trust_folder(path: Path) -> Path:
    """A complete trust folder of the shared certificate."""
    (path / "roots").mkdir()
    (path / "records").mkdir()
    (path / "roots" / "authority.pem").write_text(issued().root.pem)
    (path / "log.vkey").write_text(format_vkey(issued().log.key) + "\n")
    (path / "records" / bundle_file_name(NUMBER, 1)).write_bytes(format_bundle(issued().bundle))
    return path


def test_a_trust_folder_gives_roots_log_key_and_bundles(tmp_path: Path) -> None:
    folder = TrustFolder.load(trust_folder(tmp_path))
    assert folder.log_key == issued().log.key
    assert folder.find(NUMBER, 1) == issued().bundle
    assert folder.find(NUMBER, 2) is None


def test_a_missing_trust_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrustFolderError) as caught:
        TrustFolder.load(tmp_path / "none")
    assert caught.value.code == "TRUST_FOLDER"


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("roots/authority.pem", None, "TRUST_ROOTS"),
        ("roots/authority.pem", b"", "TRUST_ROOTS"),
        ("roots/other.pem", b"\xff\x00", "TRUST_ROOTS"),
        ("roots/other.pem", b" " * 70_000, "TRUST_ROOTS"),
        ("log.vkey", None, "TRUST_LOG_KEY"),
        ("log.vkey", b"\xff", "TRUST_LOG_KEY"),
        ("log.vkey", b"a+b+c", "TRUST_LOG_KEY"),
    ],
)
def test_a_broken_trust_folder_says_which_part(
    tmp_path: Path, file: str, content: bytes | None, code: str
) -> None:
    place = trust_folder(tmp_path) / file
    if content is None:
        place.unlink()
    else:
        place.write_bytes(content)
    with pytest.raises(TrustFolderError) as caught:
        TrustFolder.load(tmp_path)
    assert caught.value.code == code


def test_a_broken_record_is_told_when_it_is_needed(tmp_path: Path) -> None:
    folder = TrustFolder.load(trust_folder(tmp_path))
    (tmp_path / "records" / bundle_file_name(NUMBER, 1)).write_bytes(b"{")
    with pytest.raises(TrustFolderError) as caught:
        folder.find(NUMBER, 1)
    assert caught.value.code == "TRUST_RECORD"


@pytest.mark.parametrize("number", ["../../x", "12345678901234", ""])
def test_only_a_contract_number_names_a_record(number: str) -> None:
    with pytest.raises(ValueError, match="contract number"):
        bundle_file_name(number, 1)


def test_a_bundle_is_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        issued().bundle.leaf_index = 0  # type: ignore[misc]
