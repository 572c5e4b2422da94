"""Policies of orderers. What is unset on the wire has the default of the domain's field."""

from collections.abc import Iterable, Iterator

from tashika.v1 import hand_in_pb2, organization_pb2, product_pb2
from tashika.v1 import policy_pb2 as pb
from tashika_server.domain.model import GuarantorKind, Product
from tashika_server.domain.policy import (
    AmendmentPolicy,
    Before,
    BodyItem,
    ElectronicPolicy,
    HandInRule,
    PerformancePolicy,
    Policy,
    PolicyVersion,
    Section,
    SinceBasis,
    VersionScope,
)
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.hand_in import channel_from_proto
from tashika_server.transport.convert.policy_rules import (
    prepayment_from_proto,
    prepayment_to_proto,
    threshold_basis_from_proto,
)
from tashika_server.transport.convert.values import date_to_proto, optional_date, path


def policy_version_to_proto(version: PolicyVersion) -> pb.PolicyVersion:
    """Give the message of a policy with its number."""
    return pb.PolicyVersion(version=version.version, policy=policy_to_proto(version.policy))


def policy_to_proto(policy: Policy) -> pb.OrdererPolicy:
    """Give a policy's message."""
    electronic, performance, amendment = policy.electronic, policy.performance, policy.amendment
    return pb.OrdererPolicy(
        valid_from=date_to_proto(policy.valid_from),
        electronic=None if electronic is None else _electronic_to_proto(electronic),
        prepayment=None if policy.prepayment is None else prepayment_to_proto(policy.prepayment),
        midterm=None if policy.midterm is None else prepayment_to_proto(policy.midterm),
        performance=None if performance is None else _performance_to_proto(performance),
        amendment=None
        if amendment is None
        else pb.AmendmentPolicy(
            price_ratio_percent=amendment.price_ratio_percent,
            term_change_needs_certificate=amendment.term_change_needs_certificate,
        ),
        payment_within_days=policy.payment_within_days,
        hand_in=[_rule_to_proto(rule) for rule in policy.hand_in],
        addressee=policy.addressee,
        sections=[
            pb.Section(name=each.name, to=each.to, addressee=each.addressee) for each in policy.sections
        ],
        note=policy.note,
        sources=policy.sources,
    )


def policy_from_proto(message: pb.OrdererPolicy, prefix: str = "policy") -> Policy:
    """Read a policy; ``prefix`` is the path of the message in its request."""
    has = message.HasField
    return Policy(
        valid_from=optional_date(message, "valid_from", prefix),
        electronic=(
            _electronic_from_proto(message.electronic, path(prefix, "electronic"))
            if has("electronic")
            else None
        ),
        prepayment=(
            prepayment_from_proto(message.prepayment, path(prefix, "prepayment"))
            if has("prepayment")
            else None
        ),
        midterm=prepayment_from_proto(message.midterm, path(prefix, "midterm")) if has("midterm") else None,
        performance=(
            _performance_from_proto(message.performance, path(prefix, "performance"))
            if has("performance")
            else None
        ),
        amendment=_amendment_from_proto(message.amendment) if has("amendment") else None,
        payment_within_days=message.payment_within_days if has("payment_within_days") else None,
        hand_in=tuple(
            _rule_from_proto(rule, f"{path(prefix, 'hand_in')}[{index}]")
            for index, rule in enumerate(message.hand_in)
        ),
        addressee=message.addressee,
        sections=tuple(Section(each.name, each.to, each.addressee) for each in message.sections),
        note=message.note,
        sources=tuple(message.sources),
    )


def _electronic_to_proto(electronic: ElectronicPolicy) -> pb.ElectronicPolicy:
    return pb.ElectronicPolicy(
        products=[to_proto_enum(product_pb2.Product, each) for each in sorted(electronic.products)],
        works_kinds=sorted(electronic.works_kinds),
        guarantor_kinds=[
            to_proto_enum(organization_pb2.GuarantorKind, each) for each in sorted(electronic.guarantor_kinds)
        ],
        since=date_to_proto(electronic.since),
        since_basis=to_proto_enum(pb.SinceBasis, electronic.since_basis),
        amendments_of_earlier_contracts=electronic.amendments_of_earlier_contracts,
    )


