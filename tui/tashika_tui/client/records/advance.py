"""The request for the advance (前払金請求), which a prepayment guarantee is given for."""

from dataclasses import dataclass

from tashika_tui.client.records.application import BankAccount
from tashika_tui.client.records.common import Day, Moment


@dataclass(frozen=True, slots=True)
class AdvanceRequest:
    """That the advance was asked for on a day; withdrawn where there is a `withdraw_time`, with the reason."""

    day: Day | None
    amount_yen: int
    contract_date: Day | None
    expected_payment_date: Day | None
    note: str = ""
    record_time: Moment | None = None
    withdraw_time: Moment | None = None
    withdrawal: str = ""


@dataclass(frozen=True, slots=True)
class AdvanceTerms:
    """What the request says. `contract_date` None: it must be given, as the terms don't know it.

    `expected_payment_date` is for a request of today; None where the orderer does not say within how many days it
    pays. `other_documents` go with it, beside the key (`electronic`) or the paper certificate.
    """

    addressee: str
    amount_yen: int
    account: BankAccount
    contract_date: Day | None
    other_documents: tuple[str, ...]
    pay_within_days: int | None
    expected_payment_date: Day | None
    electronic: bool
