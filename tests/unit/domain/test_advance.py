"""The request for the advance: what it says, when it can be made, and that there is one at a time."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tashika_server.domain.advance import (
    MAX_REQUESTS,
    AdvanceTerms,
    advance_terms,
    may_request,
    open_request,
    record_request,
    signed_on,
    withdraw_request,
)
from tashika_server.domain.model import Contract, Form
from tashika_server.domain.policy import HandInRule, Policy, Section
from tashika_server.domain.reasons import Reason, RefusedError
from tests.unit.domain.making import (
    NOW,
    ORDERER,
    TODAY,
    accepted,
    draft,
    in_force,
    paid,
    performance,
    prepayment,
    reasons,
    submitted,
)

SIGNED = date(2026, 5, 10)
POLICY = Policy(
    addressee="柏市長",
    sections=(Section("下水道整備課", addressee="柏市上下水道事業管理者"),),
    hand_in=(HandInRule(other_documents=("前払金使用計画書",)),),
    payment_within_days=14,
)


def contract_of(**changes: Any) -> Contract:
    changes = {"works_contract_date": SIGNED} | changes
    return in_force(paid(accepted(submitted(draft(prepayment(**changes))))))


def said(contract: Contract, contract_date: date | None = None, policy: Policy = POLICY) -> AdvanceTerms:
    return signed_on(advance_terms(contract, ORDERER, policy), contract_date, TODAY)


def requested(contract: Contract | None = None, day: date = TODAY, note: str = "") -> Contract:
    contract = contract or contract_of()
    return record_request(contract, said(contract), day=day, note=note, user_id="usr_1", now=NOW)


def test_a_request_says_what_was_accepted_and_what_the_policy_asks_for() -> None:
    found = said(contract_of())
    assert (found.amount_yen, found.contract_date, found.addressee) == (40_000_000, SIGNED, "柏市長")
    assert (found.orderer, found.section, found.electronic) == ("柏市", "道路整備課", True)
    assert found.account.account_number == "1234567"
    assert found.other_documents == ("前払金使用計画書",)
    assert found.pay_by(TODAY) == TODAY + timedelta(days=14)


def test_a_section_may_have_an_addressee_of_its_own() -> None:
    assert said(contract_of(works_section="下水道整備課")).addressee == "柏市上下水道事業管理者"


def test_a_policy_that_is_silent_gives_no_day_and_no_documents() -> None:
    found = said(contract_of(), policy=Policy())
    assert (found.pay_by(TODAY), found.other_documents, found.addressee) == (None, (), "柏市長")


def test_the_day_of_the_signing_is_asked_for_where_the_terms_do_not_know_it() -> None:
    contract = contract_of(works_contract_date=None)
    assert advance_terms(contract, ORDERER, POLICY).contract_date is None
    with pytest.raises(RefusedError) as refused:
        said(contract)
    assert reasons(refused.value.violations) == {(Reason.FIELD_REQUIRED, "contract_date")}
    assert said(contract, SIGNED).contract_date == SIGNED
    with pytest.raises(RefusedError) as refused:
        said(contract_of(), TODAY)
    assert reasons(refused.value.violations) == {(Reason.FIELD_NOT_ALLOWED, "contract_date")}
    assert said(contract_of(), SIGNED).contract_date == SIGNED


def test_paper_form_goes_with_the_paper_certificate() -> None:
    assert not said(
        replace(contract_of(), terms=prepayment(form=Form.PAPER, works_contract_date=SIGNED))
    ).electronic


def test_handing_in_a_request_is_a_dated_record() -> None:
    contract = requested(note="契約課の窓口")
    (found,) = contract.advance_requests
    assert (found.day, found.amount_yen, found.contract_date) == (TODAY, 40_000_000, SIGNED)
    assert (found.expected_payment_day, found.note) == (TODAY + timedelta(days=14), "契約課の窓口")
    assert open_request(contract) == found


def test_the_same_advance_is_not_asked_for_twice() -> None:
    with pytest.raises(RefusedError) as refused:
        requested(requested())
    (violation,) = refused.value.violations
    assert violation.reason is Reason.ADVANCE_ALREADY_REQUESTED
    assert violation.params == {"requested_on": "2026-05-11"}


def test_a_request_that_was_given_back_makes_room_for_another() -> None:
    back = withdraw_request(requested(), "印影の不備により返却された。", user_id="usr_1", now=NOW)
    assert open_request(back) is None
    again = requested(back)
    assert [each.withdrawn_time is None for each in again.advance_requests] == [False, True]
    assert again.advance_requests[0].withdrawal == "印影の不備により返却された。"


def test_only_what_was_asked_for_is_withdrawn_and_the_reason_is_needed() -> None:
    with pytest.raises(RefusedError) as refused:
        withdraw_request(contract_of(), "理由", user_id="usr_1", now=NOW)
    assert refused.value.reason is Reason.ADVANCE_NOT_REQUESTED
    with pytest.raises(RefusedError) as refused:
        withdraw_request(requested(), "", user_id="usr_1", now=NOW)
    assert reasons(refused.value.violations) == {(Reason.FIELD_REQUIRED, "withdrawal")}


def test_a_contract_guarantee_asks_for_no_money() -> None:
    contract = in_force(paid(accepted(submitted(draft(performance())))))
    with pytest.raises(RefusedError) as refused:
        may_request(contract, TODAY)
    assert refused.value.reason is Reason.ADVANCE_NOT_FOR_PRODUCT


@pytest.mark.parametrize("contract", [submitted(), accepted(), paid()])
def test_nothing_is_asked_for_before_the_guarantee_is_in_force(contract: Contract) -> None:
    with pytest.raises(RefusedError) as refused:
        may_request(contract, TODAY)
    assert refused.value.reason is Reason.WRONG_STATE


def test_nothing_is_asked_for_after_the_guarantee_is_over() -> None:
    with pytest.raises(RefusedError) as refused:
        may_request(contract_of(), date(2027, 2, 27))
    assert refused.value.reason is Reason.WRONG_STATE


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (TODAY + timedelta(days=1), Reason.DATE_IN_FUTURE),
        # The certificate was issued today.
        (TODAY - timedelta(days=1), Reason.DATE_OUT_OF_RANGE),
    ],
)
def test_a_request_is_handed_in_after_the_issue_and_not_tomorrow(day: date, reason: Reason) -> None:
    with pytest.raises(RefusedError) as refused:
        requested(day=day)
    assert reasons(refused.value.violations) == {(reason, "day")}


def test_works_that_are_to_be_signed_give_no_advance_yet() -> None:
    contract = contract_of(works_contract_date=None)
    with pytest.raises(RefusedError) as refused:
        said(contract, TODAY + timedelta(days=1))
    assert reasons(refused.value.violations) == {(Reason.DATE_IN_FUTURE, "contract_date")}


def test_requests_have_an_end() -> None:
    first = withdraw_request(requested(), "返却", user_id="usr_1", now=NOW).advance_requests
    full = replace(contract_of(), advance_requests=first * MAX_REQUESTS)
    with pytest.raises(RefusedError) as refused:
        requested(full)
    assert reasons(refused.value.violations) == {(Reason.TOO_MANY_ITEMS, "advance_requests")}
