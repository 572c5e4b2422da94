"""Fees: the tariff that proposes them, the ledger in which they are booked, and the months of those who pay so.

`label` is 架空の料率 on whatever comes of a tariff that is nobody's real one; it must stand wherever the fee stands.
"""

from dataclasses import dataclass

from tashika_tui.client.records.common import Day, Moment

ROUNDINGS = ("DOWN", "UP", "HALF_UP")
"""How a fee is rounded to whole units."""

FEE_STANDINGS = ("OVERDUE", "DUE_SOON", "OWED", "CREDIT")
"""Which fees a list shows: unpaid after their last day, due soon, owed whenever, paid too much."""


@dataclass(frozen=True, slots=True)
class TariffBand:
    """A row of a tariff: for guaranteed amounts above `over_yen` and up to `up_to_yen` (None: any)."""

    product: str
    over_yen: int
    up_to_yen: int | None
    rate_per_100000: int
    minimum_fee_yen: int = 0


@dataclass(frozen=True, slots=True)
class TariffTable:
    """A tariff as it is set. `rounding` is one of ROUNDINGS, to 1, 10, 100 or 1,000 yen."""

    name: str
    valid_from: Day | None
    rounding: str
    round_to_yen: int
    bands: tuple[TariffBand, ...]
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """A table with its number, counted from 1, and who set it."""

    version: int
    table: TariffTable
    record_time: Moment | None
    user_id: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tariff:
    """All that a guarantor ever set as its tariff, the oldest first; `current_version` is in force today."""

    guarantor_id: str = ""
    versions: tuple[TariffVersion, ...] = ()
    current_version: int | None = None
    etag: str = ""

    @property
    def current(self) -> TariffVersion | None:
        """The version that is in force today."""
        return next((each for each in self.versions if each.version == self.current_version), None)


@dataclass(frozen=True, slots=True)
class FeeBasis:
    """How the tariff gives a fee: amount times rate, rounded (`computed_yen`), and at least the minimum."""

    tariff_version: int
    tariff_name: str
    valid_from: Day | None
    amount_yen: int
    over_yen: int
    up_to_yen: int | None
    rate_per_100000: int
    computed_yen: int
    minimum_fee_yen: int
    fee_yen: int
    rounding: str
    round_to_yen: int
    fictional: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class FeeEntry:
    """A row of the fee ledger. `kind` is CHARGE, PAYMENT, REFUND or REVERSAL and gives the sign; yen are
    positive.
    """

    entry_id: str
    kind: str
    amount_yen: int
    day: Day | None
    record_time: Moment | None
    user_id: str
    note: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptSent:
    """That the paper receipt (領収証) was sent, by which officer."""

    day: Day | None
    officer: str
    note: str = ""
    record_time: Moment | None = None


@dataclass(frozen=True, slots=True)
class MonthlyPayer:
    """What a guarantor agreed with a contractor: the fees of a month in one sum, due on `due_day` (31: the last)
    of the next month. Not `active`: agreed otherwise.
    """

    organization_id: str
    name: str
    active: bool
    due_day: int
    since: Day | None
    note: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class MonthlyPaymentShare:
    """What of a payment in one sum went to a contract."""

    contract_id: str
    contract_number: str
    amount_yen: int


@dataclass(frozen=True, slots=True)
class FeeStatementEntry:
    """A row of a month's statement."""

    contract_id: str
    contract_number: str
    works_name: str
    entry: FeeEntry


@dataclass(frozen=True, slots=True)
class FeeStatement:
    """A month between a guarantor and a contractor (一括納付明細書). Balances are what the contractor owes.

    `as_of`: the month is not over, and this is how it stands on that day.
    """

    guarantor_id: str
    guarantor_name: str
    organization_id: str
    organization_name: str
    year: int
    month: int
    opening_yen: int
    entries: tuple[FeeStatementEntry, ...]
    charged_yen: int
    received_yen: int
    closing_yen: int
    due_date: Day | None
    as_of: Day | None = None
    label: str = ""
