"""Fees and the advance."""

from datetime import date

from tashika.v1 import contract_fees_pb2 as contract_fees
from tashika.v1 import directory_fees_pb2 as directory
from tashika.v1 import document_service_pb2 as documents
from tashika_tui.client import records
from tashika_tui.client.gateway.calls import STREAM_SECONDS, Calls
from tashika_tui.client.gateway.paging import page_of
from tashika_tui.client.wire import fees as wire
from tashika_tui.client.wire.advance import advance_terms
from tashika_tui.client.wire.contract import contract as contract_record
from tashika_tui.client.wire.values import put_day


class FeeCalls(Calls):
    """The port's `Fees`."""

    async def get_tariff(self) -> records.Tariff:
        """The tariff of the caller's guarantor."""
        request = directory.GetTariffRequest()
        return wire.tariff((await self._unary(self._directory.GetTariff, request)).tariff)

    async def set_tariff(
        self, table: records.TariffTable, *, request_id: str, etag: str = ""
    ) -> records.Tariff:
        """Adds a version of the tariff."""
        request = directory.SetTariffRequest(
            request_id=request_id, etag=etag, table=wire.table_message(table)
        )
        return wire.tariff((await self._unary(self._directory.SetTariff, request)).tariff)

    async def quote_fee(self, contract_id: str, amount_yen: int | None = None) -> records.FeeBasis | None:
        """The fee by today's tariff."""
        request = contract_fees.QuoteFeeRequest(contract_id=contract_id, amount_yen=amount_yen)
        answer = await self._unary(self._contracts.QuoteFee, request)
        return wire.fee_basis(answer.basis) if answer.HasField("basis") else None

    async def list_monthly_payers(self, page: records.PageRequest) -> records.Page[records.MonthlyPayer]:
        """A page of agreements."""
        request = directory.ListMonthlyPayersRequest(
            page_size=page.size,
            page_token=page.token,
            descending=page.descending,
            from_end=page.from_end,
        )
        answer = await self._unary(self._directory.ListMonthlyPayers, request)
        return page_of(tuple(wire.monthly_payer(item) for item in answer.payers), answer)

    async def set_monthly_payer(
        self,
        organization_id: str,
        *,
        active: bool,
        due_day: int,
        request_id: str,
        note: str = "",
        etag: str = "",
    ) -> records.MonthlyPayer:
        """Notes what was agreed."""
        request = directory.SetMonthlyPayerRequest(
            request_id=request_id,
            etag=etag,
            organization_id=organization_id,
            active=active,
            due_day=due_day,
            note=note,
        )
        return wire.monthly_payer((await self._unary(self._directory.SetMonthlyPayer, request)).payer)

    async def record_receipt_sent(
        self, contract: records.Known, day: date, officer: str, *, request_id: str, note: str = ""
    ) -> records.Contract:
        """Records that the receipt was sent."""
        request = contract_fees.RecordReceiptSentRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            officer=officer,
            note=note,
        )
        put_day(request, "day", day)
        return contract_record((await self._unary(self._contracts.RecordReceiptSent, request)).contract)

    async def record_monthly_payment(
        self, organization_id: str, amount_yen: int, day: date, *, request_id: str, note: str = ""
    ) -> tuple[records.MonthlyPaymentShare, ...]:
        """Books a payment in one sum."""
        request = contract_fees.RecordMonthlyPaymentRequest(
            request_id=request_id, organization_id=organization_id, amount_yen=amount_yen, note=note
        )
        put_day(request, "day", day)
        answer = await self._unary(self._contracts.RecordMonthlyPayment, request)
        return tuple(wire.share(item) for item in answer.shares)

    async def get_fee_statement(self, organization_id: str, year: int, month: int) -> records.FeeStatement:
        """A month with the other party."""
        request = documents.GetFeeStatementRequest(organization_id=organization_id, year=year, month=month)
        return wire.fee_statement((await self._unary(self._documents.GetFeeStatement, request)).statement)

    async def download_fee_statement(self, organization_id: str, year: int, month: int) -> records.File:
        """The same as a PDF."""
        request = documents.DownloadFeeStatementRequest(
            organization_id=organization_id, year=year, month=month
        )
        return await self._receive(
            self._documents.DownloadFeeStatement(request, timeout=STREAM_SECONDS, metadata=self._metadata())
        )

    async def download_fee_sheet(self, contract_id: str) -> records.File:
        """How the fee was worked out, as a PDF."""
        request = documents.DownloadFeeSheetRequest(contract_id=contract_id)
        return await self._receive(
            self._documents.DownloadFeeSheet(request, timeout=STREAM_SECONDS, metadata=self._metadata())
        )


class AdvanceCalls(Calls):
    """The port's `Advances`."""

    async def get_advance_terms(self, contract_id: str) -> records.AdvanceTerms:
        """What the request says."""
        request = documents.GetAdvanceTermsRequest(contract_id=contract_id)
        return advance_terms(await self._unary(self._documents.GetAdvanceTerms, request))

    async def download_advance_request(
        self, contract_id: str, contract_date: date | None = None, *, copy: bool = False
    ) -> records.File:
        """The request as a PDF."""
        request = documents.DownloadAdvanceRequestRequest(contract_id=contract_id, copy=copy)
        put_day(request, "contract_date", contract_date)
        return await self._receive(
            self._documents.DownloadAdvanceRequest(request, timeout=STREAM_SECONDS, metadata=self._metadata())
        )

    async def record_advance_request(
        self,
        contract: records.Known,
        day: date,
        *,
        request_id: str,
        contract_date: date | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the request was handed in."""
        request = contract_fees.RecordAdvanceRequestRequest(
            request_id=request_id, contract_id=contract.contract_id, etag=contract.etag, note=note
        )
        put_day(request, "day", day)
        put_day(request, "contract_date", contract_date)
        return contract_record((await self._unary(self._contracts.RecordAdvanceRequest, request)).contract)

    async def withdraw_advance_request(
        self, contract: records.Known, withdrawal: str, *, request_id: str
    ) -> records.Contract:
        """Records that the request does not count any more."""
        request = contract_fees.WithdrawAdvanceRequestRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            withdrawal=withdrawal,
        )
        return contract_record((await self._unary(self._contracts.WithdrawAdvanceRequest, request)).contract)
