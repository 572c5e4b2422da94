"""Invented parties and applications, complete and free of faults, from which a test changes one thing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tashika_server.domain import lifecycle
from tashika_server.domain.assessment import Assessment, assess
from tashika_server.domain.model import (
    Application,
    BankAccount,
    Branch,
    Contact,
    Contract,
    FeeEntry,
    FeeEntryKind,
    Form,
    GuarantorKind,
    Organization,
    OrganizationKind,
    Principal,
    Product,
    Registrant,
    WorksTerms,
)
from tashika_server.domain.policy import ElectronicPolicy, Orderer, Policy, PolicyVersion
from tashika_server.domain.policy_choice import PolicyChoice
from tashika_server.domain.reasons import Reason, Violation, WarningReason
from tashika_server.domain.slots import slot

TODAY = date(2026, 5, 11)
NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
"""10 in the morning of TODAY in Japan."""

NUMBER = "01260000000017"
ELECTRONIC = Policy(electronic=ElectronicPolicy())

GUARANTOR = Organization(
    organization_id="org_guarantor",
    kind=OrganizationKind.GUARANTOR,
    name="見本保証株式会社",
    address="東京都千代田区見本町一丁目1番1号",
    representative="代表取締役社長　保証 花子",
    telephone="03-0000-0000",
    guarantor_kind=GuarantorKind.GUARANTEE_COMPANY,
    guarantor_code=1,
    branches=(Branch("千葉支店", "043-000-0000"),),
    terms_reference_performance="契約保証約款（見本）",
    terms_reference_prepayment="前払金保証約款（見本）",
)
ORDERER = Orderer("kashiwa", "柏市", policies=(PolicyVersion(1, ELECTRONIC),))
PRINCIPAL = Principal("株式会社髙﨑建設", "千葉県柏市柏五丁目10番1号", "代表取締役　𠮷田 葛󠄁男")
REGISTRANT = Registrant("usr_1", "山田 花子", "株式会社髙﨑建設", "経理課長")


def works(**changes: Any) -> WorksTerms:
    """Make a construction contract of 100 million yen that is about to be signed."""
    terms = WorksTerms(
        number="第2026-0123号",
        name="柏駅東口周辺道路改良工事",
        place="千葉県柏市柏一丁目地内",
        kind="CONSTRUCTION",
        orderer_id="kashiwa",
        section="道路整備課",
        price_yen=100_000_000,
        notice_date=date(2026, 4, 6),
        expected_contract_date=date(2026, 5, 20),
        period_start=date(2026, 6, 1),
        period_end=date(2027, 2, 26),
    )
    return replace(terms, **changes)


def prepayment(**changes: Any) -> Application:
    """Make an application for the guarantee of a 40 million yen advance; ``works_*`` change the works."""
    base = Application(
        guarantor_id=GUARANTOR.organization_id,
        branch="千葉支店",
        product=Product.PREPAYMENT,
        form=Form.ELECTRONIC,
        works_id="wrk_1",
        works=works(),
        amount_yen=40_000_000,
        period_start=date(2026, 5, 20),
        period_end=date(2027, 2, 26),
        depositary=BankAccount("見本銀行", "柏支店", "普通", "1234567", "株式会社髙﨑建設"),
        contact=Contact("山田 花子", "04-0000-0000", "yamada@example.jp"),
    )
    return _changed(base, changes)


def performance(**changes: Any) -> Application:
    """Make an application for a 10 million yen contract guarantee; ``works_*`` change the works."""
    base = replace(
        prepayment(),
        product=Product.PERFORMANCE,
        amount_yen=10_000_000,
        prepayment_planned=True,
        period_start=None,
        period_on_signing=True,
        depositary=None,
    )
    return _changed(base, changes)


def multi_year(**changes: Any) -> Application:
    """Make an application for the first year of works that run over two years."""
    base = prepayment(
        works_multi_year=True,
        works_period_end=date(2028, 2, 25),
        fiscal_year=2026,
        planned_work_value_yen=50_000_000,
        amount_yen=20_000_000,
        period_end=date(2027, 3, 31),
    )
    return _changed(base, changes)


def _changed(base: Application, changes: dict[str, Any]) -> Application:
    of_works = {
        name.removeprefix("works_"): value for name, value in changes.items() if name.startswith("works_")
    }
    works_id = of_works.pop("id", base.works_id)
    own = {name: value for name, value in changes.items() if not name.startswith("works_")}
    return replace(base, works_id=works_id, works=replace(base.works, **of_works), **own)


def chosen(policy: Policy | None) -> PolicyChoice:
    """Choose this policy, or none."""
    return PolicyChoice(PolicyVersion(1, policy) if policy is not None else None)


def judged(
    application: Application,
    policy: Policy | None = ELECTRONIC,
    *,
    guarantor: Organization | None = GUARANTOR,
    today: date = TODAY,
) -> Assessment:
    """Assess an application under a policy."""
    return assess(application, choice=chosen(policy), guarantor=guarantor, today=today)


def reasons(found: Assessment | list[Violation] | tuple[Violation, ...]) -> set[tuple[Reason, str]]:
    """Give reasons with their fields."""
    violations = found.violations if isinstance(found, Assessment) else found
    return {(violation.reason, violation.field) for violation in violations}


def warned(found: Assessment) -> set[WarningReason]:
    """Give the reasons of the warnings."""
    return {caution.reason for caution in found.warnings}


def draft(application: Application | None = None) -> Contract:
    """Make a draft."""
    return lifecycle.draft(
        contract_id="con_1",
        organization_id="org_contractor",
        application=application or prepayment(),
        registrant=REGISTRANT,
        now=NOW,
    )


def submitted(contract: Contract | None = None, **changes: Any) -> Contract:
    """Submit a draft."""
    contract = contract or draft()
    return lifecycle.submit(
        contract,
        **{
            "application": contract.application,
            "principal": PRINCIPAL,
            "number": NUMBER,
            "policy_version": 1,
            "slot": slot(contract.application),
            "now": NOW,
            **changes,
        },
    )


def accepted(contract: Contract | None = None, **changes: Any) -> Contract:
    """Accept a submitted contract for a fee of 100,000 yen, by the person usr_2."""
    contract = contract or submitted()
    return lifecycle.accept(
        contract,
        **{
            "terms": contract.application,
            "fee_yen": 100_000,
            "entry_id": "fee_charge",
            "user_id": "usr_2",
            "approval_required": False,
            "monthly_payer": False,
            "now": NOW,
            **changes,
        },
    )


def payment(amount_yen: int = 100_000, kind: FeeEntryKind = FeeEntryKind.PAYMENT, **changes: Any) -> FeeEntry:
    """Make a row for money that moved today."""
    return replace(FeeEntry("fee_payment", kind, amount_yen, TODAY, NOW, "usr_2"), **changes)


def paid(contract: Contract | None = None) -> Contract:
    """Pay the fee of an accepted contract."""
    return lifecycle.record_fee(contract or accepted(), payment(), now=NOW)


def in_force(contract: Contract | None = None) -> Contract:
    """Issue a paid contract."""
    return lifecycle.issue(contract or paid(), version=1, now=NOW, today=TODAY)
