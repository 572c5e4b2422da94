"""What the verifier accepts, and by which reason it refuses each change to a file."""

import datetime
import io
import random
import zlib
from collections.abc import Callable
from typing import Any, cast

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils import generic as pdf_objects
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tashika_formats.issuance import IssuanceBundle
from tashika_formats.statement import build_envelope
from tashika_formats.verify_errors import REASONS, NotAuthenticError
from tashika_formats.verify_pdf import Verified, verify_pdf
from tests.unit.formats.issued import (
    NOW,
    NUMBER,
    Issued,
    issue,
    issued,
    make_credential,
    make_pdf,
    record,
    sign_pdf,
    statement,
)

SEED = 20251226

# The library's constructors have no types.
generic: Any = pdf_objects


def verify(case: Issued, data: bytes | None = None, *, known: bool = True) -> Verified:
    """Verifies the case's PDF, or other bytes, with a register that knows the case, or nothing."""

    def find(number: str, version: int) -> IssuanceBundle | None:
        return case.bundle if known and (number, version) == (NUMBER, 1) else None

    return verify_pdf(case.pdf if data is None else data, [case.root.pem.encode()], case.log.key, find, NOW)


def reason(case: Issued, data: bytes | None = None, *, known: bool = True) -> str:
    with pytest.raises(NotAuthenticError) as caught:
        verify(case, data, known=known)
    return caught.value.reason


def changed_incrementally(data: bytes, change: Callable[[Any], None]) -> bytes:
    out, writer = io.BytesIO(), cast("Any", IncrementalPdfFileWriter(io.BytesIO(data)))
    change(writer)
    writer.write(out)
    return out.getvalue()


def annotate(writer: Any) -> None:
    page, _resources = writer.find_page_for_modification(0)
    note = {
        "/Type": "/Annot",
        "/Subtype": "/Text",
        "/Contents": "approved",
    }
    entry = generic.DictionaryObject(
        {
            generic.pdf_name(name): generic.pdf_name(text)
            if text.startswith("/")
            else generic.pdf_string(text)
            for name, text in note.items()
        }
    )
    entry["/Rect"] = generic.ArrayObject([generic.NumberObject(value) for value in (0, 0, 9, 9)])
    page.get_object()["/Annots"] = generic.ArrayObject([writer.add_object(entry)])
    writer.update_container(page.get_object())


def append_page(writer: Any) -> None:
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/Parent"): writer.root.raw_get("/Pages"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject(
                [generic.NumberObject(value) for value in (0, 0, 595, 842)]
            ),
        }
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(2)
    writer.update_container(pages["/Kids"])
    writer.update_container(pages)