def _electronic_from_proto(message: pb.ElectronicPolicy, prefix: str) -> ElectronicPolicy:
    has = message.HasField
    basis = token_of(pb.SinceBasis, message.since_basis, path(prefix, "since_basis"))
    kinds = path(prefix, "guarantor_kinds")
    return ElectronicPolicy(
        products=frozenset(_products(message.products, path(prefix, "products"))),
        works_kinds=frozenset(message.works_kinds),
        guarantor_kinds=frozenset(
            GuarantorKind(token_of(organization_pb2.GuarantorKind, each, kinds))
            for each in message.guarantor_kinds
        ),
        since=optional_date(message, "since", prefix),
        since_basis=SinceBasis(basis) if basis else None,
        amendments_of_earlier_contracts=(
            message.amendments_of_earlier_contracts if has("amendments_of_earlier_contracts") else None
        ),
    )


def _performance_to_proto(performance: PerformancePolicy) -> pb.PerformancePolicy:
    return pb.PerformancePolicy(
        min_price_yen=performance.min_price_yen,
        threshold_basis=to_proto_enum(pb.ThresholdBasis, performance.threshold_basis),
        min_rate_percent=performance.min_rate_percent,
        low_bid_min_rate_percent=performance.low_bid_min_rate_percent,
    )


def _performance_from_proto(message: pb.PerformancePolicy, prefix: str) -> PerformancePolicy:
    has = message.HasField
    return PerformancePolicy(
        min_price_yen=message.min_price_yen if has("min_price_yen") else None,
        threshold_basis=threshold_basis_from_proto(message.threshold_basis, path(prefix, "threshold_basis")),
        min_rate_percent=message.min_rate_percent if has("min_rate_percent") else None,
        low_bid_min_rate_percent=message.low_bid_min_rate_percent
        if has("low_bid_min_rate_percent")
        else None,
    )


def _amendment_from_proto(message: pb.AmendmentPolicy) -> AmendmentPolicy:
    has = message.HasField
    return AmendmentPolicy(
        price_ratio_percent=message.price_ratio_percent if has("price_ratio_percent") else None,
        term_change_needs_certificate=(
            message.term_change_needs_certificate if has("term_change_needs_certificate") else None
        ),
    )


def _rule_to_proto(rule: HandInRule) -> hand_in_pb2.HandInRule:
    return hand_in_pb2.HandInRule(
        products=[to_proto_enum(product_pb2.Product, each) for each in rule.products],
        version=to_proto_enum(hand_in_pb2.VersionScope, rule.version),
        section=rule.section,
        channel=to_proto_enum(hand_in_pb2.HandInChannel, rule.channel),
        to=rule.to,
        subject=rule.subject,
        body_items=[to_proto_enum(hand_in_pb2.HandInBodyItem, each) for each in rule.body_items],
        before=to_proto_enum(hand_in_pb2.HandInBefore, rule.before),
        phone_confirmation=rule.phone_confirmation,
        other_documents=rule.other_documents,
    )


def _rule_from_proto(message: hand_in_pb2.HandInRule, prefix: str) -> HandInRule:
    version = token_of(hand_in_pb2.VersionScope, message.version, path(prefix, "version"))
    before = token_of(hand_in_pb2.HandInBefore, message.before, path(prefix, "before"))
    items = path(prefix, "body_items")
    return HandInRule(
        products=tuple(_products(message.products, path(prefix, "products"))),
        version=VersionScope(version or VersionScope.ANY),
        section=message.section,
        channel=channel_from_proto(message.channel, path(prefix, "channel")),
        to=message.to,
        subject=message.subject,
        body_items=tuple(
            BodyItem(token_of(hand_in_pb2.HandInBodyItem, each, items)) for each in message.body_items
        ),
        before=Before(before) if before else None,
        phone_confirmation=message.phone_confirmation,
        other_documents=tuple(message.other_documents),
    )


def _products(values: Iterable[int], field: str) -> Iterator[Product]:
    return (Product(token_of(product_pb2.Product, value, field)) for value in values)
