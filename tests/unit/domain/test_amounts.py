from datetime import date

import pytest

from tashika_server.domain.model import Application
from tashika_server.domain.policy import (
    ElectronicPolicy,
    PerformancePolicy,
    Policy,
    PrepaymentPolicy,
    PrepaymentRule,
    ThresholdBasis,
)
from tashika_server.domain.reasons import Reason, WarningReason
from tests.unit.domain.making import judged, multi_year, performance, prepayment, reasons, warned

AMOUNT = "application.amount_yen"
PRICE = "application.works.price_yen"


def rule(kind: str = "CONSTRUCTION", **keys: object) -> Policy:
    by_kind = ((kind, PrepaymentRule(**keys)),)  # type: ignore[arg-type]
    return Policy(electronic=ElectronicPolicy(), prepayment=PrepaymentPolicy(by_kind))


def demand(**keys: object) -> Policy:
    return Policy(electronic=ElectronicPolicy(), performance=PerformancePolicy(**keys))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("application", "policy", "maximum"),
    [
        (prepayment(), Policy(), 40_000_000),
        (prepayment(works_kind="CONSULTING"), Policy(), 30_000_000),
        (prepayment(works_price_yen=99_999_999), Policy(), 39_999_999),
        (prepayment(), rule(rate_percent=35), 35_000_000),
        (prepayment(works_price_yen=12_345_678), rule(round_down_to_yen=10_000), 4_930_000),
        (prepayment(works_price_yen=12_345_678), rule(round_down_to_yen=100_000), 4_900_000),
        (prepayment(), rule(cap_yen=12_345_678), 12_345_678),
        (prepayment(), rule(cap_yen=12_345_678, round_down_to_yen=10_000), 12_340_000),
        (prepayment(works_low_bid=True), rule(low_bid_rate_percent=20), 20_000_000),
        (prepayment(works_low_bid=True), rule(), 40_000_000),
        (prepayment(), rule(low_bid_rate_percent=20), 40_000_000),
        (prepayment(works_kind="SERVICES"), rule("SERVICES", rate_percent=25), 25_000_000),
        (prepayment(works_kind="SERVICES"), rule("SERVICES"), 30_000_000),
        (prepayment(works_kind="MAINTENANCE"), rule("MAINTENANCE", rate_percent=10), 10_000_000),
        (prepayment(works_kind="CONSULTING"), rule("CONSTRUCTION", rate_percent=35), 30_000_000),
        (multi_year(planned_work_value_yen=50_000_001), Policy(), 20_000_000),
        (prepayment(works_price_yen=1), rule(round_down_to_yen=10_000), 0),
    ],
)
def test_the_largest_advance(application: Application, policy: Policy, maximum: int) -> None:
    assert judged(application, policy).maximum_yen == maximum


def test_one_yen_above_the_maximum_is_too_much() -> None:
    assert judged(prepayment(amount_yen=40_000_000)).violations == ()
    assert reasons(judged(prepayment(amount_yen=40_000_001))) == {(Reason.PREPAYMENT_ABOVE_MAXIMUM, AMOUNT)}


def test_the_advance_is_a_multiple_of_the_rounding() -> None:
    tens = rule(round_down_to_yen=10_000)
    assert judged(prepayment(amount_yen=39_990_000), tens).violations == ()
    assert reasons(judged(prepayment(amount_yen=39_995_000), tens)) == {
        (Reason.PREPAYMENT_NOT_ROUNDED, AMOUNT)
    }


def test_a_policy_can_offer_no_advance() -> None:
    none = Policy(electronic=ElectronicPolicy(), prepayment=PrepaymentPolicy((("CONSULTING", None),)))
    found = reasons(judged(prepayment(works_kind="CONSULTING", amount_yen=30_000_000), none))
    assert found == {(Reason.PREPAYMENT_NOT_OFFERED, "application.works.kind")}
    assert judged(prepayment(), none).violations == ()


def test_services_have_an_advance_only_by_policy() -> None:
    services = prepayment(works_kind="SERVICES", amount_yen=20_000_000)
    assert reasons(judged(services)) == {(Reason.PREPAYMENT_NOT_OFFERED, "application.works.kind")}
    assert judged(services, rule("SERVICES", rate_percent=20)).violations == ()


