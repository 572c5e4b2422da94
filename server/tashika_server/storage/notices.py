"""Notices: what happened, who is told of it, what was read, and how many of a person's are unread."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from tashika_server.application.ports import NoticePage, NoticeQuery, UnreadCount, WaitingEvent
from tashika_server.domain.notices import Notice, NoticeEvent, NoticeKind
from tashika_server.storage.codec import micros, moment
from tashika_server.storage.kinds import ABSENT_NUMBER
from tashika_server.storage.lists import COUNT_LIMIT, MAX_PAGE_SIZE
from tashika_server.storage.records import storable
from tashika_server.storage.session import Row, Session

SEQUENCE: Final = "notice"
"""Numbers both the order of notices and the changes of counts."""

EVENT: Final = "e.id, e.kind, e.contract_id, e.contract_number, e.works_name, e.time"
_PAGE: Final = (
    f"SELECT n.position, n.id, n.read_time, {EVENT} FROM notice n JOIN notice_event e ON e.id = n.event_id "  # noqa: S608
)
_UNREAD: Final = " AND n.read_time = -1"
_COUNT: Final = "SELECT count(*) FROM (SELECT 1 FROM notice n WHERE n.user_id = ?{} LIMIT ?) AS counted"
_BOX: Final = "SELECT unread FROM notice_box WHERE user_id = ?"
_CHANGED: Final = "SELECT change, user_id, unread FROM notice_box WHERE change > ? ORDER BY change LIMIT ?"
_LAST_CHANGE: Final = "SELECT max(change) FROM notice_box"
_WAITING: Final = (
    "SELECT id, kind, contract_number, time FROM notice_event WHERE told = 0 ORDER BY time, id LIMIT ?"
)
# A waiting event is there already; one that was told stays as it is.
_TELL: Final = (
    "INSERT INTO notice_event (id, kind, contract_id, contract_number, works_name, time, position, told) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE SET contract_id = excluded.contract_id, "
    "works_name = excluded.works_name, position = excluded.position, told = 1 WHERE notice_event.told = 0"
)
_DROP: Final = "DELETE FROM notice_event WHERE id = ? AND told = 0"
_NOTICE: Final = (
    "INSERT INTO notice (id, event_id, user_id, position, read_time) VALUES (?, ?, ?, ?, -1) "
    "ON CONFLICT (event_id, user_id) DO NOTHING"
)
_ONE_MORE: Final = (
    "INSERT INTO notice_box (user_id, unread, change) VALUES (?, 1, ?) "
    "ON CONFLICT (user_id) DO UPDATE SET unread = notice_box.unread + 1, change = excluded.change"
)
_FEWER: Final = "UPDATE notice_box SET unread = unread - ?, change = ? WHERE user_id = ?"
_THEIRS: Final = "SELECT id FROM notice WHERE user_id = ? AND {} ORDER BY position"
_READ: Final = "UPDATE notice SET read_time = ? WHERE user_id = ? AND read_time = -1 AND {}"
_POSITION: Final = "SELECT position FROM notice WHERE id = ? AND user_id = ?"
_READ_ALL: Final = "UPDATE notice SET read_time = ? WHERE user_id = ? AND read_time = -1 AND position <= ?"

# While number and key are tried: in that transaction the event alone is kept, told of is later.
WAIT: Final = (
    "INSERT INTO notice_event (id, kind, contract_id, contract_number, works_name, time, position, told) "
    "VALUES (?, ?, '', ?, '', ?, 0, 0) ON CONFLICT (id) DO NOTHING"
)


def event_of(row: Sequence[object]) -> NoticeEvent:
    """An event from the columns of ``EVENT``."""
    event_id, kind, contract_id, number, works_name, time = row
    return NoticeEvent(
        str(event_id),
        NoticeKind(str(kind)),
        str(contract_id),
        str(number),
        str(works_name),
        moment(int(str(time))),
    )


class NoticeReader:
    """Notices, to be read."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._text = session.dialect.text

    def page(self, query: NoticeQuery) -> NoticePage:
        """A page of a person's notices."""
        if not storable(query.user_id):
            return NoticePage((), None, None, 0, True, 0)
        size = max(1, min(query.page_size, MAX_PAGE_SIZE))
        rising = query.oldest_first != query.backwards
        rows = self._rows(query, rising, query.after, size + 1)
        more = len(rows) > size
        rows = rows[:size]
        if query.backwards:
            rows.reverse()
        total = self._count(query)
        unread = self.unread(query.user_id)
        if not rows:
            return NoticePage((), None, None, total, total < COUNT_LIMIT, unread)
        first, last = int(rows[0][0]), int(rows[-1][0])
        reached = query.after is not None
        ahead = more if not query.backwards else reached and self._any(query, query.oldest_first, last)
        behind = more if query.backwards else reached and self._any(query, not query.oldest_first, first)
        items = tuple(_notice(row) for row in rows)
        return NoticePage(
            items, last if ahead else None, first if behind else None, total, total < COUNT_LIMIT, unread
        )

    def unread(self, user_id: str) -> int:
        """How many of a person's notices are unread."""
        row = self._session.one(self._text(_BOX), user_id) if storable(user_id) else None
        return 0 if row is None else int(row[0])

    def last_change(self) -> int:
        """The number of the last change of anybody's count."""
        row = self._session.one(_LAST_CHANGE)
        return 0 if row is None or row[0] is None else int(row[0])

    def changed(self, after: int, limit: int) -> Sequence[UnreadCount]:
        """The counts that changed after a change."""
        rows = self._session.all(self._text(_CHANGED), after, limit)
        return tuple(UnreadCount(int(row[0]), str(row[1]), int(row[2])) for row in rows)

    def waiting(self, limit: int) -> Sequence[WaitingEvent]:
        """Events of which nobody is told yet."""
        rows = self._session.all(self._text(_WAITING), limit)
        return tuple(WaitingEvent(row[0], NoticeKind(row[1]), row[2], moment(row[3])) for row in rows)

    def _rows(self, query: NoticeQuery, rising: bool, after: int | None, limit: int) -> list[Row]:
        text = _PAGE + "WHERE n.user_id = ?" + (_UNREAD if query.unread_only else "")
        parameters: list[object] = [query.user_id]
        if after is not None:
            text += f" AND n.position {'>' if rising else '<'} ?"
            parameters.append(after)
        text += f" ORDER BY n.position {'ASC' if rising else 'DESC'} LIMIT ?"
        return self._session.all(self._text(text), *parameters, limit)

    def _any(self, query: NoticeQuery, rising: bool, after: int) -> bool:
        return bool(self._rows(query, rising, after, 1))

    def _count(self, query: NoticeQuery) -> int:
        text = _COUNT.format(_UNREAD if query.unread_only else "")
        row = self._session.one(self._text(text), query.user_id, COUNT_LIMIT)
        return 0 if row is None else int(row[0])


