"""PDFs that come with an application: the works contract or award notice, financial statements."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, first_answer, same_revision
from tashika_server.application.lookups import contract_of, not_found
from tashika_server.application.ports import Done, Ids, Replay, UnitOfWork
from tashika_server.domain import lifecycle
from tashika_server.domain.fields import check_attachment_name
from tashika_server.domain.limits import MAX_ATTACHMENT_BYTES
from tashika_server.domain.model import Attachment, Contract
from tashika_server.domain.pdf_check import refuse_other_than_pdf
from tashika_server.domain.reasons import Reason, RefusedError, refuse

CHUNK_BYTES = 64 * 1024
"""Small enough to interleave with other calls on one connection."""


class Attachments:
    """Use cases about attachments."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def attach(
        self,
        caller: Caller,
        contract_id: str,
        name: str,
        sha256: str,
        chunks: AsyncIterator[bytes],
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Keep a PDF with the contract. ``sha256`` (lower-case hexadecimal) tells a cut-off upload; empty: unchecked.

        The file is held in memory until it is whole, so that nothing half is ever on the disk. Refuses
        ATTACHMENT_TOO_LARGE, ATTACHMENT_INCOMPLETE and ATTACHMENT_NOT_PDF.
        """
        violations = check_attachment_name(name, "header.name")
        if violations:
            raise RefusedError(*violations)
        earlier = await self._kit.store.replayed(replay) if replay else None
        if earlier is not None:
            # Read to its end: a client that is still sending would see its own write fail, not the answer.
            await _collect(chunks)
            return await first_answer(self._kit, earlier, 0, lambda view: view.contracts)
        await self._kit.store.read(lambda view: lifecycle.may_attach(contract_of(view, caller, contract_id)))
        data, actual = await _collect(chunks)
        if sha256 and actual != sha256:
            raise refuse(Reason.ATTACHMENT_INCOMPLETE, "chunk")
        refuse_other_than_pdf(data, "chunk")
        await self._kit.blobs.put(data)
        change = change_by(caller, "contract.attach")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            attachment = Attachment(ids.new("att"), name, len(data), actual, now, caller.user_id)
            contract = lifecycle.attach(contract, attachment, now=now)
            uow.contracts.save(contract, change)
            return Done(contract, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    async def download(
        self, caller: Caller, contract_id: str, attachment_id: str
    ) -> tuple[Attachment, AsyncIterator[bytes]]:
        """Give an attachment's particulars and its bytes in pieces."""
        contract = await self._kit.store.read(lambda view: contract_of(view, caller, contract_id))
        found = next((a for a in contract.attachments if a.attachment_id == attachment_id), None)
        if found is None:
            raise not_found("attachment", "attachment_id")
        return found, self._kit.blobs.stream(found.sha256, CHUNK_BYTES)


async def _collect(chunks: AsyncIterator[bytes]) -> tuple[bytes, str]:
    """Give the bytes and their SHA-256, made piece by piece: at once it would hold up everybody for a moment."""
    data, digest = bytearray(), hashlib.sha256()
    async for chunk in chunks:
        data += chunk
        digest.update(chunk)
        if len(data) > MAX_ATTACHMENT_BYTES:
            raise refuse(Reason.ATTACHMENT_TOO_LARGE, "chunk", maximum_bytes=MAX_ATTACHMENT_BYTES)
    return bytes(data), digest.hexdigest()