def test_a_price_equal_to_the_threshold_is_eligible() -> None:
    assert judged(prepayment(), rule(min_price_yen=100_000_000)).violations == ()
    found = reasons(judged(prepayment(), rule(min_price_yen=100_000_001)))
    assert found == {(Reason.PREPAYMENT_PRICE_BELOW_THRESHOLD, PRICE)}


@pytest.mark.parametrize("basis", [ThresholdBasis.DESIGN_AMOUNT, ThresholdBasis.PLANNED_PRICE])
def test_a_threshold_on_an_amount_that_is_not_known_warns(basis: ThresholdBasis) -> None:
    found = judged(prepayment(), rule(min_price_yen=200_000_000, threshold_basis=basis))
    assert found.violations == ()
    assert WarningReason.THRESHOLD_NOT_CHECKABLE in warned(found)


def test_the_least_period_counts_both_days() -> None:
    fifty = rule(min_period_days=50)
    exact = prepayment(works_period_start=date(2026, 6, 1), works_period_end=date(2026, 7, 20))
    assert judged(exact, fifty).violations == ()
    short = prepayment(works_period_start=date(2026, 6, 2), works_period_end=date(2026, 7, 20))
    place = "application.works.period_end"
    assert reasons(judged(short, fifty)) == {(Reason.PREPAYMENT_PERIOD_TOO_SHORT, place)}


def test_an_unknown_period_warns() -> None:
    found = judged(prepayment(works_period_start=None), rule(min_period_days=50))
    assert found.violations == ()
    assert WarningReason.PERIOD_NOT_KNOWN in warned(found)
    assert WarningReason.PERIOD_NOT_KNOWN not in warned(judged(prepayment(works_period_start=None)))


@pytest.mark.parametrize(
    ("application", "policy", "minimum"),
    [
        (performance(), Policy(), 10_000_000),
        (performance(works_price_yen=99_999_991), Policy(), 10_000_000),
        (performance(works_low_bid=True), Policy(), 30_000_000),
        (performance(), demand(min_rate_percent=20), 20_000_000),
        (performance(works_low_bid=True), demand(min_rate_percent=20), 30_000_000),
        (performance(works_low_bid=True), demand(min_rate_percent=40), 40_000_000),
        (performance(works_low_bid=True), demand(low_bid_min_rate_percent=25), 25_000_000),
        (performance(works_low_bid=False), demand(low_bid_min_rate_percent=25), 10_000_000),
    ],
)
def test_the_smallest_contract_guarantee(application: Application, policy: Policy, minimum: int) -> None:
    assert judged(application, policy).minimum_yen == minimum


def test_a_contract_guarantee_lies_between_minimum_and_price() -> None:
    assert judged(performance(amount_yen=10_000_000)).violations == ()
    assert judged(performance(amount_yen=100_000_000)).violations == ()
    assert reasons(judged(performance(amount_yen=9_999_999))) == {(Reason.PERFORMANCE_BELOW_MINIMUM, AMOUNT)}
    assert reasons(judged(performance(amount_yen=100_000_001))) == {(Reason.PERFORMANCE_ABOVE_PRICE, AMOUNT)}


def test_a_contract_guarantee_comes_with_a_prepayment() -> None:
    found = reasons(judged(performance(prepayment_planned=False)))
    assert found == {(Reason.PERFORMANCE_WITHOUT_PREPAYMENT, "application.prepayment_planned")}


def test_a_contract_guarantee_that_is_not_required_warns() -> None:
    assert WarningReason.PERFORMANCE_NOT_REQUIRED in warned(
        judged(performance(), demand(min_price_yen=100_000_001))
    )
    equal = warned(judged(performance(), demand(min_price_yen=100_000_000)))
    assert WarningReason.PERFORMANCE_NOT_REQUIRED not in equal


def test_a_required_price_that_is_not_known_warns() -> None:
    found = warned(
        judged(performance(), demand(min_price_yen=1, threshold_basis=ThresholdBasis.DESIGN_AMOUNT))
    )
    assert WarningReason.THRESHOLD_NOT_CHECKABLE in found
