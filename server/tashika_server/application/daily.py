"""The daily job: records what the calendar has already decided (lapsed and expired contracts)."""

from datetime import date, datetime

from tashika_server.application.kit import Kit
from tashika_server.application.ports import Change, Done, Ids, UnitOfWork
from tashika_server.domain import lifecycle
from tashika_server.domain.calendar import japan_day

BATCH = 200
"""Contracts recorded in one transaction; calls of people take turns with it."""


class Daily:
    """The use case of the daily job."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def run(self) -> int:
        """Record every lapse and expiry by Japan's day, and give how many there were.

        What the store keeps for a while only (answers to repeated calls, counters, sessions) goes when its time is up.
        """
        await self._kit.store.forget()
        today = japan_day(self._kit.clock.now())
        recorded = 0
        while due := await self._kit.store.read(
            lambda view: view.contracts.due(today.isoformat(), BATCH), slow=True
        ):
            done = await self._record(tuple(due), today)
            recorded += done
            if not done:
                break
        return recorded

    async def _record(self, contract_ids: tuple[str, ...], today: date) -> int:
        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[int]:
            done = 0
            for contract_id in contract_ids:
                contract = uow.contracts.get(contract_id)
                if contract is None:
                    continue
                changed = lifecycle.by_calendar(contract, today, now)
                if changed is not None:
                    uow.contracts.save(changed, Change(f"contract.{changed.state.lower()}", "system"))
                    done += 1
            return Done(done)

        outcome = await self._kit.store.run(command)
        return outcome.value or 0
