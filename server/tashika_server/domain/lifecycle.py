"""The life of a guarantee contract up to its issue: each step a function from contract to contract.

A step that is not allowed raises ``RefusedError`` and changes nothing. Which steps there are stands in
``states``; what happens after the acceptance (fee, issue) stands in ``issuing``, and what becomes of the key in
``key_records``. Whether a person has the role for a step is decided before, by the use case.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.defaults import with_defaults
from tashika_server.domain.fields import (
    check_application_form,
    check_attachment,
    check_fee,
    check_remarks,
    check_text,
)
from tashika_server.domain.issuing import (
    expire,
    issue,
    may_issue,
    record_fee,
    record_paper_issue,
)
from tashika_server.domain.key_records import confirm_by_phone, hand_in, may_hand_in, reissue, tell_orderer
from tashika_server.domain.ledger import balance_yen, fee_is_settled, reverse_charge
from tashika_server.domain.limits import MAX_ATTACHMENTS
from tashika_server.domain.model import (
    Application,
    Attachment,
    Contract,
    ContractState,
    FeeEntry,
    FeeEntryKind,
    Organization,
    Principal,
    Registrant,
    Remark,
)
from tashika_server.domain.reasons import Reason, RefusedError, Violation, refuse
from tashika_server.domain.states import Action, effective_state, require, targets, wrong_state

__all__ = [
    "PAYMENT_DAYS",
    "accept",
    "approval_required",
    "approve",
    "attach",
    "balance_yen",
    "by_calendar",
    "confirm_by_phone",
    "delete_check",
    "draft",
    "effective_state",
    "expire",
    "fee_is_settled",
    "hand_in",
    "issue",
    "lapse",
    "may_attach",
    "may_hand_in",
    "may_issue",
    "may_submit",
    "record_fee",
    "record_paper_issue",
    "refuse_application",
    "reissue",
    "report_error",
    "return_for_correction",
    "revise_draft",
    "submit",
    "tell_orderer",
    "terms_violations",
    "withdraw",
]

PAYMENT_DAYS = 14
"""Days after the acceptance within which the fee is to be paid; then the acceptance lapses."""

CALENDAR_USER = "system"
"""Who booked what no person did."""

_FIXED_BY_APPLICATION = ("guarantor_id", "product", "form", "works_id", "fiscal_year")
"""What a guarantor can't correct while accepting: another guarantee would come out. Returning it is the way.
"""


def draft(
    *,
    contract_id: str,
    organization_id: str,
    application: Application,
    registrant: Registrant,
    now: datetime,
) -> Contract:
    """Begin a guarantee contract. Fields may be missing; refuses every malformed one."""
    _refuse_malformed(application)
    return Contract(
        contract_id=contract_id,
        organization_id=organization_id,
        guarantor_id=application.guarantor_id,
        application=application,
        registrant=registrant,
        registered_time=now,
        updated_time=now,
    )


def revise_draft(contract: Contract, application: Application, now: datetime) -> Contract:
    """Replace the application of a draft or of a returned contract; refuses every malformed field.

    After the first submission the guarantor stays: the number is the guarantor's (FIELD_NOT_ALLOWED).
    """
    require(contract, Action.REVISE, japan_day(now))
    _refuse_malformed(application)
    _refuse_other_guarantor(contract, application)
    return replace(contract, application=application, guarantor_id=application.guarantor_id, updated_time=now)


def may_submit(contract: Contract) -> None:
    """Refuse WRONG_STATE unless the contract is a draft or was returned."""
    if not targets(contract.state, Action.SUBMIT):
        raise wrong_state(contract.state, Action.SUBMIT)


def submit(
    contract: Contract,
    *,
    application: Application,
    principal: Principal,
    number: str,
    policy_version: int | None,
    slot: str,
    now: datetime,
) -> Contract:
    """Submit the application, as it was assessed, for underwriting.

    The first submission gives the number (登録); later ones keep it. What is left open has its default filled
    in.
    """
    may_submit(contract)
    _refuse_other_guarantor(contract, application)
    if not number:
        raise ValueError("a submitted contract has a number")
    return replace(
        _moved(contract, Action.SUBMIT, ContractState.SUBMITTED, now),
        application=with_defaults(application),
        guarantor_id=application.guarantor_id,
        principal=principal,
        number=contract.number or number,
        policy_version=policy_version,
        slot=slot,
        remarks=(),
        steps=replace(contract.steps, submitted=now),
    )


def delete_check(contract: Contract) -> None:
    """Refuse WRONG_STATE unless the contract is a draft, which was never submitted."""
    if not targets(contract.state, Action.DELETE):
        raise wrong_state(contract.state, Action.DELETE)


def withdraw(contract: Contract, *, entry_id: str, user_id: str, now: datetime) -> Contract:
    """Take the application back before the issue; a fee is reversed by a row with ``entry_id``."""
    require(contract, Action.WITHDRAW, japan_day(now))
    undone = _acceptance_undone(contract, entry_id, user_id, now)
    return replace(_moved(undone, Action.WITHDRAW, ContractState.WITHDRAWN, now), slot=None)


def return_for_correction(
    contract: Contract, remarks: tuple[Remark, ...], *, entry_id: str, user_id: str, now: datetime
) -> Contract:
    """Send the application back to the contractor (差戻し), with at least one remark.

    While approval is pending, another person than the one who accepted decides (APPROVAL_BY_SAME_PERSON).
    """
    state = require(contract, Action.RETURN, japan_day(now))
    _refuse_same_person(contract, state, user_id)
    _refuse_all(check_remarks(remarks, "remarks"))
    undone = _acceptance_undone(contract, entry_id, user_id, now)
    returned = _moved(undone, Action.RETURN, ContractState.RETURNED, now)
    return replace(returned, remarks=remarks, steps=replace(contract.steps, returned=now))


def refuse_application(
    contract: Contract, text: str, *, entry_id: str, user_id: str, now: datetime
) -> Contract:
    """Refuse the application for good, with the reason in words."""
    state = require(contract, Action.REFUSE, japan_day(now))
    _refuse_same_person(contract, state, user_id)
    _refuse_all(check_text(text, "refusal", required=True))
    undone = _acceptance_undone(contract, entry_id, user_id, now)
    return replace(_moved(undone, Action.REFUSE, ContractState.REFUSED, now), refusal=text, slot=None)


def terms_violations(contract: Contract, terms: Application) -> list[Violation]:
    """List what speaks against these terms for this application: malformed fields, or another guarantee.

    TERMS_CHANGED_TOO_FAR where guarantor, product, form, works, fiscal year or orderer differ.
    """
    violations = list(check_application_form(terms, "terms"))
    application = contract.application
    for name in _FIXED_BY_APPLICATION:
        if getattr(application, name) != getattr(terms, name):
            violations.append(Violation(Reason.TERMS_CHANGED_TOO_FAR, f"terms.{name}"))
    if application.works.orderer_id != terms.works.orderer_id:
        violations.append(Violation(Reason.TERMS_CHANGED_TOO_FAR, "terms.works.orderer_id"))
    return violations


def accept(
    contract: Contract,
    *,
    terms: Application,
    fee_yen: int,
    entry_id: str,
    user_id: str,
    approval_required: bool,
    monthly_payer: bool,
    now: datetime,
) -> Contract:
    """Accept the application on ``terms``, as they were assessed, for a fee that a row ``entry_id`` charges.

    Leads to ACCEPTED, or to PENDING_APPROVAL where a second person must approve. Refuses ``terms_violations``
    and a fee that is no amount; a fee of 0 yen is charged by no row.
    """
    require(contract, Action.ACCEPT, japan_day(now))
    _refuse_all([*terms_violations(contract, terms), *check_fee(fee_yen, "fee_yen")])
    charge = FeeEntry(entry_id, FeeEntryKind.CHARGE, fee_yen, japan_day(now), now, user_id)
    accepted = replace(
        contract,
        terms=with_defaults(terms),
        fee_yen=fee_yen,
        ledger=(*contract.ledger, charge) if fee_yen else contract.ledger,
        accepted_by=user_id,
        approved_by="",
        monthly_payer=monthly_payer,
        remarks=(),
        steps=replace(contract.steps, accepted=now),
    )
    if approval_required:
        return _moved(accepted, Action.ACCEPT, ContractState.PENDING_APPROVAL, now)
    return _awaiting_payment(_moved(accepted, Action.ACCEPT, ContractState.ACCEPTED, now), now)


def approve(contract: Contract, user_id: str, now: datetime) -> Contract:
    """Approve an acceptance, by another person than the one who accepted (APPROVAL_BY_SAME_PERSON)."""
    state = require(contract, Action.APPROVE, japan_day(now))
    _refuse_same_person(contract, state, user_id)
    approved = replace(contract, approved_by=user_id, steps=replace(contract.steps, approved=now))
    return _awaiting_payment(_moved(approved, Action.APPROVE, ContractState.ACCEPTED, now), now)


def approval_required(guarantor: Organization, amount_yen: int) -> bool:
    """Say whether a second person of the guarantor must approve a guarantee of this amount."""
    return amount_yen >= guarantor.approval_from_yen


def report_error(
    contract: Contract, remarks: tuple[Remark, ...], *, entry_id: str, user_id: str, now: datetime
) -> Contract:
    """Send an accepted contract back to the guarantor, whose terms are not what was applied for.

    The fee is reversed and a new acceptance tells a new one; what was paid meanwhile stays as a credit.
    """
    require(contract, Action.REPORT_ERROR, japan_day(now))
    _refuse_all(check_remarks(remarks, "remarks"))
    undone = _acceptance_undone(contract, entry_id, user_id, now)
    return replace(_moved(undone, Action.REPORT_ERROR, ContractState.SUBMITTED, now), remarks=remarks)


def by_calendar(contract: Contract, today: date, now: datetime) -> Contract | None:
    """Record what the day alone has decided (lapsed, expired); ``None`` where there is nothing to record."""
    state = effective_state(contract, today)
    if state is contract.state:
        return None
    return lapse(contract, today, now) if state is ContractState.LAPSED else expire(contract, today, now)


def lapse(contract: Contract, today: date, now: datetime) -> Contract:
    """Record that the fee was not paid in time, and reverse it; refuses WRONG_STATE where that is not so.

    A contract lapses once at most, so the row of the reversal is named after the contract.
    """
    state = effective_state(contract, today)
    if contract.state is not ContractState.ACCEPTED or state is not ContractState.LAPSED:
        raise wrong_state(state, Action.LAPSE)
    entry_id = "fee_" + contract.contract_id.removeprefix("con_")
    bare = reverse_charge(contract, entry_id=entry_id, user_id=CALENDAR_USER, now=now)
    return replace(_moved(bare, Action.LAPSE, ContractState.LAPSED, now), slot=None)


def may_attach(contract: Contract) -> None:
    """Refuse WRONG_STATE where no document can be added, by the recorded state."""
    if not targets(contract.state, Action.ATTACH):
        raise wrong_state(contract.state, Action.ATTACH)


def attach(contract: Contract, attachment: Attachment, *, now: datetime) -> Contract:
    """Add a document that came with the application (TOO_MANY_ITEMS, ATTACHMENT_TOO_LARGE, name checks)."""
    require(contract, Action.ATTACH, japan_day(now))
    _refuse_all(check_attachment(attachment.name, attachment.size_bytes))
    if len(contract.attachments) >= MAX_ATTACHMENTS:
        raise refuse(Reason.TOO_MANY_ITEMS, "attachment", maximum=MAX_ATTACHMENTS)
    return replace(contract, attachments=(*contract.attachments, attachment), updated_time=now)


def _moved(contract: Contract, action: Action, target: ContractState, now: datetime) -> Contract:
    if target not in targets(contract.state, action):
        raise wrong_state(contract.state, action)
    return replace(contract, state=target, updated_time=now)


def _awaiting_payment(contract: Contract, now: datetime) -> Contract:
    """Set the last day for the fee, or none where a credit covers it or the contractor pays monthly."""
    if not fee_is_settled(contract):
        return replace(contract, pay_by=japan_day(now) + timedelta(days=PAYMENT_DAYS))
    if contract.monthly_payer:
        return replace(contract, pay_by=None)
    return replace(contract, pay_by=None, steps=replace(contract.steps, paid=now))


def _acceptance_undone(contract: Contract, entry_id: str, user_id: str, now: datetime) -> Contract:
    bare = reverse_charge(contract, entry_id=entry_id, user_id=user_id, now=now)
    return replace(
        bare, terms=None, fee_yen=None, pay_by=None, accepted_by="", approved_by="", monthly_payer=False
    )


def _refuse_same_person(contract: Contract, state: ContractState, user_id: str) -> None:
    if state is ContractState.PENDING_APPROVAL and user_id == contract.accepted_by:
        raise refuse(Reason.APPROVAL_BY_SAME_PERSON)


def _refuse_other_guarantor(contract: Contract, application: Application) -> None:
    if contract.number and application.guarantor_id != contract.guarantor_id:
        raise refuse(Reason.FIELD_NOT_ALLOWED, "application.guarantor_id")


def _refuse_malformed(application: Application) -> None:
    _refuse_all(check_application_form(application))


def _refuse_all(violations: list[Violation]) -> None:
    if violations:
        raise RefusedError(*violations)
