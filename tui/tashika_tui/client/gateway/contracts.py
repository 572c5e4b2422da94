"""Guarantee contracts: looking at them, and the contractor's side before the issue."""

import asyncio
import hashlib
from pathlib import Path

from tashika.v1 import contract_attaching_pb2 as attaching
from tashika.v1 import contract_pb2, product_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika_tui.client import records
from tashika_tui.client.gateway.calls import STREAM_SECONDS, UPLOAD_SECONDS, Calls
from tashika_tui.client.gateway.paging import page_of
from tashika_tui.client.gateway.transfers import attaching_messages, read_source
from tashika_tui.client.wire import contract as wire
from tashika_tui.client.wire.application import application_message, quote
from tashika_tui.client.wire.values import enum_value

# One byte more than a register takes is enough for it to refuse.
MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024


class ContractCalls(Calls):
    """The port's `Contracts`, but for watching."""

    async def list_contracts(
        self, wanted: records.ContractFilter, page: records.PageRequest
    ) -> records.Page[records.ContractRow]:
        """A page of the caller's guarantee contracts."""
        request = contracts.ListContractsRequest(
            filter=contract_filter(wanted),
            sort=enum_value(contracts.ContractSort, wanted.sort),
            from_value=wanted.from_value,
            page_size=page.size,
            page_token=page.token,
            descending=page.descending,
            from_end=page.from_end,
        )
        answer = await self._unary(self._contracts.ListContracts, request)
        return page_of(tuple(wire.contract_row(item) for item in answer.contracts), answer)

    async def find_contract(self, contract_number: str) -> records.ContractRow | None:
        """The caller's guarantee contract with this number."""
        wanted = records.ContractFilter(contract_number=contract_number)
        page = await self.list_contracts(wanted, records.PageRequest(size=1))
        return next((item for item in page.items if item.contract_number == contract_number), None)

    async def get_contract(self, contract_id: str) -> records.Contract:
        """A guarantee contract in full."""
        request = contracts.GetContractRequest(contract_id=contract_id)
        return wire.contract_view(await self._unary(self._contracts.GetContract, request))

    async def download_attachment(
        self, contract_id: str, attachment_id: str, progress: records.Progress | None = None
    ) -> records.File:
        """A file that came with the application."""
        request = attaching.DownloadAttachmentRequest(contract_id=contract_id, attachment_id=attachment_id)
        parts = self._contracts.DownloadAttachment(request, timeout=STREAM_SECONDS, metadata=self._metadata())
        return await self._receive(parts, progress)


class ApplyingCalls(Calls):
    """The port's `Applying`."""

    async def quote_contract(self, application: records.Application) -> records.Quote:
        """Judges an application."""
        request = contracts.QuoteContractRequest(application=application_message(application))
        return quote(await self._unary(self._contracts.QuoteContract, request))

    async def create_contract(self, application: records.Application, *, request_id: str) -> records.Contract:
        """Registers a draft."""
        request = contracts.CreateContractRequest(
            request_id=request_id, application=application_message(application)
        )
        return wire.contract((await self._unary(self._contracts.CreateContract, request)).contract)

    async def update_contract(
        self, contract: records.Known, application: records.Application, *, request_id: str
    ) -> records.Contract:
        """Replaces the application."""
        request = contracts.UpdateContractRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            application=application_message(application),
        )
        return wire.contract((await self._unary(self._contracts.UpdateContract, request)).contract)

    async def delete_draft(self, contract: records.Known, *, request_id: str) -> None:
        """Deletes a draft."""
        request = contracts.DeleteDraftRequest(
            request_id=request_id, contract_id=contract.contract_id, etag=contract.etag
        )
        await self._unary(self._contracts.DeleteDraft, request)

    async def attach_document(
        self,
        contract: records.Known,
        source: Path | bytes,
        *,
        request_id: str,
        name: str = "",
        progress: records.Progress | None = None,
    ) -> records.Contract:
        """Attaches a PDF."""
        content = await asyncio.to_thread(read_source, source, MAX_ATTACHMENT_BYTES)
        header = attaching.AttachDocumentHeader(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            name=name or (source.name if isinstance(source, Path) else ""),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        with self._translated():
            answer = await self._contracts.AttachDocument(
                attaching_messages(header, content, progress),
                timeout=UPLOAD_SECONDS,
                metadata=self._metadata(),
            )
        self.connection.reached()
        return wire.contract(answer.contract)

    async def submit_contract(
        self, contract: records.Known, *, request_id: str, validate_only: bool = False
    ) -> records.Contract:
        """Submits a draft or a returned contract."""
        request = contracts.SubmitContractRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            validate_only=validate_only,
        )
        return wire.contract((await self._unary(self._contracts.SubmitContract, request)).contract)

    async def report_error(
        self, contract: records.Known, remarks: tuple[records.Remark, ...], *, request_id: str
    ) -> records.Contract:
        """Sends an accepted contract back."""
        request = contracts.ReportErrorRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            remarks=wire.remark_messages(remarks),
        )
        return wire.contract((await self._unary(self._contracts.ReportError, request)).contract)

    async def withdraw_contract(self, contract: records.Known, *, request_id: str) -> records.Contract:
        """Withdraws what is not issued yet."""
        request = contracts.WithdrawContractRequest(
            request_id=request_id, contract_id=contract.contract_id, etag=contract.etag
        )
        return wire.contract((await self._unary(self._contracts.WithdrawContract, request)).contract)


def contract_filter(wanted: records.ContractFilter) -> contracts.ContractFilter:
    """The filter of a list, to be sent."""
    return contracts.ContractFilter(
        state=enum_value(contract_pb2.ContractState, wanted.state),
        product=enum_value(product_pb2.Product, wanted.product),
        form=enum_value(product_pb2.Form, wanted.form),
        orderer_id=wanted.orderer_id,
        guarantor_id=wanted.guarantor_id,
        works_id=wanted.works_id,
        contract_number=wanted.contract_number,
        search=wanted.search,
        fee_standing=enum_value(contracts.FeeStanding, wanted.fee_standing),
        due_within_days=wanted.due_within_days,
    )
