"""The outbox: mails that wait, were sent, or could not be, one for an event and a receiver."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from tashika_server.application.ports import Letter, MailRow
from tashika_server.domain.mailing import MailState
from tashika_server.domain.notices import Addressee, NoticeEvent, NoticeKind, Party
from tashika_server.storage.codec import micros, moment
from tashika_server.storage.notices import EVENT, event_of
from tashika_server.storage.records import storable
from tashika_server.storage.session import Session

_NEXT: Final = "SELECT time FROM mail WHERE state = 'PENDING' ORDER BY time, id LIMIT 1"
_COUNT: Final = "SELECT count(*) FROM mail WHERE state = ?"
_ROWS: Final = (
    "SELECT m.id, m.state, e.kind, e.contract_number, m.address, m.attempts, m.first_time, m.time, m.reason "
    "FROM mail m JOIN notice_event e ON e.id = m.event_id WHERE m.state = ? ORDER BY m.time, m.id LIMIT ?"
)
_PUT: Final = (
    "INSERT INTO mail (id, event_id, receiver, address, language, party, state, attempts, first_time, time, lease, "
    "message_id, reason) VALUES (?, ?, ?, ?, ?, ?, 'PENDING', 0, ?, ?, '', '', '') "
    "ON CONFLICT (event_id, receiver) DO NOTHING"
)
_DUE: Final = (
    "SELECT id, receiver, address, language, party, attempts, first_time, message_id, event_id FROM mail "
    "WHERE state = 'PENDING' AND time <= ? ORDER BY time, id LIMIT 1"
)
_EVENT: Final = f"SELECT {EVENT} FROM notice_event e WHERE e.id = ?"  # noqa: S608
_CLAIM: Final = (
    "UPDATE mail SET time = ?, lease = ?, attempts = attempts + 1, message_id = ? "
    "WHERE id = ? AND state = 'PENDING'"
)
# Only who holds the lease says what became of it.
_SETTLE: Final = (
    "UPDATE mail SET state = ?, time = ?, reason = ?, lease = '', attempts = attempts - ? "
    "WHERE id = ? AND lease = ? AND lease <> '' AND state = 'PENDING'"
)
_REVIVE: Final = (
    "UPDATE mail SET state = 'PENDING', time = ?, first_time = ?, attempts = 0, reason = '' "
    "WHERE id = ? AND state = 'DEAD'"
)


class OutboxReader:
    """The outbox, to be read."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._text = session.dialect.text

    def next_time(self) -> datetime | None:
        """When the next mail is due."""
        row = self._session.one(_NEXT)
        return None if row is None else moment(row[0])

    def counts(self) -> Mapping[MailState, int]:
        """How many wait, and how many were given up; those that were sent are not counted: they are very many."""
        counts = {}
        for state in (MailState.PENDING, MailState.DEAD):
            row = self._session.one(self._text(_COUNT), state.value)
            counts[state] = 0 if row is None else int(row[0])
        return counts

    def rows(self, state: MailState, limit: int) -> Sequence[MailRow]:
        """The mails in a state."""
        return tuple(
            MailRow(
                mail_id=row[0],
                state=MailState(row[1]),
                kind=NoticeKind(row[2]),
                contract_number=row[3],
                address=row[4],
                attempts=int(row[5]),
                first_time=moment(row[6]),
                next_time=moment(row[7]),
                reason=row[8],
            )
            for row in self._session.all(self._text(_ROWS), state.value, limit)
        )


class OutboxWriter(OutboxReader):
    """The outbox, to be written."""

    def put(self, mail_id: str, event: NoticeEvent, addressee: Addressee) -> None:
        """Keep a mail to be sent."""
        time = micros(event.time)
        self._session.do(
            self._text(_PUT),
            mail_id,
            event.event_id,
            addressee.receiver,
            addressee.address,
            addressee.language,
            addressee.party.value,
            time,
            time,
        )

    def claim(self, now: datetime, until: datetime, lease: str, host: str) -> Letter | None:
        """Take the mail that is due first."""
        row = self._session.one(self._text(_DUE) + self._session.dialect.lock, micros(now))
        if row is None:
            return None
        mail_id, receiver, address, language, party, attempts, first_time, message_id, event_id = row
        message_id = message_id or f"<{str(mail_id).lower()}@{host}>"
        self._session.do(self._text(_CLAIM), micros(until), lease, message_id, mail_id)
        event = self._session.one(self._text(_EVENT), event_id)
        assert event is not None  # a mail refers to its event
        return Letter(
            mail_id=mail_id,
            event=event_of(event),
            addressee=Addressee(receiver, address, language, Party(party)),
            message_id=message_id,
            attempts=int(attempts) + 1,
            first_time=moment(first_time),
            lease=lease,
            lease_until=until,
        )

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

    def revive(self, mail_id: str, now: datetime) -> bool:
        """Try one that was given up again."""
        if not storable(mail_id):
            return False
        return bool(self._session.do(self._text(_REVIVE), micros(now), micros(now), mail_id))

    def _settle(
        self, mail_id: str, lease: str, state: MailState, time: datetime, reason: str, less: int = 0
    ) -> bool:
        # NUL is in no text of PostgreSQL's, and half a surrogate pair is no text at all.
        said = reason if storable(reason) else "".join(each for each in reason if storable(each))
        return bool(
            self._session.do(self._text(_SETTLE), state.value, micros(time), said, less, mail_id, lease)
        )


def forget_sent(session: Session, before: datetime, limit: int) -> int:
    """Delete mails that were sent before a moment; answers how many went."""
    return session.do(
        session.dialect.text(
            "DELETE FROM mail WHERE id IN "
            "(SELECT id FROM mail WHERE state = 'SENT' AND time < ? ORDER BY time LIMIT ?)"
        ),
        micros(before),
        limit,
    )
