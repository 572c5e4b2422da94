"""ContractService: the contractor's side, and looking at contracts."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from tashika.v1 import contract_attaching_pb2 as attaching
from tashika.v1 import contract_pb2
from tashika.v1 import contract_service_pb2 as pb
from tashika.v1 import contract_watching_pb2 as watches
from tashika_server.application.attachments import Attachments
from tashika_server.application.contracts import Contracts
from tashika_server.application.drafts import Drafts
from tashika_server.application.ports import Clock
from tashika_server.application.watching import Watching
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.model import Contract
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.call import Call
from tashika_server.transport.convert.application import application_from_proto
from tashika_server.transport.convert.contract import (
    attachment_to_proto,
    contract_to_proto,
    contract_view_to_proto,
    remarks_from_proto,
)
from tashika_server.transport.convert.lists import contracts_query
from tashika_server.transport.convert.pages import contracts_page
from tashika_server.transport.convert.quote import assessment_to_proto
from tashika_server.transport.convert.values import revision_of
from tashika_server.transport.convert.watching import watch_event_to_proto
from tashika_server.transport.methods import Handler, Lane, Method, service
from tashika_server.transport.servicers.fee_servicer import FeeServicer
from tashika_server.transport.servicers.files import pdf_header, send
from tashika_server.transport.servicers.paging import Paging
from tashika_server.transport.servicers.underwriting_servicer import UnderwritingServicer


class ContractServicer:
    """Guarantee contracts from application to acceptance."""

    def __init__(
        self,
        drafts: Drafts,
        contracts: Contracts,
        watching: Watching,
        attachments: Attachments,
        underwriting: UnderwritingServicer,
        fees: FeeServicer,
        paging: Paging,
        clock: Clock,
    ) -> None:
        self._drafts = drafts
        self._contracts = contracts
        self._watching = watching
        self._attachments = attachments
        self._underwriting = underwriting
        self._fees = fees
        self._clock = clock
        self._paging = paging

    async def quote_contract(self, request: pb.QuoteContractRequest, call: Call) -> pb.QuoteContractResponse:
        """Judge an application."""
        application = application_from_proto(request.application)
        return assessment_to_proto(await self._drafts.quote(call.caller, application), call.language)

    async def create_contract(
        self, request: pb.CreateContractRequest, call: Call
    ) -> pb.CreateContractResponse:
        """Keep a draft."""
        application = application_from_proto(request.application)
        made = await self._drafts.create(call.caller, application, call.replay(request))
        return pb.CreateContractResponse(contract=self._message(made))

    async def update_contract(
        self, request: pb.UpdateContractRequest, call: Call
    ) -> pb.UpdateContractResponse:
        """Change a draft."""
        application = application_from_proto(request.application)
        expected = revision_of(request.etag)
        changed = await self._drafts.update(
            call.caller, request.contract_id, application, expected, call.replay(request)
        )
        return pb.UpdateContractResponse(contract=self._message(changed))

    async def delete_draft(self, request: pb.DeleteDraftRequest, call: Call) -> pb.DeleteDraftResponse:
        """Delete a draft."""
        expected = revision_of(request.etag)
        await self._drafts.delete(call.caller, request.contract_id, expected, call.replay(request))
        return pb.DeleteDraftResponse()

    async def submit_contract(
        self, request: pb.SubmitContractRequest, call: Call
    ) -> pb.SubmitContractResponse:
        """Submit a draft or a returned contract."""
        expected = revision_of(request.etag)
        if request.validate_only:
            checked = await self._drafts.check_submission(call.caller, request.contract_id, expected)
            return pb.SubmitContractResponse(contract=self._message(checked))
        submitted = await self._drafts.submit(
            call.caller, request.contract_id, expected, call.replay(request)
        )
        return pb.SubmitContractResponse(contract=self._message(submitted))

    async def report_error(self, request: pb.ReportErrorRequest, call: Call) -> pb.ReportErrorResponse:
        """Report an error in what was accepted."""
        remarks = remarks_from_proto(request.remarks)
        expected = revision_of(request.etag)
        reported = await self._drafts.report_error(
            call.caller, request.contract_id, remarks, expected, call.replay(request)
        )
        return pb.ReportErrorResponse(contract=self._message(reported))

    async def withdraw_contract(
        self, request: pb.WithdrawContractRequest, call: Call
    ) -> pb.WithdrawContractResponse:
        """Withdraw."""
        expected = revision_of(request.etag)
        withdrawn = await self._drafts.withdraw(
            call.caller, request.contract_id, expected, call.replay(request)
        )
        return pb.WithdrawContractResponse(contract=self._message(withdrawn))

    async def get_contract(self, request: pb.GetContractRequest, call: Call) -> pb.GetContractResponse:
        """Give a contract."""
        view = await self._contracts.get(call.caller, request.contract_id)
        return contract_view_to_proto(view, today=japan_day(self._clock.now()))

    async def list_contracts(self, request: pb.ListContractsRequest, call: Call) -> pb.ListContractsResponse:
        """List contracts."""
        query = contracts_query(request)
        page = await self._contracts.list(call.caller, self._paging.resume(request, query, call))
        return contracts_page(
            page, self._paging.tokens(query, page, call), today=japan_day(self._clock.now())
        )

    async def watch_contracts(
        self, request: watches.WatchContractsRequest, call: Call
    ) -> AsyncIterator[watches.WatchContractsResponse]:
        """Tell what changes."""
        async with aclosing(self._watching.watch(call.caller, request.after_revision)) as events:
            async for event in events:
                yield watch_event_to_proto(event, today=japan_day(self._clock.now()))

    async def attach_document(
        self, requests: AsyncIterator[attaching.AttachDocumentRequest], call: Call
    ) -> attaching.AttachDocumentResponse:
        """Attach a PDF."""
        header = await _header(requests)
        changed = await self._attachments.attach(
            call.caller,
            header.contract_id,
            header.name,
            header.sha256,
            _chunks(requests),
            revision_of(header.etag),
            call.replay(header),
        )
        kept = next(a for a in reversed(changed.attachments) if a.sha256 == header.sha256)
        return attaching.AttachDocumentResponse(
            attachment=attachment_to_proto(kept), contract=self._message(changed)
        )

    async def download_attachment(
        self, request: attaching.DownloadAttachmentRequest, call: Call
    ) -> AsyncIterator[attaching.DownloadAttachmentResponse]:
        """Give an attached file."""
        found, chunks = await self._attachments.download(
            call.caller, request.contract_id, request.attachment_id
        )
        header = pdf_header(found.name, found.size_bytes, found.sha256)
        async for response in send(attaching.DownloadAttachmentResponse, header, chunks):
            yield response

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "QuoteContract": self.quote_contract,
            "CreateContract": self.create_contract,
            "UpdateContract": self.update_contract,
            "DeleteDraft": self.delete_draft,
            "SubmitContract": self.submit_contract,
            "ReportError": self.report_error,
            "WithdrawContract": self.withdraw_contract,
            "GetContract": self.get_contract,
            "ListContracts": self.list_contracts,
            "WatchContracts": self.watch_contracts,
            "AttachDocument": self.attach_document,
            "DownloadAttachment": self.download_attachment,
            **self._underwriting.handlers(),
            **self._fees.contract_handlers(),
        }
        return service("tashika.v1.ContractService", handlers, {"WatchContracts": Lane.WATCHES})

    def _message(self, contract: Contract) -> contract_pb2.Contract:
        return contract_to_proto(contract, today=japan_day(self._clock.now()))


async def _header(requests: AsyncIterator[attaching.AttachDocumentRequest]) -> attaching.AttachDocumentHeader:
    async for first in requests:
        if first.WhichOneof("part") == "header":
            return first.header
        break
    raise refuse(Reason.MALFORMED_REQUEST, "header")


async def _chunks(requests: AsyncIterator[attaching.AttachDocumentRequest]) -> AsyncIterator[bytes]:
    async for request in requests:
        if request.WhichOneof("part") != "chunk":
            raise refuse(Reason.MALFORMED_REQUEST, "header")
        yield request.chunk
