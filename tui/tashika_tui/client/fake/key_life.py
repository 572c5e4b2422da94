"""The generations of a simulated contract's key."""

from dataclasses import replace
from datetime import datetime

from tashika_tui.client.records import Contract, Fact, KeyGeneration, Opening


def reissues(contract: Contract) -> tuple[Fact, ...]:
    """The re-issues of the key, the oldest first."""
    return tuple(fact for fact in contract.facts if fact.kind == "KEY_REISSUED")


def generation_of(contract: Contract) -> int:
    """The generation of the key that is valid."""
    return 1 + len(reissues(contract))


def handed_in(contract: Contract, version: int = 0) -> list[Fact]:
    """The handings in of the key that is valid, of a version (0: of any)."""
    current = generation_of(contract)
    return [
        fact
        for fact in contract.facts
        if fact.kind == "HANDED_IN" and fact.generation == current and version in (0, fact.version)
    ]


def keys_of(contract: Contract, openings: list[Opening]) -> tuple[KeyGeneration, ...]:
    """Every key that the contract has had, with its first opening."""
    if contract.version == 0:
        return ()
    again = reissues(contract)
    begun = [(1, contract.steps.issue_time, "", False)]
    begun += [(fact.generation, fact.fact_time, fact.reason, fact.by_guarantor) for fact in again]
    ends = [*(fact.fact_time for fact in again), None]
    return tuple(
        KeyGeneration(
            generation,
            created,
            revoked,
            reason,
            by_guarantor,
            next(
                (each.open_time for each in openings if each.success and each.generation == generation), None
            ),
        )
        for (generation, created, reason, by_guarantor), revoked in zip(begun, ends, strict=True)
    )


def waiting_mails(contract: Contract) -> tuple[Fact, ...]:
    """The confirmations of mails that are neither sent nor given up."""
    ended = {fact.mail_id for fact in contract.facts if fact.kind in ("HANDED_IN", "MAIL_FAILED")}
    return tuple(
        fact for fact in contract.facts if fact.kind == "MAIL_CONFIRMED" and fact.mail_id not in ended
    )


def give_up_mails(contract: Contract, failure: str, now: datetime, note: str = "") -> Contract:
    """The contract without a mail that waits."""
    facts = tuple(
        replace(fact, kind="MAIL_FAILED", fact_time=now, failure=failure, note=note)
        for fact in waiting_mails(contract)
    )
    return replace(contract, facts=(*contract.facts, *facts))
