from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tashika_server.domain import lifecycle
from tashika_server.domain.ledger import balance_yen
from tashika_server.domain.model import (
    Application,
    Attachment,
    Contract,
    ContractState,
    FeeEntryKind,
    Form,
    Product,
    Remark,
)
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.domain.states import STEPS, Action, allowed_states, targets
from tests.unit.domain.making import (
    GUARANTOR,
    NOW,
    TODAY,
    accepted,
    draft,
    in_force,
    multi_year,
    paid,
    payment,
    prepayment,
    reasons,
    submitted,
)

REMARKS = (Remark("works.name", "工事名が公告と違います。"),)
BOOKED = {"entry_id": "fee_reversal", "user_id": "usr_3", "now": NOW}
LATER = NOW + timedelta(days=15)


def returned(contract: Contract | None = None) -> Contract:
    return lifecycle.return_for_correction(contract or submitted(), REMARKS, **BOOKED)  # type: ignore[arg-type]


def reported(contract: Contract) -> Contract:
    return lifecycle.report_error(contract, REMARKS, **BOOKED)  # type: ignore[arg-type]


def withdrawn(contract: Contract) -> Contract:
    return lifecycle.withdraw(contract, **BOOKED)  # type: ignore[arg-type]


def refused_for_good(contract: Contract, text: str = "資力が確認できません。") -> Contract:
    return lifecycle.refuse_application(contract, text, **BOOKED)  # type: ignore[arg-type]


def pending() -> Contract:
    return accepted(approval_required=True)


def attachment(size_bytes: int = 1_000) -> Attachment:
    return Attachment("att_1", "契約書.pdf", size_bytes, "0" * 64, NOW, "usr_1")


def test_a_draft_may_lack_everything() -> None:
    begun = draft(Application())
    assert (begun.state, begun.number, begun.slot) == (ContractState.DRAFT, "", None)


def test_a_draft_holds_nothing_malformed() -> None:
    with pytest.raises(RefusedError) as refused:
        draft(prepayment(amount_yen=-1, notice_mail="?"))
    assert reasons(refused.value.violations) == {
        (Reason.AMOUNT_NOT_POSITIVE, "application.amount_yen"),
        (Reason.FIELD_FORMAT, "application.notice_mail"),
    }
    with pytest.raises(RefusedError):
        lifecycle.revise_draft(draft(), prepayment(amount_yen=-1), NOW)


def test_a_draft_changes_its_guarantor_but_a_number_stays_with_its_guarantor() -> None:
    elsewhere = prepayment(guarantor_id="org_other")
    assert lifecycle.revise_draft(draft(), elsewhere, NOW).guarantor_id == "org_other"
    with pytest.raises(RefusedError) as refused:
        lifecycle.revise_draft(returned(), elsewhere, NOW)
    assert reasons(refused.value.violations) == {(Reason.FIELD_NOT_ALLOWED, "application.guarantor_id")}


def test_the_first_submission_gives_the_number_and_later_ones_keep_it() -> None:
    first = submitted()
    assert (first.state, first.number, first.slot) == (
        ContractState.SUBMITTED,
        "01260000000017",
        "wrk_1/PREPAYMENT",
    )
    again = submitted(returned(first), number="99260000000019")
    assert again.number == first.number
    assert again.remarks == ()


def test_a_submission_fills_in_the_default_end() -> None:
    assert submitted(draft(prepayment(period_end=None))).application.period_end == date(2027, 2, 26)
    assert submitted(draft(multi_year(period_end=None))).application.period_end == date(2027, 3, 31)


def test_only_a_draft_is_deleted() -> None:
    lifecycle.delete_check(draft())
    for contract in (submitted(), returned()):
        with pytest.raises(RefusedError) as refused:
            lifecycle.delete_check(contract)
        assert refused.value.reason is Reason.WRONG_STATE


def test_a_wrong_state_is_named_with_the_right_ones() -> None:
    with pytest.raises(RefusedError) as refused:
        lifecycle.may_submit(submitted())
    (violation,) = refused.value.violations
    assert violation.params == {"state": "SUBMITTED", "allowed": "DRAFT, RETURNED", "action": "SUBMIT"}


def test_a_return_needs_remarks_and_keeps_them() -> None:
    assert returned().remarks == REMARKS
    with pytest.raises(RefusedError) as refused:
        lifecycle.return_for_correction(submitted(), (), **BOOKED)  # type: ignore[arg-type]
    assert refused.value.reason is Reason.FIELD_REQUIRED


