"""The receipt of a fee (領収証), which stays paper: that it was sent is recorded, once."""

from dataclasses import replace
from datetime import datetime

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fee_records import ReceiptSent
from tashika_server.domain.fields import check_day, check_text
from tashika_server.domain.ledger import received_yen
from tashika_server.domain.limits import SHORT
from tashika_server.domain.model import Contract, FeeEntryKind
from tashika_server.domain.reasons import Reason, RefusedError, Violation, refuse
from tashika_server.domain.states import Action, require


def record_receipt(contract: Contract, receipt: ReceiptSent, *, now: datetime) -> Contract:
    """Record that the paper receipt was sent.

    Refuses RECEIPT_ALREADY_SENT, RECEIPT_WITHOUT_PAYMENT where nothing came in that did not go back, and a day that is
    to come or lies before the first payment.
    """
    today = japan_day(now)
    require(contract, Action.RECORD_RECEIPT, today)
    if contract.receipt is not None:
        raise refuse(Reason.RECEIPT_ALREADY_SENT, sent_on=contract.receipt.day.isoformat())
    if received_yen(contract.ledger) <= 0:
        raise refuse(Reason.RECEIPT_WITHOUT_PAYMENT)
    faults = [
        *check_day(receipt.day, "day", latest=today),
        *check_text(receipt.officer, "officer", required=True, limit=SHORT),
        *check_text(receipt.note, "note"),
    ]
    first = min(entry.day for entry in contract.ledger if entry.kind is FeeEntryKind.PAYMENT)
    if receipt.day < first:
        bounds = {"earliest": first.isoformat(), "latest": today.isoformat()}
        faults.append(Violation(Reason.DATE_OUT_OF_RANGE, "day", bounds))
    if faults:
        raise RefusedError(*faults)
    return replace(contract, receipt=receipt, updated_time=now)
