"""Monthly payment of fees (一括納付): who pays so, when a month's fees are due, and the statement of a month.

A month's entries are those that were booked in it by Japan's day, so that the statement of a month that is over never
changes: a payment of 31 March that is booked on 2 April stands in April's, with its own day beside it.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tashika_server.domain.calendar import JAPAN, japan_day
from tashika_server.domain.fee_records import FICTIONAL_LABEL
from tashika_server.domain.limits import FIRST_DAY, LAST_DAY
from tashika_server.domain.model import FeeEntry, FeeEntryKind, Organization
from tashika_server.domain.reasons import Reason, refuse

LAST_OF_MONTH = 31
"""A due day that a month does not have is its last one, so 31 is the end of every month."""

MAX_STATEMENT_ENTRIES = 5_000
"""A busy contractor has some hundred guarantees in a month; above this the pages would not be read."""


@dataclass(frozen=True, slots=True)
class MonthlyPayer:
    """What a guarantor agreed with a contractor: fees of a month in one sum, due on ``due_day`` of the next month.

    ``active`` false: agreed otherwise, so that fees are paid one by one. ``since`` is the day of the agreement.
    """

    guarantor_id: str
    organization_id: str
    since: date
    due_day: int = LAST_OF_MONTH
    active: bool = True
    note: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """What a contractor owes a guarantor at a moment, in yen; whether a fictional tariff gave a fee before it."""

    owed_yen: int = 0
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """A row of a statement: an entry of a contract's ledger."""

    contract_id: str
    contract_number: str
    works_name: str
    entry: FeeEntry


@dataclass(frozen=True, slots=True)
class FeeStatement:
    """A month between a guarantor and a contractor (一括納付明細書). Balances are what the contractor owes.

    ``due``: the last day for the closing balance. ``as_of``: the month is not over, and this is how it stands.
    ``fictional``: a fee in it, or one that the opening balance is made of, comes of a fictional tariff.
    """

    guarantor_id: str
    organization_id: str
    year: int
    month: int
    opening_yen: int
    entries: tuple[StatementEntry, ...]
    closing_yen: int
    due: date
    as_of: date | None = None
    fictional: bool = False

    @property
    def label(self) -> str:
        """What must stand on it; empty where every fee comes of a real tariff."""
        return FICTIONAL_LABEL if self.fictional else ""

    @property
    def charged_yen(self) -> int:
        """What was charged in the month and not taken back in it."""
        return self._total(FeeEntryKind.CHARGE) - self._total(FeeEntryKind.REVERSAL)

    @property
    def received_yen(self) -> int:
        """What came in in the month and did not go back in it."""
        return self._total(FeeEntryKind.PAYMENT) - self._total(FeeEntryKind.REFUND)

    def _total(self, kind: FeeEntryKind) -> int:
        return sum(each.entry.amount_yen for each in self.entries if each.entry.kind is kind)


def payer_id(guarantor_id: str, organization_id: str) -> str:
    """Give the id under which an agreement is kept: there is one for two parties."""
    return f"{guarantor_id}/{organization_id}"


def pays_monthly(contractor: Organization, agreement: MonthlyPayer | None) -> bool:
    """Say whether a contractor pays a guarantor monthly: as both agreed, else as the contractor does with all."""
    return contractor.monthly_payer if agreement is None else agreement.active


def due_day_of(agreement: MonthlyPayer | None) -> int:
    """Give the day of the next month on which a month's fees are due."""
    return LAST_OF_MONTH if agreement is None else agreement.due_day


def due_after(day: date, due_day: int) -> date:
    """Give the last day for what was charged on a day: ``due_day`` of the following month."""
    first = (day.replace(day=1) + timedelta(days=LAST_OF_MONTH)).replace(day=1)
    return first.replace(day=min(due_day, monthrange(first.year, first.month)[1]))


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """Give the moments at which a month begins and is over in Japan."""
    first = date(year, month, 1)
    following = (first + timedelta(days=LAST_OF_MONTH)).replace(day=1)
    begin, end = (datetime.combine(day, time(), JAPAN) for day in (first, following))
    return begin, end


def check_month(year: int, month: int, now: datetime) -> None:
    """Refuse a month that does not exist, or is still to come (DATE_IN_FUTURE)."""
    if not 1 <= month <= 12 or not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise refuse(
            Reason.DATE_OUT_OF_RANGE, "month", earliest=FIRST_DAY.isoformat(), latest=LAST_DAY.isoformat()
        )
    today = japan_day(now)
    if (year, month) > (today.year, today.month):
        raise refuse(Reason.DATE_IN_FUTURE, "month", latest=today.isoformat())


def make_statement(
    guarantor_id: str,
    organization_id: str,
    year: int,
    month: int,
    *,
    opening: Balance,
    entries: Sequence[StatementEntry],
    agreement: MonthlyPayer | None,
    signs: dict[str, int],
    now: datetime,
) -> FeeStatement:
    """Make the statement of a month from its opening balance and its entries. ``signs``: what a kind adds to owed."""
    closing = opening.owed_yen + sum(signs[each.entry.kind] * each.entry.amount_yen for each in entries)
    today = japan_day(now)
    first = date(year, month, 1)
    return FeeStatement(
        guarantor_id=guarantor_id,
        organization_id=organization_id,
        year=year,
        month=month,
        opening_yen=opening.owed_yen,
        entries=tuple(sorted(entries, key=lambda each: (each.entry.recorded_time, each.entry.entry_id))),
        closing_yen=closing,
        due=due_after(first, due_day_of(agreement)),
        as_of=today if (today.year, today.month) == (year, month) else None,
        fictional=opening.fictional or any(each.entry.fictional for each in entries),
    )
