"""Tariffs, what a fee follows from, receipts, requests for the advance, and months of those who pay monthly."""

from datetime import date

from tashika.v1 import (
    contract_fees_pb2,
    contract_pb2,
    contract_records_pb2,
    document_service_pb2,
    fee_pb2,
    product_pb2,
    tariff_pb2,
)
from tashika_server.application.fees import Share, StatementView
from tashika_server.application.tariffs import PayerView
from tashika_server.domain.advance import AdvanceTerms
from tashika_server.domain.fee_records import AdvanceRequest, FeeBasis, FeeRounding, ReceiptSent
from tashika_server.domain.model import FeeEntry, Product
from tashika_server.domain.tariff import Tariff, TariffBand, TariffTable, TariffVersion
from tashika_server.transport.convert.application import bank_account_to_proto
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.values import (
    date_from_proto,
    date_to_proto,
    etag_of,
    moment_to_proto,
    path,
)


def fee_entry_to_proto(entry: FeeEntry) -> contract_pb2.FeeEntry:
    """Give the message of a row of a fee ledger."""
    return contract_pb2.FeeEntry(
        entry_id=entry.entry_id,
        kind=to_proto_enum(contract_pb2.FeeEntryKind, entry.kind),
        amount_yen=entry.amount_yen,
        day=date_to_proto(entry.day),
        record_time=moment_to_proto(entry.recorded_time),
        user_id=entry.user_id,
        note=entry.note,
        label=entry.label,
    )


def basis_to_proto(basis: FeeBasis | None) -> tariff_pb2.FeeBasis | None:
    """Give the message of how a fee follows; none for none."""
    if basis is None:
        return None
    return tariff_pb2.FeeBasis(
        tariff_version=basis.tariff_version,
        tariff_name=basis.tariff_name,
        valid_from=date_to_proto(basis.valid_from),
        amount_yen=basis.amount_yen,
        over_yen=basis.over_yen,
        up_to_yen=basis.up_to_yen,
        rate_per_100000=basis.rate_per_100000,
        computed_yen=basis.computed_yen,
        minimum_fee_yen=basis.minimum_yen,
        fee_yen=basis.fee_yen,
        rounding=to_proto_enum(tariff_pb2.FeeRounding, basis.rounding),
        round_to_yen=basis.round_to_yen,
        fictional=basis.fictional,
        label=basis.label,
    )


def receipt_to_proto(receipt: ReceiptSent | None) -> contract_records_pb2.ReceiptSent | None:
    """Give the message of a receipt that was sent; none for none."""
    if receipt is None:
        return None
    return contract_records_pb2.ReceiptSent(
        day=date_to_proto(receipt.day),
        officer=receipt.officer,
        note=receipt.note,
        record_time=moment_to_proto(receipt.recorded_time),
        user_id=receipt.user_id,
    )


def advance_request_to_proto(request: AdvanceRequest) -> contract_records_pb2.AdvanceRequest:
    """Give the message of a request for the advance that was handed in."""
    return contract_records_pb2.AdvanceRequest(
        day=date_to_proto(request.day),
        amount_yen=request.amount_yen,
        contract_date=date_to_proto(request.contract_date),
        expected_payment_date=date_to_proto(request.expected_payment_day),
        note=request.note,
        record_time=moment_to_proto(request.recorded_time),
        user_id=request.user_id,
        withdraw_time=moment_to_proto(request.withdrawn_time),
        withdraw_user_id=request.withdrawn_by,
        withdrawal=request.withdrawal,
    )


def tariff_to_proto(tariff: Tariff, *, today: date) -> tariff_pb2.Tariff:
    """Give a tariff's message; ``today`` is Japan's day."""
    current = tariff.on(today)
    return tariff_pb2.Tariff(
        guarantor_id=tariff.guarantor_id,
        versions=[_version_to_proto(version) for version in tariff.versions],
        current_version=None if current is None else current.version,
        etag=etag_of(tariff.revision),
    )


def table_from_proto(message: tariff_pb2.TariffTable, prefix: str = "table") -> TariffTable:
    """Read a tariff that is to be set."""
    rounding = token_of(tariff_pb2.FeeRounding, message.rounding, path(prefix, "rounding"))
    return TariffTable(
        name=message.name,
        valid_from=date_from_proto(message.valid_from, path(prefix, "valid_from")),
        rounding=FeeRounding(rounding) if rounding else None,
        round_to_yen=message.round_to_yen,
        bands=tuple(
            _band_from_proto(band, f"{path(prefix, 'bands')}[{index}]")
            for index, band in enumerate(message.bands)
        ),
        fictional=message.fictional,
    )


