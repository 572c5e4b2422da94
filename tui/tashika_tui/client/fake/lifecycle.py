"""The steps of a guarantee contract: where each is possible, and what follows from the ledger and the facts."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tashika_formats.canonical import JsonValue
from tashika_formats.statement import statement_digest
from tashika_tui.client.fake.papers import envelope_of
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.samples import TERMS_REFERENCES
from tashika_tui.client.records import Certificate, Contract, FeeEntry, Works

if TYPE_CHECKING:
    from tashika_tui.client.fake.world import World

PAYMENT_DAYS = 14
_SIGN = {"CHARGE": 1, "REFUND": 1, "PAYMENT": -1, "REVERSAL": -1}

_POSSIBLE = {
    "REVISE": "DRAFT RETURNED",
    "DELETE": "DRAFT",
    "SUBMIT": "DRAFT RETURNED",
    "ATTACH": "DRAFT SUBMITTED RETURNED ACCEPTED",
    "WITHDRAW": "SUBMITTED RETURNED ACCEPTED",
    "REPORT_ERROR": "ACCEPTED",
    "ACCEPT": "SUBMITTED",
    "APPROVE": "PENDING_APPROVAL",
    "RETURN": "SUBMITTED PENDING_APPROVAL ACCEPTED",
    "REFUSE": "SUBMITTED PENDING_APPROVAL",
    "RECORD_FEE": ("SUBMITTED RETURNED WITHDRAWN REFUSED PENDING_APPROVAL ACCEPTED LAPSED IN_FORCE EXPIRED"),
    "ISSUE": "ACCEPTED",
    "RECORD_PAPER_ISSUE": "ACCEPTED",
    "HAND_IN": "IN_FORCE EXPIRED",
    "REISSUE_KEY": "IN_FORCE EXPIRED",
}
LIVE = "DRAFT SUBMITTED RETURNED PENDING_APPROVAL ACCEPTED IN_FORCE EXPIRED".split()


def require(contract: Contract, action: str) -> None:
    """Refuses WRONG_STATE (PAYMENT_LAPSED where only that stands in the way)."""
    possible = _POSSIBLE[action].split()
    if contract.state in possible:
        return
    if contract.state == "LAPSED" and "ACCEPTED" in possible:
        raise refuse("PAYMENT_LAPSED", pay_by=contract.pay_by)
    raise refuse("WRONG_STATE", state=contract.state, allowed=", ".join(possible), action=action)


def reviewed(contract: Contract) -> Contract:
    """The contract with what follows from its ledger and steps."""
    submitted = contract.steps.submit_time
    times = [fact.fact_time for fact in contract.facts if fact.kind == "HANDED_IN" and fact.fact_time]
    handed_in = min(times, default=None)
    lead = int((handed_in - submitted).total_seconds()) if submitted and handed_in else None
    balance = sum(_SIGN[entry.kind] * entry.amount_yen for entry in contract.ledger)
    return replace(
        contract,
        balance_yen=balance,
        submit_time=submitted,
        issue_time=contract.steps.issue_time,
        lead_time_seconds=lead,
    )


def settled(contract: Contract) -> bool:
    """Whether an issue need not wait for money."""
    return contract.monthly_payer or contract.balance_yen <= 0


def awaiting_payment(world: "World", contract: Contract) -> Contract:
    """Accepted: with the last day for the fee, or paid already."""
    contract = reviewed(replace(contract, state="ACCEPTED"))
    if not settled(contract):
        return replace(contract, pay_by=world.today + timedelta(days=PAYMENT_DAYS))
    return replace(contract, pay_by=None, steps=replace(contract.steps, pay_time=world.now))


def acceptance_undone(world: "World", contract: Contract, user_id: str) -> Contract:
    """The terms and the fee taken back; what was paid stays as a credit."""
    charged = sum(
        {"CHARGE": 1, "REVERSAL": -1}.get(entry.kind, 0) * entry.amount_yen for entry in contract.ledger
    )
    if charged:
        row = FeeEntry(world.new_id("fee"), "REVERSAL", charged, world.today, world.now, user_id, "")
        contract = replace(contract, ledger=(*contract.ledger, row))
    return reviewed(replace(contract, terms=None, fee_yen=None, pay_by=None, accepted_by="", approved_by=""))


def issue_papers(world: "World", contract: Contract, time: datetime) -> Contract:
    """The next version of a contract's certificate, kept in the world."""
    terms = contract.terms
    assert terms is not None
    orderer, _ = world.orderers[(terms.works or Works()).orderer_id]
    version, certificate_id = contract.version + 1, world.new_id("crt")
    given: dict[str, JsonValue] = {}
    if contract.version:
        before = world.certificates[contract.contract_id][-1]
        given["previous"] = {"version": before.version, "statement_sha256": statement_digest(before.envelope)}
    envelope = envelope_of(
        contract,
        terms,
        orderer,
        world.guarantors[contract.guarantor_id],
        certificate_id=certificate_id,
        version=version,
        issue_date=world.today.isoformat(),
        terms_reference=TERMS_REFERENCES.get(terms.product, TERMS_REFERENCES["PREPAYMENT"]),
        **given,
    )
    signed = world.papers.issue(envelope)
    certificate = Certificate(
        certificate_id=certificate_id,
        contract_id=contract.contract_id,
        contract_number=contract.contract_number,
        version=version,
        product=terms.product,
        guarantor_id=contract.guarantor_id,
        orderer_id=orderer.orderer_id,
        issue_time=time,
        issue_date=world.today,
        pdf_sha256=hashlib.sha256(signed.pdf).hexdigest(),
        pdf_size_bytes=len(signed.pdf),
        envelope=envelope,
        statement_signature=signed.signature,
        chain=signed.chain,
        leaf_index=world.next_sequence(),
        demo=True,
    )
    world.certificates.setdefault(contract.contract_id, []).append(certificate)
    world.pdfs[contract.contract_id, version] = signed.pdf
    world.bundles[certificate.pdf_sha256] = (contract.contract_id, version, signed.bundle)
    return replace(contract, version=version)
