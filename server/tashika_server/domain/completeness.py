"""What a submission needs: every gap of an application at once."""

from tashika_server.domain import limits
from tashika_server.domain.form import Findings
from tashika_server.domain.model import Application, BankAccount, JointVenture, Product
from tashika_server.domain.reasons import Reason, Violation


def check_application_complete(application: Application, prefix: str = "application") -> list[Violation]:
    """List what a submission lacks, and what is filled that has no place with this product.

    The works' number, date and first day may still be unknown, since the contract guarantee comes before the
    works contract is signed. The guarantee's end has a default.
    """
    found = Findings(prefix)
    for field in ("guarantor_id", "product", "form", "works_id", "amount_yen"):
        found.required(field, getattr(application, field))
    for field in ("name", "place", "kind", "orderer_id", "price_yen", "period_end"):
        found.required(f"works.{field}", getattr(application.works, field))
    if not application.period_on_signing:
        found.required("period_start", application.period_start)
    found.required("contact.name", application.contact.name)
    found.required("contact.telephone", application.contact.telephone)
    _check_fiscal_year(found, application)
    _check_depositary(found, application)
    if application.joint_venture is not None:
        _check_venture(found, application.joint_venture)
    return found.violations


def _check_fiscal_year(found: Findings, application: Application) -> None:
    """Multi-year prepayments name their fiscal year and its planned work value; nothing else does."""
    prepaid = application.product is not Product.PERFORMANCE
    needed = prepaid and application.works.multi_year and application.product is not None
    for field in ("fiscal_year", "planned_work_value_yen"):
        value = getattr(application, field)
        if needed:
            found.required(field, value)
        elif value is not None and application.product is not None:
            found.add(Reason.FIELD_NOT_ALLOWED, field, because="works.multi_year" if prepaid else "product")


def _check_depositary(found: Findings, application: Application) -> None:
    """An advance goes into an account of its own (前払金専用口座); a contract guarantee has none."""
    account = application.depositary or BankAccount()
    if application.product is Product.PERFORMANCE:
        if account != BankAccount():
            found.add(Reason.FIELD_NOT_ALLOWED, "depositary", because="product")
    elif application.product is not None:
        for field in ("bank", "branch", "account_kind", "account_number", "holder"):
            found.required(f"depositary.{field}", getattr(account, field))


def _check_venture(found: Findings, venture: JointVenture) -> None:
    found.required("joint_venture.name", venture.name)
    if len(venture.members) < 2:
        found.add(Reason.FIELD_REQUIRED, "joint_venture.members", minimum=2)
    for index, member in enumerate(venture.members[: limits.MAX_MEMBERS]):
        found.required(f"joint_venture.members[{index}].company", member.company)
        found.required(f"joint_venture.members[{index}].ratio_hundredths", member.ratio_hundredths)
    ratios = [member.ratio_hundredths for member in venture.members]
    known = [ratio for ratio in ratios if ratio is not None]
    if known and len(known) == len(ratios) and sum(known) != limits.RATIO_SUM:
        found.add(Reason.RATIO_SUM, "joint_venture.members", sum_hundredths=sum(known))
