"""Guarantee contracts. A reader sees the state of today: whether one is over goes by Japan's day."""

from collections.abc import Iterable
from datetime import date

from tashika.v1 import contract_pb2 as pb
from tashika.v1 import contract_service_pb2, product_pb2
from tashika_server.application.contracts import ContractView
from tashika_server.domain.lead_time import lead_time_seconds
from tashika_server.domain.ledger import balance_yen
from tashika_server.domain.model import (
    Attachment,
    Contract,
    FeeEntry,
    FeeEntryKind,
    PaperIssue,
    Registrant,
    Remark,
    StepTimes,
)
from tashika_server.domain.states import effective_state
from tashika_server.transport.convert.application import application_to_proto
from tashika_server.transport.convert.differences import differences_to_proto
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.hand_in import (
    advice_to_proto,
    fact_to_proto,
    key_to_proto,
    message_to_proto,
    orderer_notice_to_proto,
)
from tashika_server.transport.convert.memo import Memo
from tashika_server.transport.convert.values import date_to_proto, etag_of, moment_to_proto, set_moment

_views: Memo[contract_service_pb2.GetContractResponse] = Memo()


def contract_to_proto(contract: Contract, *, today: date) -> pb.Contract:
    """Give a contract's message; ``today`` is Japan's day."""
    terms, principal, paper = contract.terms, contract.principal, contract.paper_issue
    return pb.Contract(
        contract_id=contract.contract_id,
        contract_number=contract.number,
        state=to_proto_enum(pb.ContractState, effective_state(contract, today)),
        organization_id=contract.organization_id,
        guarantor_id=contract.guarantor_id,
        application=application_to_proto(contract.application),
        terms=None if terms is None else application_to_proto(terms),
        registrant=_registrant_to_proto(contract.registrant),
        register_time=moment_to_proto(contract.registered_time),
        principal=None
        if principal is None
        else pb.Principal(
            company=principal.company,
            address=principal.address,
            representative=principal.representative,
            corporate_number=principal.corporate_number,
        ),
        policy_version=contract.policy_version,
        remarks=[pb.Remark(field=remark.field, text=remark.text) for remark in contract.remarks],
        refusal=contract.refusal,
        fee_yen=contract.fee_yen,
        pay_by=date_to_proto(contract.pay_by),
        monthly_payer=contract.monthly_payer,
        ledger=[_fee_entry_to_proto(entry) for entry in contract.ledger],
        balance_yen=balance_yen(contract.ledger),
        attachments=[attachment_to_proto(attachment) for attachment in contract.attachments],
        accepted_by=contract.accepted_by,
        approved_by=contract.approved_by,
        version=contract.version,
        paper_issue=None if paper is None else _paper_issue_to_proto(paper),
        facts=[fact_to_proto(fact) for fact in contract.facts],
        steps=_steps_to_proto(contract.steps),
        lead_time_seconds=lead_time_seconds(contract),
        update_time=moment_to_proto(contract.updated_time),
        etag=etag_of(contract.revision),
    )


def contract_view_to_proto(view: ContractView, *, today: date) -> contract_service_pb2.GetContractResponse:
    """Give the answer of GetContract: the contract with what the contents check shows."""
    key, shown = (view.contract.contract_id, today), (view.contract, view.orderer, view.guarantor)
    message = contract_service_pb2.GetContractResponse()
    message.CopyFrom(_views.get(key, shown, lambda: _unopened(view, today)))
    if view.first_opened is not None:
        set_moment(message.first_open_time, view.first_opened)
    for generation in message.keys:
        opened = view.opened_by_key.get(generation.generation)
        if opened is not None:
            set_moment(generation.first_open_time, opened)
    return message


