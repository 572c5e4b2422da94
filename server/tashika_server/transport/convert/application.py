"""Applications, and the terms that have their shape."""

from tashika.v1 import application_pb2 as pb
from tashika.v1 import product_pb2
from tashika_server.domain.model import (
    Application,
    BankAccount,
    Contact,
    Form,
    JointVenture,
    Product,
    VentureMember,
)
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.values import date_to_proto, optional_date, path
from tashika_server.transport.convert.works import works_terms_from_proto, works_terms_to_proto


def application_to_proto(application: Application) -> pb.Application:
    """Give an application's message."""
    account, venture = application.depositary, application.joint_venture
    return pb.Application(
        guarantor_id=application.guarantor_id,
        branch=application.branch,
        product=to_proto_enum(product_pb2.Product, application.product),
        form=to_proto_enum(product_pb2.Form, application.form),
        works_id=application.works_id,
        works=works_terms_to_proto(application.works),
        amount_yen=application.amount_yen,
        prepayment_planned=application.prepayment_planned,
        period_start=date_to_proto(application.period_start),
        period_on_signing=application.period_on_signing,
        period_end=date_to_proto(application.period_end),
        fiscal_year=application.fiscal_year,
        planned_work_value_yen=application.planned_work_value_yen,
        depositary=None if account is None else bank_account_to_proto(account),
        joint_venture=None if venture is None else _venture_to_proto(venture),
        contact=pb.Contact(
            name=application.contact.name,
            telephone=application.contact.telephone,
            mail=application.contact.mail,
        ),
        notice_mail=application.notice_mail,
    )


def application_from_proto(message: pb.Application, prefix: str = "application") -> Application:
    """Read an application or terms; ``prefix`` is the path of the message in its request."""
    has = message.HasField
    product = token_of(product_pb2.Product, message.product, path(prefix, "product"))
    form = token_of(product_pb2.Form, message.form, path(prefix, "form"))
    return Application(
        guarantor_id=message.guarantor_id,
        branch=message.branch,
        product=Product(product) if product else None,
        form=Form(form) if form else None,
        works_id=message.works_id,
        works=works_terms_from_proto(message.works, path(prefix, "works")),
        amount_yen=message.amount_yen if has("amount_yen") else None,
        prepayment_planned=message.prepayment_planned,
        period_start=optional_date(message, "period_start", prefix),
        period_on_signing=message.period_on_signing,
        period_end=optional_date(message, "period_end", prefix),
        fiscal_year=message.fiscal_year if has("fiscal_year") else None,
        planned_work_value_yen=message.planned_work_value_yen if has("planned_work_value_yen") else None,
        depositary=_account_from_proto(message.depositary) if has("depositary") else None,
        joint_venture=_venture_from_proto(message.joint_venture) if has("joint_venture") else None,
        contact=Contact(message.contact.name, message.contact.telephone, message.contact.mail),
        notice_mail=message.notice_mail,
    )


def bank_account_to_proto(account: BankAccount) -> pb.BankAccount:
    """Give the message of an account for advances."""
    return pb.BankAccount(
        bank=account.bank,
        branch=account.branch,
        account_kind=account.account_kind,
        account_number=account.account_number,
        holder=account.holder,
    )


def _account_from_proto(message: pb.BankAccount) -> BankAccount:
    return BankAccount(
        bank=message.bank,
        branch=message.branch,
        account_kind=message.account_kind,
        account_number=message.account_number,
        holder=message.holder,
    )


def _venture_to_proto(venture: JointVenture) -> pb.JointVenture:
    return pb.JointVenture(
        name=venture.name,
        members=[
            pb.VentureMember(
                company=member.company,
                address=member.address,
                representative=member.representative,
                ratio_hundredths=member.ratio_hundredths,
            )
            for member in venture.members
        ],
    )


def _venture_from_proto(message: pb.JointVenture) -> JointVenture:
    return JointVenture(
        name=message.name,
        members=tuple(
            VentureMember(
                company=member.company,
                address=member.address,
                representative=member.representative,
                ratio_hundredths=member.ratio_hundredths if member.HasField("ratio_hundredths") else None,
            )
            for member in message.members
        ),
    )
