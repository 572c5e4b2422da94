from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from tashika_server.domain import lifecycle
from tashika_server.domain.generations import KeyGeneration, current_generation, generations, handed_in
from tashika_server.domain.model import Contract, ContractState, FactKind, Form, PaperIssue
from tashika_server.domain.reasons import Reason, RefusedError
from tests.unit.domain.making import (
    NOW,
    TODAY,
    accepted,
    draft,
    in_force,
    paid,
    prepayment,
    reasons,
    submitted,
)

LATER = NOW + timedelta(hours=1)
HOUR = timedelta(hours=1)


def hand_in(contract: Contract, time: datetime = NOW, now: datetime = LATER, note: str = "") -> Contract:
    return lifecycle.hand_in(contract, 1, "MAIL", note, time, "usr_1", now)


def by_contractor(contract: Contract, now: datetime = LATER, opened: bool = False) -> Contract:
    return lifecycle.reissue(
        contract, by_guarantor=False, opened=opened, reason="", note="", user_id="usr_1", now=now
    )


def by_guarantor(
    contract: Contract, now: datetime = LATER, opened: bool = False, reason: str = "LEAKED", note: str = ""
) -> Contract:
    return lifecycle.reissue(
        contract, by_guarantor=True, opened=opened, reason=reason, note=note, user_id="usr_2", now=now
    )


def called(contract: Contract, time: datetime = LATER, now: datetime = LATER, **changes: str) -> Contract:
    words = {"officer": "契約課　大野", "note": "", **changes}
    return lifecycle.confirm_by_phone(contract, 1, words["officer"], words["note"], time, "usr_1", now)


def told(contract: Contract, time: datetime = LATER, now: datetime = LATER) -> Contract:
    return lifecycle.tell_orderer(contract, "契約課　大野", "電話", time, "usr_2", now)


def refusal(call: Callable[[], Contract]) -> Reason:
    with pytest.raises(RefusedError) as refused:
        call()
    return refused.value.reason


def test_before_the_handing_in_the_contractor_issues_anew() -> None:
    again = by_contractor(in_force())
    assert current_generation(again) == 2
    (fact,) = again.facts
    assert (fact.kind, fact.generation, fact.version, fact.time, fact.by_guarantor, fact.reason) == (
        FactKind.KEY_REISSUED,
        2,
        1,
        LATER,
        False,
        "",
    )
    assert refusal(lambda: by_guarantor(in_force())) is Reason.REISSUE_BY_CONTRACTOR


def test_after_the_handing_in_the_guarantor_does_and_says_why() -> None:
    handed = hand_in(in_force())
    assert refusal(lambda: by_contractor(handed)) is Reason.REISSUE_BY_GUARANTOR
    again = by_guarantor(handed, reason="LOST", note="担当課で紛失")
    assert (again.facts[-1].reason, again.facts[-1].by_guarantor, again.facts[-1].note) == (
        "LOST",
        True,
        "担当課で紛失",
    )
    with pytest.raises(RefusedError) as refused:
        by_guarantor(handed, reason="")
    assert reasons(refused.value.violations) == {(Reason.FIELD_REQUIRED, "reason")}
    with pytest.raises(RefusedError) as refused:
        by_guarantor(handed, reason="STOLEN", note="\x00")
    assert reasons(refused.value.violations) == {
        (Reason.CHOICE_UNKNOWN, "reason"),
        (Reason.FIELD_CHARACTER, "note"),
    }


def test_a_key_that_opened_counts_as_handed_in_recorded_or_not() -> None:
    assert refusal(lambda: by_contractor(in_force(), opened=True)) is Reason.REISSUE_BY_GUARANTOR
    assert current_generation(by_guarantor(in_force(), opened=True)) == 2


def test_a_new_key_begins_a_new_handing_in_and_what_was_stays() -> None:
    handed = hand_in(in_force())
    assert handed.steps.handed_in == NOW and handed_in(handed)
    again = by_guarantor(handed)
    assert again.facts[:1] == handed.facts and again.facts[0].generation == 1
    assert again.steps.handed_in is None and not handed_in(again)
    third = by_contractor(again, LATER + HOUR)
    assert current_generation(third) == 3
    once_more = hand_in(again, LATER, LATER + HOUR)
    assert once_more.facts[-1].generation == 2 and once_more.steps.handed_in == LATER
    assert refusal(lambda: by_contractor(once_more)) is Reason.REISSUE_BY_GUARANTOR


