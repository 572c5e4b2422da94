"""What goes by the calendar beside the contracts: the guarantors' tariffs, and who pays its fees by the month."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from tashika_server.application.use_cases import UseCases
from tashika_server.demo.cast import Cast, Party
from tashika_server.demo.samples.organizations import PAYING_MONTHLY
from tashika_server.demo.samples.tariffs import tariff
from tashika_server.demo.timetable import Timetable
from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.model import Role
from tashika_server.domain.monthly import LAST_OF_MONTH
from tashika_server.domain.reasons import Reason, RefusedError

_FIRST_HOUR = time(7)
_SETTING_HOUR = time(9, 50)
_PAYING_HOUR = time(10, 30)
_PAYING_DAY = 25
# A tariff is made known some weeks before it is in force.
_REVISED_DAYS_AGO = 150
_KNOWN_BEFORE_DAYS = 45
# In the last weeks one contractor paid a guarantor only a part, so that something is overdue there.
_IN_ARREARS_DAYS = 70


class MonthlyTeller:
    """Puts tariffs and monthly payments on the timetable."""

    def __init__(self, use_cases: UseCases, cast: Cast, timetable: Timetable) -> None:
        self._use_cases = use_cases
        self._cast = cast
        self._timetable = timetable
        self._agreed: set[tuple[int, int]] = set()

    def add(self, first_day: date, today: date) -> None:
        """Add all stories from a day until before today."""
        self._timetable.add(_at(first_day, _FIRST_HOUR), partial(self._set_tariffs, first_day, later=False))
        revised = (today - timedelta(days=_REVISED_DAYS_AGO)).replace(day=1)
        known = revised - timedelta(days=_KNOWN_BEFORE_DAYS)
        self._timetable.add(_at(known, _SETTING_HOUR), partial(self._set_tariffs, revised, later=True))
        for day in _paying_days(first_day, today):
            self._timetable.add(_at(day, _PAYING_HOUR), partial(self._pay_all, day, today))

    async def _set_tariffs(self, valid_from: date, *, later: bool) -> None:
        for place, guarantor in enumerate(self._cast.guarantors):
            table = tariff(place, valid_from, later=later)
            await self._use_cases.tariffs.set(guarantor.caller(Role.APPROVER), table, None, None)

    async def _pay_all(self, day: date, today: date) -> None:
        for contractor_place, guarantor_place in sorted(PAYING_MONTHLY):
            contractor, guarantor = (
                self._cast.contractors[contractor_place],
                self._cast.guarantors[guarantor_place],
            )
            pair = (contractor_place, guarantor_place)
            if pair not in self._agreed and await self._agree(guarantor, contractor):
                self._agreed.add(pair)
            if pair in self._agreed:
                part = guarantor_place == 0 and (today - day).days < _IN_ARREARS_DAYS
                await self._pay(guarantor, contractor, day, part=part)

    async def _agree(self, guarantor: Party, contractor: Party) -> bool:
        """Agree on monthly payment; give whether it was. A guarantor does not know who never applied to it."""
        try:
            await self._use_cases.tariffs.set_payer(
                guarantor.caller(Role.APPROVER),
                *(contractor.organization.organization_id, True, LAST_OF_MONTH),
                *("一括納付の覚書あり（見本）", None, None),
            )
        except RefusedError as error:
            if error.reason is not Reason.NOT_FOUND:
                raise
            return False
        return True

    async def _pay(self, guarantor: Party, contractor: Party, day: date, *, part: bool) -> None:
        """Pay what the statement of the month before says."""
        caller, organization_id = guarantor.caller(Role.UNDERWRITER), contractor.organization.organization_id
        before = day.replace(day=1) - timedelta(days=1)
        found = await self._use_cases.fees.statement(caller, organization_id, before.year, before.month)
        due_yen = found.statement.closing_yen // (2 if part else 1)
        if due_yen > 0:
            await self._use_cases.fees.record_monthly_payment(
                caller, organization_id, due_yen, day, "一括振込", None
            )


def _paying_days(first_day: date, today: date) -> Iterator[date]:
    """Give the day of payment of every month, from the one after a day's until before today."""
    month = first_day.replace(day=1)
    while True:
        month = (month + timedelta(days=31)).replace(day=1)
        day = month.replace(day=_PAYING_DAY)
        if day >= today:
            return
        yield day


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, JAPAN).astimezone(UTC)
