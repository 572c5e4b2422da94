"""Page tokens of lists: where a query goes on, bound to everything that must not change between pages."""

from dataclasses import replace
from typing import Protocol

from tashika_server.application.ports import ListQuery, NoticePage, NoticeQuery, Page
from tashika_server.transport.call import Call
from tashika_server.transport.convert.pages import PageTokens
from tashika_server.transport.page_tokens import PageTokenSeal, Position


class Paged(Protocol):
    """The field of every List request that a query does not hold."""

    @property
    def page_token(self) -> str: ...


class Paging:
    """Goes on from page tokens, and makes them."""

    def __init__(self, seal: PageTokenSeal) -> None:
        self._seal = seal

    def resume(self, request: Paged, query: ListQuery, call: Call) -> ListQuery:
        """Give the query from the token's position on; PAGE_TOKEN_INVALID for a token of another list."""
        if not request.page_token:
            return query
        position = self._seal.read(_bound(query, call), request.page_token)
        after = (position.sort_value, position.entity_id)
        return replace(query, after=after, from_value=None, backwards=position.backwards)

    def tokens(self, query: ListQuery, page: Page, call: Call) -> PageTokens:
        """Give the tokens of the neighbouring pages. ``query`` is the one before ``resume``."""
        bound = _bound(query, call)

        def token(position: tuple[str, str] | None, backwards: bool) -> str:
            return self._seal.make(bound, Position(*position, backwards)) if position else ""

        return PageTokens(token(page.next_after, False), token(page.previous_before, True))

    def resume_notices(self, request: Paged, query: NoticeQuery, call: Call) -> NoticeQuery:
        """Give the query for notices from the token's position on; PAGE_TOKEN_INVALID as for ``resume``."""
        if not request.page_token:
            return query
        position = self._seal.read(_notices_bound(query, call), request.page_token)
        return replace(query, after=int(position.sort_value), backwards=position.backwards)

    def notice_tokens(self, query: NoticeQuery, page: NoticePage, call: Call) -> PageTokens:
        """Give the tokens of the neighbouring pages. ``query`` is the one before ``resume_notices``."""
        bound = _notices_bound(query, call)

        def token(position: int | None, backwards: bool) -> str:
            return "" if position is None else self._seal.make(bound, Position(str(position), "", backwards))

        return PageTokens(token(page.next_after, False), token(page.previous_before, True))


def _notices_bound(query: NoticeQuery, call: Call) -> bytes:
    flags = (query.unread_only, query.oldest_first, query.backwards)
    return "\x1f".join([call.method, call.caller.user_id, *map(str, flags)]).encode()


def _bound(query: ListQuery, call: Call) -> bytes:
    """What must stay the same from page to page: the list, whose it is, its filters, its order and its start."""
    parts = [
        call.method,
        call.caller.organization_id,
        query.sort,
        str(query.descending),
        str(query.backwards),
        query.from_value or "",
        query.search,
        *(f"{name}={value}" for name, value in sorted(query.equals.items())),
    ]
    return "\x1f".join(parts).encode()
