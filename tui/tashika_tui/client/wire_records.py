"""From messages to records, thing by thing."""

from tashika.v1 import (
    application_pb2,
    certificate_pb2,
    certificate_service_pb2,
    contract_pb2,
    contract_service_pb2,
    hand_in_pb2,
    orderer_pb2,
    session_pb2,
    session_service_pb2,
    works_pb2,
)
from tashika_tui.client import records
from tashika_tui.client.wire import day, moment, optional, token, tokens


def server_info(message: session_service_pb2.GetServerInfoResponse) -> records.ServerInfo:
    """What a server is."""
    return records.ServerInfo(
        version=message.version,
        demo=message.demo,
        server_time=moment(message, "server_time"),
        today=day(message, "today"),
        log_origin=message.log_origin,
        log_verifier_key=message.log_verifier_key,
    )


def session(message: session_pb2.Session) -> records.Session:
    """Who is signed in."""
    return records.Session(
        session_id=message.session_id,
        login_name=message.user.login_name,
        name=message.user.name,
        title=message.user.title,
        roles=tokens(message.user, "roles"),
        organization=message.organization.name,
        organization_kind=token(message.organization, "kind"),
        language=message.language,
        must_change_password=message.user.must_change_password,
        expire_time=moment(message, "expire_time"),
    )


def version_row(message: certificate_pb2.CertificateVersion) -> records.VersionRow:
    """A version in a list."""
    return records.VersionRow(
        certificate_id=message.certificate_id,
        version=message.version,
        issue_date=day(message, "issue_date"),
        issue_time=moment(message, "issue_time"),
        pdf_sha256=message.pdf_sha256,
        pdf_size_bytes=message.pdf_size_bytes,
    )


def opened(message: certificate_service_pb2.OpenCertificateResponse) -> records.OpenedCertificate:
    """An opened certificate."""
    certificate = message.certificate
    return records.OpenedCertificate(
        contract_id=certificate.contract_id,
        contract_number=certificate.contract_number,
        version=certificate.version,
        contract_state=token(message, "contract_state"),
        demo=certificate.demo,
        pdf_sha256=certificate.pdf_sha256,
        envelope=certificate.envelope,
        statement_signature=certificate.statement_signature,
        chain=tuple(certificate.chain),
        versions=tuple(version_row(item) for item in message.versions),
        viewing_token=message.viewing_token,
        viewing_token_expire_time=moment(message, "viewing_token_expire_time"),
    )


def register_answer(message: certificate_service_pb2.VerifyCertificateResponse) -> records.RegisterAnswer:
    """What the register says of a file."""
    return records.RegisterAnswer(
        standing=token(message, "standing"),
        contract_number=message.contract_number,
        version=message.version,
        current_version=message.current_version,
        contract_state=token(message, "contract_state"),
        bundle=message.bundle,
        check_time=moment(message, "check_time"),
    )


def registrant(message: contract_pb2.Registrant) -> records.Registrant:
    """Who registered a contract."""
    return records.Registrant(message.name, message.company, message.title)


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
    )


def works(works_id: str, message: works_pb2.WorksTerms) -> records.Works:
    """A works contract."""
    return records.Works(
        works_id=works_id,
        number=message.number,
        name=message.name,
        place=message.place,
        kind=message.kind,
        orderer_id=message.orderer_id,
        section=message.section,
        price_yen=optional(message, "price_yen"),
        notice_date=day(message, "notice_date"),
        expected_contract_date=day(message, "expected_contract_date"),
        contract_date=day(message, "contract_date"),
        initial_contract_date=day(message, "initial_contract_date"),
        period_start=day(message, "period_start"),
        period_end=day(message, "period_end"),
        low_bid=message.low_bid,
        multi_year=message.multi_year,
    )


def application(message: application_pb2.Application) -> records.Application:
    """What was applied for or accepted."""
    return records.Application(
        guarantor_id=message.guarantor_id,
        branch=message.branch,
        product=token(message, "product"),
        form=token(message, "form"),
        works=works(message.works_id, message.works) if message.HasField("works") else None,
        amount_yen=optional(message, "amount_yen"),
        prepayment_planned=message.prepayment_planned,
        period_start=day(message, "period_start"),
        period_on_signing=message.period_on_signing,
        period_end=day(message, "period_end"),
        fiscal_year=optional(message, "fiscal_year"),
        planned_work_value_yen=optional(message, "planned_work_value_yen"),
        depositary=_account(message.depositary) if message.HasField("depositary") else None,
        joint_venture=_venture(message.joint_venture) if message.HasField("joint_venture") else None,
        contact=_contact(message.contact) if message.HasField("contact") else None,
        notice_mail=message.notice_mail,
    )


def _account(message: application_pb2.BankAccount) -> records.BankAccount:
    return records.BankAccount(
        message.bank, message.branch, message.account_kind, message.account_number, message.holder
    )


def _venture(message: application_pb2.JointVenture) -> records.JointVenture:
    members = (
        records.VentureMember(
            member.company, member.address, member.representative, optional(member, "ratio_hundredths")
        )
        for member in message.members
    )
    return records.JointVenture(message.name, tuple(members))


def _contact(message: application_pb2.Contact) -> records.Contact:
    return records.Contact(message.name, message.telephone, message.mail)


def contract(response: contract_service_pb2.GetContractResponse) -> records.Contract:
    """A contract in full, with what the contents check shows."""
    message = response.contract
    advice = response.hand_in_advice if response.HasField("hand_in_advice") else None
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
        facts=tuple(_fact(item) for item in message.facts),
        submit_time=moment(message.steps, "submit_time"),
        issue_time=moment(message.steps, "issue_time"),
        lead_time_seconds=optional(message, "lead_time_seconds"),
        update_time=moment(message, "update_time"),
        etag=message.etag,
        differences=tuple(
            records.Difference(item.field, item.application_value, item.terms_value)
            for item in response.differences
        ),
        hand_in_advice=_advice(advice) if advice is not None else None,
        first_open_time=moment(response, "first_open_time"),
    )


def _principal(message: contract_pb2.Principal) -> records.Principal:
    return records.Principal(
        message.company, message.address, message.representative, message.corporate_number
    )


def _fact(message: hand_in_pb2.Fact) -> records.Fact:
    return records.Fact(
        kind=token(message, "kind"),
        version=message.version,
        fact_time=moment(message, "fact_time"),
        reported=message.reported,
        channel=token(message, "channel"),
        note=message.note,
    )


def _advice(message: hand_in_pb2.HandInAdvice) -> records.HandInAdvice:
    return records.HandInAdvice(
        channel=token(message, "channel"),
        section=message.section,
        to=message.to,
        subject=message.subject,
        body_items=tokens(message, "body_items"),
        before=token(message, "before"),
        phone_confirmation=message.phone_confirmation,
        other_documents=tuple(message.other_documents),
    )


def orderer_row(message: orderer_pb2.Orderer) -> records.OrdererRow:
    """An orderer in a list, which holds the latest version of its policy only."""
    latest = message.policies[-1] if message.policies else None
    return records.OrdererRow(
        orderer_id=message.orderer_id,
        name=message.name,
        prefecture=message.prefecture,
        electronic=latest is not None and latest.policy.HasField("electronic"),
    )
