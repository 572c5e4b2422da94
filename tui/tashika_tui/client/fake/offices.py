"""How the simulated guarantors' offices stand at a moment: open from nine to five, Monday to Friday."""

from datetime import datetime, timedelta

from tashika_tui.client.fake.world import JAPAN
from tashika_tui.client.records import Guarantor, GuarantorOffices, Office, OpeningHours

_HOURS = OpeningHours(540, 1020, ("SATURDAY", "SUNDAY"), yearly_closures=(((12, 29), (1, 3)),))
_SATURDAY = 5


def offices_of(guarantor: Guarantor, moment: datetime) -> GuarantorOffices:
    """A guarantor's offices. The last of several tells no hours."""
    offices = []
    for place, branch in enumerate(guarantor.branches, start=1):
        told = place < len(guarantor.branches) or place == 1
        office = _standing(moment.astimezone(JAPAN)) if told else Office("", "", "")
        offices.append(
            Office(
                branch.name,
                branch.telephone,
                branch.address,
                office.hours,
                office.open_now,
                office.change_time,
                office.closed_reason,
            )
        )
    return GuarantorOffices(guarantor.organization_id, guarantor.name, guarantor.telephone, tuple(offices))


def _standing(now: datetime) -> Office:
    opens = now.replace(hour=9, minute=0, second=0, microsecond=0)
    closes = opens.replace(hour=17)
    weekend = now.weekday() >= _SATURDAY
    if opens <= now < closes and not weekend:
        return Office("", "", "", _HOURS, True, closes)
    again = opens if now < opens else opens + timedelta(days=1)
    while again.weekday() >= _SATURDAY:
        again += timedelta(days=1)
    return Office("", "", "", _HOURS, False, again, "WEEKDAY" if weekend else "OUTSIDE_HOURS")
