"""The generations of a contract's authentication key: one is valid at a time, and each re-issue begins the next."""

from dataclasses import dataclass
from datetime import datetime

from tashika_server.domain.model import Contract, Fact, FactKind

FIRST = 1


@dataclass(frozen=True, slots=True)
class KeyGeneration:
    """One key of a contract: since when it is valid, and until when (``None``: it still is).

    ``reason`` is the token of a ``ReissueReason`` for which it took the place of the key before; empty for the first
    key, and where the contractor gave none. ``by_guarantor``: the guarantor issued it anew.
    """

    generation: int
    created: datetime
    revoked: datetime | None = None
    reason: str = ""
    by_guarantor: bool = False


def reissues(contract: Contract) -> tuple[Fact, ...]:
    """Give the re-issues of the key, the oldest first."""
    return tuple(fact for fact in contract.facts if fact.kind is FactKind.KEY_REISSUED)


def current_generation(contract: Contract) -> int:
    """Give the generation of the key that is valid, counted from 1; that of a contract before its issue is 1 too."""
    return FIRST + len(reissues(contract))


def generations(contract: Contract) -> tuple[KeyGeneration, ...]:
    """Give every key that the contract has had, the first first; none before the issue and for the paper form."""
    issued = contract.steps.first_issued or contract.steps.issued
    if contract.version == 0 or issued is None:
        return ()
    found: list[KeyGeneration] = []
    again = reissues(contract)
    ends: list[datetime | None] = [*(fact.time for fact in again), None]
    begun = [KeyGeneration(FIRST, issued)]
    begun += [
        KeyGeneration(fact.generation, fact.time, None, fact.reason, fact.by_guarantor) for fact in again
    ]
    for key, end in zip(begun, ends, strict=True):
        found.append(KeyGeneration(key.generation, key.created, end, key.reason, key.by_guarantor))
    return tuple(found)


def handed_in(contract: Contract) -> bool:
    """Say whether the key that is valid was handed in, for whatever version."""
    return any(
        fact.kind is FactKind.HANDED_IN and fact.generation == current_generation(contract)
        for fact in contract.facts
    )
