"""Orderers and their policies."""

from tashika.v1 import orderer_pb2, policy_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.handing_in import hand_in_rule
from tashika_tui.client.wire.values import day, optional, token, tokens


def orderer_row(message: orderer_pb2.Orderer) -> records.OrdererRow:
    """An orderer in a list, which holds the latest version of its policy only."""
    latest = message.policies[-1] if message.policies else None
    return records.OrdererRow(
        orderer_id=message.orderer_id,
        name=message.name,
        prefecture=message.prefecture,
        electronic=latest is not None and latest.policy.HasField("electronic"),
        kana=message.kana,
    )


def orderer(message: orderer_pb2.Orderer) -> records.Orderer:
    """An orderer with its policies."""
    return records.Orderer(
        orderer_id=message.orderer_id,
        name=message.name,
        prefecture=message.prefecture,
        kana=message.kana,
        policies=tuple(_policy(item) for item in message.policies),
        etag=message.etag,
    )


def _policy(message: policy_pb2.PolicyVersion) -> records.OrdererPolicy:
    policy = message.policy
    return records.OrdererPolicy(
        version=message.version,
        valid_from=day(policy, "valid_from"),
        addressee=policy.addressee,
        electronic=_electronic(policy.electronic) if policy.HasField("electronic") else None,
        sections=tuple(
            records.OrdererSection(item.name, item.to, item.addressee) for item in policy.sections
        ),
        hand_in=tuple(hand_in_rule(item) for item in policy.hand_in),
        payment_within_days=optional(policy, "payment_within_days"),
        note=policy.note,
        sources=tuple(policy.sources),
    )


def _electronic(message: policy_pb2.ElectronicPolicy) -> records.ElectronicRule:
    return records.ElectronicRule(
        products=tokens(message, "products"),
        works_kinds=tuple(message.works_kinds),
        guarantor_kinds=tokens(message, "guarantor_kinds"),
        since=day(message, "since"),
        since_basis=token(message, "since_basis"),
    )