def payer_to_proto(view: PayerView) -> fee_pb2.MonthlyPayer:
    """Give the message of an agreement about monthly payment."""
    payer = view.payer
    return fee_pb2.MonthlyPayer(
        organization_id=payer.organization_id,
        name=view.contractor.name,
        active=payer.active,
        due_day=payer.due_day,
        since=date_to_proto(payer.since),
        note=payer.note,
        etag=etag_of(payer.revision),
    )


def shares_to_proto(shares: tuple[Share, ...]) -> contract_fees_pb2.RecordMonthlyPaymentResponse:
    """Give the message of where a payment in one sum went."""
    return contract_fees_pb2.RecordMonthlyPaymentResponse(
        shares=[
            contract_fees_pb2.MonthlyPaymentShare(
                contract_id=share.contract.contract_id,
                contract_number=share.contract.number,
                amount_yen=share.amount_yen,
            )
            for share in shares
        ]
    )


def statement_view_to_proto(view: StatementView) -> fee_pb2.FeeStatement:
    """Give the message of a month."""
    statement = view.statement
    return fee_pb2.FeeStatement(
        guarantor_id=statement.guarantor_id,
        guarantor_name=view.guarantor.name,
        organization_id=statement.organization_id,
        organization_name=view.contractor.name,
        year=statement.year,
        month=statement.month,
        opening_yen=statement.opening_yen,
        entries=[
            fee_pb2.FeeStatementEntry(
                contract_id=each.contract_id,
                contract_number=each.contract_number,
                works_name=each.works_name,
                entry=fee_entry_to_proto(each.entry),
            )
            for each in statement.entries
        ],
        charged_yen=statement.charged_yen,
        received_yen=statement.received_yen,
        closing_yen=statement.closing_yen,
        due_date=date_to_proto(statement.due),
        as_of_date=date_to_proto(statement.as_of),
        label=statement.label,
    )


def advance_terms_to_proto(
    said: AdvanceTerms, *, today: date
) -> document_service_pb2.GetAdvanceTermsResponse:
    """Give the answer of GetAdvanceTerms; ``today`` is Japan's day."""
    return document_service_pb2.GetAdvanceTermsResponse(
        addressee=said.addressee,
        amount_yen=said.amount_yen,
        account=bank_account_to_proto(said.account),
        contract_date=date_to_proto(said.contract_date),
        other_documents=said.other_documents,
        pay_within_days=said.pay_within_days,
        expected_payment_date=date_to_proto(said.pay_by(today)),
        electronic=said.electronic,
    )


def _version_to_proto(version: TariffVersion) -> tariff_pb2.TariffVersion:
    return tariff_pb2.TariffVersion(
        version=version.version,
        table=table_to_proto(version.table),
        record_time=moment_to_proto(version.recorded_time),
        user_id=version.user_id,
        label=version.table.label,
    )


def table_to_proto(table: TariffTable) -> tariff_pb2.TariffTable:
    """Give a table's message."""
    return tariff_pb2.TariffTable(
        name=table.name,
        valid_from=date_to_proto(table.valid_from),
        rounding=to_proto_enum(tariff_pb2.FeeRounding, table.rounding),
        round_to_yen=table.round_to_yen,
        bands=[
            tariff_pb2.TariffBand(
                product=to_proto_enum(product_pb2.Product, band.product),
                over_yen=band.over_yen,
                up_to_yen=band.up_to_yen,
                rate_per_100000=band.rate_per_100000,
                minimum_fee_yen=band.minimum_yen,
            )
            for band in table.bands
        ],
        fictional=table.fictional,
    )


def _band_from_proto(message: tariff_pb2.TariffBand, prefix: str) -> TariffBand:
    product = token_of(product_pb2.Product, message.product, path(prefix, "product"))
    return TariffBand(
        product=Product(product) if product else None,
        over_yen=message.over_yen,
        rate_per_100000=message.rate_per_100000,
        minimum_yen=message.minimum_fee_yen,
        up_to_yen=message.up_to_yen if message.HasField("up_to_yen") else None,
    )
