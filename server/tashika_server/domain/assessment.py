"""The assessment of an application: every reason against it at once, what is worth a look, and the amounts."""

from dataclasses import dataclass
from datetime import date

from tashika_server.domain.amounts import AmountCheck, check_performance, check_prepayment
from tashika_server.domain.completeness import check_application_complete
from tashika_server.domain.defaults import with_defaults
from tashika_server.domain.electronic import check_electronic, since_date
from tashika_server.domain.fields import check_application_form
from tashika_server.domain.form import Findings
from tashika_server.domain.model import (
    Application,
    Form,
    GuarantorKind,
    Organization,
    OrganizationKind,
    Product,
)
from tashika_server.domain.period import check_dates, check_fiscal_year, check_period
from tashika_server.domain.policy_choice import PolicyChoice
from tashika_server.domain.reasons import Caution, Reason, Violation, WarningReason
from tashika_server.domain.works_kinds import kinds_of


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an application came to.

    It can be submitted only without violations; warnings stand beside. ``maximum_yen`` and ``minimum_yen``
    bound the guaranteed amount (``None``: no such bound, or not known yet), which must be a multiple of
    ``round_down_to_yen``. ``policy_version`` is the version of the orderer's policy that judged; ``None``:
    none.
    """

    violations: tuple[Violation, ...]
    warnings: tuple[Caution, ...]
    maximum_yen: int | None = None
    minimum_yen: int | None = None
    round_down_to_yen: int = 1
    policy_version: int | None = None


def assess(
    application: Application,
    *,
    choice: PolicyChoice,
    guarantor: Organization | None,
    today: date,
    prefix: str = "application",
) -> Assessment:
    """Judge an application, as entered so far, by the chosen policy on Japan's day ``today``.

    ``guarantor`` is the organisation of ``guarantor_id``, ``None`` while none is entered. ``prefix`` opens
    the fields' paths: ``terms`` where a guarantor's terms are judged.
    """
    application = with_defaults(application)
    violations = check_application_form(application, prefix, kinds_of([choice.policy]))
    malformed = {violation.field for violation in violations}
    amount = _check_product(application, choice, prefix)
    rules = [
        *check_application_complete(application, prefix),
        *_check_guarantor(application, guarantor, prefix),
        *_check_form(application, choice, guarantor, prefix),
        *amount.violations,
        *check_dates(application, today, prefix),
        *check_period(application, today, prefix),
        *check_fiscal_year(application, today, prefix),
    ]
    # A field that is malformed has its reason already; what the rules make of its value would only confuse.
    violations += [violation for violation in rules if violation.field not in malformed]
    cautions = (*_cautions(application, choice, today, prefix), *amount.cautions)
    return Assessment(
        violations=tuple(violations),
        warnings=cautions,
        maximum_yen=amount.maximum_yen,
        minimum_yen=amount.minimum_yen,
        round_down_to_yen=amount.round_down_to_yen,
        policy_version=choice.version.version if choice.version is not None else None,
    )


def _check_product(application: Application, choice: PolicyChoice, prefix: str) -> AmountCheck:
    if application.product is Product.PREPAYMENT:
        return check_prepayment(application, choice.policy, prefix)
    if application.product is Product.PERFORMANCE:
        return check_performance(application, choice.policy, prefix)
    check = AmountCheck()
    if application.product is not None:
        params = {"product": application.product.value, "because": "NOT_IN_THIS_RELEASE"}
        check.violations.append(Violation(Reason.PRODUCT_NOT_OFFERED, f"{prefix}.product", params))
    return check


def _check_guarantor(
    application: Application, guarantor: Organization | None, prefix: str
) -> list[Violation]:
    """Only guarantee companies issue here: insurers and banks have systems and papers of their own."""
    found = Findings(prefix)
    if guarantor is None:
        return []
    if guarantor.kind is not OrganizationKind.GUARANTOR or guarantor.disabled:
        found.add(Reason.NOT_FOUND, "guarantor_id", resource="guarantor")
        return found.violations
    if guarantor.guarantor_kind is not GuarantorKind.GUARANTEE_COMPANY:
        kind = guarantor.guarantor_kind.value if guarantor.guarantor_kind is not None else ""
        product = application.product.value if application.product is not None else ""
        found.add(
            Reason.PRODUCT_NOT_OFFERED,
            "guarantor_id",
            product=product,
            because="GUARANTOR_KIND",
            guarantor_kind=kind,
        )
    names = [branch.name for branch in guarantor.branches]
    if names and not application.branch:
        found.add(Reason.FIELD_REQUIRED, "branch")
    elif application.branch and application.branch not in names:
        found.add(Reason.CHOICE_UNKNOWN, "branch", allowed=", ".join(names[:10]))
    return found.violations


def _check_form(
    application: Application, choice: PolicyChoice, guarantor: Organization | None, prefix: str
) -> list[Violation]:
    if application.form is not Form.ELECTRONIC or not application.works.orderer_id:
        return []
    kind = guarantor.guarantor_kind if guarantor is not None else None
    return check_electronic(choice, application.works, application.product, kind, prefix)


def _cautions(application: Application, choice: PolicyChoice, today: date, prefix: str) -> list[Caution]:
    works = application.works
    cautions = []
    if choice.version is None and works.orderer_id:
        cautions.append(Caution(WarningReason.NO_POLICY_FOUND, f"{prefix}.works.orderer_id"))
    decisive = [choice.decisive]
    electronic = choice.policy.electronic
    if application.form is Form.ELECTRONIC and electronic is not None and electronic.since is not None:
        decisive.append(since_date(electronic, works))
    expected = next((found for found in decisive if found is not None and found.expected), None)
    if expected is not None:
        params = {"date": expected.day.isoformat()}
        cautions.append(Caution(WarningReason.EXPECTED_DATE_USED, f"{prefix}.works.{expected.field}", params))
    signed = works.contract_date
    if application.product is Product.PERFORMANCE and signed is not None and signed <= today:
        params = {"contract_date": signed.isoformat()}
        cautions.append(
            Caution(WarningReason.CONTRACT_ALREADY_SIGNED, f"{prefix}.works.contract_date", params)
        )
    return cautions
