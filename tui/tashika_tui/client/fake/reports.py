"""The simulation's portfolio: reckoned anew each time from the contracts that were looked at or made."""

from datetime import date, datetime

from tashika_tui.client import records
from tashika_tui.client.fake.entry import GUARANTOR, FakeCalls
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.world import Person

MAX_DAYS = 366
_HOUR = 3600
_DAY = 24 * _HOUR
_BARS = (_HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, None)
_LEGS = dict(zip(records.LEGS, ((0, 1), (1, 2), (2, 3), (3, 4), (0, 4)), strict=True))


class FakeReports(FakeCalls):
    """The port's `Reports`."""

    async def get_portfolio(self, first: date, last: date) -> records.Portfolio:
        """The lead times of a period."""

        def act(person: Person) -> records.Portfolio:
            if last < first:
                raise refuse("PERIOD_REVERSED", "last_day")
            if (last - first).days >= MAX_DAYS:
                raise refuse("DATE_OUT_OF_RANGE", "last_day")
            own = [
                _milestones(contract)
                for contract in self.world.contracts.values()
                if contract.guarantor_id == person.organization_id and contract.state != "DRAFT"
            ]
            return records.Portfolio(tuple(self._spread(leg, own, first, last) for leg in records.LEGS))

        return await self._read("GetPortfolio", GUARANTOR, act)

    def _spread(
        self, leg: str, contracts: list[list[datetime | None]], first: date, last: date
    ) -> records.LeadTimeSpread:
        begin, end = _LEGS[leg]
        spans = [(each[begin], each[end]) for each in contracts]
        known = [(one, other) for one, other in spans if one is not None and other is not None]
        days = [(self.world.day_of(one), self.world.day_of(other)) for one, other in known]
        took = sorted(
            int((other - one).total_seconds())
            for (one, other), (_, day) in zip(known, days, strict=True)
            if first <= day <= last
        )
        bars = [sum(1 for seconds in took if _bar(seconds) == place) for place in range(len(_BARS))]
        return records.LeadTimeSpread(
            leg=leg,
            count=len(took),
            same_day_count=sum(one == other for one, other in days if first <= other <= last),
            half_seconds=_percentile(took, 50),
            nine_tenths_seconds=_percentile(took, 90),
            longest_seconds=took[-1] if took else None,
            bars=tuple(map(records.LeadTimeBar, _BARS, bars)),
        )


def _milestones(contract: records.Contract) -> list[datetime | None]:
    steps = contract.steps
    handed = [fact.fact_time for fact in contract.facts if fact.kind == "HANDED_IN" and fact.fact_time]
    accepted = steps.approve_time or steps.accept_time
    return [steps.submit_time, accepted, steps.pay_time, steps.issue_time, min(handed, default=None)]


def _bar(seconds: int) -> int:
    return sum(1 for end in _BARS if end is not None and seconds >= end)


def _percentile(took: list[int], percent: int) -> int | None:
    if not took:
        return None
    seconds = took[max(1, -(-len(took) * percent // 100)) - 1]
    unit = 60 if seconds < 2 * _DAY else _HOUR
    return seconds // unit * unit