def rewritten(data: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def without_signature(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm, pdf.pages[0].Annots


def test_the_issued_file_is_authentic() -> None:
    verified = verify(issued())
    assert (verified.standing, verified.contract_number, verified.version) == ("CURRENT", NUMBER, 1)
    assert verified.statement == statement()
    assert verified.signer_names == ("見本保証 証書署名", "見本保証株式会社")
    assert not verified.demo
    assert verified.as_of == NOW


def test_an_rsa_signer_is_accepted() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    assert verify(issue(signer_key=key)).standing == "CURRENT"


def test_a_demo_authority_is_told() -> None:
    assert verify(issue(root_name="見本 DEMO 認証局")).demo


def test_every_flipped_bit_is_refused() -> None:
    case, chance = issued(), random.Random(SEED)
    print(f"seed {SEED}")
    for _ in range(150):
        data = bytearray(case.pdf)
        position = chance.randrange(len(data))
        data[position] ^= 1 << chance.randrange(8)
        assert reason(case, bytes(data)) in REASONS, f"position {position}"


def test_every_flipped_bit_inside_the_signature_is_an_alteration() -> None:
    case, chance = issued(), random.Random(SEED)
    start = case.pdf.index(b"/Contents <") + len(b"/Contents <")
    end = case.pdf.index(b">", start)
    print(f"seed {SEED}")
    for _ in range(50):
        data = bytearray(case.pdf)
        position = chance.randrange(start, end)
        # The other case of a hex letter, or the next digit: the container stays readable hex.
        data[position] = ord("1") if data[position] == ord("0") else ord("0")
        # Where the container itself breaks, it can't be read any more.
        assert reason(case, bytes(data)) in ("ALTERED", "UNREADABLE_PDF"), f"position {position}"


def test_padding_behind_the_signature_is_fixed_too() -> None:
    case = issued()
    end = case.pdf.index(b">", case.pdf.index(b"/Contents <"))
    assert case.pdf[end - 2 : end] == b"00"
    assert reason(case, case.pdf[: end - 1] + b"1" + case.pdf[end:]) == "ALTERED"


@pytest.mark.parametrize("junk", [b"\n", b"\x00", b"junk", b"\n%%EOF\n", b"\n%%EOF", b" " * 5000])
def test_junk_behind_the_end_is_told(junk: bytes) -> None:
    assert reason(issued(), issued().pdf + junk) == "JUNK_AT_END"


@pytest.mark.parametrize("change", [annotate, append_page])
def test_an_added_annotation_or_page_is_told(change: Callable[[Any], None]) -> None:
    assert reason(issued(), changed_incrementally(issued().pdf, change)) == "ADDED_AFTER_SIGNING"


def test_a_second_signature_is_an_addition() -> None:
    case = issue()
    # The authority's own tool would refuse to sign a closed file, so the first signature leaves it open here.
    other = make_credential("別の署名者", case.root)
    twice = sign_pdf(sign_pdf(case.unsigned, case.signer, case.root, "First"), other, case.root, "Second")
    assert reason(case, twice) == "ALTERED"
    assert reason(case, twice, known=False) == "SEVERAL_SIGNATURES"
    registered = record(case.envelope, case.unsigned, twice, case.signer, case.root)
    assert reason(registered) == "SEVERAL_SIGNATURES"


def test_a_file_that_was_saved_again_is_altered() -> None:
    assert reason(issued(), rewritten(issued().pdf, lambda pdf: pdf.add_blank_page())) == "ALTERED"


def test_the_registered_file_without_its_signature_is_told() -> None:
    assert reason(issued(), issued().unsigned) == "UNSIGNED"
    assert reason(issued(), rewritten(issued().pdf, without_signature)) == "UNSIGNED"


def test_a_trusted_signature_that_the_register_does_not_know_is_told() -> None:
    assert reason(issued(), known=False) == "NOT_REGISTERED"


def test_an_unknown_file_is_told_by_its_signature_first() -> None:
    case = issued()
    assert reason(case, case.unsigned, known=False) == "UNSIGNED"
    stranger = issue()
    assert reason(case, stranger.pdf, known=False) == "UNTRUSTED_SIGNER"
    assert reason(case, changed_incrementally(case.pdf, annotate), known=False) == "NOT_WHOLE_FILE"


def test_a_signer_of_another_authority_is_not_trusted_though_registered() -> None:
    case = issued()
    with pytest.raises(NotAuthenticError) as caught:
        verify_pdf(case.pdf, [make_credential("別").pem.encode()], case.log.key, lambda *_: case.bundle, NOW)
    assert caught.value.reason == "UNTRUSTED_SIGNER"


def test_a_certificate_that_had_expired_when_it_signed_is_not_trusted() -> None:
    assert reason(issue(signer_until=NOW - datetime.timedelta(days=1))) == "UNTRUSTED_SIGNER"


def test_a_certificate_that_expires_after_signing_stays_trusted() -> None:
    case = issue(signer_until=NOW + datetime.timedelta(days=1))
    later = NOW + datetime.timedelta(days=1000)
    verified = verify_pdf(case.pdf, [case.root.pem.encode()], case.log.key, lambda *_: case.bundle, later)
    assert verified.standing == "STALE"


def test_a_signature_from_the_future_asks_for_the_clock() -> None:
    case = issued()
    past = NOW - datetime.timedelta(days=1)
    with pytest.raises(NotAuthenticError) as caught:
        verify_pdf(case.pdf, [case.root.pem.encode()], case.log.key, lambda *_: case.bundle, past)
    assert caught.value.reason == "CLOCK"


def test_a_clock_may_be_ten_minutes_slow() -> None:
    case, slow = issued(), NOW - datetime.timedelta(minutes=10)

    def at(now: datetime.datetime) -> str:
        return verify_pdf(
            case.pdf, [case.root.pem.encode()], case.log.key, lambda *_: case.bundle, now
        ).standing

    assert at(slow) == "CURRENT"
    with pytest.raises(NotAuthenticError) as caught:
        at(slow - datetime.timedelta(seconds=1))
    assert caught.value.reason == "CLOCK"


def test_a_registered_file_that_its_signature_does_not_cover_is_refused() -> None:
    case = issue()
    extended = changed_incrementally(case.pdf, annotate)
    assert reason(record(case.envelope, case.unsigned, extended, case.signer, case.root)) == "NOT_WHOLE_FILE"


def test_a_byte_range_that_leaves_out_one_byte_is_refused() -> None:
    case = issue()
    start = case.pdf.index(b"/ByteRange [") + len(b"/ByteRange [")
    end = case.pdf.index(b"]", start)
    first, before, after, length = (int(value) for value in case.pdf[start:end].split())
    narrowed = b"%d %d %d %d" % (first, before, after + 1, length - 1)
    forged = case.pdf[:start] + narrowed.ljust(end - start) + case.pdf[end:]
    assert len(forged) == len(case.pdf)
    assert reason(record(case.envelope, case.unsigned, forged, case.signer, case.root)) == "NOT_WHOLE_FILE"


def test_a_registered_file_with_a_broken_signature_is_refused() -> None:
    case = issue()
    forged = case.pdf.replace(b"%\xbf\xf7\xa2\xfe", b"%\xbf\xf7\xa2\xff", 1)
    assert forged != case.pdf
    assert reason(record(case.envelope, case.unsigned, forged, case.signer, case.root)) == "SIGNATURE_BROKEN"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "NOT_A_PDF"),
        (b"PK\x03\x04", "NOT_A_PDF"),
        (b"%PDF-1.7\n", "UNREADABLE_PDF"),
        (b"%PDF-1.7\n" + b"\xff" * 1000, "UNREADABLE_PDF"),
        (b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF", "UNREADABLE_PDF"),
        (b"%PDF-1.7\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF", "UNREADABLE_PDF"),
        (b"%PDF-1.7\n" + b" " * (8 * 1024 * 1024), "TOO_LARGE"),
    ],
)
def test_garbage_is_refused_by_reason(data: bytes, expected: str) -> None:
    assert reason(issued(), data) == expected


