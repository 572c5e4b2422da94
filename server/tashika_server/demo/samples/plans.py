"""Which samples are made: cases of one works contract and one or two guarantees, and how far each gets."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto

from tashika_server.demo.samples.organizations import CONTRACTORS, GUARANTORS, PAYING_MONTHLY
from tashika_server.demo.samples.works import WorksMaker
from tashika_server.domain.calendar import fiscal_year
from tashika_server.domain.model import Form, Product, WorksTerms


class Outcome(Enum):
    """Where a sample stands today."""

    DRAFT = auto()
    SUBMITTED = auto()
    RETURNED = auto()
    WITHDRAWN = auto()
    REFUSED = auto()
    PENDING_APPROVAL = auto()
    ACCEPTED = auto()
    LAPSED = auto()
    IN_FORCE = auto()
    IN_FORCE_ON_PAPER = auto()
    EXPIRED = auto()
    EXPIRED_ON_PAPER = auto()

    @property
    def paper(self) -> bool:
        """Whether the certificate is on paper."""
        return self in (Outcome.IN_FORCE_ON_PAPER, Outcome.EXPIRED_ON_PAPER)

    @property
    def over(self) -> bool:
        """Whether the works, and with them the guarantee, have ended."""
        return self in (Outcome.EXPIRED, Outcome.EXPIRED_ON_PAPER)


# Of a hundred contracts; the first of each comes before the second of any, so that few samples show most.
_WEIGHTS = {
    Outcome.IN_FORCE: 41,
    Outcome.EXPIRED: 13,
    Outcome.SUBMITTED: 6,
    Outcome.PENDING_APPROVAL: 5,
    Outcome.ACCEPTED: 5,
    Outcome.RETURNED: 4,
    Outcome.DRAFT: 6,
    Outcome.IN_FORCE_ON_PAPER: 7,
    Outcome.EXPIRED_ON_PAPER: 3,
    Outcome.WITHDRAWN: 4,
    Outcome.REFUSED: 3,
    Outcome.LAPSED: 3,
}

# Working days before today on which an application may have begun. All but the last days lie on one grid of every
# sixth day, so that many samples share a day, and with it their commits.
_GRID_DAYS = 6
_BEGUN = {
    Outcome.DRAFT: range(1, 8),
    Outcome.SUBMITTED: range(1, 4),
    Outcome.RETURNED: range(1, 8),
    Outcome.WITHDRAWN: range(8, 120, _GRID_DAYS),
    Outcome.REFUSED: range(8, 120, _GRID_DAYS),
    Outcome.PENDING_APPROVAL: range(1, 3),
    # The fee is due within 14 days, which have at least nine working days.
    Outcome.ACCEPTED: range(1, 8),
    # Fourteen days for the fee are over after ten working days, and five for holidays. What lapsed is in the list of
    # unpaid fees for some weeks, and there it is to be seen.
    Outcome.LAPSED: range(20, 30, _GRID_DAYS),
    Outcome.IN_FORCE: range(2, 130, _GRID_DAYS),
    Outcome.IN_FORCE_ON_PAPER: range(2, 130, _GRID_DAYS),
    Outcome.EXPIRED: range(164, 248, _GRID_DAYS),
    Outcome.EXPIRED_ON_PAPER: range(164, 248, _GRID_DAYS),
}

OLDEST_DAYS = 400
"""No sample begins earlier than this many days before today."""

_WORKS_DAYS = range(90, 420)
_WORKS_DAYS_OVER = range(75, 130)
_PAIRED_SHARE = 0.75
_MAY_FOLLOW = frozenset(Outcome) - {Outcome.WITHDRAWN, Outcome.REFUSED, Outcome.LAPSED}
# Guarantors that let a second person approve every guarantee, which PENDING_APPROVAL needs.
_ALWAYS_APPROVING = [
    place for place, party in enumerate(GUARANTORS) if not party.organization.approval_from_yen
]
_FIRST_MANY = 4
_FIRST_MANY_SHARE = 0.5
_CORRECTED_SHARE = 0.08
_ATTACHED_SHARE = 0.4
_VENTURE_FROM_YEN = 150_000_000
_MULTI_YEAR_FROM_YEN = 60_000_000
_MULTI_YEAR_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class GuaranteePlan:
    """One guarantee contract. `day` is when it is applied for; `seed` feeds what else is left to chance.

    `corrected`: it is returned once, corrected and submitted again. `attached`: with a PDF.
    """

    product: Product
    outcome: Outcome
    day: date
    corrected: bool
    attached: bool
    seed: int

    @property
    def form(self) -> Form:
        """How the certificate is delivered."""
        return Form.PAPER if self.outcome.paper else Form.ELECTRONIC


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One works contract, before and after its signing, and the guarantees for it, the earlier one first.

    `contractor` and `guarantor` are places in the lists of sample organisations.
    """

    contractor: int
    guarantor: int
    unsigned: WorksTerms
    signed: WorksTerms
    guarantees: tuple[GuaranteePlan, ...]
    venture: bool

    @property
    def signing(self) -> date:
        """The day on which the works contract is signed."""
        assert self.signed.contract_date is not None
        return self.signed.contract_date


