"""What becomes of an authentication key: handed in, confirmed by telephone, issued anew, and who was told of that."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fields import check_text
from tashika_server.domain.generations import current_generation, handed_in, reissues
from tashika_server.domain.limits import CLOCK_TOLERANCE_SECONDS, SHORT
from tashika_server.domain.mail_facts import give_up_mails, room_faults
from tashika_server.domain.model import (
    Contract,
    ContractState,
    Fact,
    FactKind,
    Form,
    MailFailure,
    ReissueReason,
)
from tashika_server.domain.policy import Channel
from tashika_server.domain.reasons import Reason, RefusedError, Violation, refuse
from tashika_server.domain.states import Action, effective_state, require


def hand_in(
    contract: Contract,
    version: int,
    channel: str,
    note: str,
    time: datetime,
    user_id: str,
    now: datetime,
) -> Contract:
    """Record that the contractor handed in number and key for a version, at a moment that is past.

    ``channel`` is a token of ``Channel``. Refuses NO_KEY_FOR_PAPER, NOT_ISSUED for a version that is not
    there, DATE_IN_FUTURE, and DATE_OUT_OF_RANGE for a moment before the issue, or before the key was issued anew.
    """
    may_hand_in(contract, version, now)
    faults = list(check_text(note, "note"))
    if channel not in set(Channel):
        faults.append(Violation(Reason.CHOICE_UNKNOWN, "channel", {"value": channel[:40]}))
    faults.extend(_moment_faults(time, now, _key_since(contract, version)))
    faults.extend(room_faults(contract, FactKind.HANDED_IN))
    _refuse_all(faults)
    fact = Fact(
        FactKind.HANDED_IN,
        version,
        min(time, now),
        user_id,
        channel=channel,
        note=note,
        generation=current_generation(contract),
    )
    return replace(_noted(contract, fact, now), steps=replace(contract.steps, handed_in=fact.time))


def may_hand_in(contract: Contract, version: int, now: datetime) -> None:
    """Refuse where a handing in of that version can't have happened: not issued, on paper, no such version."""
    _require_key(contract, Action.HAND_IN, now)
    if not 1 <= version <= contract.version:
        raise refuse(Reason.NOT_ISSUED, "version", version=version, latest=contract.version)


def confirm_by_phone(
    contract: Contract, version: int, officer: str, note: str, time: datetime, user_id: str, now: datetime
) -> Contract:
    """Record that the contractor spoke with an officer of the orderer about a handing in (電話で確認した).

    Refuses as ``hand_in`` does, NOT_HANDED_IN where the key that is valid was not handed in for this version, and
    DATE_OUT_OF_RANGE for a moment before that.
    """
    may_hand_in(contract, version, now)
    handed = [fact.time for fact in _of_this_key(contract, FactKind.HANDED_IN) if fact.version == version]
    if not handed:
        raise refuse(Reason.NOT_HANDED_IN, "version", version=version)
    return _spoken(
        contract, FactKind.PHONE_CONFIRMED, version, officer, note, (time, min(handed), now), user_id
    )


def tell_orderer(
    contract: Contract, officer: str, note: str, time: datetime, user_id: str, now: datetime
) -> Contract:
    """Record that the guarantor told an officer of the orderer that the key was issued anew.

    Refuses KEY_NOT_REISSUED unless the guarantor issued the key that is valid, and DATE_OUT_OF_RANGE for a moment
    before that.
    """
    _require_key(contract, Action.REISSUE_KEY, now)
    again = reissues(contract)
    if not again or not again[-1].by_guarantor:
        raise refuse(Reason.KEY_NOT_REISSUED)
    moments = (time, again[-1].time, now)
    return _spoken(contract, FactKind.ORDERER_TOLD, contract.version, officer, note, moments, user_id)


