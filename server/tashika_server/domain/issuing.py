"""From the acceptance to the end: the fee, the issue, the end by date."""

from dataclasses import replace
from datetime import date, datetime

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fields import check_day, check_fee, check_text
from tashika_server.domain.ledger import MAX_LEDGER_ENTRIES, balance_yen, fee_is_settled, open_charge_yen
from tashika_server.domain.limits import REFERENCE
from tashika_server.domain.model import (
    Contract,
    ContractState,
    FeeEntry,
    FeeEntryKind,
    Form,
    PaperIssue,
)
from tashika_server.domain.reasons import Reason, RefusedError, Violation, refuse
from tashika_server.domain.states import Action, effective_state, require, targets, wrong_state


def record_fee(contract: Contract, entry: FeeEntry, *, now: datetime) -> Contract:
    """Book a payment or a refund; charges are booked by the acceptance and reversed with it.

    Money is booked where it arrives, also on a contract that has ended; it brings none back to life. Refuses
    a refund above the credit (AMOUNT_TOO_LARGE) and a booking before any fee was told (WRONG_STATE).
    """
    today = japan_day(now)
    state = require(contract, Action.RECORD_FEE, today)
    _refuse_all(_fee_entry_faults(contract, entry, today))
    if not contract.ledger:
        raise wrong_state(state, Action.RECORD_FEE)
    booked = replace(contract, ledger=(*contract.ledger, entry), updated_time=now)
    if state is ContractState.ACCEPTED and contract.pay_by is not None and fee_is_settled(booked):
        return replace(booked, pay_by=None, steps=replace(booked.steps, paid=now))
    return booked


def may_issue(contract: Contract, today: date) -> None:
    """Refuse what stands in the way of an electronic certificate on that day; see ``issue``."""
    require(contract, Action.ISSUE, today)
    _refuse_other_form(contract, Form.ELECTRONIC)
    _refuse_unpaid(contract)
    _refuse_period_over(contract, today)


def issue(contract: Contract, *, version: int, now: datetime, today: date) -> Contract:
    """Put the first version of the electronic certificate into force.

    ``today`` is Japan's day that stands on the certificate. Refuses FORM_MIXED for a paper contract,
    FEE_NOT_RECEIVED while money is owed, PAYMENT_LAPSED, and ISSUE_OVERTAKEN where the day has changed since
    the certificate was prepared or another version came first.
    """
    may_issue(contract, japan_day(now))
    if today != japan_day(now):
        raise refuse(Reason.ISSUE_OVERTAKEN, "issue_date", issue_date=today.isoformat())
    if version != contract.version + 1:
        raise refuse(Reason.ISSUE_OVERTAKEN, "version", version=contract.version)
    return _in_force(replace(contract, version=version), Action.ISSUE, now)


def record_paper_issue(contract: Contract, paper_issue: PaperIssue, *, now: datetime) -> Contract:
    """Record the issue of a paper certificate. There is no key, and no version in the register.

    Refuses FORM_MIXED for an electronic contract, and a day in the future or before the acceptance.
    """
    today = japan_day(now)
    require(contract, Action.RECORD_PAPER_ISSUE, today)
    _refuse_other_form(contract, Form.PAPER)
    _refuse_unpaid(contract)
    faults = [
        *check_day(paper_issue.day, "day", latest=today),
        *check_text(
            paper_issue.certificate_reference, "certificate_reference", required=True, limit=REFERENCE
        ),
    ]
    accepted = contract.steps.accepted
    if accepted is not None and paper_issue.day < japan_day(accepted):
        earliest = japan_day(accepted).isoformat()
        faults.append(
            Violation(Reason.DATE_OUT_OF_RANGE, "day", {"earliest": earliest, "latest": today.isoformat()})
        )
    _refuse_all(faults)
    _refuse_period_over(contract, today)
    return _in_force(replace(contract, paper_issue=paper_issue), Action.RECORD_PAPER_ISSUE, now)


def expire(contract: Contract, today: date, now: datetime) -> Contract:
    """Record that the last day of the guarantee has passed; refuses WRONG_STATE where it has not."""
    state = effective_state(contract, today)
    if contract.state is not ContractState.IN_FORCE or state is not ContractState.EXPIRED:
        raise wrong_state(state, Action.EXPIRE)
    return replace(contract, state=ContractState.EXPIRED, updated_time=now)


def _in_force(contract: Contract, action: Action, now: datetime) -> Contract:
    assert ContractState.IN_FORCE in targets(contract.state, action)
    first = contract.steps.first_issued or contract.steps.issued or now
    steps = replace(contract.steps, issued=now, first_issued=first)
    return replace(contract, state=ContractState.IN_FORCE, pay_by=None, steps=steps, updated_time=now)


def _fee_entry_faults(contract: Contract, entry: FeeEntry, today: date) -> list[Violation]:
    faults = [
        *check_fee(entry.amount_yen, "amount_yen", positive=True),
        *check_day(entry.day, "day", latest=today),
        *check_text(entry.note, "note"),
    ]
    if entry.kind not in (FeeEntryKind.PAYMENT, FeeEntryKind.REFUND):
        faults.append(
            Violation(Reason.CHOICE_UNKNOWN, "kind", {"value": entry.kind, "allowed": "PAYMENT, REFUND"})
        )
    credit = max(0, -balance_yen(contract.ledger))
    if entry.kind is FeeEntryKind.REFUND and entry.amount_yen > credit:
        faults.append(Violation(Reason.AMOUNT_TOO_LARGE, "amount_yen", {"maximum_yen": credit}))
    if len(contract.ledger) >= MAX_LEDGER_ENTRIES:
        faults.append(Violation(Reason.TOO_MANY_ITEMS, "ledger", {"maximum": MAX_LEDGER_ENTRIES}))
    return faults


def _refuse_other_form(contract: Contract, form: Form) -> None:
    terms = contract.terms
    if terms is None or terms.form is not form:
        kept = terms.form.value if terms is not None and terms.form is not None else ""
        raise refuse(Reason.FORM_MIXED, "form", form=kept)


def _refuse_unpaid(contract: Contract) -> None:
    if not fee_is_settled(contract):
        raise refuse(
            Reason.FEE_NOT_RECEIVED,
            balance_yen=balance_yen(contract.ledger),
            fee_yen=open_charge_yen(contract.ledger),
            pay_by=contract.pay_by.isoformat() if contract.pay_by else "",
        )


def _refuse_period_over(contract: Contract, today: date) -> None:
    last_day = contract.terms.period_end if contract.terms is not None else None
    if last_day is not None and last_day < today:
        raise refuse(Reason.GUARANTEE_PERIOD_TOO_SHORT, "terms.period_end", must_reach=today.isoformat())


def _refuse_all(violations: list[Violation]) -> None:
    if violations:
        raise RefusedError(*violations)
