"""`tashika verify`."""

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tashika_formats.checkpoint import format_vkey
from tashika_formats.issuance import format_bundle
from tashika_formats.trust_folder import bundle_file_name
from tests.unit.formats.issued import NOW, NUMBER, Issued, issue, issued
from tests.unit.tui.person import Person
from tests.unit.tui.register import FakeRegister, serving


def trust(folder: Path, found: Issued) -> Path:
    """A trust folder with this certificate's authority, log key and bundle."""
    (folder / "roots").mkdir(parents=True)
    (folder / "records").mkdir()
    (folder / "roots" / "root.pem").write_text(found.root.pem)
    (folder / "log.vkey").write_text(format_vkey(found.log.key))
    (folder / "records" / bundle_file_name(NUMBER, 1)).write_bytes(format_bundle(found.bundle))
    return folder


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """The registered certificate as a file."""
    path = tmp_path / "証書.pdf"
    path.write_bytes(issued().pdf)
    return path


def test_offline_an_authentic_certificate_passes(tmp_path: Path, pdf: Path) -> None:
    seen = Person(tmp_path).types("verify", str(pdf), "--trust", str(trust(tmp_path / "t", issued())))
    assert (seen.code, seen.err) == (0, "")
    assert seen.out.startswith("真正です。現在有効な版です。\n")
    assert "検証用フォルダー" in seen.out
    assert NUMBER in seen.out


def test_the_register_is_asked_without_a_trust_folder(
    person: Person, register: FakeRegister, pdf: Path
) -> None:
    seen = person.types("verify", str(pdf))
    assert (seen.code, seen.err) == (0, "")
    assert "登録簿の回答を信頼して" in seen.out
    assert register.address.removeprefix("unix:") in seen.out
    assert register.asked("VerifyCertificate")[0].pdf_sha256 == issued().bundle.record.pdf_sha256


def test_given_authorities_are_the_ones_that_count(person: Person, pdf: Path, tmp_path: Path) -> None:
    folder = trust(tmp_path / "t", issued())
    seen = person.types("verify", str(pdf), "--roots", str(folder / "roots"))
    assert seen.code == 0
    assert "指定された認証局" in seen.out
    (folder / "roots" / "root.pem").write_text(issue().root.pem)
    seen = person.types("verify", str(pdf), "--roots", str(folder / "roots"))
    assert seen.code == 6
    assert "UNTRUSTED_SIGNER" in seen.err