def outcomes(count: int, chance: random.Random) -> list[Outcome]:
    """Give that many outcomes: one of each first, then by weight."""
    found = list(_WEIGHTS)[:count]
    rest = count - len(found)
    return found + chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=rest)


def plan_cases(count: int, chance: random.Random, maker: WorksMaker, today: date) -> Iterator[CasePlan]:
    """Plan cases with `count` guarantee contracts in all."""
    waiting = outcomes(count, chance)
    waiting.reverse()
    while waiting:
        outcome = waiting.pop()
        second = None
        if outcome in (Outcome.IN_FORCE, Outcome.EXPIRED) and waiting and chance.random() < _PAIRED_SHARE:
            follows = waiting[-1]
            if follows.over == outcome.over and follows in _MAY_FOLLOW:
                second = waiting.pop()
        yield _case(outcome, second, chance, maker, today)


def working_day_before(today: date, count: int) -> date:
    """Give the `count`-th working day (Monday to Friday) before a day."""
    day = today
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _case(
    outcome: Outcome, second: Outcome | None, chance: random.Random, maker: WorksMaker, today: date
) -> CasePlan:
    last = second or outcome
    back = chance.choice(_BEGUN[last])
    day = working_day_before(today, back)
    paper = outcome.paper
    if second is not None:
        first_day = working_day_before(day, _GRID_DAYS)
        products = [Product.PERFORMANCE, Product.PREPAYMENT]
        signing = working_day_before(day, 1)
        days = [first_day, day]
    else:
        products = [chance.choices([Product.PREPAYMENT, Product.PERFORMANCE], [2, 1])[0]]
        # An advance is asked for after the signing, the contract guarantee comes before it.
        before = products[0] is Product.PREPAYMENT
        signing = working_day_before(day, 2) if before else day + timedelta(days=1)
        days = [day]
    length = chance.choice(_WORKS_DAYS_OVER if last.over else _WORKS_DAYS)
    if not last.over:
        # The works still go on today, however long ago they began.
        length += (today - signing).days
    unsigned = maker.make(signing, length, paper=paper)
    if _may_be_multi_year(unsigned, last, day, today) and chance.random() < _MULTI_YEAR_SHARE:
        unsigned = replace(unsigned, multi_year=True)
    plans = tuple(
        GuaranteePlan(
            product=product,
            outcome=each,
            day=begun,
            corrected=each is Outcome.IN_FORCE and chance.random() < _CORRECTED_SHARE,
            attached=chance.random() < _ATTACHED_SHARE,
            seed=chance.getrandbits(64),
        )
        for product, each, begun in zip(
            products, [outcome] if second is None else [outcome, second], days, strict=True
        )
    )
    contractor, guarantor = _parties(last, chance)
    return CasePlan(
        contractor=contractor,
        guarantor=guarantor,
        unsigned=unsigned,
        signed=maker.sign(unsigned, signing),
        guarantees=plans,
        venture=(unsigned.price_yen or 0) >= _VENTURE_FROM_YEN and chance.random() < 0.5,
    )


def _may_be_multi_year(terms: WorksTerms, last: Outcome, day: date, today: date) -> bool:
    """Works over a 31 March; an advance of an earlier year than this would have expired with that year."""
    assert terms.period_end is not None and terms.price_yen is not None
    goes_over = fiscal_year(terms.period_end) > fiscal_year(day)
    this_year = last.over or fiscal_year(day) == fiscal_year(today)
    return goes_over and this_year and terms.price_yen >= _MULTI_YEAR_FROM_YEN


def _parties(last: Outcome, chance: random.Random) -> tuple[int, int]:
    """Choose contractor and guarantor. What a monthly payer was granted never lapses."""
    contractor = _contractor(chance)
    if last is Outcome.PENDING_APPROVAL:
        return contractor, chance.choice(_ALWAYS_APPROVING)
    guarantor = chance.randrange(len(GUARANTORS))
    while last is Outcome.LAPSED and (contractor, guarantor) in PAYING_MONTHLY:
        contractor = _contractor(chance)
    return contractor, guarantor


def _contractor(chance: random.Random) -> int:
    """Some contractors have many contracts, as lists of a few rows show little."""
    if chance.random() < _FIRST_MANY_SHARE:
        return chance.randrange(_FIRST_MANY)
    return chance.randrange(len(CONTRACTORS))