class NoticeWriter(NoticeReader):
    """Notices, to be written. ``next_number`` gives the sequence's next."""

    def __init__(self, session: Session, next_number: Callable[[str], int]) -> None:
        super().__init__(session)
        self._next_number = next_number

    def tell(self, event: NoticeEvent, notices: Mapping[str, str]) -> None:
        """Keep an event with a notice for each person."""
        position = self._next()
        kept = self._session.do(
            self._text(_TELL),
            event.event_id,
            event.kind.value,
            event.contract_id,
            event.contract_number,
            event.works_name,
            micros(event.time),
            position,
        )
        if not kept:
            return
        for user_id, notice_id in notices.items():
            if self._session.do(self._text(_NOTICE), notice_id, event.event_id, user_id, position):
                self._session.do(self._text(_ONE_MORE), user_id, self._next())

    def drop(self, event_id: str) -> None:
        """Forget a waiting event."""
        self._session.do(self._text(_DROP), event_id)

    def mark_read(self, user_id: str, notice_ids: Sequence[str], now: datetime) -> Sequence[str]:
        """Mark a person's notices as read; answers which of the ids are the person's."""
        dialect = self._session.dialect
        among = dialect.in_list("id")
        asked = dialect.list_parameter(sorted({each for each in notice_ids if storable(each)}))
        theirs = self._session.all(self._text(_THEIRS.format(among)), user_id, asked)
        count = self._session.do(self._text(_READ.format(among)), micros(now), user_id, asked)
        self._fewer(user_id, count)
        return tuple(str(row[0]) for row in theirs)

    def mark_all_read(self, user_id: str, up_to_notice_id: str, now: datetime) -> bool:
        """Mark a person's notices as read up to one of them."""
        if not storable(up_to_notice_id):
            return False
        row = self._session.one(self._text(_POSITION), up_to_notice_id, user_id)
        if row is None:
            return False
        self._fewer(user_id, self._session.do(self._text(_READ_ALL), micros(now), user_id, row[0]))
        return True

    def _fewer(self, user_id: str, count: int) -> None:
        if count:
            self._session.do(self._text(_FEWER), count, self._next(), user_id)

    def _next(self) -> int:
        return self._next_number(SEQUENCE)


def forget_notices(session: Session, before: datetime, limit: int) -> int:
    """Delete the oldest events from before a moment with all that tells of them; answers how many rows went."""
    text, dialect = session.dialect.text, session.dialect
    rows = session.all(
        text("SELECT id FROM notice_event WHERE time < ? ORDER BY time LIMIT ?"), micros(before), limit
    )
    if not rows:
        return 0
    asked = dialect.list_parameter([str(row[0]) for row in rows])
    among = dialect.in_list("event_id")
    unread = session.all(
        text(f"SELECT user_id, count(*) FROM notice WHERE read_time = -1 AND {among} GROUP BY user_id"),  # noqa: S608
        asked,
    )
    for user_id, count in unread:
        session.do(text("UPDATE notice_box SET unread = unread - ? WHERE user_id = ?"), int(count), user_id)
    gone = sum(session.do(text(f"DELETE FROM {table} WHERE {among}"), asked) for table in ("notice", "mail"))  # noqa: S608
    return gone + session.do(text(f"DELETE FROM notice_event WHERE {dialect.in_list('id')}"), asked)  # noqa: S608


def _notice(row: Row) -> Notice:
    read_time = None if int(row[2]) == ABSENT_NUMBER else moment(row[2])
    return Notice(str(row[1]), event_of(row[3:]), read_time)
