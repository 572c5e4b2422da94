"""A new register is filled: policies, people and contracts in every state, as of today."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import TextIO

from tashika_server.application.caller import Caller
from tashika_server.application.notices import Notices
from tashika_server.application.ports import NoticeQuery
from tashika_server.demo.cast import Cast, CastMaker
from tashika_server.demo.clock import DemoClock
from tashika_server.demo.monthly_stories import MonthlyTeller
from tashika_server.demo.progress import Progress
from tashika_server.demo.samples.plans import OLDEST_DAYS, GuaranteePlan, Outcome, plan_cases
from tashika_server.demo.samples.works import WorksMaker, make_book
from tashika_server.demo.stories import Teller, first_moment
from tashika_server.demo.timetable import Timetable
from tashika_server.domain.model import Contract
from tashika_server.domain.policy_file import parse_policy_file
from tashika_server.host.register import Register
from tashika_server.sample import orderers_json

# A notice comes some weeks before the application, and policies go by it.
_NOTICE_DAYS = 60

# What is older was read by everybody, as it would have been at work.
_UNREAD_DAYS = 7


@dataclass(slots=True)
class Seeded:
    """What was made. `example` is one in force whose key was handed in, if there is any."""

    cast: Cast
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    example: Contract | None = None

    @property
    def contracts(self) -> int:
        """How many guarantee contracts there are."""
        return self.outcomes.total()


def invented_orderers_json() -> str:
    """Give the policy file with invented orderers, which together use every key."""
    return files("tashika_server.demo.samples").joinpath("orderers.json").read_text(encoding="utf-8")


async def seed(
    register: Register,
    clock: DemoClock,
    today: date,
    *,
    contracts: int,
    number: int,
    said: TextIO | None = None,
) -> Seeded:
    """Fill an empty register with `contracts` samples by the seed `number`; `today` is Japan's.

    The clock must stand `OLDEST_DAYS` days or more before `today`, and follows the machine afterwards.
    """
    use_cases = register.use_cases
    texts = (orderers_json(), invented_orderers_json())
    for text in texts:
        await use_cases.orderers.import_from_host(text)
    # The rendering processes take a while to start, and making accounts does too.
    cast, _ = await asyncio.gather(
        CastMaker(use_cases, register.secrets.signers).make(), register.pool.start()
    )
    seeded = Seeded(cast)

    chance = random.Random(number)  # noqa: S311 - invented data, no secrets
    first_day = today - timedelta(days=OLDEST_DAYS + _NOTICE_DAYS)
    book = make_book([entry for text in texts for entry in parse_policy_file(text)], first_day)
    timetable = Timetable(clock)
    teller = Teller(use_cases, seeded.cast, timetable)
    MonthlyTeller(use_cases, seeded.cast, timetable).add(today - timedelta(days=OLDEST_DAYS), today)
    progress = Progress("見本の契約を作成中 / making sample contracts:", contracts, said)

    def finished(contract: Contract, plan: GuaranteePlan) -> None:
        seeded.outcomes[plan.outcome] += 1
        if plan.outcome is Outcome.IN_FORCE and (seeded.example is None or contract.facts):
            seeded.example = contract
        progress.step()

    for case in plan_cases(contracts, chance, WorksMaker(chance, book), today):
        timetable.add(first_moment(case), partial(teller.tell, case, finished))
    await timetable.run()
    progress.end()
    clock.follow_machine()
    await use_cases.daily.run()
    for account in seeded.cast.accounts:
        await _read_older(use_cases.notices, account.caller, clock.now() - timedelta(days=_UNREAD_DAYS))
    return seeded


async def _read_older(notices: Notices, caller: Caller, than: datetime) -> None:
    """Somebody reads the notices that are older than this moment."""
    after = None
    while True:
        page = await notices.list(caller, NoticeQuery(caller.user_id, after=after))
        newest = next((each for each in page.items if each.event.time < than), None)
        if newest is not None:
            await notices.mark_read(caller, (), newest.notice_id, None)
        after = page.next_after
        if newest is not None or after is None:
            return
