"""What the samples' contractors apply for."""

import random
from dataclasses import replace

from tashika_server.demo.cast import Party
from tashika_server.demo.samples.passages import BANKS
from tashika_server.demo.samples.plans import CasePlan, GuaranteePlan
from tashika_server.domain.calendar import fiscal_year
from tashika_server.domain.model import (
    Application,
    BankAccount,
    Contact,
    JointVenture,
    Product,
    VentureMember,
)

# Shares of a venture in hundredths of a percent.
_RATIOS = (5_000, 3_000, 2_000)
# In a fiscal year of multi-year works, this part of the price is planned to be done.
_PLANNED_PERCENT = 40
_WHOLE_AMOUNT_YEN = 10_000


def application(
    case: CasePlan, plan: GuaranteePlan, works_id: str, contractors: tuple[Party, ...], guarantor: Party
) -> Application:
    """Make the application of a plan, still without its amount."""
    chance = random.Random(plan.seed)  # noqa: S311 - invented data, no secrets
    contractor = contractors[case.contractor]
    person = contractor.accounts[0].person
    asked = Application(
        guarantor_id=guarantor.organization.organization_id,
        branch=chance.choice(guarantor.organization.branches).name,
        product=plan.product,
        form=plan.form,
        works_id=works_id,
        contact=Contact(person.name, contractor.organization.telephone, f"{person.login_name}@example.jp"),
        notice_mail=f"{person.login_name}@example.jp",
        joint_venture=_venture(case, contractors) if case.venture else None,
    )
    if plan.product is Product.PERFORMANCE:
        return replace(asked, prepayment_planned=True, period_on_signing=True)
    bank, branch = chance.choice(BANKS)
    account = BankAccount(
        bank, branch, "普通", f"{chance.randrange(10_000_000):07d}", contractor.organization.name
    )
    asked = replace(asked, period_start=plan.day, depositary=account)
    if not case.signed.multi_year:
        return asked
    planned = (case.signed.price_yen or 0) * _PLANNED_PERCENT // 100
    return replace(asked, fiscal_year=fiscal_year(plan.day), planned_work_value_yen=planned)


def rounded_amount(product: Product, minimum: int | None, maximum: int | None, step: int) -> int:
    """Choose an amount in yen within the bounds that the orderer gives: what contractors mostly ask for.

    A contract guarantee has the smallest amount, in whole 10,000 yen; an advance the largest one.
    """
    if product is Product.PERFORMANCE:
        least = minimum or 0
        whole = -(-least // _WHOLE_AMOUNT_YEN) * _WHOLE_AMOUNT_YEN
        return whole if maximum is None or whole <= maximum else least
    most = maximum or 0
    whole = most // _WHOLE_AMOUNT_YEN * _WHOLE_AMOUNT_YEN
    return whole if whole and whole % step == 0 else most


def _venture(case: CasePlan, contractors: tuple[Party, ...]) -> JointVenture:
    members = [contractors[(case.contractor + place) % len(contractors)] for place in range(len(_RATIOS))]
    names = "・".join(member.organization.name for member in members[:2])
    return JointVenture(
        f"{names}ほか特定建設工事共同企業体",
        tuple(
            VentureMember(
                member.organization.name,
                member.organization.address,
                member.organization.representative,
                ratio,
            )
            for member, ratio in zip(members, _RATIOS, strict=True)
        ),
    )
