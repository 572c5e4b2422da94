"""Requests for the advance."""

from tashika.v1 import contract_records_pb2, document_service_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.application import bank_account
from tashika_tui.client.wire.values import day, moment, optional


def advance_request(message: contract_records_pb2.AdvanceRequest) -> records.AdvanceRequest:
    """A request that was handed in."""
    return records.AdvanceRequest(
        day=day(message, "day"),
        amount_yen=message.amount_yen,
        contract_date=day(message, "contract_date"),
        expected_payment_date=day(message, "expected_payment_date"),
        note=message.note,
        record_time=moment(message, "record_time"),
        withdraw_time=moment(message, "withdraw_time"),
        withdrawal=message.withdrawal,
    )


def advance_terms(message: document_service_pb2.GetAdvanceTermsResponse) -> records.AdvanceTerms:
    """What a request says."""
    return records.AdvanceTerms(
        addressee=message.addressee,
        amount_yen=message.amount_yen,
        account=bank_account(message.account),
        contract_date=day(message, "contract_date"),
        other_documents=tuple(message.other_documents),
        pay_within_days=optional(message, "pay_within_days"),
        expected_payment_date=day(message, "expected_payment_date"),
        electronic=message.electronic,
    )
