"""The fee ledger of a guarantee contract: charges, what came in and what went back, in whole yen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.model import Contract, ContractState, FeeEntry, FeeEntryKind
from tashika_server.domain.monthly import LAST_OF_MONTH, due_after

MAX_LEDGER_ENTRIES = 200
"""A fee is paid in one or a few sums; more rows than this are a program in a loop."""

SIGNS: Mapping[FeeEntryKind, int] = {
    FeeEntryKind.CHARGE: 1,
    FeeEntryKind.REFUND: 1,
    FeeEntryKind.PAYMENT: -1,
    FeeEntryKind.REVERSAL: -1,
}
"""What an entry's amount does to what is owed."""


def balance_yen(ledger: Sequence[FeeEntry]) -> int:
    """Give what is still to be paid; negative: the contractor has that much to its credit."""
    return sum(SIGNS[entry.kind] * entry.amount_yen for entry in ledger)


def open_charge_yen(ledger: Sequence[FeeEntry]) -> int:
    """Give the sum of the charges that were not taken back."""
    charged = sum(entry.amount_yen for entry in ledger if entry.kind is FeeEntryKind.CHARGE)
    return charged - sum(entry.amount_yen for entry in ledger if entry.kind is FeeEntryKind.REVERSAL)


def received_yen(ledger: Sequence[FeeEntry]) -> int:
    """Give what came in and did not go back: what a receipt is for."""
    paid = sum(entry.amount_yen for entry in ledger if entry.kind is FeeEntryKind.PAYMENT)
    return paid - sum(entry.amount_yen for entry in ledger if entry.kind is FeeEntryKind.REFUND)


def is_fictional(ledger: Sequence[FeeEntry]) -> bool:
    """Say whether a fee in it comes of a fictional tariff, so that everything about its balance must say so."""
    return any(entry.fictional for entry in ledger)


def fee_due(contract: Contract) -> date | None:
    """Give the last day for the fee: of what is owed now, or of a fee that lapsed because it was not paid by then.

    ``None`` where nothing is owed, and while an acceptance still waits for its approval.
    """
    if contract.state is ContractState.LAPSED:
        return contract.pay_by
    if contract.state is ContractState.PENDING_APPROVAL or balance_yen(contract.ledger) <= 0:
        return None
    if not contract.monthly_payer:
        return contract.pay_by
    accepted = contract.steps.accepted
    # Kept from before agreements had a day: the end of the next month.
    return contract.monthly_due or (due_after(japan_day(accepted), LAST_OF_MONTH) if accepted else None)


def fee_is_settled(contract: Contract) -> bool:
    """Say whether issue need not wait for money: nothing is owed, or the contractor pays monthly (一括納付)."""
    return contract.monthly_payer or balance_yen(contract.ledger) <= 0


def reverse_charge(contract: Contract, *, entry_id: str, user_id: str, now: datetime) -> Contract:
    """Take the fee back, since its acceptance is undone. What was paid stays as a credit.

    The row is written only where a charge stands, so that an acceptance later charges the fee once.
    """
    standing = open_charge_yen(contract.ledger)
    if standing == 0:
        return contract
    fictional = is_fictional(contract.ledger)
    row = FeeEntry(
        entry_id, FeeEntryKind.REVERSAL, standing, japan_day(now), now, user_id, fictional=fictional
    )
    return replace(contract, ledger=(*contract.ledger, row))
