"""Notices, and what people want of them."""

from tashika.v1 import notice_pb2 as pb
from tashika.v1 import notice_service_pb2 as service
from tashika_server.application.notices import Preferences
from tashika_server.application.ports import NoticePage, NoticeQuery
from tashika_server.domain.notices import Notice, NoticeKind
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.lists import DEFAULT_PAGE_SIZE
from tashika_server.transport.convert.pages import PageTokens
from tashika_server.transport.convert.values import etag_of, moment_to_proto


def notices_query(request: service.ListNoticesRequest, user_id: str) -> NoticeQuery:
    """Read ListNotices."""
    return NoticeQuery(
        user_id=user_id,
        unread_only=request.unread_only,
        oldest_first=request.oldest_first,
        page_size=request.page_size or DEFAULT_PAGE_SIZE,
        backwards=request.from_end,
    )


def notices_page(page: NoticePage, tokens: PageTokens) -> service.ListNoticesResponse:
    """Give the answer of ListNotices."""
    return service.ListNoticesResponse(
        notices=[notice_to_proto(each) for each in page.items],
        next_page_token=tokens.next,
        previous_page_token=tokens.previous,
        total_size=page.total,
        total_size_exact=page.total_exact,
        unread_size=page.unread,
    )


def notice_to_proto(notice: Notice) -> pb.Notice:
    """Give a notice's message."""
    event = notice.event
    return pb.Notice(
        notice_id=notice.notice_id,
        kind=to_proto_enum(pb.NoticeKind, event.kind),
        contract_id=event.contract_id,
        contract_number=event.contract_number,
        works_name=event.works_name,
        notice_time=moment_to_proto(event.time),
        read_time=moment_to_proto(notice.read_time),
    )


def preferences_to_proto(preferences: Preferences) -> pb.NoticePreferences:
    """Give the message of what a person wants."""
    chosen = preferences.chosen
    return pb.NoticePreferences(
        language=chosen.language,
        choices=[
            pb.NoticeChoice(kind=to_proto_enum(pb.NoticeKind, kind), mail=kind not in chosen.no_mail)
            for kind in preferences.kinds
        ],
        mail=preferences.mail,
        mail_off=not preferences.sends_mail,
        etag=etag_of(chosen.revision),
    )


def no_mail_from_proto(message: pb.NoticePreferences) -> frozenset[NoticeKind]:
    """Read the kinds of which no mail is wanted; of a kind that is named twice the last choice counts."""
    choices = {
        NoticeKind(token_of(pb.NoticeKind, each.kind, f"preferences.choices[{place}].kind")): each.mail
        for place, each in enumerate(message.choices)
    }
    return frozenset(kind for kind, mail in choices.items() if not mail)
