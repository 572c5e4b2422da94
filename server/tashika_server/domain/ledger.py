"""The fee ledger of a guarantee contract: charges, what came in and what went back, in whole yen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.model import Contract, FeeEntry, FeeEntryKind

MAX_LEDGER_ENTRIES = 200
"""A fee is paid in one or a few sums; more rows than this are a program in a loop."""

_SIGN = {FeeEntryKind.CHARGE: 1, FeeEntryKind.REFUND: 1, FeeEntryKind.PAYMENT: -1, FeeEntryKind.REVERSAL: -1}


def balance_yen(ledger: Sequence[FeeEntry]) -> int:
    """Give what is still to be paid; negative: the contractor has that much to its credit."""
    return sum(_SIGN[entry.kind] * entry.amount_yen for entry in ledger)


def open_charge_yen(ledger: Sequence[FeeEntry]) -> int:
    """Give the sum of the charges that were not taken back."""
    charged = sum(entry.amount_yen for entry in ledger if entry.kind is FeeEntryKind.CHARGE)
    return charged - sum(entry.amount_yen for entry in ledger if entry.kind is FeeEntryKind.REVERSAL)


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
    row = FeeEntry(entry_id, FeeEntryKind.REVERSAL, standing, japan_day(now), now, user_id)
    return replace(contract, ledger=(*contract.ledger, row))
