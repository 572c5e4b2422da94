"""Form checks: what is malformed in a draft, an organisation, a person or a remark, whatever else is entered.

Empty fields pass; what a submission needs stands in ``completeness``. Each function gives every violation at
once, with paths under ``prefix`` in the API's names.
"""

from collections.abc import Collection
from datetime import date

from tashika_server.domain import limits
from tashika_server.domain.directory_fields import check_organization, check_password, check_user
from tashika_server.domain.fee_records import FeeBasis
from tashika_server.domain.form import Findings
from tashika_server.domain.model import (
    Application,
    BankAccount,
    Contact,
    JointVenture,
    Remark,
    WorksTerms,
)
from tashika_server.domain.reasons import Reason, Violation
from tashika_server.domain.works_kinds import WORKS_KINDS

__all__ = [
    "check_application_form",
    "check_attachment",
    "check_attachment_name",
    "check_day",
    "check_fee",
    "check_fee_note",
    "check_organization",
    "check_password",
    "check_remarks",
    "check_text",
    "check_user",
    "check_works",
]


def check_application_form(
    application: Application, prefix: str = "application", kinds: Collection[str] | None = None
) -> list[Violation]:
    """List what is malformed in an application, its snapshot of the works included.

    ``kinds`` as for ``check_works``; absent, any code passes that has the form of one, since the works were
    checked when they were kept, and the orderer's policy may speak of other kinds.
    """
    found = Findings(prefix)
    found.identifier("guarantor_id", application.guarantor_id)
    found.text("branch", application.branch, limits.NAME)
    found.identifier("works_id", application.works_id)
    found.yen("amount_yen", application.amount_yen)
    found.yen("planned_work_value_yen", application.planned_work_value_yen)
    found.day("period_start", application.period_start)
    found.day("period_end", application.period_end)
    found.order("period_end", application.period_start, application.period_end)
    if application.period_on_signing and application.period_start is not None:
        found.add(Reason.FIELD_NOT_ALLOWED, "period_start", because="period_on_signing")
    year = application.fiscal_year
    if year is not None and not limits.FIRST_DAY.year <= year < limits.LAST_DAY.year:
        earliest, latest = limits.FIRST_DAY.year, limits.LAST_DAY.year - 1
        found.add(Reason.DATE_OUT_OF_RANGE, "fiscal_year", earliest=earliest, latest=latest)
    found.mail("notice_mail", application.notice_mail)
    return [
        *found.violations,
        *_check_depositary(application.depositary, f"{prefix}.depositary"),
        *_check_venture(application.joint_venture, f"{prefix}.joint_venture"),
        *_check_contact(application.contact, f"{prefix}.contact"),
        *check_works(application.works, f"{prefix}.works", kinds),
    ]


def check_works(
    terms: WorksTerms, prefix: str = "works", kinds: Collection[str] | None = tuple(WORKS_KINDS)
) -> list[Violation]:
    """List what is malformed in a works contract.

    ``kinds`` are the works kinds that are known: those with a name, and where the orderer is known those that
    its policies speak of (``works_kinds.kinds_of``); ``None``: any code that has the form of one.
    """
    found = Findings(prefix)
    found.text("number", terms.number, limits.SHORT)
    found.text("name", terms.name, limits.NAME)
    found.text("place", terms.place, limits.PLACE)
    found.works_kind("kind", terms.kind, kinds)
    found.identifier("orderer_id", terms.orderer_id)
    found.text("section", terms.section, limits.NAME)
    found.yen("price_yen", terms.price_yen)
    for field in (
        "notice_date",
        "expected_contract_date",
        "contract_date",
        "initial_contract_date",
        "period_start",
        "period_end",
    ):
        found.day(field, getattr(terms, field))
    found.order("period_end", terms.period_start, terms.period_end)
    # A works contract follows its notice, and a change of it follows the initial one.
    found.order("contract_date", terms.notice_date, terms.contract_date)
    found.order("contract_date", terms.initial_contract_date, terms.contract_date)
    return found.violations