def test_a_refusal_needs_words_and_frees_the_slot() -> None:
    ended = refused_for_good(submitted())
    assert (ended.state, ended.slot) == (ContractState.REFUSED, None)
    with pytest.raises(RefusedError):
        refused_for_good(submitted(), "")


def test_acceptance_charges_the_fee_and_waits_fourteen_days_by_japans_day() -> None:
    late_evening = datetime(2026, 5, 11, 15, 30, tzinfo=UTC)
    contract = accepted(now=late_evening)
    assert contract.state is ContractState.ACCEPTED
    assert contract.pay_by == date(2026, 5, 26)
    assert balance_yen(contract.ledger) == 100_000


def test_approval_by_another_person() -> None:
    waiting = pending()
    assert (waiting.state, waiting.pay_by) == (ContractState.PENDING_APPROVAL, None)
    with pytest.raises(RefusedError) as refused:
        lifecycle.approve(waiting, "usr_2", NOW)
    assert refused.value.reason is Reason.APPROVAL_BY_SAME_PERSON
    approved = lifecycle.approve(waiting, "usr_3", LATER)
    assert approved.state is ContractState.ACCEPTED
    assert approved.pay_by == date(2026, 6, 9)


@pytest.mark.parametrize("step", [returned, refused_for_good])
def test_who_accepted_does_not_decide_while_approval_is_pending(step: object) -> None:
    assert callable(step)
    assert step(pending()).state in (ContractState.RETURNED, ContractState.REFUSED)
    with pytest.raises(RefusedError) as refused:
        step(replace(pending(), accepted_by="usr_3"))
    assert refused.value.reason is Reason.APPROVAL_BY_SAME_PERSON


