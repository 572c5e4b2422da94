"""Writing a policy as the JSON that it is read from: absent is left out, and so is what is the default."""

from collections.abc import Iterable

from tashika_server.domain.policy import (
    AmendmentPolicy,
    Channel,
    ElectronicPolicy,
    HandInRule,
    PerformancePolicy,
    Policy,
    PrepaymentPolicy,
    PrepaymentRule,
    Section,
    ThresholdBasis,
    VersionScope,
)
from tashika_server.domain.policy_reader import Json


def policy_to_json(policy: Policy) -> dict[str, Json]:
    """Give the keys of one policy, as an orderer's entry in a policy file holds them."""
    return _filled(
        valid_from=policy.valid_from.isoformat() if policy.valid_from else None,
        electronic=_electronic(policy.electronic) if policy.electronic is not None else None,
        prepayment=_prepayment(policy.prepayment) if policy.prepayment is not None else None,
        midterm=_prepayment(policy.midterm) if policy.midterm is not None else None,
        performance=_performance(policy.performance) if policy.performance is not None else None,
        amendment=_amendment(policy.amendment) if policy.amendment is not None else None,
        payment_within_days=policy.payment_within_days,
        hand_in=[_hand_in(rule) for rule in policy.hand_in],
        addressee=policy.addressee,
        sections=[_section(section) for section in policy.sections],
        note=policy.note,
        sources=list(policy.sources),
    )


def _filled(**values: Json) -> dict[str, Json]:
    """Leave out what is absent; an object without keys and a number 0 are something, empty text and list
    nothing.
    """
    return {key: value for key, value in values.items() if value is not None and value != "" and value != []}


def _tokens(tokens: Iterable[str], *, ordered: bool = True) -> list[Json]:
    return [str(token) for token in (tokens if ordered else sorted(tokens))]


def _basis(basis: ThresholdBasis) -> str | None:
    return None if basis is ThresholdBasis.CONTRACT_PRICE else basis.value


def _electronic(policy: ElectronicPolicy) -> dict[str, Json]:
    return _filled(
        products=_tokens(policy.products, ordered=False),
        works_kinds=_tokens(policy.works_kinds, ordered=False),
        guarantor_kinds=_tokens(policy.guarantor_kinds, ordered=False),
        since=policy.since.isoformat() if policy.since else None,
        since_basis=policy.since_basis,
        amendments_of_earlier_contracts=policy.amendments_of_earlier_contracts,
    )


def _prepayment(policy: PrepaymentPolicy) -> dict[str, Json]:
    kinds: dict[str, Json] = {
        kind: _prepayment_rule(rule) if rule is not None else None for kind, rule in policy.by_kind
    }
    return kinds | _filled(exclusive_with_part_payment=policy.exclusive_with_part_payment)


def _prepayment_rule(rule: PrepaymentRule) -> dict[str, Json]:
    return _filled(
        rate_percent=rule.rate_percent,
        low_bid_rate_percent=rule.low_bid_rate_percent,
        min_price_yen=rule.min_price_yen,
        min_period_days=rule.min_period_days,
        threshold_basis=_basis(rule.threshold_basis),
        round_down_to_yen=rule.round_down_to_yen,
        cap_yen=rule.cap_yen,
    )


def _performance(policy: PerformancePolicy) -> dict[str, Json]:
    return _filled(
        min_price_yen=policy.min_price_yen,
        threshold_basis=_basis(policy.threshold_basis),
        min_rate_percent=policy.min_rate_percent,
        low_bid_min_rate_percent=policy.low_bid_min_rate_percent,
    )


def _amendment(policy: AmendmentPolicy) -> dict[str, Json]:
    return _filled(
        price_ratio_percent=policy.price_ratio_percent,
        term_change_needs_certificate=policy.term_change_needs_certificate,
    )


def _hand_in(rule: HandInRule) -> dict[str, Json]:
    return _filled(
        products=_tokens(rule.products),
        version=None if rule.version is VersionScope.ANY else rule.version.value,
        section=rule.section,
        channel=None if rule.channel is Channel.UNSPECIFIED else rule.channel.value,
        to=rule.to,
        subject=rule.subject,
        body_items=_tokens(rule.body_items),
        before=rule.before,
        phone_confirmation=rule.phone_confirmation or None,
        other_documents=list(rule.other_documents),
    )


def _section(section: Section) -> dict[str, Json]:
    return _filled(name=section.name, to=section.to, addressee=section.addressee)
