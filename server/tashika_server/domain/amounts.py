"""How much may be guaranteed: exact integer arithmetic in whole yen, by the orderer's policy or the default.

Defaults, where a policy is silent: an advance of at most 4/10 of the price for construction and 3/10 for
consulting, rounded to 1 yen, without threshold or cap; other kinds have an advance only where the policy says
so. A contract guarantee of at least 1/10 of the price, 3/10 after a low-bid investigation.
"""

from dataclasses import dataclass, field
from datetime import date

from tashika_server.domain.calendar import days_inclusive
from tashika_server.domain.model import Application, WorksTerms
from tashika_server.domain.policy import PerformancePolicy, Policy, PrepaymentRule, ThresholdBasis
from tashika_server.domain.reasons import Caution, Param, Reason, Violation, WarningReason

DEFAULT_RATE_PERCENT = {"CONSTRUCTION": 40, "CONSULTING": 30}
"""The advance of the kinds that have one without a policy's word."""

OTHER_RATE_PERCENT = 30
"""The rate of any other kind whose rule gives none: that of consulting, the lower one."""

PERFORMANCE_RATE_PERCENT = 10
LOW_BID_PERFORMANCE_RATE_PERCENT = 30


@dataclass(slots=True)
class AmountCheck:
    """What came out for an amount: bounds in yen (``None``: not known or none), and what is wrong with it."""

    maximum_yen: int | None = None
    minimum_yen: int | None = None
    round_down_to_yen: int = 1
    violations: list[Violation] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)


def prepayment_rule(policy: Policy, kind: str) -> PrepaymentRule | None:
    """Give the rule of the advance for a works kind; ``None`` where no advance is offered."""
    if policy.prepayment is not None and policy.prepayment.has(kind):
        return policy.prepayment.rule(kind)
    return PrepaymentRule() if kind in DEFAULT_RATE_PERCENT else None


def prepayment_maximum(rule: PrepaymentRule, kind: str, base_yen: int, *, low_bid: bool) -> int:
    """Give the largest advance in yen: min(floor(base x rate), cap), rounded down.

    ``base_yen`` is the price, or with multi-year works the planned work value of the fiscal year.
    """
    rate = (
        rule.rate_percent
        if rule.rate_percent is not None
        else DEFAULT_RATE_PERCENT.get(kind, OTHER_RATE_PERCENT)
    )
    if low_bid and rule.low_bid_rate_percent is not None:
        rate = rule.low_bid_rate_percent
    amount = base_yen * rate // 100
    if rule.cap_yen is not None:
        amount = min(amount, rule.cap_yen)
    step = rule.round_down_to_yen or 1
    return amount // step * step