def test_approval_is_needed_from_an_amount_on() -> None:
    from_ten = replace(GUARANTOR, approval_from_yen=10)
    assert lifecycle.approval_required(GUARANTOR, 1)
    assert lifecycle.approval_required(from_ten, 10)
    assert not lifecycle.approval_required(from_ten, 9)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (prepayment(form=Form.PAPER), "terms.form"),
        (prepayment(product=Product.PERFORMANCE), "terms.product"),
        (prepayment(works_id="wrk_2"), "terms.works_id"),
        (prepayment(guarantor_id="org_2"), "terms.guarantor_id"),
        (prepayment(fiscal_year=2026), "terms.fiscal_year"),
        (prepayment(works_orderer_id="abiko"), "terms.works.orderer_id"),
    ],
)
def test_terms_are_of_the_guarantee_that_was_applied_for(terms: Application, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        accepted(terms=terms)
    assert reasons(refused.value.violations) == {(Reason.TERMS_CHANGED_TOO_FAR, field)}


def test_a_guarantor_corrects_the_rest() -> None:
    corrected = prepayment(works_name="訂正した工事名", amount_yen=39_000_000, period_end=None)
    contract = accepted(terms=corrected)
    assert contract.terms == replace(corrected, period_end=date(2027, 2, 26))
    assert contract.application == prepayment()


def test_malformed_terms_and_fees_are_refused_together() -> None:
    with pytest.raises(RefusedError) as refused:
        accepted(terms=prepayment(amount_yen=0), fee_yen=-1)
    assert reasons(refused.value.violations) == {
        (Reason.AMOUNT_NOT_POSITIVE, "terms.amount_yen"),
        (Reason.AMOUNT_NOT_POSITIVE, "fee_yen"),
    }


def test_a_fee_of_nothing_is_settled_at_once() -> None:
    contract = accepted(fee_yen=0)
    assert (contract.ledger, contract.pay_by) == ((), None)


@pytest.mark.parametrize("undo", [returned, reported, withdrawn])
def test_undoing_an_acceptance_reverses_its_charge_and_keeps_what_was_paid(undo: object) -> None:
    assert callable(undo)
    contract = undo(paid())
    assert balance_yen(contract.ledger) == -100_000
    assert contract.ledger[-1].kind is FeeEntryKind.REVERSAL
    assert (contract.terms, contract.fee_yen, contract.pay_by, contract.accepted_by) == (None, None, None, "")


def test_a_credit_counts_for_the_next_acceptance() -> None:
    again = accepted(reported(paid()), entry_id="fee_again", fee_yen=120_000)
    assert balance_yen(again.ledger) == 20_000
    assert again.pay_by == date(2026, 5, 25)
    covered = accepted(reported(paid()), entry_id="fee_again", fee_yen=80_000)
    assert (balance_yen(covered.ledger), covered.pay_by) == (-20_000, None)


def test_an_error_is_reported_with_remarks_for_each_field() -> None:
    contract = reported(accepted())
    assert (contract.state, contract.remarks) == (ContractState.SUBMITTED, REMARKS)
    with pytest.raises(RefusedError):
        lifecycle.report_error(accepted(), (), **BOOKED)  # type: ignore[arg-type]


def test_an_unpaid_acceptance_lapses_on_the_fifteenth_day() -> None:
    contract = accepted()
    assert lifecycle.effective_state(contract, date(2026, 5, 25)) is ContractState.ACCEPTED
    assert lifecycle.effective_state(contract, date(2026, 5, 26)) is ContractState.LAPSED
    assert lifecycle.by_calendar(contract, date(2026, 5, 25), LATER) is None
    recorded = lifecycle.by_calendar(contract, date(2026, 5, 26), LATER)
    assert recorded is not None
    assert (recorded.state, recorded.slot) == (ContractState.LAPSED, None)
    assert balance_yen(recorded.ledger) == 0


@pytest.mark.parametrize("contract", [paid(), accepted(monthly_payer=True), accepted(fee_yen=0)])
def test_nothing_owed_nothing_lapses(contract: Contract) -> None:
    assert lifecycle.effective_state(contract, date(2026, 12, 31)) is ContractState.ACCEPTED


def test_what_has_lapsed_has_lapsed_before_it_is_recorded() -> None:
    contract = accepted()
    for step in (
        lambda: lifecycle.withdraw(contract, entry_id="fee_x", user_id="usr_1", now=LATER),
        lambda: lifecycle.report_error(contract, REMARKS, entry_id="fee_x", user_id="usr_1", now=LATER),
        lambda: lifecycle.attach(contract, attachment(), now=LATER),
        lambda: lifecycle.may_issue(contract, date(2026, 5, 26)),
    ):
        with pytest.raises(RefusedError) as refused:
            step()
        assert refused.value.reason is Reason.PAYMENT_LAPSED


def test_a_late_payment_is_booked_and_brings_nothing_back() -> None:
    late = lifecycle.record_fee(accepted(), payment(day=TODAY, recorded_time=LATER), now=LATER)
    assert lifecycle.effective_state(late, date(2026, 5, 26)) is ContractState.LAPSED
    recorded = lifecycle.lapse(late, date(2026, 5, 26), LATER)
    assert balance_yen(recorded.ledger) == -100_000
    back = payment(kind=FeeEntryKind.REFUND, recorded_time=LATER)
    assert balance_yen(lifecycle.record_fee(recorded, back, now=LATER).ledger) == 0


def test_what_has_not_lapsed_is_not_recorded_as_lapsed() -> None:
    for contract in (accepted(), paid(), submitted()):
        with pytest.raises(RefusedError) as refused:
            lifecycle.lapse(contract, TODAY, NOW)
        assert refused.value.reason is Reason.WRONG_STATE


def test_attachments_have_limits() -> None:
    contract = submitted()
    for _ in range(20):
        contract = lifecycle.attach(contract, attachment(), now=NOW)
    with pytest.raises(RefusedError) as refused:
        lifecycle.attach(contract, attachment(), now=NOW)
    assert refused.value.reason is Reason.TOO_MANY_ITEMS
    with pytest.raises(RefusedError) as too_large:
        lifecycle.attach(submitted(), attachment(20 * 1024 * 1024 + 1), now=NOW)
    assert too_large.value.reason is Reason.ATTACHMENT_TOO_LARGE


@pytest.mark.parametrize("contract", [pending(), in_force(), withdrawn(submitted())])
def test_documents_are_not_added_behind_anybodys_back(contract: Contract) -> None:
    with pytest.raises(RefusedError) as refused:
        lifecycle.may_attach(contract)
    assert refused.value.reason is Reason.WRONG_STATE


def test_the_table_has_no_step_twice() -> None:
    assert len(set(STEPS)) == len(STEPS)


def test_ends_are_ends() -> None:
    for state in (ContractState.DISCHARGED, ContractState.CANCELLED, ContractState.SETTLED):
        assert not any(targets(state, action) for action in Action)
    for state in (ContractState.WITHDRAWN, ContractState.REFUSED, ContractState.LAPSED):
        possible = [action for action in Action if targets(state, action)]
        assert possible == [Action.RECORD_FEE, Action.RECORD_RECEIPT]


def test_every_action_has_a_place_in_the_table() -> None:
    assert all(allowed_states(action) for action in Action)
