from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tashika_server.domain.assessment import assess
from tashika_server.domain.model import (
    Application,
    BankAccount,
    Branch,
    Contact,
    Form,
    JointVenture,
    OrganizationKind,
    Product,
    VentureMember,
    WorksTerms,
)
from tashika_server.domain.policy_choice import choose_policy
from tashika_server.domain.reasons import Reason, WarningReason
from tests.unit.domain.making import (
    GUARANTOR,
    ORDERER,
    TODAY,
    judged,
    multi_year,
    performance,
    prepayment,
    reasons,
    warned,
)

PAIR = (VentureMember("甲建設", ratio_hundredths=6_000), VentureMember("乙建設", ratio_hundredths=4_000))


@pytest.mark.parametrize("application", [prepayment(), performance(), multi_year()])
@pytest.mark.parametrize("form", list(Form))
def test_a_complete_application_can_be_submitted(application: Application, form: Form) -> None:
    assert judged(replace(application, form=form)).violations == ()


def test_an_empty_application_has_every_gap_and_no_other_fault() -> None:
    found = judged(Application(), guarantor=None)
    assert {reason for reason, _ in reasons(found)} == {Reason.FIELD_REQUIRED}
    assert {field.removeprefix("application.") for _, field in reasons(found)} == {
        "guarantor_id",
        "product",
        "form",
        "works_id",
        "amount_yen",
        "works.name",
        "works.place",
        "works.kind",
        "works.orderer_id",
        "works.price_yen",
        "works.period_end",
        "period_start",
        "contact.name",
        "contact.telephone",
    }


def test_what_may_still_be_unknown_before_the_signing() -> None:
    unsigned = performance(works_number="", works_expected_contract_date=None, works_period_start=None)
    assert judged(unsigned).violations == ()


def test_the_version_that_judged_is_told() -> None:
    choice = choose_policy(ORDERER, prepayment().works, TODAY)
    assert assess(prepayment(), choice=choice, guarantor=GUARANTOR, today=TODAY).policy_version == 1
    assert judged(prepayment(form=Form.PAPER), None).policy_version is None


def test_terms_are_judged_under_their_own_paths() -> None:
    choice = choose_policy(ORDERER, prepayment().works, TODAY)
    terms = prepayment(amount_yen=None)
    found = assess(terms, choice=choice, guarantor=GUARANTOR, today=TODAY, prefix="terms")
    assert reasons(found) == {(Reason.FIELD_REQUIRED, "terms.amount_yen")}


def test_a_malformed_field_has_one_reason() -> None:
    found = judged(prepayment(amount_yen=-1, works_price_yen=0))
    assert reasons(found) == {
        (Reason.AMOUNT_NOT_POSITIVE, "application.amount_yen"),
        (Reason.AMOUNT_NOT_POSITIVE, "application.works.price_yen"),
    }


def test_midterm_prepayments_are_not_offered_yet() -> None:
    found = judged(prepayment(product=Product.MIDTERM_PREPAYMENT))
    (violation,) = [v for v in found.violations if v.reason is Reason.PRODUCT_NOT_OFFERED]
    assert violation.params == {"product": "MIDTERM_PREPAYMENT", "because": "NOT_IN_THIS_RELEASE"}


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"depositary": None}, Reason.FIELD_REQUIRED, "depositary.bank"),
        ({"depositary": BankAccount(bank="見本銀行")}, Reason.FIELD_REQUIRED, "depositary.holder"),
        ({"fiscal_year": 2026}, Reason.FIELD_NOT_ALLOWED, "fiscal_year"),
        ({"planned_work_value_yen": 1}, Reason.FIELD_NOT_ALLOWED, "planned_work_value_yen"),
        ({"works_multi_year": True}, Reason.FIELD_REQUIRED, "fiscal_year"),
        ({"works_multi_year": True}, Reason.FIELD_REQUIRED, "planned_work_value_yen"),
        ({"contact": Contact(name="山田")}, Reason.FIELD_REQUIRED, "contact.telephone"),
        ({"branch": ""}, Reason.FIELD_REQUIRED, "branch"),
        ({"branch": "大阪支店"}, Reason.CHOICE_UNKNOWN, "branch"),
        ({"works_kind": "FOO"}, Reason.CHOICE_UNKNOWN, "works.kind"),
        ({"period_start": None}, Reason.FIELD_REQUIRED, "period_start"),
    ],
)
def test_what_a_prepayment_needs(changes: dict[str, Any], reason: Reason, field: str) -> None:
    assert (reason, f"application.{field}") in reasons(judged(prepayment(**changes)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"depositary": BankAccount(bank="見本銀行")}, "depositary"),
        ({"fiscal_year": 2026}, "fiscal_year"),
        ({"works_multi_year": True, "planned_work_value_yen": 1}, "planned_work_value_yen"),
    ],
)
def test_what_a_contract_guarantee_does_not_take(changes: dict[str, Any], field: str) -> None:
    assert reasons(judged(performance(**changes))) == {(Reason.FIELD_NOT_ALLOWED, f"application.{field}")}
    assert judged(performance(depositary=BankAccount(), works_multi_year=True)).violations == ()


