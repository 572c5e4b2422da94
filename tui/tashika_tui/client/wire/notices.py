"""Messages of notices."""

from tashika.v1 import notice_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.values import enum_value, moment, token


def notice(message: notice_pb2.Notice) -> records.Notice:
    """A notice."""
    return records.Notice(
        notice_id=message.notice_id,
        kind=token(message, "kind"),
        contract_id=message.contract_id,
        contract_number=message.contract_number,
        works_name=message.works_name,
        notice_time=moment(message, "notice_time"),
        read_time=moment(message, "read_time"),
    )


def preferences(message: notice_pb2.NoticePreferences) -> records.NoticePreferences:
    """What a person wants."""
    return records.NoticePreferences(
        language=message.language,
        mails=tuple((token(choice, "kind"), choice.mail) for choice in message.choices),
        mail=message.mail,
        mail_off=message.mail_off,
        etag=message.etag,
    )


def preferences_message(wanted: records.NoticePreferences) -> notice_pb2.NoticePreferences:
    """The same, to be sent."""
    return notice_pb2.NoticePreferences(
        language=wanted.language,
        choices=[
            notice_pb2.NoticeChoice(kind=enum_value(notice_pb2.NoticeKind, kind), mail=mail)
            for kind, mail in wanted.mails
        ],
    )