def test_every_generation_is_told_with_its_time_and_reason() -> None:
    again = by_contractor(by_guarantor(hand_in(in_force())), LATER + HOUR)
    assert generations(again) == (
        KeyGeneration(1, NOW, LATER),
        KeyGeneration(2, LATER, LATER + HOUR, "LEAKED", True),
        KeyGeneration(3, LATER + HOUR),
    )
    assert generations(paid()) == ()


def test_a_new_key_is_not_handed_in_before_it_was_made() -> None:
    again = by_guarantor(hand_in(in_force()))
    assert refusal(lambda: hand_in(again, LATER - HOUR / 2)) is Reason.DATE_OUT_OF_RANGE
    assert hand_in(again, LATER, LATER).facts[-1].time == LATER


def test_there_is_no_key_to_issue_anew_before_the_issue_nor_on_paper() -> None:
    for contract in (draft(), submitted(), paid()):
        assert refusal(partial(by_contractor, contract)) is Reason.NOT_ISSUED
    paper = paid(accepted(submitted(draft(prepayment(form=Form.PAPER)))))
    paper = lifecycle.record_paper_issue(paper, PaperIssue(TODAY, "第1号", NOW, "usr_2"), now=NOW)
    assert refusal(lambda: by_contractor(paper)) is Reason.NO_KEY_FOR_PAPER


def test_an_expired_guarantee_still_has_its_key() -> None:
    over = datetime(2027, 3, 1, tzinfo=NOW.tzinfo)
    expired = lifecycle.by_calendar(in_force(), date(2027, 3, 1), over)
    assert expired is not None and expired.state is ContractState.EXPIRED
    assert current_generation(by_contractor(expired, over)) == 2


def test_a_key_is_not_issued_anew_without_end() -> None:
    contract = in_force()
    for _ in range(100):
        contract = by_contractor(contract)
    assert refusal(lambda: by_contractor(contract)) is Reason.TOO_MANY_ITEMS


def test_a_telephone_call_stands_beside_the_handing_in() -> None:
    fact = called(hand_in(in_force()), note="届いているとのこと").facts[-1]
    assert (fact.kind, fact.officer, fact.note, fact.time, fact.version, fact.generation) == (
        FactKind.PHONE_CONFIRMED,
        "契約課　大野",
        "届いているとのこと",
        LATER,
        1,
        1,
    )


def test_nothing_is_confirmed_that_was_not_handed_in() -> None:
    assert refusal(lambda: called(in_force())) is Reason.NOT_HANDED_IN
    again = by_guarantor(hand_in(in_force()))
    assert refusal(lambda: called(again)) is Reason.NOT_HANDED_IN


def test_faults_of_a_telephone_call() -> None:
    handed = hand_in(in_force())
    with pytest.raises(RefusedError) as refused:
        called(handed, NOW - timedelta(minutes=1), officer="", note="\x00")
    assert reasons(refused.value.violations) == {
        (Reason.FIELD_REQUIRED, "officer"),
        (Reason.FIELD_CHARACTER, "note"),
        (Reason.DATE_OUT_OF_RANGE, "time"),
    }
    assert refusal(lambda: called(handed, officer="あ" * 101)) is Reason.FIELD_TOO_LONG
    assert refusal(lambda: called(handed, LATER + HOUR)) is Reason.DATE_IN_FUTURE


def test_the_guarantor_notes_whom_it_told_of_its_own_re_issue() -> None:
    again = by_guarantor(hand_in(in_force()))
    fact = told(again).facts[-1]
    assert (fact.kind, fact.officer, fact.note, fact.generation) == (
        FactKind.ORDERER_TOLD,
        "契約課　大野",
        "電話",
        2,
    )
    assert refusal(lambda: told(again, NOW)) is Reason.DATE_OUT_OF_RANGE
    assert refusal(lambda: told(in_force())) is Reason.KEY_NOT_REISSUED
    assert refusal(lambda: told(by_contractor(again))) is Reason.KEY_NOT_REISSUED


def test_the_first_issue_stays_known_whatever_is_issued_later() -> None:
    contract = in_force()
    assert contract.steps.first_issued == NOW
    amended = replace(contract, steps=replace(contract.steps, issued=LATER), version=2)
    assert generations(amended)[0].created == NOW
