"""Who pays fees by the month in a simulated register, and what a month's statement says."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.records import FeeStatement, FeeStatementEntry, MonthlyPayer

if TYPE_CHECKING:
    from tashika_tui.client.fake.world import World

LAST_OF_MONTH = 31
SIGNS = {"CHARGE": 1, "REFUND": 1, "PAYMENT": -1, "REVERSAL": -1}
"""What an entry of a ledger does to what is owed."""


def due_after(day: date, due_day: int) -> date:
    """The last day for what was charged on a day."""
    first = (day.replace(day=1) + timedelta(days=LAST_OF_MONTH)).replace(day=1)
    return first.replace(day=min(due_day, monthrange(first.year, first.month)[1]))


def agreement(world: "World", guarantor_id: str, organization_id: str) -> MonthlyPayer | None:
    """What the two agreed; refuses those who never did (NOT_MONTHLY_PAYER)."""
    found = world.payers.get((guarantor_id, organization_id))
    if found is None and not world.companies[organization_id].monthly_payer:
        raise refuse("NOT_MONTHLY_PAYER", "organization_id")
    return found


def pays_monthly(world: "World", guarantor_id: str, organization_id: str) -> bool:
    """Whether the contractor pays this guarantor by the month."""
    found = world.payers.get((guarantor_id, organization_id))
    company = world.companies.get(organization_id)
    return found.active if found is not None else company is not None and company.monthly_payer


def due_day(world: "World", guarantor_id: str, organization_id: str) -> int:
    """The day of the next month on which a month's fees are due."""
    found = world.payers.get((guarantor_id, organization_id))
    return found.due_day if found is not None else LAST_OF_MONTH


def statement(world: "World", guarantor_id: str, organization_id: str, year: int, month: int) -> FeeStatement:
    """A month between two parties: its entries are those that were booked in it."""
    today = world.today
    if not 1 <= month <= 12:
        raise refuse("DATE_OUT_OF_RANGE", "month")
    if (year, month) > (today.year, today.month):
        raise refuse("DATE_IN_FUTURE", "month", latest=today)
    agreement(world, guarantor_id, organization_id)
    booked = sorted(_booked(world, guarantor_id, organization_id), key=lambda pair: pair[0])
    before = [row for booked_on, row in booked if booked_on < date(year, month, 1)]
    rows = [row for booked_on, row in booked if (booked_on.year, booked_on.month) == (year, month)]
    opening = _sum(before, **SIGNS)
    return FeeStatement(
        guarantor_id=guarantor_id,
        guarantor_name=world.guarantors[guarantor_id].name,
        organization_id=organization_id,
        organization_name=world.companies[organization_id].name,
        year=year,
        month=month,
        opening_yen=opening,
        entries=tuple(rows),
        charged_yen=_sum(rows, CHARGE=1, REVERSAL=-1),
        received_yen=_sum(rows, PAYMENT=1, REFUND=-1),
        closing_yen=opening + _sum(rows, **SIGNS),
        due_date=due_after(date(year, month, 1), due_day(world, guarantor_id, organization_id)),
        as_of=today if (today.year, today.month) == (year, month) else None,
        label=next((row.entry.label for row in [*before, *rows] if row.entry.label), ""),
    )


def _booked(
    world: "World", guarantor_id: str, organization_id: str
) -> Iterator[tuple[date, FeeStatementEntry]]:
    for contract in world.contracts.values():
        if (contract.guarantor_id, contract.organization_id) != (guarantor_id, organization_id):
            continue
        works = (contract.terms or contract.application).works
        name = works.name if works is not None else ""
        for entry in contract.ledger:
            row = FeeStatementEntry(contract.contract_id, contract.contract_number, name, entry)
            yield world.day_of(entry.record_time or world.now), row


def _sum(rows: list[FeeStatementEntry], **signs: int) -> int:
    return sum(signs.get(row.entry.kind, 0) * row.entry.amount_yen for row in rows)