def _unopened(view: ContractView, today: date) -> contract_service_pb2.GetContractResponse:
    """The part of the answer that follows from the contract and the orderer's policy."""
    contract, advice = view.contract, view.advice
    message, notice = view.message, view.orderer_notice
    return contract_service_pb2.GetContractResponse(
        contract=contract_to_proto(contract, today=today),
        differences=differences_to_proto(contract.application, contract.terms),
        hand_in_advice=None if advice is None else advice_to_proto(advice),
        hand_in_message=None if message is None else message_to_proto(message),
        keys=[key_to_proto(generation) for generation in view.keys],
        orderer_notice=None if notice is None else orderer_notice_to_proto(notice),
    )


def contract_summary_to_proto(contract: Contract, *, today: date) -> pb.ContractSummary:
    """Give a contract's message for a row of a list; ``today`` is Japan's day."""
    terms = contract.terms or contract.application
    works = terms.works
    return pb.ContractSummary(
        contract_id=contract.contract_id,
        contract_number=contract.number,
        register_time=moment_to_proto(contract.registered_time),
        registrant=_registrant_to_proto(contract.registrant),
        state=to_proto_enum(pb.ContractState, effective_state(contract, today)),
        product=to_proto_enum(product_pb2.Product, terms.product),
        form=to_proto_enum(product_pb2.Form, terms.form),
        guarantor_id=contract.guarantor_id,
        organization_id=contract.organization_id,
        orderer_id=works.orderer_id,
        section=works.section,
        works_id=terms.works_id,
        works_number=works.number,
        works_name=works.name,
        amount_yen=terms.amount_yen,
        period_end=date_to_proto(terms.period_end),
        pay_by=date_to_proto(contract.pay_by),
        version=contract.version,
        update_time=moment_to_proto(contract.updated_time),
    )


def attachment_to_proto(attachment: Attachment) -> pb.Attachment:
    """Give the message of an attached file's particulars."""
    return pb.Attachment(
        attachment_id=attachment.attachment_id,
        name=attachment.name,
        size_bytes=attachment.size_bytes,
        sha256=attachment.sha256,
        attach_time=moment_to_proto(attachment.added_time),
        user_id=attachment.user_id,
    )


def remarks_from_proto(messages: Iterable[pb.Remark]) -> tuple[Remark, ...]:
    """Read remarks."""
    return tuple(Remark(message.field, message.text) for message in messages)


def fee_entry_kind_from_proto(value: int, field: str = "kind") -> FeeEntryKind:
    """Read the kind of a row of the fee ledger, which the proto's rules require."""
    return FeeEntryKind(token_of(pb.FeeEntryKind, value, field))


def _registrant_to_proto(registrant: Registrant) -> pb.Registrant:
    return pb.Registrant(
        user_id=registrant.user_id, name=registrant.name, company=registrant.company, title=registrant.title
    )


def _fee_entry_to_proto(entry: FeeEntry) -> pb.FeeEntry:
    return pb.FeeEntry(
        entry_id=entry.entry_id,
        kind=to_proto_enum(pb.FeeEntryKind, entry.kind),
        amount_yen=entry.amount_yen,
        day=date_to_proto(entry.day),
        record_time=moment_to_proto(entry.recorded_time),
        user_id=entry.user_id,
        note=entry.note,
    )


def _paper_issue_to_proto(paper: PaperIssue) -> pb.PaperIssue:
    return pb.PaperIssue(
        day=date_to_proto(paper.day),
        certificate_reference=paper.certificate_reference,
        record_time=moment_to_proto(paper.recorded_time),
        user_id=paper.user_id,
    )


def _steps_to_proto(steps: StepTimes) -> pb.StepTimes:
    return pb.StepTimes(
        submit_time=moment_to_proto(steps.submitted),
        return_time=moment_to_proto(steps.returned),
        accept_time=moment_to_proto(steps.accepted),
        approve_time=moment_to_proto(steps.approved),
        pay_time=moment_to_proto(steps.paid),
        issue_time=moment_to_proto(steps.issued),
        hand_in_time=moment_to_proto(steps.handed_in),
    )
