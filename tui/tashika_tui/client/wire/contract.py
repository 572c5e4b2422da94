"""Guarantee contracts."""

from dataclasses import fields, replace

from tashika.v1 import contract_pb2, contract_service_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.application import application
from tashika_tui.client.wire.handing_in import (
    advice,
    fact,
    hand_in_message,
    key_generation,
    orderer_notice,
)
from tashika_tui.client.wire.people import registrant
from tashika_tui.client.wire.values import day, moment, optional, token


def contract_row(message: contract_pb2.ContractSummary) -> records.ContractRow:
    """A contract in a list."""
    return records.ContractRow(
        contract_id=message.contract_id,
        contract_number=message.contract_number,
        register_time=moment(message, "register_time"),
        registrant=registrant(message.registrant),
        state=token(message, "state"),
        product=token(message, "product"),
        form=token(message, "form"),
        orderer_id=message.orderer_id,
        section=message.section,
        works_number=message.works_number,
        works_name=message.works_name,
        amount_yen=optional(message, "amount_yen"),
        period_end=day(message, "period_end"),
        pay_by=day(message, "pay_by"),
        version=message.version,
        update_time=moment(message, "update_time"),
        guarantor_id=message.guarantor_id,
        organization_id=message.organization_id,
        works_id=message.works_id,
    )


def contract(message: contract_pb2.Contract) -> records.Contract:
    """A guarantee contract, as a change answers with it."""
    return records.Contract(
        contract_id=message.contract_id,
        contract_number=message.contract_number,
        state=token(message, "state"),
        application=application(message.application),
        terms=application(message.terms) if message.HasField("terms") else None,
        registrant=registrant(message.registrant),
        register_time=moment(message, "register_time"),
        principal=_principal(message.principal) if message.HasField("principal") else None,
        remarks=tuple(records.Remark(item.field, item.text) for item in message.remarks),
        refusal=message.refusal,
        fee_yen=optional(message, "fee_yen"),
        pay_by=day(message, "pay_by"),
        monthly_payer=message.monthly_payer,
        balance_yen=message.balance_yen,
        version=message.version,
        facts=tuple(fact(item) for item in message.facts),
        submit_time=moment(message.steps, "submit_time"),
        issue_time=moment(message.steps, "issue_time"),
        lead_time_seconds=optional(message, "lead_time_seconds"),
        update_time=moment(message, "update_time"),
        etag=message.etag,
        organization_id=message.organization_id,
        guarantor_id=message.guarantor_id,
        policy_version=optional(message, "policy_version"),
        ledger=tuple(_fee_entry(item) for item in message.ledger),
        attachments=tuple(_attachment(item) for item in message.attachments),
        accepted_by=message.accepted_by,
        approved_by=message.approved_by,
        paper_issue=_paper_issue(message.paper_issue) if message.HasField("paper_issue") else None,
        steps=_steps(message.steps),
    )


def contract_view(response: contract_service_pb2.GetContractResponse) -> records.Contract:
    """A guarantee contract in full, with what the contents check shows."""
    return replace(
        contract(response.contract),
        differences=tuple(
            records.Difference(item.field, item.application_value, item.terms_value)
            for item in response.differences
        ),
        hand_in_advice=advice(response.hand_in_advice) if response.HasField("hand_in_advice") else None,
        first_open_time=moment(response, "first_open_time"),
        hand_in_message=hand_in_message(response.hand_in_message)
        if response.HasField("hand_in_message")
        else None,
        keys=tuple(key_generation(item) for item in response.keys),
        orderer_notice=orderer_notice(response.orderer_notice)
        if response.HasField("orderer_notice")
        else None,
    )


def _fee_entry(message: contract_pb2.FeeEntry) -> records.FeeEntry:
    return records.FeeEntry(
        entry_id=message.entry_id,
        kind=token(message, "kind"),
        amount_yen=message.amount_yen,
        day=day(message, "day"),
        record_time=moment(message, "record_time"),
        user_id=message.user_id,
        note=message.note,
    )


def _attachment(message: contract_pb2.Attachment) -> records.Attachment:
    return records.Attachment(
        attachment_id=message.attachment_id,
        name=message.name,
        size_bytes=message.size_bytes,
        sha256=message.sha256,
        attach_time=moment(message, "attach_time"),
    )


def _paper_issue(message: contract_pb2.PaperIssue) -> records.PaperIssue:
    return records.PaperIssue(
        day=day(message, "day"),
        certificate_reference=message.certificate_reference,
        record_time=moment(message, "record_time"),
    )


def _steps(message: contract_pb2.StepTimes) -> records.Steps:
    return records.Steps(**{field.name: moment(message, field.name) for field in fields(records.Steps)})


def _principal(message: contract_pb2.Principal) -> records.Principal:
    return records.Principal(
        message.company, message.address, message.representative, message.corporate_number
    )


def remark_messages(remarks: tuple[records.Remark, ...]) -> list[contract_pb2.Remark]:
    """Remarks, to be sent."""
    return [contract_pb2.Remark(field=remark.field, text=remark.text) for remark in remarks]
