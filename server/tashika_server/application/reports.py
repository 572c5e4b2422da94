"""What a guarantor's contracts add up to."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit
from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.lead_time import Leg, Spread
from tashika_server.domain.limits import FIRST_DAY, LAST_DAY
from tashika_server.domain.reasons import Reason, refuse

MAX_DAYS: Final = 366
"""A year at a time: what is counted grows with the period, and nobody plans by the lead times of years ago."""


class Reports:
    """Use cases about whole portfolios."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def lead_times(self, caller: Caller, first: date, last: date) -> Mapping[Leg, Spread]:
        """Tell how long the contracts at the caller's guarantor took; each leg counts on the day on which it ended.

        Refuses PERIOD_REVERSED, and DATE_OUT_OF_RANGE for more than 366 days.
        """
        if last < first:
            raise refuse(Reason.PERIOD_REVERSED, "last_day", start=first.isoformat(), end=last.isoformat())
        _within("first_day", first, FIRST_DAY, LAST_DAY)
        _within("last_day", last, first, min(first + timedelta(days=MAX_DAYS - 1), LAST_DAY))
        begin = datetime.combine(first, time(), JAPAN)
        end = datetime.combine(last + timedelta(days=1), time(), JAPAN)
        return await self._kit.store.read(
            lambda view: view.lead_times.spreads(caller.organization_id, begin, end), slow=True
        )


def _within(field: str, day: date, earliest: date, latest: date) -> None:
    if not earliest <= day <= latest:
        raise refuse(
            Reason.DATE_OUT_OF_RANGE, field, earliest=earliest.isoformat(), latest=latest.isoformat()
        )