def added(data: bytes) -> bytes:
    """The file with a further revision."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.root["/Mark"] = generic.NullObject()
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def flipped(data: bytes) -> bytes:
    place = data.index(b"/MediaBox") + 12
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (flipped, "SIGNATURE_BROKEN"),
        (lambda data: data + b"\n% junk", "JUNK_AT_END"),
        (added, "ADDED_AFTER_SIGNING"),
        (lambda _: issued().unsigned, "UNSIGNED"),
        (lambda _: b"no pdf", "NOT_A_PDF"),
        (lambda _: b"", "NOT_A_PDF"),
        (lambda _: b"%PDF-1.7\n%%EOF", "UNREADABLE_PDF"),
        (lambda _: b"%PDF-" + bytes(9 * 1024 * 1024), "TOO_LARGE"),
        (lambda _: issue().pdf, "NOT_REGISTERED"),
    ],
)
def test_the_register_is_asked_and_what_is_wrong_is_said(
    person: Person, pdf: Path, spoil: Callable[[bytes], bytes], reason: str
) -> None:
    pdf.write_bytes(spoil(issued().pdf))
    seen = person.types("verify", str(pdf))
    assert (seen.code, seen.out) == (6, "")
    assert seen.err.startswith("エラー: 真正ではありません。")
    assert f"[{reason}]" in seen.err


def test_a_failure_as_json(person: Person, pdf: Path) -> None:
    pdf.write_bytes(issued().pdf + b"x")
    seen = person.types("verify", str(pdf), "--json", "--lang", "en")
    assert seen.code == 6
    assert seen.json["authentic"] is False
    assert seen.json["reason"] == "JUNK_AT_END"
    assert "Not authentic" in seen.err


def test_a_result_as_json(person: Person, pdf: Path) -> None:
    fields = person.types("verify", str(pdf), "--json").json
    assert fields["authentic"] is True
    assert (fields["standing"], fields["basis"], fields["contract_state"]) == (
        "CURRENT",
        "REGISTER",
        "IN_FORCE",
    )
    assert fields["as_of"] == NOW.isoformat().replace("+00:00", "Z")
    assert fields["statement"]["works"]["price_yen"] == 128_700_000


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({"state": "CANCELLED"}, "ENDED"),
        ({"current_version": 2}, "SUPERSEDED"),
        (
            {
                "this_update": NOW - datetime.timedelta(days=3),
                "next_update": NOW - datetime.timedelta(days=2),
            },
            "STALE",
        ),
    ],
)
def test_authentic_but_not_current_has_its_own_exit_code(
    tmp_path: Path, changes: dict[str, object], standing: str
) -> None:
    found = issue()
    object.__setattr__(found.bundle, "status", found.log.status(**changes))
    (tmp_path / "a.pdf").write_bytes(found.pdf)
    folder = trust(tmp_path / "t", found)
    seen = Person(tmp_path).types("verify", str(tmp_path / "a.pdf"), "--json", "--trust", str(folder))
    assert (seen.code, seen.json["standing"]) == (7, standing)
    seen = Person(tmp_path).types("verify", str(tmp_path / "a.pdf"), "--trust", str(folder))
    assert seen.code == 7
    assert seen.out.startswith("真正ですが")


def test_a_demonstration_is_called_one(tmp_path: Path) -> None:
    found = issue(root_name="見本 DEMO 認証局")
    (tmp_path / "a.pdf").write_bytes(found.pdf)
    with serving(FakeRegister(issued=found)) as register:
        seen = Person(tmp_path, register.address).types("verify", str(tmp_path / "a.pdf"))
    assert seen.code == 0
    assert "【見本 DEMO】" in seen.out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["missing.pdf"], "missing.pdf"),
        (["{pdf}", "--trust", "nowhere"], "検証用フォルダー"),
        (["{pdf}", "--roots", "nowhere"], "nowhere"),
        (["{pdf}", "--trust", "x", "--server", "unix:/x"], "--trust"),
        (["{pdf}", "--trust", "x", "--roots", "y"], "--trust"),
        ([], "FILE.pdf"),
    ],
)
def test_a_wrong_call_is_told(tmp_path: Path, pdf: Path, arguments: list[str], word: str) -> None:
    seen = Person(tmp_path).types("verify", *(item.format(pdf=pdf) for item in arguments))
    assert (seen.code, seen.out) == (2, "")
    assert word in seen.err


def test_without_a_register_or_a_trust_folder_nothing_is_said_of_the_file(tmp_path: Path, pdf: Path) -> None:
    seen = Person(tmp_path, "127.0.0.1:1").types("verify", str(pdf))
    assert (seen.code, seen.out) == (5, "")


def test_a_chain_of_the_register_that_is_no_certificate_is_not_trusted(tmp_path: Path, pdf: Path) -> None:
    found = issue()
    (tmp_path / "a.pdf").write_bytes(found.pdf)
    object.__setattr__(found.bundle, "signer_chain", (found.signer.pem, "not a certificate"))
    with serving(FakeRegister(issued=found)) as register:
        seen = Person(tmp_path, register.address).types("verify", str(tmp_path / "a.pdf"))
    assert seen.code == 6


def test_what_can_not_be_a_certificate_is_not_asked_about(
    person: Person, register: FakeRegister, pdf: Path
) -> None:
    pdf.write_bytes(b"no pdf")
    assert person.types("verify", str(pdf)).code == 6
    assert register.calls == []
