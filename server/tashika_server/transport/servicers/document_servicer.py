"""DocumentService."""

from collections.abc import AsyncIterator

from tashika.v1 import document_service_pb2 as pb
from tashika_server.application.advances import Advances
from tashika_server.application.fees import Fees
from tashika_server.application.ports import Clock
from tashika_server.domain.calendar import japan_day
from tashika_server.transport.call import Call
from tashika_server.transport.convert.fees import advance_terms_to_proto, statement_view_to_proto
from tashika_server.transport.convert.values import optional_date
from tashika_server.transport.methods import Handler, Lane, Method, service
from tashika_server.transport.servicers.files import send_bytes


class DocumentServicer:
    """Documents that are made for each download."""

    def __init__(self, fees: Fees, advances: Advances, clock: Clock) -> None:
        self._fees = fees
        self._advances = advances
        self._clock = clock

    async def download_fee_sheet(
        self, request: pb.DownloadFeeSheetRequest, call: Call
    ) -> AsyncIterator[pb.DownloadFeeSheetResponse]:
        """Give a fee sheet."""
        contract, pdf = await self._fees.sheet(call.caller, request.contract_id)
        async for response in send_bytes(
            pb.DownloadFeeSheetResponse, f"{contract.number}-fee-sheet.pdf", pdf
        ):
            yield response

    async def get_fee_statement(
        self, request: pb.GetFeeStatementRequest, call: Call
    ) -> pb.GetFeeStatementResponse:
        """Give a month."""
        found = await self._fees.statement(call.caller, request.organization_id, request.year, request.month)
        return pb.GetFeeStatementResponse(statement=statement_view_to_proto(found))

    async def download_fee_statement(
        self, request: pb.DownloadFeeStatementRequest, call: Call
    ) -> AsyncIterator[pb.DownloadFeeStatementResponse]:
        """Give a month as a PDF."""
        _, pdf = await self._fees.statement_pdf(
            call.caller, request.organization_id, request.year, request.month
        )
        name = f"fee-statement-{request.year:04d}-{request.month:02d}.pdf"
        async for response in send_bytes(pb.DownloadFeeStatementResponse, name, pdf):
            yield response

    async def get_advance_terms(
        self, request: pb.GetAdvanceTermsRequest, call: Call
    ) -> pb.GetAdvanceTermsResponse:
        """Say what a request for the advance holds."""
        said = await self._advances.terms(call.caller, request.contract_id)
        return advance_terms_to_proto(said, today=japan_day(self._clock.now()))

    async def download_advance_request(
        self, request: pb.DownloadAdvanceRequestRequest, call: Call
    ) -> AsyncIterator[pb.DownloadAdvanceRequestResponse]:
        """Give a request for the advance."""
        contract_date = optional_date(request, "contract_date", "")
        contract, pdf = await self._advances.document(
            call.caller, request.contract_id, contract_date, request.copy
        )
        name = f"{contract.number}-advance-request{'-copy' if request.copy else ''}.pdf"
        async for response in send_bytes(pb.DownloadAdvanceRequestResponse, name, pdf):
            yield response

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "DownloadFeeSheet": self.download_fee_sheet,
            "GetFeeStatement": self.get_fee_statement,
            "DownloadFeeStatement": self.download_fee_statement,
            "GetAdvanceTerms": self.get_advance_terms,
            "DownloadAdvanceRequest": self.download_advance_request,
        }
        return service("tashika.v1.DocumentService", handlers, {"GetFeeStatement": Lane.HEAVY})
