"""Tariffs, ledgers, receipts and months."""

from tashika.v1 import contract_fees_pb2, contract_pb2, contract_records_pb2, fee_pb2, product_pb2, tariff_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.values import day, enum_value, moment, optional, put_day, token


def tariff(message: tariff_pb2.Tariff) -> records.Tariff:
    """All versions of a tariff."""
    return records.Tariff(
        guarantor_id=message.guarantor_id,
        versions=tuple(_version(item) for item in message.versions),
        current_version=optional(message, "current_version"),
        etag=message.etag,
    )


def table_message(table: records.TariffTable) -> tariff_pb2.TariffTable:
    """A table, to be sent."""
    message = tariff_pb2.TariffTable(
        name=table.name,
        rounding=enum_value(tariff_pb2.FeeRounding, table.rounding),
        round_to_yen=table.round_to_yen,
        bands=[_band_message(band) for band in table.bands],
        fictional=table.fictional,
    )
    put_day(message, "valid_from", table.valid_from)
    return message


def fee_basis(message: tariff_pb2.FeeBasis) -> records.FeeBasis:
    """How the tariff gives a fee."""
    return records.FeeBasis(
        tariff_version=message.tariff_version,
        tariff_name=message.tariff_name,
        valid_from=day(message, "valid_from"),
        amount_yen=message.amount_yen,
        over_yen=message.over_yen,
        up_to_yen=optional(message, "up_to_yen"),
        rate_per_100000=message.rate_per_100000,
        computed_yen=message.computed_yen,
        minimum_fee_yen=message.minimum_fee_yen,
        fee_yen=message.fee_yen,
        rounding=token(message, "rounding"),
        round_to_yen=message.round_to_yen,
        fictional=message.fictional,
        label=message.label,
    )


def fee_entry(message: contract_pb2.FeeEntry) -> records.FeeEntry:
    """A row of a ledger."""
    return records.FeeEntry(
        entry_id=message.entry_id,
        kind=token(message, "kind"),
        amount_yen=message.amount_yen,
        day=day(message, "day"),
        record_time=moment(message, "record_time"),
        user_id=message.user_id,
        note=message.note,
        label=message.label,
    )


def receipt_sent(message: contract_records_pb2.ReceiptSent) -> records.ReceiptSent:
    """That the receipt was sent."""
    return records.ReceiptSent(
        day=day(message, "day"),
        officer=message.officer,
        note=message.note,
        record_time=moment(message, "record_time"),
    )


def monthly_payer(message: fee_pb2.MonthlyPayer) -> records.MonthlyPayer:
    """An agreement about monthly payment."""
    return records.MonthlyPayer(
        organization_id=message.organization_id,
        name=message.name,
        active=message.active,
        due_day=message.due_day,
        since=day(message, "since"),
        note=message.note,
        etag=message.etag,
    )


def share(message: contract_fees_pb2.MonthlyPaymentShare) -> records.MonthlyPaymentShare:
    """A part of a payment in one sum."""
    return records.MonthlyPaymentShare(message.contract_id, message.contract_number, message.amount_yen)


def fee_statement(message: fee_pb2.FeeStatement) -> records.FeeStatement:
    """A month between two parties."""
    return records.FeeStatement(
        guarantor_id=message.guarantor_id,
        guarantor_name=message.guarantor_name,
        organization_id=message.organization_id,
        organization_name=message.organization_name,
        year=message.year,
        month=message.month,
        opening_yen=message.opening_yen,
        entries=tuple(
            records.FeeStatementEntry(
                item.contract_id, item.contract_number, item.works_name, fee_entry(item.entry)
            )
            for item in message.entries
        ),
        charged_yen=message.charged_yen,
        received_yen=message.received_yen,
        closing_yen=message.closing_yen,
        due_date=day(message, "due_date"),
        as_of=day(message, "as_of_date"),
        label=message.label,
    )


def _version(message: tariff_pb2.TariffVersion) -> records.TariffVersion:
    return records.TariffVersion(
        version=message.version,
        table=_table(message.table),
        record_time=moment(message, "record_time"),
        user_id=message.user_id,
        label=message.label,
    )


def _table(message: tariff_pb2.TariffTable) -> records.TariffTable:
    return records.TariffTable(
        name=message.name,
        valid_from=day(message, "valid_from"),
        rounding=token(message, "rounding"),
        round_to_yen=message.round_to_yen,
        bands=tuple(
            records.TariffBand(
                product=token(band, "product"),
                over_yen=band.over_yen,
                up_to_yen=optional(band, "up_to_yen"),
                rate_per_100000=band.rate_per_100000,
                minimum_fee_yen=band.minimum_fee_yen,
            )
            for band in message.bands
        ),
        fictional=message.fictional,
    )


def _band_message(band: records.TariffBand) -> tariff_pb2.TariffBand:
    return tariff_pb2.TariffBand(
        product=enum_value(product_pb2.Product, band.product),
        over_yen=band.over_yen,
        up_to_yen=band.up_to_yen,
        rate_per_100000=band.rate_per_100000,
        minimum_fee_yen=band.minimum_fee_yen,
    )
