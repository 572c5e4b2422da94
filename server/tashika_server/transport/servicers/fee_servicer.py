"""ContractService and DirectoryService: what is about fees and about the advance."""

from tashika.v1 import contract_fees_pb2 as pb
from tashika.v1 import contract_pb2, tariff_pb2
from tashika.v1 import directory_fees_pb2 as directory
from tashika_server.application.advances import Advances
from tashika_server.application.fees import Fees
from tashika_server.application.ports import Clock
from tashika_server.application.tariffs import Tariffs
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.model import Contract
from tashika_server.domain.tariff import Tariff
from tashika_server.transport.call import Call
from tashika_server.transport.convert.contract import contract_to_proto
from tashika_server.transport.convert.fees import (
    basis_to_proto,
    payer_to_proto,
    shares_to_proto,
    table_from_proto,
    tariff_to_proto,
)
from tashika_server.transport.convert.lists import payers_query
from tashika_server.transport.convert.pages import payers_page
from tashika_server.transport.convert.values import date_from_proto, optional_date, revision_of
from tashika_server.transport.methods import Handler
from tashika_server.transport.servicers.paging import Paging


class FeeServicer:
    """Tariffs, receipts, monthly payment, requests for the advance."""

    def __init__(
        self, tariffs: Tariffs, fees: Fees, advances: Advances, paging: Paging, clock: Clock
    ) -> None:
        self._tariffs = tariffs
        self._fees = fees
        self._advances = advances
        self._paging = paging
        self._clock = clock

    async def get_tariff(
        self, request: directory.GetTariffRequest, call: Call
    ) -> directory.GetTariffResponse:
        """Give the tariff."""
        return directory.GetTariffResponse(tariff=self._tariff(await self._tariffs.get(call.caller)))

    async def set_tariff(
        self, request: directory.SetTariffRequest, call: Call
    ) -> directory.SetTariffResponse:
        """Add a version of the tariff."""
        table = table_from_proto(request.table)
        changed = await self._tariffs.set(call.caller, table, revision_of(request.etag), call.replay(request))
        return directory.SetTariffResponse(tariff=self._tariff(changed))

    async def list_monthly_payers(
        self, request: directory.ListMonthlyPayersRequest, call: Call
    ) -> directory.ListMonthlyPayersResponse:
        """List agreements."""
        query = payers_query(request)
        found = await self._tariffs.list_payers(call.caller, self._paging.resume(request, query, call))
        return payers_page(found, self._paging.tokens(query, found.page, call))

    async def set_monthly_payer(
        self, request: directory.SetMonthlyPayerRequest, call: Call
    ) -> directory.SetMonthlyPayerResponse:
        """Note an agreement."""
        agreed = await self._tariffs.set_payer(
            call.caller,
            request.organization_id,
            request.active,
            request.due_day,
            request.note,
            revision_of(request.etag),
            call.replay(request),
        )
        return directory.SetMonthlyPayerResponse(payer=payer_to_proto(agreed))

    async def quote_fee(self, request: pb.QuoteFeeRequest, call: Call) -> pb.QuoteFeeResponse:
        """Propose a fee."""
        amount = request.amount_yen if request.HasField("amount_yen") else None
        basis = await self._tariffs.quote(call.caller, request.contract_id, amount)
        return pb.QuoteFeeResponse(basis=basis_to_proto(basis))

    async def record_receipt_sent(
        self, request: pb.RecordReceiptSentRequest, call: Call
    ) -> pb.RecordReceiptSentResponse:
        """Record that the receipt was sent."""
        recorded = await self._fees.record_receipt(
            call.caller,
            request.contract_id,
            date_from_proto(request.day, "day"),
            request.officer,
            request.note,
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.RecordReceiptSentResponse(contract=self._contract(recorded))

    async def record_monthly_payment(
        self, request: pb.RecordMonthlyPaymentRequest, call: Call
    ) -> pb.RecordMonthlyPaymentResponse:
        """Book a payment in one sum."""
        shares = await self._fees.record_monthly_payment(
            call.caller,
            request.organization_id,
            request.amount_yen,
            date_from_proto(request.day, "day"),
            request.note,
            call.replay(request),
        )
        return shares_to_proto(shares)

    async def record_advance_request(
        self, request: pb.RecordAdvanceRequestRequest, call: Call
    ) -> pb.RecordAdvanceRequestResponse:
        """Record that the request for the advance was handed in."""
        recorded = await self._advances.record(
            call.caller,
            request.contract_id,
            date_from_proto(request.day, "day"),
            optional_date(request, "contract_date", ""),
            request.note,
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.RecordAdvanceRequestResponse(contract=self._contract(recorded))

    async def withdraw_advance_request(
        self, request: pb.WithdrawAdvanceRequestRequest, call: Call
    ) -> pb.WithdrawAdvanceRequestResponse:
        """Record that it does not count any more."""
        changed = await self._advances.withdraw(
            call.caller,
            request.contract_id,
            request.withdrawal,
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.WithdrawAdvanceRequestResponse(contract=self._contract(changed))

    def contract_handlers(self) -> dict[str, Handler]:
        """Give the handlers that stand in the proto's ContractService."""
        return {
            "QuoteFee": self.quote_fee,
            "RecordReceiptSent": self.record_receipt_sent,
            "RecordMonthlyPayment": self.record_monthly_payment,
            "RecordAdvanceRequest": self.record_advance_request,
            "WithdrawAdvanceRequest": self.withdraw_advance_request,
        }

    def directory_handlers(self) -> dict[str, Handler]:
        """Give those that stand in its DirectoryService."""
        return {
            "GetTariff": self.get_tariff,
            "SetTariff": self.set_tariff,
            "ListMonthlyPayers": self.list_monthly_payers,
            "SetMonthlyPayer": self.set_monthly_payer,
        }

    def _contract(self, contract: Contract) -> contract_pb2.Contract:
        return contract_to_proto(contract, today=japan_day(self._clock.now()))

    def _tariff(self, tariff: Tariff) -> tariff_pb2.Tariff:
        return tariff_to_proto(tariff, today=japan_day(self._clock.now()))
