"""What the two outboxes share: mails that wait in a table, are claimed by one sender, and then sent or given up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from tashika_server.domain.mailing import MailState
from tashika_server.storage.codec import micros, moment
from tashika_server.storage.records import storable
from tashika_server.storage.session import Session

_NEXT: Final = "SELECT time FROM {table} WHERE state = 'PENDING' ORDER BY time, id LIMIT 1"
_COUNT: Final = "SELECT count(*) FROM {table} WHERE state = ?"
_CLAIM: Final = (
    "UPDATE {table} SET time = ?, lease = ?, attempts = attempts + 1, message_id = ? "
    "WHERE id = ? AND state = 'PENDING'"
)
# Only who holds the lease says what became of it.
_SETTLE: Final = (
    "UPDATE {table} SET state = ?, time = ?, reason = ?, lease = '', attempts = attempts - ? "
    "WHERE id = ? AND lease = ? AND lease <> '' AND state = 'PENDING'"
)


class MailQueue:
    """One table of mails. A claimed one is due again when its lease ends."""

    TABLE: str

    def __init__(self, session: Session) -> None:
        self._session = session
        self._text = session.dialect.text

    def next_time(self) -> datetime | None:
        """When the next mail is due."""
        row = self._session.one(self._own(_NEXT))
        return None if row is None else moment(row[0])

    def counts(self) -> Mapping[MailState, int]:
        """How many wait, and how many were given up; those that were sent are not counted: they are very many."""
        counts = {}
        for state in (MailState.PENDING, MailState.DEAD):
            row = self._session.one(self._own(_COUNT), state.value)
            counts[state] = 0 if row is None else int(row[0])
        return counts

    def sent(self, mail_id: str, lease: str, now: datetime) -> bool:
        """Note that the mail server has it."""
        return self._settle(mail_id, lease, MailState.SENT, now, "")

    def postpone(
        self, mail_id: str, lease: str, next_time: datetime, reason: str, *, counted: bool = True
    ) -> bool:
        """Let it wait."""
        return self._settle(mail_id, lease, MailState.PENDING, next_time, reason, 0 if counted else 1)

    def bury(self, mail_id: str, lease: str, now: datetime, reason: str) -> bool:
        """Give it up."""
        return self._settle(mail_id, lease, MailState.DEAD, now, reason)

    def _own(self, statement: str) -> str:
        return self._text(statement.format(table=self.TABLE))

    def _take(self, mail_id: str, until: datetime, lease: str, message_id: str, host: str) -> str:
        """Claim a mail until a moment; answers its Message-ID, which stays as it was at the first claim."""
        message_id = message_id or f"<{mail_id.lower()}@{host}>"
        self._session.do(self._own(_CLAIM), micros(until), lease, message_id, mail_id)
        return message_id

    def _settle(
        self, mail_id: str, lease: str, state: MailState, time: datetime, reason: str, less: int = 0
    ) -> bool:
        values = (state.value, micros(time), storable_text(reason), less, mail_id, lease)
        return bool(self._session.do(self._own(_SETTLE), *values))


def storable_text(text: str) -> str:
    """A text without what no store holds: NUL is in none of PostgreSQL's, half a surrogate pair is no text at all."""
    return text if storable(text) else "".join(each for each in text if storable(each))


def forget_ended(
    session: Session, table: str, states: tuple[MailState, ...], before: datetime, limit: int
) -> int:
    """Delete mails of a table that ended before a moment; answers how many went."""
    marks = ", ".join("?" for _ in states)
    return session.do(
        session.dialect.text(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} "  # noqa: S608
            f"WHERE state IN ({marks}) AND time < ? ORDER BY time LIMIT ?)"
        ),
        *(state.value for state in states),
        micros(before),
        limit,
    )
