from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tashika_server.domain import lifecycle
from tashika_server.domain.lead_time import lead_time_seconds
from tashika_server.domain.ledger import MAX_LEDGER_ENTRIES, balance_yen
from tashika_server.domain.model import Contract, ContractState, FeeEntryKind, Form, PaperIssue
from tashika_server.domain.reasons import Reason, RefusedError
from tests.unit.domain.making import (
    NOW,
    TODAY,
    accepted,
    draft,
    in_force,
    paid,
    payment,
    prepayment,
    reasons,
    submitted,
)

TOMORROW = date(2026, 5, 12)
PAPER = PaperIssue(TODAY, "前払 第12345号", NOW, "usr_2")


def on_paper() -> Contract:
    return paid(accepted(submitted(draft(prepayment(form=Form.PAPER)))))


def handed_in(
    contract: Contract,
    time: datetime = NOW,
    now: datetime = NOW,
    version: int = 1,
    channel: str = "MAIL",
    note: str = "",
) -> Contract:
    return lifecycle.hand_in(contract, version, channel, note, time, "usr_1", now)


def test_a_paid_contract_is_issued() -> None:
    contract = in_force()
    assert (contract.state, contract.version, contract.steps.issued) == (ContractState.IN_FORCE, 1, NOW)


def test_issue_waits_for_the_whole_fee() -> None:
    partly = lifecycle.record_fee(accepted(), payment(99_999), now=NOW)
    with pytest.raises(RefusedError) as refused:
        in_force(partly)
    (violation,) = refused.value.violations
    assert violation.reason is Reason.FEE_NOT_RECEIVED
    assert violation.params == {"balance_yen": 1, "fee_yen": 100_000, "pay_by": "2026-05-25"}
    assert in_force(lifecycle.record_fee(partly, payment(1), now=NOW)).state is ContractState.IN_FORCE


def test_a_monthly_payer_does_not_wait() -> None:
    assert in_force(accepted(monthly_payer=True)).state is ContractState.IN_FORCE


def test_a_paper_contract_has_no_electronic_certificate() -> None:
    with pytest.raises(RefusedError) as refused:
        in_force(on_paper())
    assert refused.value.reason is Reason.FORM_MIXED


def test_an_electronic_contract_has_no_paper_certificate() -> None:
    with pytest.raises(RefusedError) as refused:
        lifecycle.record_paper_issue(paid(), PAPER, now=NOW)
    assert refused.value.reason is Reason.FORM_MIXED


def test_a_certificate_carries_the_day_on_which_it_is_committed() -> None:
    with pytest.raises(RefusedError) as refused:
        lifecycle.issue(paid(), version=1, now=NOW, today=TOMORROW)
    assert refused.value.reason is Reason.ISSUE_OVERTAKEN


@pytest.mark.parametrize("version", [0, 2])
def test_versions_follow_one_another(version: int) -> None:
    with pytest.raises(RefusedError) as refused:
        lifecycle.issue(paid(), version=version, now=NOW, today=TODAY)
    assert refused.value.reason is Reason.ISSUE_OVERTAKEN


def test_nothing_is_issued_twice() -> None:
    with pytest.raises(RefusedError) as refused:
        lifecycle.issue(in_force(), version=2, now=NOW, today=TODAY)
    assert refused.value.reason is Reason.WRONG_STATE


def test_nothing_is_issued_for_a_period_that_is_over() -> None:
    end = date(2027, 2, 26)
    lifecycle.may_issue(paid(), end)
    with pytest.raises(RefusedError) as refused:
        lifecycle.may_issue(paid(), end + timedelta(days=1))
    assert refused.value.reason is Reason.GUARANTEE_PERIOD_TOO_SHORT


def test_a_paper_certificate_is_recorded() -> None:
    contract = lifecycle.record_paper_issue(on_paper(), PAPER, now=NOW)
    assert (contract.state, contract.version, contract.paper_issue) == (ContractState.IN_FORCE, 0, PAPER)


