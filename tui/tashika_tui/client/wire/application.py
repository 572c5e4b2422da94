"""Works and applications, both ways; quotes."""

from tashika.v1 import application_pb2, contract_service_pb2, errors_pb2, product_pb2, works_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.values import day, enum_value, optional, put_day, token


def works(message: works_pb2.Works) -> records.Works:
    """A works contract with its etag."""
    return works_terms(message.works_id, message.terms, message.etag)


def works_terms(works_id: str, message: works_pb2.WorksTerms, etag: str = "") -> records.Works:
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
        etag=etag,
    )


def works_message(works: records.Works) -> works_pb2.WorksTerms:
    """A works contract's contents, to be sent."""
    message = works_pb2.WorksTerms(
        number=works.number,
        name=works.name,
        place=works.place,
        kind=works.kind,
        orderer_id=works.orderer_id,
        section=works.section,
        price_yen=works.price_yen,
        low_bid=works.low_bid,
        multi_year=works.multi_year,
    )
    for field in _WORKS_DAYS:
        put_day(message, field, getattr(works, field))
    return message


def application(message: application_pb2.Application) -> records.Application:
    """What was applied for or accepted."""
    return records.Application(
        guarantor_id=message.guarantor_id,
        branch=message.branch,
        product=token(message, "product"),
        form=token(message, "form"),
        works=_snapshot(message),
        amount_yen=optional(message, "amount_yen"),
        prepayment_planned=message.prepayment_planned,
        period_start=day(message, "period_start"),
        period_on_signing=message.period_on_signing,
        period_end=day(message, "period_end"),
        fiscal_year=optional(message, "fiscal_year"),
        planned_work_value_yen=optional(message, "planned_work_value_yen"),
        depositary=bank_account(message.depositary) if message.HasField("depositary") else None,
        joint_venture=_venture(message.joint_venture) if message.HasField("joint_venture") else None,
        contact=_contact(message.contact) if message.HasField("contact") else None,
        notice_mail=message.notice_mail,
    )


def application_message(application: records.Application) -> application_pb2.Application:
    """An application or terms, to be sent."""
    message = application_pb2.Application(
        guarantor_id=application.guarantor_id,
        branch=application.branch,
        product=enum_value(product_pb2.Product, application.product),
        form=enum_value(product_pb2.Form, application.form),
        amount_yen=application.amount_yen,
        prepayment_planned=application.prepayment_planned,
        period_on_signing=application.period_on_signing,
        fiscal_year=application.fiscal_year,
        planned_work_value_yen=application.planned_work_value_yen,
        notice_mail=application.notice_mail,
    )
    if application.works is not None:
        message.works_id = application.works.works_id
        message.works.CopyFrom(works_message(application.works))
    put_day(message, "period_start", application.period_start)
    put_day(message, "period_end", application.period_end)
    _put_parties(message, application)
    return message


def quote(message: contract_service_pb2.QuoteContractResponse) -> records.Quote:
    """A judgement."""
    return records.Quote(
        violations=tuple(_finding(item) for item in message.violations),
        cautions=tuple(_finding(item) for item in message.cautions),
        minimum_yen=optional(message, "minimum_yen"),
        maximum_yen=optional(message, "maximum_yen"),
        round_down_to_yen=message.round_down_to_yen,
        policy_version=optional(message, "policy_version"),
    )


def _finding(message: errors_pb2.Violation | errors_pb2.Caution) -> records.Finding:
    return records.Finding(
        reason=token(message, "reason"),
        field=message.field,
        sentence=message.message,
        params=tuple(sorted(message.params.items())),
    )


def _snapshot(message: application_pb2.Application) -> records.Works | None:
    # A draft whose works were only just chosen has their id and nothing of them yet.
    if not message.works_id and not message.HasField("works"):
        return None
    return works_terms(message.works_id, message.works)


def _put_parties(message: application_pb2.Application, application: records.Application) -> None:
    account, venture, contact = application.depositary, application.joint_venture, application.contact
    if account is not None:
        message.depositary.bank = account.bank
        message.depositary.branch = account.branch
        message.depositary.account_kind = account.account_kind
        message.depositary.account_number = account.account_number
        message.depositary.holder = account.holder
        message.depositary.SetInParent()
    if venture is not None:
        message.joint_venture.name = venture.name
        message.joint_venture.members.extend(_member(member) for member in venture.members)
        message.joint_venture.SetInParent()
    if contact is not None:
        message.contact.name = contact.name
        message.contact.telephone = contact.telephone
        message.contact.mail = contact.mail
        message.contact.SetInParent()


def _member(member: records.VentureMember) -> application_pb2.VentureMember:
    return application_pb2.VentureMember(
        company=member.company,
        address=member.address,
        representative=member.representative,
        ratio_hundredths=member.ratio_hundredths,
    )


def bank_account(message: application_pb2.BankAccount) -> records.BankAccount:
    """A bank account."""
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


_WORKS_DAYS = (
    "notice_date",
    "expected_contract_date",
    "contract_date",
    "initial_contract_date",
    "period_start",
    "period_end",
)