def test_every_truncated_file_is_refused() -> None:
    case = issued()
    for length in range(0, len(case.pdf), 97):
        assert reason(case, case.pdf[:length]) in REASONS


def test_a_pdf_without_statement_is_none_of_ours() -> None:
    assert reason(issued(), make_pdf({})) == "NO_STATEMENT"
    assert reason(issued(), make_pdf({"other.json": b"{}"})) == "NO_STATEMENT"


@pytest.mark.parametrize("attached", [b"", b"{}", b"\x00" * 500_000, build_envelope(statement())[:-1]])
def test_an_unreadable_statement_is_told(attached: bytes) -> None:
    assert reason(issued(), make_pdf({"statement.json": attached})) == "STATEMENT_UNREADABLE"


def test_two_statements_are_not_chosen_between() -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        second = pikepdf.AttachedFileSpec(
            pdf, b"{}", filename="statement.json", description="", mime_type="", creation_date="", mod_date=""
        )
        pdf.attachments["another"] = second

    assert reason(issued(), rewritten(issued().unsigned, add)) == "STATEMENT_UNREADABLE"


def plain_pdf(*objects: bytes, loop: bool = False) -> bytes:
    """A PDF of these objects, the catalog first; with `loop`, its cross-reference names itself as the one before."""
    out, offsets = b"%PDF-1.7\n", []
    for place, item in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (place, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, start = len(objects) + 1, len(out)
    before = b"/Prev %d" % start if loop else b""
    trailer = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, before, start)
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


CATALOG = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>"
PAGES = b"<</Type/Pages/Kids[]/Count 0>>"
SPEC = (b"<</Names[(statement.json) 4 0 R]>>", b"<</UF(statement.json)/EF<</F 5 0 R>>>>")
DEFLATED = zlib.compress(bytes(20_000_000), 9)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (plain_pdf(CATALOG, PAGES, b"<</Names[]>>"), "NO_STATEMENT"),
        (plain_pdf(CATALOG, PAGES, b"<</Names[]>>", loop=True), "UNREADABLE_PDF"),
        (plain_pdf(b"1 0 R", PAGES), "UNREADABLE_PDF"),
        (
            plain_pdf(b"<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>", b"<</T(a)/Kids[2 0 R]>>"),
            "UNREADABLE_PDF",
        ),
        (plain_pdf(CATALOG, PAGES, b"<</Kids[3 0 R 3 0 R]>>"), "STATEMENT_UNREADABLE"),
        (plain_pdf(CATALOG, PAGES, b"<</Names[(a) null (b) 7 (c) 99 0 R]>>"), "STATEMENT_UNREADABLE"),
        (
            plain_pdf(
                CATALOG,
                PAGES,
                *SPEC,
                b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(DEFLATED), DEFLATED),
            ),
            "STATEMENT_UNREADABLE",
        ),
    ],
    ids=["plain", "xref loop", "self reference", "form loop", "tree loop", "odd names", "deflate bomb"],
)
def test_hostile_structures_end_with_a_reason(data: bytes, expected: str) -> None:
    assert reason(issued(), data) == expected


def test_nothing_is_written_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    reason(issued(), issued().pdf[:-2000] + b"%%EOF")
    reason(issued(), changed_incrementally(issued().pdf, annotate))
    assert capfd.readouterr() == ("", "")


async def test_the_event_loop_is_not_blocked() -> None:
    with pytest.raises(RuntimeError, match="executor"):
        verify(issued())


def test_a_clock_without_time_zone_and_a_missing_root_are_the_callers_faults() -> None:
    case = issued()
    with pytest.raises(ValueError, match="time zone"):
        verify_pdf(
            case.pdf, [case.root.pem.encode()], case.log.key, lambda *_: None, NOW.replace(tzinfo=None)
        )
    with pytest.raises(ValueError, match="root"):
        verify_pdf(case.pdf, [], case.log.key, lambda *_: None, NOW)


def test_what_the_source_raises_passes_through() -> None:
    def fail(_number: str, _version: int) -> IssuanceBundle | None:
        raise ConnectionError("register not reachable")

    with pytest.raises(ConnectionError):
        verify_pdf(issued().pdf, [issued().root.pem.encode()], issued().log.key, fail, NOW)