@pytest.mark.parametrize(
    ("paper", "reason", "field"),
    [
        (replace(PAPER, day=TOMORROW), Reason.DATE_IN_FUTURE, "day"),
        (replace(PAPER, day=date(2026, 5, 10)), Reason.DATE_OUT_OF_RANGE, "day"),
        (replace(PAPER, certificate_reference=""), Reason.FIELD_REQUIRED, "certificate_reference"),
        (replace(PAPER, certificate_reference="1" * 101), Reason.FIELD_TOO_LONG, "certificate_reference"),
    ],
)
def test_a_faulty_record_of_a_paper_certificate(paper: PaperIssue, reason: Reason, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        lifecycle.record_paper_issue(on_paper(), paper, now=NOW)
    assert reasons(refused.value.violations) == {(reason, field)}


@pytest.mark.parametrize(
    ("amount_yen", "kind", "day", "reason", "field"),
    [
        (0, FeeEntryKind.PAYMENT, TODAY, Reason.AMOUNT_NOT_POSITIVE, "amount_yen"),
        (-1, FeeEntryKind.PAYMENT, TODAY, Reason.AMOUNT_NOT_POSITIVE, "amount_yen"),
        (10**13 + 1, FeeEntryKind.PAYMENT, TODAY, Reason.AMOUNT_TOO_LARGE, "amount_yen"),
        (1, FeeEntryKind.PAYMENT, TOMORROW, Reason.DATE_IN_FUTURE, "day"),
        (1, FeeEntryKind.CHARGE, TODAY, Reason.CHOICE_UNKNOWN, "kind"),
        (1, FeeEntryKind.REVERSAL, TODAY, Reason.CHOICE_UNKNOWN, "kind"),
        (1, FeeEntryKind.REFUND, TODAY, Reason.AMOUNT_TOO_LARGE, "amount_yen"),
    ],
)
def test_faulty_bookings(amount_yen: int, kind: FeeEntryKind, day: date, reason: Reason, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        lifecycle.record_fee(accepted(), payment(amount_yen, kind, day=day), now=NOW)
    assert reasons(refused.value.violations) == {(reason, field)}


def test_a_refund_goes_up_to_the_credit() -> None:
    over = lifecycle.record_fee(accepted(), payment(150_000), now=NOW)
    with pytest.raises(RefusedError):
        lifecycle.record_fee(over, payment(50_001, FeeEntryKind.REFUND), now=NOW)
    assert balance_yen(lifecycle.record_fee(over, payment(50_000, FeeEntryKind.REFUND), now=NOW).ledger) == 0


def test_no_money_before_a_fee_is_told() -> None:
    for contract in (draft(), submitted()):
        with pytest.raises(RefusedError) as refused:
            lifecycle.record_fee(contract, payment(), now=NOW)
        assert refused.value.reason is Reason.WRONG_STATE


def test_a_ledger_has_an_end() -> None:
    full = replace(accepted(), ledger=(payment(),) * MAX_LEDGER_ENTRIES)
    with pytest.raises(RefusedError) as refused:
        lifecycle.record_fee(full, payment(), now=NOW)
    assert refused.value.reason is Reason.TOO_MANY_ITEMS


def test_handing_in_is_a_dated_fact() -> None:
    contract = handed_in(in_force(), NOW + timedelta(hours=2), NOW + timedelta(hours=3))
    (fact,) = contract.facts
    assert (fact.kind, fact.version, fact.time, fact.channel) == (
        "HANDED_IN",
        1,
        NOW + timedelta(hours=2),
        "MAIL",
    )
    assert contract.state is ContractState.IN_FORCE


def test_handing_in_is_not_issuing() -> None:
    for contract in (draft(), submitted(), paid()):
        with pytest.raises(RefusedError) as refused:
            handed_in(contract)
        assert refused.value.reason is Reason.NOT_ISSUED


def test_a_paper_certificate_has_no_key_to_hand_in() -> None:
    with pytest.raises(RefusedError) as refused:
        handed_in(lifecycle.record_paper_issue(on_paper(), PAPER, now=NOW))
    assert refused.value.reason is Reason.NO_KEY_FOR_PAPER


@pytest.mark.parametrize("version", [0, 2])
def test_only_an_issued_version_is_handed_in(version: int) -> None:
    with pytest.raises(RefusedError) as refused:
        handed_in(in_force(), version=version)
    assert refused.value.reason is Reason.NOT_ISSUED


def test_faults_of_a_handing_in_come_together() -> None:
    with pytest.raises(RefusedError) as refused:
        handed_in(in_force(), NOW + timedelta(minutes=2), channel="PIGEON", note="\x00")
    assert reasons(refused.value.violations) == {
        (Reason.DATE_IN_FUTURE, "time"),
        (Reason.CHOICE_UNKNOWN, "channel"),
        (Reason.FIELD_CHARACTER, "note"),
    }


def test_a_clock_that_runs_ahead_does_no_harm() -> None:
    contract = handed_in(in_force(), NOW + timedelta(seconds=60))
    assert contract.facts[0].time == NOW


def test_nothing_is_handed_in_before_its_issue_and_times_are_given_to_the_minute() -> None:
    issued = in_force()
    issued = replace(issued, steps=replace(issued.steps, issued=NOW + timedelta(seconds=40)))
    later = NOW + timedelta(minutes=5)
    assert handed_in(issued, NOW, later).facts[0].time == NOW
    with pytest.raises(RefusedError) as refused:
        handed_in(issued, NOW - timedelta(seconds=1), later)
    assert refused.value.reason is Reason.DATE_OUT_OF_RANGE


def test_handing_in_has_an_end() -> None:
    contract = in_force()
    for _ in range(100):
        contract = handed_in(contract)
    with pytest.raises(RefusedError) as refused:
        handed_in(contract)
    assert refused.value.reason is Reason.TOO_MANY_ITEMS


def test_a_guarantee_expires_on_the_day_after_its_last() -> None:
    contract, last = in_force(), date(2027, 2, 26)
    after = last + timedelta(days=1)
    assert lifecycle.effective_state(contract, last) is ContractState.IN_FORCE
    assert lifecycle.effective_state(contract, after) is ContractState.EXPIRED
    assert lifecycle.by_calendar(contract, last, NOW) is None
    recorded = lifecycle.by_calendar(contract, after, NOW)
    assert recorded is not None
    assert (recorded.state, recorded.slot) == (ContractState.EXPIRED, contract.slot)
    with pytest.raises(RefusedError) as refused:
        lifecycle.expire(contract, last, NOW)
    assert refused.value.reason is Reason.WRONG_STATE


def test_the_lead_time_runs_from_submission_to_the_first_handing_in() -> None:
    assert lead_time_seconds(in_force()) is None
    once = handed_in(in_force(), NOW + timedelta(hours=2), NOW + timedelta(hours=3))
    assert lead_time_seconds(once) == 7_200
    twice = handed_in(once, NOW + timedelta(hours=4), NOW + timedelta(hours=4))
    assert lead_time_seconds(twice) == 7_200
