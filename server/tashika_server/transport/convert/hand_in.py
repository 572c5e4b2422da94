"""Handing in: advice, facts, attempts to open."""

from collections.abc import Iterable

from tashika.v1 import hand_in_pb2 as pb
from tashika.v1 import key_service_pb2
from tashika_server.application.ports import OpeningRow
from tashika_server.domain.generations import KeyGeneration
from tashika_server.domain.hand_in_message import HandInMessage, OrdererNotice
from tashika_server.domain.handing_in import HandInAdvice
from tashika_server.domain.key_mail import KeyMailDraft
from tashika_server.domain.model import Fact
from tashika_server.domain.policy import Channel
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.values import moment_to_proto


def advice_to_proto(advice: HandInAdvice) -> pb.HandInAdvice:
    """Give the message of how an orderer wants a key handed in."""
    return pb.HandInAdvice(
        channel=to_proto_enum(pb.HandInChannel, advice.channel),
        section=advice.section,
        to=advice.to,
        subject=advice.subject,
        body_items=[to_proto_enum(pb.HandInBodyItem, item) for item in advice.body_items],
        before=to_proto_enum(pb.HandInBefore, advice.before),
        phone_confirmation=advice.phone_confirmation,
        other_documents=advice.other_documents,
    )


def fact_to_proto(fact: Fact) -> pb.Fact:
    """Give a fact's message."""
    return pb.Fact(
        kind=to_proto_enum(pb.FactKind, fact.kind),
        version=fact.version,
        fact_time=moment_to_proto(fact.time),
        user_id=fact.user_id,
        reported=fact.reported,
        channel=to_proto_enum(pb.HandInChannel, fact.channel),
        note=fact.note,
        generation=fact.generation,
        to=fact.to,
        officer=fact.officer,
        reason=to_proto_enum(pb.KeyReissueReason, fact.reason),
        by_guarantor=fact.by_guarantor,
        mail_id=fact.mail_id,
        failure=to_proto_enum(pb.MailFailure, fact.failure),
    )


def mail_to_proto(draft: KeyMailDraft, confirmation: bytes) -> pb.HandInMail:
    """Give the message of a mail that hands a key in, with what confirms it."""
    return pb.HandInMail(
        from_name=draft.from_name,
        from_address=draft.from_address,
        reply_to=draft.reply_to,
        section=draft.section,
        to=draft.to,
        policy_to=draft.policy_to,
        subject=draft.subject,
        text_before_key=draft.before_key,
        text_after_key=draft.after_key,
        confirmation=confirmation.hex(),
    )


def confirmation_from_proto(text: str) -> bytes:
    """Read a confirmation; one that is none confirms nothing."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def message_to_proto(message: HandInMessage) -> pb.HandInMessage:
    """Give the message of the text that hands a key in."""
    return pb.HandInMessage(
        subject=message.subject,
        own_subject=message.own_subject,
        text_before_key=message.before_key,
        text_after_key=message.after_key,
    )


def orderer_notice_to_proto(notice: OrdererNotice) -> pb.OrdererNotice:
    """Give the message of what an orderer is told of a re-issue."""
    return pb.OrdererNotice(section=notice.section, to=notice.to, subject=notice.subject, text=notice.text)


def key_to_proto(key: KeyGeneration) -> pb.KeyGeneration:
    """Give the message of one of a contract's keys, without its first opening."""
    return pb.KeyGeneration(
        generation=key.generation,
        create_time=moment_to_proto(key.created),
        revoke_time=moment_to_proto(key.revoked),
        reason=to_proto_enum(pb.KeyReissueReason, key.reason),
        by_guarantor=key.by_guarantor,
    )


def channel_from_proto(value: int, field: str = "channel") -> Channel:
    """Read a way of handing in; 0 is a way of its own, the one that was not specified."""
    return Channel(token_of(pb.HandInChannel, value, field) or Channel.UNSPECIFIED)


def openings_to_proto(rows: Iterable[OpeningRow]) -> key_service_pb2.ListOpeningsResponse:
    """Give the message of attempts to open, in the order given."""
    return key_service_pb2.ListOpeningsResponse(
        openings=[
            key_service_pb2.Opening(
                open_time=moment_to_proto(row.time),
                success=row.success,
                peer=row.peer,
                generation=row.generation,
            )
            for row in rows
        ]
    )
