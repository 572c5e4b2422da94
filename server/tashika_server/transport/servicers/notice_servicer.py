"""NoticeService."""

from tashika.v1 import notice_service_pb2 as pb
from tashika_server.application.notices import Notices
from tashika_server.transport.call import Call
from tashika_server.transport.convert.notices import (
    no_mail_from_proto,
    notices_page,
    notices_query,
    preferences_to_proto,
)
from tashika_server.transport.convert.values import revision_of
from tashika_server.transport.methods import Handler, Method, service
from tashika_server.transport.servicers.paging import Paging


class NoticeServicer:
    """The caller's own notices."""

    def __init__(self, notices: Notices, paging: Paging) -> None:
        self._notices = notices
        self._paging = paging

    async def list_notices(self, request: pb.ListNoticesRequest, call: Call) -> pb.ListNoticesResponse:
        """List notices."""
        query = notices_query(request, call.caller.user_id)
        page = await self._notices.list(call.caller, self._paging.resume_notices(request, query, call))
        return notices_page(page, self._paging.notice_tokens(query, page, call))

    async def mark_read(self, request: pb.MarkReadRequest, call: Call) -> pb.MarkReadResponse:
        """Mark notices as read."""
        unread = await self._notices.mark_read(
            call.caller, request.notice_ids, request.up_to_notice_id, call.replay(request)
        )
        return pb.MarkReadResponse(unread_size=unread)

    async def get_preferences(self, _: pb.GetPreferencesRequest, call: Call) -> pb.GetPreferencesResponse:
        """Say what the caller wants."""
        found = await self._notices.preferences(call.caller)
        return pb.GetPreferencesResponse(preferences=preferences_to_proto(found))

    async def set_preferences(
        self, request: pb.SetPreferencesRequest, call: Call
    ) -> pb.SetPreferencesResponse:
        """Change what the caller wants."""
        wanted = request.preferences
        chosen = await self._notices.choose(
            call.caller,
            wanted.language,
            no_mail_from_proto(wanted),
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.SetPreferencesResponse(preferences=preferences_to_proto(chosen))

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "ListNotices": self.list_notices,
            "MarkRead": self.mark_read,
            "GetPreferences": self.get_preferences,
            "SetPreferences": self.set_preferences,
        }
        return service("tashika.v1.NoticeService", handlers)
