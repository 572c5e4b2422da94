"""What a contract keeps of its fee and of the advance: how the fee was worked out, the receipt that was sent, the
requests for the advance. Amounts are whole yen, days are Japan's.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import auto, unique

from tashika_server.domain.reasons import Token

FICTIONAL_LABEL = "架空の料率"
"""Stands beside everything that was worked out by a fictional tariff: real companies' rates are not public."""


@unique
class FeeRounding(Token):
    """What becomes of a fraction of the rounding unit."""

    DOWN = auto()
    UP = auto()
    HALF_UP = auto()


@dataclass(frozen=True, slots=True)
class FeeBasis:
    """How a fee follows from the tariff (計算の根拠), as the tariff was on the day of the acceptance.

    The fee is ``amount_yen`` (the guaranteed amount) times ``rate_per_100000`` hundred-thousandths, rounded to
    ``computed_yen``, and at least ``minimum_yen``. The band is above ``over_yen``, up to ``up_to_yen`` (included;
    ``None``: without end).
    """

    tariff_version: int
    tariff_name: str
    valid_from: date
    fictional: bool
    amount_yen: int
    over_yen: int
    rate_per_100000: int
    computed_yen: int
    minimum_yen: int
    fee_yen: int
    rounding: FeeRounding
    round_to_yen: int
    up_to_yen: int | None = None

    @property
    def label(self) -> str:
        """What must stand beside the fee wherever it shows; empty for a real tariff."""
        return FICTIONAL_LABEL if self.fictional else ""


@dataclass(frozen=True, slots=True)
class ReceiptSent:
    """The paper receipt (領収証) was sent, once. ``officer`` is who saw to it, by name."""

    day: date
    officer: str
    recorded_time: datetime
    user_id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AdvanceRequest:
    """A request for the advance (前払金請求書) that was handed in to the orderer on ``day``.

    ``contract_date`` is the works contract's as it stands on the request. ``expected_payment_day``: by then the
    orderer pays, by its own policy. ``withdrawn_time`` and ``withdrawal`` (why): it does not count any more, as after
    the orderer gave it back.
    """

    day: date
    amount_yen: int
    contract_date: date
    recorded_time: datetime
    user_id: str
    expected_payment_day: date | None = None
    note: str = ""
    withdrawn_time: datetime | None = None
    withdrawn_by: str = ""
    withdrawal: str = ""
