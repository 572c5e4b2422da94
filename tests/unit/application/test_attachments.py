"""PDFs that come with an application."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import pytest

from tashika_server.application.caller import Caller
from tashika_server.domain.limits import MAX_ATTACHMENT_BYTES
from tashika_server.domain.model import Contract
from tashika_server.domain.reasons import Reason, RefusedError
from tests.support.data import pdf
from tests.unit.application.office import Office, replay

CONTENT = pdf()
SHA256 = hashlib.sha256(CONTENT).hexdigest()
BLANKS = b"%PDF-1.4\n" + b" " * 10_000 + b"xref\nstartxref\n9\n%%EOF\n"
"""A table far behind the place where it is said to be: nobody reads blanks for that long."""


class Upload:
    """Pieces of a file, and how many bytes of it were asked for."""

    def __init__(self, data: bytes, piece: int = 65_536) -> None:
        self._data, self._piece = data, piece
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), self._piece):
            chunk = self._data[start : start + self._piece]
            self.taken += len(chunk)
            yield chunk


async def attach(
    office: Office,
    caller: Caller,
    contract: Contract,
    data: bytes = CONTENT,
    *,
    sha256: str = SHA256,
    request_id: str = "1",
) -> Contract:
    again = replay(caller, "AttachDocument", sha256.encode(), request_id)
    chunks = aiter(Upload(data))
    return await office.uses.attachments.attach(
        caller, contract.contract_id, "契約書.pdf", sha256, chunks, None, again
    )


async def test_what_was_attached_comes_back_to_both_parties_and_to_nobody_else(office: Office) -> None:
    contract = await attach(office, office.contractor, await office.submitted())
    (kept,) = contract.attachments

    for reader in (office.contractor, office.underwriter):
        found, chunks = await office.uses.attachments.download(
            reader, contract.contract_id, kept.attachment_id
        )
        assert b"".join([chunk async for chunk in chunks]) == CONTENT
        assert found == kept
    for stranger in (office.stranger, office.rival, office.operator):
        with pytest.raises(RefusedError) as raised:
            await office.uses.attachments.download(stranger, contract.contract_id, kept.attachment_id)
        assert raised.value.reason is Reason.NOT_FOUND


async def test_a_repeated_upload_gives_the_first_answer_also_where_nothing_can_be_attached_any_more(
    office: Office,
) -> None:
    paid = await office.paid()
    first = await attach(office, office.contractor, paid)
    await office.uses.issuing.issue(office.underwriter, paid.contract_id, None, None)

    assert await attach(office, office.contractor, paid) == first
    with pytest.raises(RefusedError) as raised:
        await attach(office, office.contractor, paid, request_id="2")
    assert raised.value.reason is Reason.WRONG_STATE


@pytest.mark.parametrize(
    ("data", "sha256", "reason"),
    [
        (CONTENT[:-7], SHA256, Reason.ATTACHMENT_INCOMPLETE),
        (b"hello", hashlib.sha256(b"hello").hexdigest(), Reason.ATTACHMENT_NOT_PDF),
        (b"", hashlib.sha256(b"").hexdigest(), Reason.ATTACHMENT_NOT_PDF),
        (BLANKS, hashlib.sha256(BLANKS).hexdigest(), Reason.ATTACHMENT_NOT_PDF),
    ],
)
async def test_what_is_cut_off_or_no_pdf_is_not_kept(
    office: Office, data: bytes, sha256: str, reason: Reason
) -> None:
    draft = await office.draft()
    with pytest.raises(RefusedError) as raised:
        await attach(office, office.contractor, draft, data, sha256=sha256)

    assert raised.value.reason is reason
    view = await office.uses.contracts.get(office.contractor, draft.contract_id)
    assert view.contract.attachments == ()


async def test_an_endless_upload_is_read_up_to_the_limit_only(office: Office) -> None:
    draft = await office.draft()
    upload = Upload(bytes(3 * MAX_ATTACHMENT_BYTES))

    with pytest.raises(RefusedError) as raised:
        await office.uses.attachments.attach(
            office.contractor, draft.contract_id, "大.pdf", "", aiter(upload), None, None
        )

    assert raised.value.reason is Reason.ATTACHMENT_TOO_LARGE
    assert upload.taken <= MAX_ATTACHMENT_BYTES + 65_536


async def test_nobody_else_uploads_to_a_contract_and_nothing_is_read_from_them(office: Office) -> None:
    draft, upload = await office.draft(), Upload(CONTENT)
    with pytest.raises(RefusedError) as raised:
        await office.uses.attachments.attach(
            office.stranger, draft.contract_id, "契約書.pdf", SHA256, aiter(upload), None, None
        )
    assert raised.value.reason is Reason.NOT_FOUND
    assert upload.taken == 0


async def test_two_uploads_at_once_are_both_kept(office: Office) -> None:
    draft = await office.draft()
    await asyncio.gather(
        *(attach(office, office.contractor, draft, request_id=str(number)) for number in range(2))
    )

    view = await office.uses.contracts.get(office.contractor, draft.contract_id)
    assert len({each.attachment_id for each in view.contract.attachments}) == 2
