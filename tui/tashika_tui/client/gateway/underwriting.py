"""The guarantor's desk."""

from datetime import date

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_pb2
from tashika.v1 import contract_underwriting_pb2 as underwriting
from tashika_tui.client import records
from tashika_tui.client.gateway.calls import ISSUE_SECONDS, Calls
from tashika_tui.client.wire import contract as wire
from tashika_tui.client.wire.application import application_message
from tashika_tui.client.wire.certificate import certificate
from tashika_tui.client.wire.values import enum_value, put_day


class UnderwritingCalls(Calls):
    """The port's `Underwriting`."""

    async def accept_contract(
        self,
        contract: records.Known,
        fee_yen: int,
        *,
        request_id: str,
        terms: records.Application | None = None,
        fee_note: str = "",
    ) -> records.Contract:
        """Accepts an application."""
        request = underwriting.AcceptContractRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            fee_yen=fee_yen,
            fee_note=fee_note,
            terms=application_message(terms) if terms is not None else None,
        )
        return wire.contract((await self._unary(self._contracts.AcceptContract, request)).contract)

    async def approve_contract(self, contract: records.Known, *, request_id: str) -> records.Contract:
        """Approves what another person accepted."""
        request = underwriting.ApproveContractRequest(
            request_id=request_id, contract_id=contract.contract_id, etag=contract.etag
        )
        return wire.contract((await self._unary(self._contracts.ApproveContract, request)).contract)

    async def return_contract(
        self, contract: records.Known, remarks: tuple[records.Remark, ...], *, request_id: str
    ) -> records.Contract:
        """Returns an application for correction."""
        request = underwriting.ReturnContractRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            remarks=wire.remark_messages(remarks),
        )
        return wire.contract((await self._unary(self._contracts.ReturnContract, request)).contract)

    async def refuse_contract(
        self, contract: records.Known, refusal: str, *, request_id: str
    ) -> records.Contract:
        """Refuses an application for good."""
        request = underwriting.RefuseContractRequest(
            request_id=request_id, contract_id=contract.contract_id, etag=contract.etag, refusal=refusal
        )
        return wire.contract((await self._unary(self._contracts.RefuseContract, request)).contract)

    async def record_fee(
        self,
        contract: records.Known,
        kind: str,
        amount_yen: int,
        day: date,
        *,
        request_id: str,
        note: str = "",
    ) -> records.Contract:
        """Books a payment or a refund."""
        request = underwriting.RecordFeeRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            kind=enum_value(contract_pb2.FeeEntryKind, kind),
            amount_yen=amount_yen,
            note=note,
        )
        put_day(request, "day", day)
        return wire.contract((await self._unary(self._contracts.RecordFee, request)).contract)

    async def record_paper_issue(
        self, contract: records.Known, day: date, certificate_reference: str, *, request_id: str
    ) -> records.Contract:
        """Records the issue of a paper certificate."""
        request = underwriting.RecordPaperIssueRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            certificate_reference=certificate_reference,
        )
        put_day(request, "day", day)
        return wire.contract((await self._unary(self._contracts.RecordPaperIssue, request)).contract)

    async def issue_certificate(
        self, contract: records.Known, *, request_id: str, validate_only: bool = False
    ) -> records.Issued:
        """Issues the certificate."""
        request = certificates.IssueCertificateRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            validate_only=validate_only,
        )
        answer = await self._unary(self._certificates.IssueCertificate, request, ISSUE_SECONDS)
        issued = certificate(answer.certificate) if answer.HasField("certificate") else None
        return records.Issued(wire.contract(answer.contract), issued)