def test_a_guarantor_without_branches_needs_none() -> None:
    assert judged(prepayment(branch=""), guarantor=replace(GUARANTOR, branches=())).violations == ()


@pytest.mark.parametrize("changes", [{"disabled": True}, {"kind": OrganizationKind.CONTRACTOR}])
def test_only_a_guarantor_guarantees(changes: dict[str, Any]) -> None:
    found = reasons(judged(prepayment(), guarantor=replace(GUARANTOR, **changes)))
    assert found == {(Reason.NOT_FOUND, "application.guarantor_id")}


def test_a_venture_has_a_name_and_two_members_with_shares_of_a_whole() -> None:
    assert judged(prepayment(joint_venture=JointVenture("甲・乙共同企業体", PAIR))).violations == ()
    place = "application.joint_venture"
    assert reasons(judged(prepayment(joint_venture=JointVenture("", PAIR[:1])))) == {
        (Reason.FIELD_REQUIRED, f"{place}.name"),
        (Reason.FIELD_REQUIRED, f"{place}.members"),
        (Reason.RATIO_SUM, f"{place}.members"),
    }
    nameless = (VentureMember(), *PAIR[:1])
    assert reasons(judged(prepayment(joint_venture=JointVenture("共同", nameless)))) == {
        (Reason.FIELD_REQUIRED, f"{place}.members[0].company"),
        (Reason.FIELD_REQUIRED, f"{place}.members[0].ratio_hundredths"),
    }


@pytest.mark.parametrize("field", ["notice_date", "contract_date", "initial_contract_date"])
def test_what_has_happened_does_not_lie_in_the_future(field: str) -> None:
    tomorrow = {"works_notice_date": None, f"works_{field}": date(2026, 5, 12)}
    found = reasons(judged(prepayment(**tomorrow)))
    assert (Reason.DATE_IN_FUTURE, f"application.works.{field}") in found
    today = {"works_notice_date": None, f"works_{field}": TODAY}
    assert judged(prepayment(**today)).violations == ()


def test_a_signed_contract_warns_for_a_contract_guarantee() -> None:
    signed = judged(performance(works_contract_date=TODAY))
    assert signed.violations == ()
    assert warned(signed) == {WarningReason.CONTRACT_ALREADY_SIGNED}
    assert warned(judged(prepayment(works_contract_date=TODAY))) == set()


def test_an_expected_date_warns() -> None:
    assert warned(judged(prepayment())) == set()
    choice = choose_policy(ORDERER, prepayment().works, TODAY)
    found = assess(prepayment(), choice=choice, guarantor=GUARANTOR, today=TODAY)
    assert warned(found) == {WarningReason.EXPECTED_DATE_USED}


@pytest.mark.parametrize("make", [prepayment, performance])
def test_the_guarantee_reaches_to_the_end_of_the_works(make: Any) -> None:
    end = "application.period_end"
    assert judged(make(period_end=date(2027, 2, 26))).violations == ()
    assert judged(make(period_end=None)).violations == ()
    assert reasons(judged(make(period_end=date(2027, 2, 25)))) == {(Reason.GUARANTEE_PERIOD_TOO_SHORT, end)}


