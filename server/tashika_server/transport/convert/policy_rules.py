"""An orderer's rules for advances."""

from tashika.v1 import policy_pb2 as pb
from tashika_server.domain.policy import PrepaymentPolicy, PrepaymentRule, ThresholdBasis
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.values import path


def prepayment_to_proto(policy: PrepaymentPolicy) -> pb.PrepaymentPolicy:
    """Give the message of the rules for advances."""
    return pb.PrepaymentPolicy(
        by_kind=[
            pb.WorksKindPrepayment(works_kind=kind, rule=None if rule is None else _rule_to_proto(rule))
            for kind, rule in policy.by_kind
        ],
        exclusive_with_part_payment=policy.exclusive_with_part_payment,
    )


def prepayment_from_proto(message: pb.PrepaymentPolicy, prefix: str) -> PrepaymentPolicy:
    """Read the rules for advances; a kind without a rule is one for which none is offered."""
    exclusive = message.HasField("exclusive_with_part_payment")
    return PrepaymentPolicy(
        by_kind=tuple(
            (
                each.works_kind,
                _rule_from_proto(each.rule, f"{path(prefix, 'by_kind')}[{index}].rule")
                if each.HasField("rule")
                else None,
            )
            for index, each in enumerate(message.by_kind)
        ),
        exclusive_with_part_payment=message.exclusive_with_part_payment if exclusive else None,
    )


def threshold_basis_from_proto(value: int, field: str) -> ThresholdBasis:
    """Read what a threshold is compared with; unset, it is the contract price."""
    return ThresholdBasis(token_of(pb.ThresholdBasis, value, field) or ThresholdBasis.CONTRACT_PRICE)


def _rule_to_proto(rule: PrepaymentRule) -> pb.PrepaymentRule:
    return pb.PrepaymentRule(
        rate_percent=rule.rate_percent,
        low_bid_rate_percent=rule.low_bid_rate_percent,
        min_price_yen=rule.min_price_yen,
        min_period_days=rule.min_period_days,
        threshold_basis=to_proto_enum(pb.ThresholdBasis, rule.threshold_basis),
        round_down_to_yen=rule.round_down_to_yen,
        cap_yen=rule.cap_yen,
    )


def _rule_from_proto(message: pb.PrepaymentRule, prefix: str) -> PrepaymentRule:
    has = message.HasField
    return PrepaymentRule(
        rate_percent=message.rate_percent if has("rate_percent") else None,
        low_bid_rate_percent=message.low_bid_rate_percent if has("low_bid_rate_percent") else None,
        min_price_yen=message.min_price_yen if has("min_price_yen") else None,
        min_period_days=message.min_period_days if has("min_period_days") else None,
        threshold_basis=threshold_basis_from_proto(message.threshold_basis, path(prefix, "threshold_basis")),
        round_down_to_yen=message.round_down_to_yen if has("round_down_to_yen") else None,
        cap_yen=message.cap_yen if has("cap_yen") else None,
    )
