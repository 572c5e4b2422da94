"""The lead time: how long it took from the application to the handing in of the key, and how such times lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import auto, unique

from tashika_server.domain.model import Contract, ContractState, FactKind
from tashika_server.domain.reasons import Token


@unique
class Leg(Token):
    """A part of the way from the application to the handing in, and last the whole."""

    APPLY_TO_ACCEPT = auto()
    ACCEPT_TO_PAID = auto()
    PAID_TO_ISSUED = auto()
    ISSUED_TO_HANDED_IN = auto()
    APPLY_TO_HANDED_IN = auto()


@dataclass(frozen=True, slots=True)
class Milestones:
    """When a contract's way was at each of its points, as it counts for the lead time; ``None``: not yet.

    ``submitted`` is the last submission, ``accepted`` the acceptance that stands, with its approval where it needed
    one. ``paid`` is missing where a monthly payer's certificate did not wait for the fee. ``issued`` is the first
    version's issue and ``handed_in`` the first handing in, whatever key or version came later.
    """

    submitted: datetime | None = None
    accepted: datetime | None = None
    paid: datetime | None = None
    issued: datetime | None = None
    handed_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long a leg took for many contracts.

    ``times`` are pairs of seconds and a count, the shortest first: each time is rounded down, to the minute up to two
    days and to the hour above. ``longest_seconds`` is exact. ``same_day`` counts those whose leg began and ended on
    one day in Japan.
    """

    times: tuple[tuple[int, int], ...] = ()
    longest_seconds: int = 0
    same_day: int = 0

    @property
    def count(self) -> int:
        """How many contracts there are."""
        return sum(count for _, count in self.times)

    def percentile(self, percent: int) -> int | None:
        """Give the seconds within which so many percent of the contracts were (nearest rank); ``None`` without any.

        100 percent is the longest time.
        """
        if not self.times:
            return None
        if percent >= 100:
            return self.longest_seconds
        rank = max(1, -(-self.count * percent // 100))
        for seconds, count in self.times:
            rank -= count
            if rank <= 0:
                return seconds
        return self.longest_seconds


HOUR = 3600
DAY = 24 * HOUR
STEPS: tuple[int, ...] = (HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY)
"""The upper ends of a histogram's bars in seconds; a last bar holds what took longer. The first five divide the day
within which it is promised (K12), the last is the payment period."""


def histogram(times: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Count the times of a spread by ``STEPS``: each bar holds what took less than its end, and not less than the
    one before."""
    bars = [0] * (len(STEPS) + 1)
    for seconds, count in times:
        bars[sum(seconds >= end for end in STEPS)] += count
    return tuple(bars)


def lead_time_seconds(contract: Contract) -> int | None:
    """Give the whole seconds from the last submission to the first handing in; ``None`` before both are
    known.
    """
    handed_in = _first_hand_in(contract)
    if contract.steps.submitted is None or handed_in is None:
        return None
    return int((handed_in - contract.steps.submitted).total_seconds())


def milestones(contract: Contract) -> Milestones:
    """Give a contract's milestones. What was undone later (returned, withdrawn, another acceptance) does not count."""
    steps = contract.steps
    submitted = steps.submitted
    accepted = steps.accepted if _stands(contract) else None
    if accepted is not None and steps.approved is not None and steps.approved >= accepted:
        accepted = steps.approved
    accepted = _after(submitted, accepted)
    issued = _after(accepted, steps.first_issued or steps.issued)
    handed_in = _first_hand_in(contract)
    if issued is None:
        handed_in = None
    elif handed_in is not None:
        # People give the time of a handing in to the minute, and so up to a minute before the issue.
        handed_in = max(handed_in, issued)
    return Milestones(submitted, accepted, _after(accepted, steps.paid), issued, handed_in)


def _first_hand_in(contract: Contract) -> datetime | None:
    return min((fact.time for fact in contract.facts if fact.kind is FactKind.HANDED_IN), default=None)


def _stands(contract: Contract) -> bool:
    return contract.terms is not None and contract.state is not ContractState.PENDING_APPROVAL


def _after(before: datetime | None, moment: datetime | None) -> datetime | None:
    """A step counts only where the one before it was taken, and not after it."""
    return moment if before is not None and moment is not None and moment >= before else None