def reissue(
    contract: Contract,
    *,
    by_guarantor: bool,
    opened: bool,
    reason: str,
    note: str,
    user_id: str,
    now: datetime,
) -> Contract:
    """Begin the next generation of the key, and with it a new handing in; what happened under the old one stays. A
    mail that waits with the old key is given up.

    Before the handing in the contractor issues anew, after it the guarantor, who says why (``reason``, a token of
    ``ReissueReason``) and tells the orderer. ``opened``: somebody has opened the certificate with the key that is
    valid. Whoever that was has it, so it counts as handed in, recorded or not.

    Refuses REISSUE_BY_GUARANTOR to the contractor and REISSUE_BY_CONTRACTOR to the guarantor, where it is the other's
    turn, and FIELD_REQUIRED for a guarantor without a reason.
    """
    _require_key(contract, Action.REISSUE_KEY, now)
    after = opened or handed_in(contract)
    if after and not by_guarantor:
        raise refuse(Reason.REISSUE_BY_GUARANTOR)
    if by_guarantor and not after:
        raise refuse(Reason.REISSUE_BY_CONTRACTOR)
    faults = list(check_text(note, "note"))
    if by_guarantor and not reason:
        faults.append(Violation(Reason.FIELD_REQUIRED, "reason"))
    if reason and reason not in set(ReissueReason):
        faults.append(Violation(Reason.CHOICE_UNKNOWN, "reason", {"value": reason[:40]}))
    faults.extend(room_faults(contract, FactKind.KEY_REISSUED))
    _refuse_all(faults)
    fact = Fact(
        FactKind.KEY_REISSUED,
        contract.version,
        now,
        user_id,
        note=note,
        generation=current_generation(contract) + 1,
        reason=reason,
        by_guarantor=by_guarantor,
    )
    given_up = give_up_mails(contract, MailFailure.KEY_REISSUED, now)
    return replace(_noted(given_up, fact, now), steps=replace(contract.steps, handed_in=None))


def _require_key(contract: Contract, action: Action, now: datetime) -> None:
    """Refuse an action with the key where there is none, or in a state that does not allow it."""
    today = japan_day(now)
    state = effective_state(contract, today)
    if contract.application.form is Form.PAPER:
        raise refuse(Reason.NO_KEY_FOR_PAPER)
    if contract.version == 0 and state is not ContractState.LAPSED:
        raise refuse(Reason.NOT_ISSUED, state=state)
    require(contract, action, today)


def _spoken(
    contract: Contract,
    kind: FactKind,
    version: int,
    officer: str,
    note: str,
    moments: tuple[datetime, datetime, datetime],
    user_id: str,
) -> Contract:
    """Add that somebody at the orderer was spoken to. ``moments``: when, not before what, and now."""
    time, since, now = moments
    faults = [
        *check_text(officer, "officer", required=True, limit=SHORT),
        *check_text(note, "note"),
        *_moment_faults(time, now, since),
        *room_faults(contract, kind),
    ]
    _refuse_all(faults)
    generation = current_generation(contract)
    fact = Fact(kind, version, min(time, now), user_id, note=note, generation=generation, officer=officer)
    return _noted(contract, fact, now)


def _noted(contract: Contract, fact: Fact, now: datetime) -> Contract:
    return replace(contract, facts=(*contract.facts, fact), updated_time=now)


def _of_this_key(contract: Contract, kind: FactKind) -> list[Fact]:
    current = current_generation(contract)
    return [fact for fact in contract.facts if fact.kind is kind and fact.generation == current]


def _key_since(contract: Contract, version: int) -> datetime | None:
    """From when on the valid key can have been handed in for a version."""
    # Only the latest version's issue is among the steps; an earlier version was issued before that.
    issued = contract.steps.issued if version == contract.version else None
    moments = [
        moment for moment in (issued, *(fact.time for fact in reissues(contract))) if moment is not None
    ]
    return max(moments, default=None)


def _moment_faults(time: datetime, now: datetime, since: datetime | None) -> list[Violation]:
    if time > now + timedelta(seconds=CLOCK_TOLERANCE_SECONDS):
        return [Violation(Reason.DATE_IN_FUTURE, "time", {"latest": now.isoformat()})]
    # People give the time to the minute.
    if since is not None and time < since.replace(second=0, microsecond=0):
        return [Violation(Reason.DATE_OUT_OF_RANGE, "time", {"earliest": since.isoformat()})]
    return []


def _refuse_all(violations: Iterable[Violation]) -> None:
    found = tuple(violations)
    if found:
        raise RefusedError(*found)
