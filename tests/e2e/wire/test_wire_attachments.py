"""Files that come with an application: only whole PDFs are kept, and they come back as they were."""

import hashlib
from collections.abc import AsyncIterator

import pytest
from grpc import StatusCode

from tashika.v1 import contract_attaching_pb2 as attaching
from tashika.v1 import contract_service_pb2 as contracts
from tests.support import data
from tests.support.client import fresh
from tests.support.people import World
from tests.support.play import Play, upload
from tests.support.refusals import Refusal, refusal, refused

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-attachments")]

MIB = 1024 * 1024
Part = attaching.AttachDocumentRequest


def header(owner_id: str, content: bytes, /, **changes: str) -> attaching.AttachDocumentHeader:
    """A header that fits the content."""
    values = {
        "request_id": fresh(),
        "contract_id": owner_id,
        "name": "請負契約書（髙﨑）.pdf",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return attaching.AttachDocumentHeader(**(values | changes))


async def each(*parts: Part) -> AsyncIterator[Part]:
    """A stream of these parts."""
    for part in parts:
        yield part


async def _refused(world: World, play: Play, *parts: Part) -> Refusal:
    """The refusal of a stream; nothing is written."""
    before = await world.running.revision()
    told = await refusal(world.contractor.contracts.AttachDocument(each(*parts)))
    assert await world.running.revision() == before
    return told


def large_pdf(size: int) -> bytes:
    """A PDF of exactly this size."""
    small = data.pdf()
    at = small.index(b"xref\n")
    filled = small[:at] + b"%" + bytes(size - len(small) - 10) + b"\n" + small[at:]
    moved = filled.replace(b"startxref\n%d" % at, b"startxref\n%d" % (filled.rindex(b"xref\n0 1")))
    return moved + b"\n" * (size - len(moved))


async def test_a_file_comes_back_as_it_was_to_contractor_and_guarantor(world: World, play: Play) -> None:
    content = large_pdf(300_000)
    draft = await play.draft()
    kept = await play.attach(draft, content)
    assert kept.attachment.size_bytes == len(content)
    assert kept.contract.etag != draft.etag
    await play.submit(kept.contract)
    request = attaching.DownloadAttachmentRequest(
        contract_id=draft.contract_id, attachment_id=kept.attachment.attachment_id
    )
    for person in (world.contractor, world.underwriter, world.approver):
        parts = [part async for part in person.contracts.DownloadAttachment(request)]
        assert parts[0].header.name == kept.attachment.name
        assert parts[0].header.sha256 == hashlib.sha256(content).hexdigest()
        assert b"".join(part.chunk for part in parts[1:]) == content
        assert max(len(part.chunk) for part in parts) <= 64 * 1024


async def test_a_file_of_20_mib_is_taken_and_one_byte_more_is_not(world: World, play: Play) -> None:
    draft = await play.draft()
    assert (await play.attach(draft, large_pdf(20 * MIB))).attachment.size_bytes == 20 * MIB
    with refused("ATTACHMENT_TOO_LARGE"):
        await play.attach(draft, large_pdf(20 * MIB + 1))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 a spreadsheet",
        b"%PDF-1.7\n",
        data.pdf()[:-6],
        b"\xef\xbb\xbf" + data.pdf(),
        data.pdf().replace(b"startxref\n", b"startxref\n9"),
        b"<html>%PDF-1.7</html>",
        data.pdf() + bytes(5000),
    ],
    ids=["empty", "zip", "header", "no-end", "mark", "wrong-table", "html", "trailing"],
)
async def test_what_is_no_pdf_is_refused(world: World, play: Play, content: bytes) -> None:
    contract_id = (await play.draft()).contract_id
    told = await _refused(world, play, Part(header=header(contract_id, content)), Part(chunk=content))
    assert (told.code, told.reason) == (StatusCode.INVALID_ARGUMENT, "ATTACHMENT_NOT_PDF")


async def test_a_stream_that_was_cut_off_or_changed_is_refused(world: World, play: Play) -> None:
    content, contract_id = data.pdf(), (await play.draft()).contract_id
    first = Part(header=header(contract_id, content))
    for sent in (content[:-1], content + b"\n", data.pdf("other"), b""):
        told = await _refused(world, play, first, Part(chunk=sent))
        assert told.reason == "ATTACHMENT_INCOMPLETE"
    assert (await _refused(world, play, first)).reason == "ATTACHMENT_INCOMPLETE"


async def test_a_stream_without_its_header_or_with_two_is_refused(world: World, play: Play) -> None:
    content, contract_id = data.pdf(), (await play.draft()).contract_id
    first, chunk = Part(header=header(contract_id, content)), Part(chunk=content)
    for parts in ((), (chunk,), (chunk, first), (first, first, chunk), (first, chunk, first)):
        assert (await _refused(world, play, *parts)).reason == "MALFORMED_REQUEST"
    assert (await _refused(world, play, Part(), chunk)).reason in ("MALFORMED_REQUEST", "FIELD_REQUIRED")