def check_remarks(remarks: tuple[Remark, ...], prefix: str = "remarks") -> list[Violation]:
    """List what is wrong with the remarks of a return or of a reported error; at least one is needed."""
    found = Findings()
    if not remarks:
        found.add(Reason.FIELD_REQUIRED, prefix)
    if len(remarks) > limits.MAX_REMARKS:
        found.add(Reason.TOO_MANY_ITEMS, prefix, maximum=limits.MAX_REMARKS)
    for index, remark in enumerate(remarks[: limits.MAX_REMARKS]):
        found.remark_field(f"{prefix}[{index}].field", remark.field)
        found.required(f"{prefix}[{index}].text", remark.text)
        found.text(f"{prefix}[{index}].text", remark.text, limits.NOTE, multiline=True)
    return found.violations


def check_text(text: str, field: str, *, required: bool = False, limit: int = limits.NOTE) -> list[Violation]:
    """List what is wrong with a free text; one that may be as long as a note may have lines."""
    found = Findings()
    if required:
        found.required(field, text)
    found.text(field, text, limit, multiline=limit >= limits.NOTE)
    return found.violations


def check_fee(amount_yen: int, field: str, *, positive: bool = False) -> list[Violation]:
    """List what is wrong with a fee or a sum of money in yen; 0 passes unless ``positive``."""
    found = Findings()
    found.yen(field, amount_yen, zero=not positive)
    return found.violations


def check_fee_note(
    fee_yen: int, basis: FeeBasis | None, note: str, field: str = "fee_note"
) -> list[Violation]:
    """List what is wrong with the reason for a fee; it is needed where the tariff gives another fee."""
    found = check_text(note, field)
    if basis is not None and fee_yen != basis.fee_yen and not note.strip():
        params = {"proposed_yen": basis.fee_yen, "fee_yen": fee_yen}
        found.append(Violation(Reason.FEE_DIFFERS_FROM_TARIFF, field, params))
    return found


def check_day(day: date, field: str, *, latest: date) -> list[Violation]:
    """List what is wrong with a day on which something happened, so that it is not after ``latest``."""
    found = Findings()
    found.day(field, day, latest=latest)
    return found.violations


def check_attachment_name(name: str, field: str = "attachment.name") -> list[Violation]:
    """List what is wrong with an attachment's file name; one is needed."""
    found = Findings()
    found.required(field, name)
    found.file_name(field, name)
    return found.violations


def check_attachment(name: str, size_bytes: int, prefix: str = "attachment") -> list[Violation]:
    """List what is wrong with an attachment's name and size."""
    found = check_attachment_name(name, f"{prefix}.name")
    if size_bytes > limits.MAX_ATTACHMENT_BYTES:
        params = {"maximum_bytes": limits.MAX_ATTACHMENT_BYTES}
        found.append(Violation(Reason.ATTACHMENT_TOO_LARGE, prefix, params))
    return found


def _check_depositary(account: BankAccount | None, prefix: str) -> list[Violation]:
    found = Findings(prefix)
    if account is not None:
        found.text("bank", account.bank, limits.SHORT)
        found.text("branch", account.branch, limits.SHORT)
        found.text("account_kind", account.account_kind, limits.ACCOUNT_KIND)
        found.account_number("account_number", account.account_number)
        found.text("holder", account.holder, limits.SHORT)
    return found.violations


def _check_venture(venture: JointVenture | None, prefix: str) -> list[Violation]:
    found = Findings(prefix)
    if venture is None:
        return []
    found.text("name", venture.name, limits.NAME)
    if len(venture.members) > limits.MAX_MEMBERS:
        found.add(Reason.TOO_MANY_ITEMS, "members", maximum=limits.MAX_MEMBERS)
    for index, member in enumerate(venture.members[: limits.MAX_MEMBERS]):
        place = f"members[{index}]"
        found.text(f"{place}.company", member.company, limits.NAME)
        found.text(f"{place}.address", member.address, limits.ADDRESS)
        found.text(f"{place}.representative", member.representative, limits.NAME)
        found.count(f"{place}.ratio_hundredths", member.ratio_hundredths, limits.RATIO_SUM)
    return found.violations


def _check_contact(contact: Contact, prefix: str) -> list[Violation]:
    found = Findings(prefix)
    found.text("name", contact.name, limits.SHORT)
    found.telephone("telephone", contact.telephone)
    found.mail("mail", contact.mail)
    return found.violations
