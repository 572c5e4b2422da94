"""The caller's notices."""

from collections.abc import Sequence

from tashika.v1 import notice_service_pb2 as notices
from tashika_tui.client import records
from tashika_tui.client.gateway.calls import Calls
from tashika_tui.client.gateway.paging import page_of
from tashika_tui.client.wire import notices as wire


class NoticeCalls(Calls):
    """The port's `Notices`."""

    async def list_notices(
        self, page: records.PageRequest, *, unread_only: bool = False
    ) -> records.Page[records.Notice]:
        """A page of the caller's notices."""
        request = notices.ListNoticesRequest(
            unread_only=unread_only, page_size=page.size, page_token=page.token, from_end=page.from_end
        )
        answer = await self._unary(self._notices.ListNotices, request)
        return page_of(tuple(wire.notice(item) for item in answer.notices), answer)

    async def mark_read(self, notice_ids: Sequence[str] = (), *, up_to: str = "", request_id: str) -> int:
        """Marks notices as read."""
        request = notices.MarkReadRequest(request_id=request_id, notice_ids=notice_ids, up_to_notice_id=up_to)
        return (await self._unary(self._notices.MarkRead, request)).unread_size

    async def get_notice_preferences(self) -> records.NoticePreferences:
        """What the caller wants of notices."""
        answer = await self._unary(self._notices.GetPreferences, notices.GetPreferencesRequest())
        return wire.preferences(answer.preferences)

    async def set_notice_preferences(
        self, wanted: records.NoticePreferences, *, request_id: str
    ) -> records.NoticePreferences:
        """Replaces what the caller wants of notices."""
        request = notices.SetPreferencesRequest(
            request_id=request_id, etag=wanted.etag, preferences=wire.preferences_message(wanted)
        )
        return wire.preferences((await self._unary(self._notices.SetPreferences, request)).preferences)
