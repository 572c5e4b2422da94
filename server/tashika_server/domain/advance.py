"""The request for the advance (前払金請求): what it says, and that it was handed in to the orderer.

One request at a time: a second one for the same guarantee asks for the same money again, and an orderer that pays by
both has paid twice. But orderers give requests back for a fault, so one that was handed in can be withdrawn, with the
reason, and then another takes its place.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fee_records import AdvanceRequest
from tashika_server.domain.fields import check_day, check_text
from tashika_server.domain.handing_in import advise
from tashika_server.domain.model import Application, BankAccount, Contract, Form, Product
from tashika_server.domain.policy import Orderer, Policy
from tashika_server.domain.reasons import Reason, RefusedError, Violation, refuse
from tashika_server.domain.statement import addressee
from tashika_server.domain.states import Action, effective_state, require, wrong_state

ADVANCES = frozenset({Product.PREPAYMENT, Product.MIDTERM_PREPAYMENT})
"""What an advance is paid under; the contract guarantee comes with no payment."""

MAX_REQUESTS = 20
"""A request is given back once or a few times; more are a program in a loop."""


@dataclass(frozen=True, slots=True)
class AdvanceTerms:
    """What a request for the advance says (前払金請求書), before the words around it.

    ``contract_date``: the works contract's; ``None`` where the terms don't know it. ``pay_within_days``: the
    orderer pays within so many days; ``None`` where its policy is silent. ``other_documents``: what goes with it
    beside the key notice or the paper certificate.
    """

    terms: Application
    amount_yen: int
    account: BankAccount
    contract_date: date | None
    addressee: str
    orderer: str
    section: str
    electronic: bool
    pay_within_days: int | None = None
    other_documents: tuple[str, ...] = ()

    def pay_by(self, handed_in: date) -> date | None:
        """Give the day by which the orderer pays a request that it got on a day."""
        return None if self.pay_within_days is None else handed_in + timedelta(days=self.pay_within_days)


def open_request(contract: Contract) -> AdvanceRequest | None:
    """Give the request that was handed in and not withdrawn."""
    return next((each for each in contract.advance_requests if each.withdrawn_time is None), None)


def may_ask(contract: Contract, today: date) -> None:
    """Refuse where no advance is paid under the guarantee: another product, or not in force."""
    product = (contract.terms or contract.application).product
    if product not in ADVANCES:
        raise refuse(Reason.ADVANCE_NOT_FOR_PRODUCT, product=product.value if product else "")
    require(contract, Action.REQUEST_ADVANCE, today)


def may_request(contract: Contract, today: date) -> None:
    """Refuse where the advance can't be asked for: as ``may_ask``, or because it was asked for already."""
    may_ask(contract, today)
    present = open_request(contract)
    if present is not None:
        raise refuse(Reason.ADVANCE_ALREADY_REQUESTED, requested_on=present.day.isoformat())


def advance_terms(contract: Contract, orderer: Orderer, policy: Policy) -> AdvanceTerms:
    """Give what a request says, as the orderer's policy that the contract keeps has it."""
    terms = contract.terms
    if terms is None or terms.amount_yen is None or terms.depositary is None:
        raise wrong_state(contract.state, Action.REQUEST_ADVANCE)
    section = terms.works.section
    return AdvanceTerms(
        terms=terms,
        amount_yen=terms.amount_yen,
        account=terms.depositary,
        contract_date=terms.works.contract_date,
        addressee=addressee(orderer, policy, section),
        orderer=orderer.name,
        section=section,
        electronic=terms.form is Form.ELECTRONIC,
        pay_within_days=policy.payment_within_days,
        other_documents=advise(policy, contract).other_documents,
    )


def signed_on(said: AdvanceTerms, contract_date: date | None, today: date) -> AdvanceTerms:
    """Give the request with the date of the works contract.

    It is asked for where the accepted terms don't know it, since a guarantee may be issued before the signing
    (FIELD_REQUIRED); where they do, no other one is taken (FIELD_NOT_ALLOWED). It is not to come (DATE_IN_FUTURE).
    """
    known = said.contract_date
    if known is not None and contract_date not in (None, known):
        raise refuse(Reason.FIELD_NOT_ALLOWED, "contract_date", contract_date=known.isoformat())
    signed = known or contract_date
    if signed is None:
        raise refuse(Reason.FIELD_REQUIRED, "contract_date")
    faults = check_day(signed, "contract_date", latest=today)
    if faults:
        raise RefusedError(*faults)
    return replace(said, contract_date=signed)


def record_request(
    contract: Contract, said: AdvanceTerms, *, day: date, note: str, user_id: str, now: datetime
) -> Contract:
    """Record that the request was handed in on a day, which is past, after the issue and after the signing."""
    today = japan_day(now)
    may_request(contract, today)
    signed = signed_on(said, None, today).contract_date
    assert signed is not None
    issued = contract.steps.issued
    earliest = max(signed, japan_day(issued) if issued else date.min)
    faults = [*check_day(day, "day", latest=today), *check_text(note, "note")]
    if not faults and day < earliest:
        bounds = {"earliest": earliest.isoformat(), "latest": today.isoformat()}
        faults.append(Violation(Reason.DATE_OUT_OF_RANGE, "day", bounds))
    if len(contract.advance_requests) >= MAX_REQUESTS:
        faults.append(Violation(Reason.TOO_MANY_ITEMS, "advance_requests", {"maximum": MAX_REQUESTS}))
    if faults:
        raise RefusedError(*faults)
    request = AdvanceRequest(
        day=day,
        amount_yen=said.amount_yen,
        contract_date=signed,
        recorded_time=now,
        user_id=user_id,
        expected_payment_day=said.pay_by(day),
        note=note,
    )
    return replace(contract, advance_requests=(*contract.advance_requests, request), updated_time=now)


def withdraw_request(contract: Contract, reason: str, *, user_id: str, now: datetime) -> Contract:
    """Record that the request does not count any more, with the reason in words (ADVANCE_NOT_REQUESTED)."""
    if open_request(contract) is None:
        raise refuse(Reason.ADVANCE_NOT_REQUESTED, state=effective_state(contract, japan_day(now)))
    require(contract, Action.WITHDRAW_ADVANCE_REQUEST, japan_day(now))
    faults = check_text(reason, "withdrawal", required=True)
    if faults:
        raise RefusedError(*faults)
    kept = tuple(
        each
        if each.withdrawn_time is not None
        else replace(each, withdrawn_time=now, withdrawn_by=user_id, withdrawal=reason)
        for each in contract.advance_requests
    )
    return replace(contract, advance_requests=kept, updated_time=now)
