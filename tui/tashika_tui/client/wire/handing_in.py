"""Facts, advice, keys and openings."""

from tashika.v1 import hand_in_pb2, key_service_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.values import moment, token, tokens


def fact(message: hand_in_pb2.Fact) -> records.Fact:
    """What happened to a version."""
    return records.Fact(
        kind=token(message, "kind"),
        version=message.version,
        fact_time=moment(message, "fact_time"),
        reported=message.reported,
        channel=token(message, "channel"),
        note=message.note,
        generation=message.generation,
        to=message.to,
        officer=message.officer,
        reason=token(message, "reason"),
        by_guarantor=message.by_guarantor,
        mail_id=message.mail_id,
        failure=token(message, "failure"),
    )


def hand_in_mail(message: hand_in_pb2.HandInMail) -> records.HandInMail:
    """The mail that hands a key in."""
    return records.HandInMail(
        from_name=message.from_name,
        from_address=message.from_address,
        reply_to=message.reply_to,
        section=message.section,
        to=message.to,
        policy_to=message.policy_to,
        subject=message.subject,
        text_before_key=message.text_before_key,
        text_after_key=message.text_after_key,
        confirmation=message.confirmation,
    )


def key_generation(message: hand_in_pb2.KeyGeneration) -> records.KeyGeneration:
    """One of a contract's keys."""
    return records.KeyGeneration(
        generation=message.generation,
        create_time=moment(message, "create_time"),
        revoke_time=moment(message, "revoke_time"),
        reason=token(message, "reason"),
        by_guarantor=message.by_guarantor,
        first_open_time=moment(message, "first_open_time"),
    )


def hand_in_message(message: hand_in_pb2.HandInMessage) -> records.HandInMessage:
    """The message that hands a key in."""
    return records.HandInMessage(
        message.subject, message.own_subject, message.text_before_key, message.text_after_key
    )


def orderer_notice(message: hand_in_pb2.OrdererNotice) -> records.OrdererNotice:
    """What an orderer is told of a re-issue."""
    return records.OrdererNotice(message.section, message.to, message.subject, message.text)


def advice(message: hand_in_pb2.HandInAdvice) -> records.HandInAdvice:
    """How the orderer wants the key."""
    return records.HandInAdvice(
        channel=token(message, "channel"),
        section=message.section,
        to=message.to,
        subject=message.subject,
        body_items=tokens(message, "body_items"),
        before=token(message, "before"),
        phone_confirmation=message.phone_confirmation,
        other_documents=tuple(message.other_documents),
    )


def hand_in_rule(message: hand_in_pb2.HandInRule) -> records.HandInRule:
    """A rule of a policy."""
    return records.HandInRule(
        products=tokens(message, "products"),
        version=token(message, "version"),
        section=message.section,
        channel=token(message, "channel"),
        to=message.to,
        subject=message.subject,
        body_items=tokens(message, "body_items"),
        before=token(message, "before"),
        phone_confirmation=message.phone_confirmation,
        other_documents=tuple(message.other_documents),
    )


def key(message: key_service_pb2.GetKeyResponse) -> records.Key:
    """A key in clear."""
    return records.Key(
        contract_number=message.contract_number,
        key=message.key,
        generation=message.generation,
        create_time=moment(message, "create_time"),
    )


def opening(message: key_service_pb2.Opening) -> records.Opening:
    """An attempt to open."""
    return records.Opening(moment(message, "open_time"), message.success, message.peer, message.generation)
