"""What the facts of a contract say of the mails that hand its key in: one confirmed, and then sent or given up."""

from dataclasses import replace
from datetime import datetime

from tashika_server.domain.limits import MAX_HAND_INS
from tashika_server.domain.model import Contract, Fact, FactKind, MailFailure
from tashika_server.domain.reasons import Reason, Violation

_ENDS = frozenset({FactKind.HANDED_IN, FactKind.MAIL_FAILED})


def waiting_mails(contract: Contract) -> tuple[Fact, ...]:
    """Give the confirmations of mails that are neither sent nor given up, the oldest first."""
    ended = {fact.mail_id for fact in contract.facts if fact.kind in _ENDS}
    return tuple(
        fact for fact in contract.facts if fact.kind is FactKind.MAIL_CONFIRMED and fact.mail_id not in ended
    )


def give_up_mails(contract: Contract, failure: MailFailure, now: datetime) -> Contract:
    """Note that no mail waits any more."""
    facts = tuple(failed(fact, failure, "", now) for fact in waiting_mails(contract))
    return replace(contract, facts=(*contract.facts, *facts), updated_time=now) if facts else contract


def failed(confirmed: Fact, failure: MailFailure, note: str, now: datetime) -> Fact:
    """Give the fact that a mail did not go out; ``note`` is what the mail server said."""
    return replace(
        confirmed, kind=FactKind.MAIL_FAILED, time=now, user_id="", note=note, failure=failure.value
    )


def room_faults(contract: Contract, kind: FactKind) -> list[Violation]:
    """List what speaks against another fact of a kind: a program in a loop would make one after the other."""
    if sum(fact.kind is kind for fact in contract.facts) < MAX_HAND_INS:
        return []
    return [Violation(Reason.TOO_MANY_ITEMS, "facts", {"maximum": MAX_HAND_INS})]
