"""Amounts, against fractions that are worked out another way."""

from fractions import Fraction
from math import ceil

from hypothesis import example, given
from hypothesis import strategies as st

from tashika_server.domain.amounts import performance_minimum, prepayment_maximum
from tashika_server.domain.policy import PerformancePolicy, PrepaymentRule

YEN = st.integers(1, 10**13)
RATES = st.none() | st.integers(1, 100)
RULES = st.builds(
    PrepaymentRule,
    rate_percent=RATES,
    low_bid_rate_percent=RATES,
    round_down_to_yen=st.none() | st.integers(1, 10**8),
    cap_yen=st.none() | YEN,
)
KINDS = st.sampled_from(["CONSTRUCTION", "CONSULTING", "SERVICES"])


@given(RULES, KINDS, YEN, st.booleans())
@example(PrepaymentRule(rate_percent=29), "SERVICES", 100, False)  # 100 * 0.29 is 28.999... in floating point
def test_an_advance_is_the_largest_multiple_within_rate_and_cap(
    rule: PrepaymentRule, kind: str, base: int, low_bid: bool
) -> None:
    maximum = prepayment_maximum(rule, kind, base, low_bid=low_bid)
    rate = rule.rate_percent or (40 if kind == "CONSTRUCTION" else 30)
    if low_bid and rule.low_bid_rate_percent:
        rate = rule.low_bid_rate_percent
    step = rule.round_down_to_yen or 1
    bound = min(Fraction(base) * rate / 100, Fraction(rule.cap_yen or 10**14))
    assert maximum % step == 0
    assert maximum <= bound < maximum + step
    assert maximum <= base


@given(RULES, KINDS, YEN, YEN, st.booleans())
def test_a_larger_price_never_has_a_smaller_advance(
    rule: PrepaymentRule, kind: str, one: int, other: int, low_bid: bool
) -> None:
    small, large = sorted((one, other))
    at_small = prepayment_maximum(rule, kind, small, low_bid=low_bid)
    assert at_small <= prepayment_maximum(rule, kind, large, low_bid=low_bid)


@given(
    st.builds(PerformancePolicy, min_rate_percent=RATES, low_bid_min_rate_percent=RATES), YEN, st.booleans()
)
def test_a_contract_guarantee_is_the_smallest_yen_above_its_rate(
    rule: PerformancePolicy, price: int, low_bid: bool
) -> None:
    rate = rule.min_rate_percent or 10
    if low_bid:
        rate = rule.low_bid_min_rate_percent or max(30, rate)
    minimum = performance_minimum(rule, price, low_bid=low_bid)
    assert minimum == ceil(Fraction(price) * rate / 100)
    assert 1 <= minimum <= price