async def test_a_chunk_above_64_kib_is_refused(world: World, play: Play) -> None:
    content, contract_id = large_pdf(65_537), (await play.draft()).contract_id
    told = await _refused(world, play, Part(header=header(contract_id, content)), Part(chunk=content))
    assert told.reason == "FIELD_TOO_LONG"


async def test_bytes_that_are_no_message_are_refused_within_a_stream_too(world: World, play: Play) -> None:
    content, contract_id = data.pdf(), (await play.draft()).contract_id
    first = Part(header=header(contract_id, content)).SerializeToString()
    told = await refusal(world.contractor.upload("ContractService/AttachDocument", [first, b"\x12\x7f\x00"]))
    assert told.reason == "MALFORMED_REQUEST"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "", "FIELD_REQUIRED"),
        ("name", "..", "FIELD_FORMAT"),
        ("name", "../契約書.pdf", "FIELD_CHARACTER"),
        ("name", "契約書\u0000.pdf", "FIELD_CHARACTER"),
        ("name", "契約書\u202efdp.exe", "FIELD_CHARACTER"),
        ("name", "契" * 201, "FIELD_TOO_LONG"),
        ("sha256", "", "FIELD_REQUIRED"),
        ("sha256", "A" * 64, "FIELD_FORMAT"),
        ("sha256", "0" * 63, "FIELD_FORMAT"),
        ("request_id", "", "REQUEST_ID_FORMAT"),
        ("contract_id", "", "FIELD_REQUIRED"),
        ("contract_id", "con_1", "FIELD_FORMAT"),
        ("contract_id", "con_" + "0" * 26, "NOT_FOUND"),
        ("etag", "1-1", "ETAG_MISMATCH"),
    ],
)
async def test_a_field_of_the_header_is_refused_by_its_name(
    world: World, play: Play, field: str, value: str, reason: str
) -> None:
    content, contract_id = data.pdf(), (await play.draft()).contract_id
    changed = header(contract_id, content, **{field: value})
    told = await _refused(world, play, Part(header=changed), Part(chunk=content))
    assert told.reason == reason
    if reason not in ("NOT_FOUND", "ETAG_MISMATCH"):
        assert f"header.{field}" in told.fields


async def test_a_foreign_contract_gets_no_file_and_looks_like_an_unknown_one(
    world: World, play: Play
) -> None:
    content = data.pdf()
    told = []
    for contract_id in ((await play.draft()).contract_id, "con_" + "0" * 26):
        stream = upload(header(contract_id, content), content)
        told.append(await refusal(world.other_contractor.contracts.AttachDocument(stream)))
    assert told[0] == told[1]


async def test_a_contract_takes_20_files_and_no_more(world: World, play: Play) -> None:
    draft = await play.draft()
    for place in range(20):
        await play.attach(draft, data.pdf(str(place)))
    with refused("TOO_MANY_ITEMS"):
        await play.attach(draft, data.pdf("21"))


async def test_a_contract_that_has_ended_takes_no_file(play: Play) -> None:
    ended = await play.withdrawn()
    with refused("WRONG_STATE"):
        await play.attach(ended, data.pdf())


async def test_a_stream_that_comes_again_gets_the_first_answer_and_adds_nothing(
    world: World, play: Play
) -> None:
    content, draft = data.pdf(), await play.draft()
    first = header(draft.contract_id, content)
    answer = await world.contractor.contracts.AttachDocument(upload(first, content))
    after = await world.running.revision()
    assert await world.contractor.contracts.AttachDocument(upload(first, content)) == answer
    assert await world.running.revision() == after
    other = header(draft.contract_id, content, request_id=first.request_id, name="別名.pdf")
    with refused("REQUEST_ID_REUSED"):
        await world.contractor.contracts.AttachDocument(upload(other, content))


async def test_the_first_answer_comes_again_when_the_contract_takes_no_more_files(
    world: World, play: Play
) -> None:
    content, draft = data.pdf(), await play.draft()
    first = header(draft.contract_id, content)
    answer = await world.contractor.contracts.AttachDocument(upload(first, content))
    submitted = await play.submit(draft)
    withdraw = contracts.WithdrawContractRequest(request_id=fresh(), contract_id=submitted.contract_id)
    await world.contractor.contracts.WithdrawContract(withdraw)
    assert await world.contractor.contracts.AttachDocument(upload(first, content)) == answer


async def test_the_same_file_twice_is_two_attachments_each_with_its_own_answer(
    world: World, play: Play
) -> None:
    content, draft = data.pdf(), await play.draft()
    headers = [header(draft.contract_id, content), header(draft.contract_id, content, name="写し.pdf")]
    answers = [await world.contractor.contracts.AttachDocument(upload(each, content)) for each in headers]
    assert [answer.attachment.name for answer in answers] == [each.name for each in headers]
    again = [await world.contractor.contracts.AttachDocument(upload(each, content)) for each in headers]
    assert again == answers