def performance_minimum(rule: PerformancePolicy, price_yen: int, *, low_bid: bool) -> int:
    """Give the smallest contract guarantee in yen, rounded up.

    Where a policy asks for a higher rate in general than the default after a low-bid investigation, and says
    nothing of low bids, its higher rate holds for them too.
    """
    rate = rule.min_rate_percent if rule.min_rate_percent is not None else PERFORMANCE_RATE_PERCENT
    if low_bid:
        given = rule.low_bid_min_rate_percent
        rate = given if given is not None else max(rate, LOW_BID_PERFORMANCE_RATE_PERCENT)
    return -(-price_yen * rate // 100)


def check_prepayment(application: Application, policy: Policy, prefix: str = "application") -> AmountCheck:
    """Judge the amount of a prepayment guarantee, the threshold and the least period of the works.

    What is missing for a rule (price, kind, period) is not judged here; completeness names it.
    """
    check = AmountCheck()
    works = application.works
    if not works.kind:
        return check
    rule = prepayment_rule(policy, works.kind)
    if rule is None:
        check.violations.append(
            Violation(Reason.PREPAYMENT_NOT_OFFERED, f"{prefix}.works.kind", {"works_kind": works.kind})
        )
        return check
    check.round_down_to_yen = rule.round_down_to_yen or 1
    _check_prepayment_threshold(check, rule, works, prefix)
    _check_least_period(check, rule, works, prefix)
    base = application.planned_work_value_yen if works.multi_year else works.price_yen
    if base is not None and base > 0:
        check.maximum_yen = prepayment_maximum(rule, works.kind, base, low_bid=works.low_bid)
    _check_prepayment_amount(check, application.amount_yen, prefix)
    return check


def check_performance(application: Application, policy: Policy, prefix: str = "application") -> AmountCheck:
    """Judge the amount of a contract guarantee, which is offered only together with a prepayment."""
    check = AmountCheck()
    rule = policy.performance or PerformancePolicy()
    price = application.works.price_yen
    if not application.prepayment_planned:
        check.violations.append(
            Violation(Reason.PERFORMANCE_WITHOUT_PREPAYMENT, f"{prefix}.prepayment_planned")
        )
    if price is None or price <= 0:
        return check
    check.maximum_yen = price
    check.minimum_yen = performance_minimum(rule, price, low_bid=application.works.low_bid)
    _check_performance_threshold(check, rule, price, prefix)
    amount = application.amount_yen
    if amount is not None and amount < check.minimum_yen:
        params = {"minimum_yen": check.minimum_yen, "amount_yen": amount}
        check.violations.append(Violation(Reason.PERFORMANCE_BELOW_MINIMUM, f"{prefix}.amount_yen", params))
    if amount is not None and amount > price:
        params = {"maximum_yen": price, "amount_yen": amount}
        check.violations.append(Violation(Reason.PERFORMANCE_ABOVE_PRICE, f"{prefix}.amount_yen", params))
    return check


def _check_prepayment_threshold(
    check: AmountCheck, rule: PrepaymentRule, works: WorksTerms, prefix: str
) -> None:
    if rule.min_price_yen is None:
        return
    place = f"{prefix}.works.price_yen"
    if rule.threshold_basis is not ThresholdBasis.CONTRACT_PRICE:
        check.cautions.append(_not_checkable(place, rule.min_price_yen, rule.threshold_basis))
    elif works.price_yen is not None and works.price_yen < rule.min_price_yen:
        params = {"threshold_yen": rule.min_price_yen, "price_yen": works.price_yen}
        check.violations.append(Violation(Reason.PREPAYMENT_PRICE_BELOW_THRESHOLD, place, params))


def _check_performance_threshold(
    check: AmountCheck, rule: PerformancePolicy, price_yen: int, prefix: str
) -> None:
    if rule.min_price_yen is None:
        return
    place = f"{prefix}.works.price_yen"
    if rule.threshold_basis is not ThresholdBasis.CONTRACT_PRICE:
        check.cautions.append(_not_checkable(place, rule.min_price_yen, rule.threshold_basis))
    elif price_yen < rule.min_price_yen:
        params = {"threshold_yen": rule.min_price_yen, "price_yen": price_yen}
        check.cautions.append(Caution(WarningReason.PERFORMANCE_NOT_REQUIRED, place, params))


def _check_least_period(check: AmountCheck, rule: PrepaymentRule, works: WorksTerms, prefix: str) -> None:
    if rule.min_period_days is None:
        return
    start, end = works.period_start, works.period_end
    if start is None or end is None:
        field = "period_start" if start is None else "period_end"
        params = {"minimum_days": rule.min_period_days}
        check.cautions.append(Caution(WarningReason.PERIOD_NOT_KNOWN, f"{prefix}.works.{field}", params))
    elif _is_shorter(start, end, rule.min_period_days):
        days = {"minimum_days": rule.min_period_days, "days": days_inclusive(start, end)}
        check.violations.append(
            Violation(Reason.PREPAYMENT_PERIOD_TOO_SHORT, f"{prefix}.works.period_end", days)
        )


def _is_shorter(start: date, end: date, days: int) -> bool:
    """Say so of a period that runs forwards; a reversed one is another fault."""
    return start <= end and days_inclusive(start, end) < days


def _check_prepayment_amount(check: AmountCheck, amount: int | None, prefix: str) -> None:
    if amount is None:
        return
    place = f"{prefix}.amount_yen"
    if check.maximum_yen is not None and amount > check.maximum_yen:
        params = {"maximum_yen": check.maximum_yen, "amount_yen": amount}
        check.violations.append(Violation(Reason.PREPAYMENT_ABOVE_MAXIMUM, place, params))
    if amount % check.round_down_to_yen:
        rounded = {"round_down_to_yen": check.round_down_to_yen, "amount_yen": amount}
        check.violations.append(Violation(Reason.PREPAYMENT_NOT_ROUNDED, place, rounded))


def _not_checkable(place: str, threshold_yen: int, basis: ThresholdBasis) -> Caution:
    params: dict[str, Param] = {"threshold_yen": threshold_yen, "threshold_basis": basis.value}
    return Caution(WarningReason.THRESHOLD_NOT_CHECKABLE, place, params)
