"""ContractService: the guarantor's side."""

from tashika.v1 import contract_pb2
from tashika.v1 import contract_underwriting_pb2 as pb
from tashika_server.application.ports import Clock
from tashika_server.application.underwriting import Underwriting
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.model import Contract
from tashika_server.transport.call import Call
from tashika_server.transport.convert.application import application_from_proto
from tashika_server.transport.convert.contract import (
    contract_to_proto,
    fee_entry_kind_from_proto,
    remarks_from_proto,
)
from tashika_server.transport.convert.values import date_from_proto, revision_of
from tashika_server.transport.methods import Handler


class UnderwritingServicer:
    """The guarantor's desk."""

    def __init__(self, underwriting: Underwriting, clock: Clock) -> None:
        self._underwriting = underwriting
        self._clock = clock

    async def accept_contract(
        self, request: pb.AcceptContractRequest, call: Call
    ) -> pb.AcceptContractResponse:
        """Accept."""
        accepted = await self._underwriting.accept(
            call.caller,
            request.contract_id,
            application_from_proto(request.terms, "terms") if request.HasField("terms") else None,
            request.fee_yen,
            revision_of(request.etag),
            call.replay(request),
            request.fee_note,
        )
        return pb.AcceptContractResponse(contract=self._message(accepted))

    async def approve_contract(
        self, request: pb.ApproveContractRequest, call: Call
    ) -> pb.ApproveContractResponse:
        """Approve."""
        expected = revision_of(request.etag)
        approved = await self._underwriting.approve(
            call.caller, request.contract_id, expected, call.replay(request)
        )
        return pb.ApproveContractResponse(contract=self._message(approved))

    async def return_contract(
        self, request: pb.ReturnContractRequest, call: Call
    ) -> pb.ReturnContractResponse:
        """Return for correction."""
        remarks = remarks_from_proto(request.remarks)
        expected = revision_of(request.etag)
        returned = await self._underwriting.return_(
            call.caller, request.contract_id, remarks, expected, call.replay(request)
        )
        return pb.ReturnContractResponse(contract=self._message(returned))

    async def refuse_contract(
        self, request: pb.RefuseContractRequest, call: Call
    ) -> pb.RefuseContractResponse:
        """Refuse."""
        expected = revision_of(request.etag)
        refused = await self._underwriting.refuse(
            call.caller, request.contract_id, request.refusal, expected, call.replay(request)
        )
        return pb.RefuseContractResponse(contract=self._message(refused))

    async def record_fee(self, request: pb.RecordFeeRequest, call: Call) -> pb.RecordFeeResponse:
        """Book a payment or a refund."""
        booked = await self._underwriting.record_fee(
            call.caller,
            request.contract_id,
            fee_entry_kind_from_proto(request.kind),
            request.amount_yen,
            date_from_proto(request.day, "day"),
            request.note,
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.RecordFeeResponse(contract=self._message(booked))

    async def record_paper_issue(
        self, request: pb.RecordPaperIssueRequest, call: Call
    ) -> pb.RecordPaperIssueResponse:
        """Record the issue of a paper certificate."""
        recorded = await self._underwriting.record_paper_issue(
            call.caller,
            request.contract_id,
            date_from_proto(request.day, "day"),
            request.certificate_reference,
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.RecordPaperIssueResponse(contract=self._message(recorded))

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers, which stand in the proto's ContractService with the contractor's."""
        return {
            "AcceptContract": self.accept_contract,
            "ApproveContract": self.approve_contract,
            "ReturnContract": self.return_contract,
            "RefuseContract": self.refuse_contract,
            "RecordFee": self.record_fee,
            "RecordPaperIssue": self.record_paper_issue,
        }

    def _message(self, contract: Contract) -> contract_pb2.Contract:
        return contract_to_proto(contract, today=japan_day(self._clock.now()))