def test_a_guarantee_that_is_over_guarantees_nothing() -> None:
    over = prepayment(works_period_end=date(2026, 6, 1), period_end=date(2026, 6, 1))
    found = judged(over, today=date(2026, 6, 2))
    assert reasons(found) == {(Reason.GUARANTEE_PERIOD_TOO_SHORT, "application.period_end")}
    assert judged(over, today=date(2026, 6, 1)).violations == ()


def test_a_contract_guarantee_covers_the_works_from_their_first_day() -> None:
    late = performance(period_on_signing=False, period_start=date(2026, 6, 2))
    assert reasons(judged(late)) == {(Reason.GUARANTEE_PERIOD_TOO_SHORT, "application.period_start")}
    in_time = performance(period_on_signing=False, period_start=date(2026, 6, 1))
    assert judged(in_time).violations == ()
    assert judged(prepayment(period_start=date(2026, 6, 2))).violations == ()


def test_a_multi_year_prepayment_ends_with_its_fiscal_year() -> None:
    end = "application.period_end"
    assert judged(multi_year(period_end=None)).violations == ()
    beyond = reasons(judged(multi_year(period_end=date(2027, 4, 1))))
    assert beyond == {(Reason.PERIOD_BEYOND_FISCAL_YEAR, end)}
    short = reasons(judged(multi_year(period_end=date(2027, 3, 30))))
    assert short == {(Reason.GUARANTEE_PERIOD_TOO_SHORT, end)}


def test_the_last_year_ends_with_the_works() -> None:
    begin = date(2027, 4, 1)
    last = multi_year(fiscal_year=2027, period_start=begin, period_end=date(2028, 2, 25))
    assert judged(last, today=begin).violations == ()
    short = replace(last, period_end=date(2028, 2, 24))
    assert reasons(judged(short, today=begin)) == {
        (Reason.GUARANTEE_PERIOD_TOO_SHORT, "application.period_end")
    }


def test_a_fiscal_year_is_not_asked_for_before_it_begins() -> None:
    early = multi_year(fiscal_year=2027, period_start=date(2027, 4, 1), period_end=date(2028, 2, 25))
    year = "application.fiscal_year"
    assert reasons(judged(early, today=date(2027, 3, 31))) == {(Reason.FISCAL_YEAR_NOT_BEGUN, year)}


@pytest.mark.parametrize("year", [2025, 2028])
def test_the_fiscal_year_is_one_of_the_works(year: int) -> None:
    today = date(2028, 4, 2)
    outside = multi_year(fiscal_year=year, period_start=date(year, 4, 1), period_end=None)
    assert (Reason.FISCAL_YEAR_OUTSIDE_WORKS, "application.fiscal_year") in reasons(
        judged(outside, today=today)
    )


def test_a_guarantee_begins_within_its_fiscal_year() -> None:
    found = reasons(judged(multi_year(period_start=date(2026, 3, 31))))
    assert found == {(Reason.PERIOD_BEYOND_FISCAL_YEAR, "application.period_start")}


def test_the_planned_work_value_is_a_part_of_the_price() -> None:
    found = reasons(judged(multi_year(planned_work_value_yen=100_000_001)))
    assert found == {(Reason.AMOUNT_TOO_LARGE, "application.planned_work_value_yen")}


def test_quoting_survives_anything_that_is_entered() -> None:
    hostile = Application(
        guarantor_id="\ud842",
        branch="x" * 10_000,
        product=Product.PREPAYMENT,
        form=Form.ELECTRONIC,
        works=WorksTerms(
            kind="\x00", price_yen=-(2**63), period_start=date.max, period_end=date.min, multi_year=True
        ),
        amount_yen=2**63,
        fiscal_year=-1,
        planned_work_value_yen=-1,
        period_start=date.min,
        period_end=date.max,
        joint_venture=JointVenture("", (VentureMember(ratio_hundredths=-1),) * 1_000),
    )
    assert len(judged(hostile).violations) > 15


def test_the_branch_of_an_unnamed_list_is_checked_by_name() -> None:
    two = replace(GUARANTOR, branches=(Branch("本店"), Branch("千葉支店")))
    assert judged(prepayment(branch="本店"), guarantor=two).violations == ()
