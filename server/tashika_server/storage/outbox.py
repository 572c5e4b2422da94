"""The outbox: mails that wait, were sent, or could not be, one for an event and a receiver."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tashika_server.application.ports import Letter, MailRow
from tashika_server.domain.mailing import MailState
from tashika_server.domain.notices import Addressee, NoticeEvent, Party
from tashika_server.storage.codec import micros, moment
from tashika_server.storage.mail_queue import MailQueue, forget_ended
from tashika_server.storage.notices import EVENT, event_of
from tashika_server.storage.records import storable
from tashika_server.storage.session import Session

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
_REVIVE: Final = (
    "UPDATE mail SET state = 'PENDING', time = ?, first_time = ?, attempts = 0, reason = '' "
    "WHERE id = ? AND state = 'DEAD'"
)


class OutboxReader(MailQueue):
    """The outbox, to be read."""

    TABLE = "mail"

    def rows(self, state: MailState, limit: int) -> Sequence[MailRow]:
        """The mails in a state."""
        return tuple(
            MailRow(
                mail_id=row[0],
                state=MailState(row[1]),
                kind=row[2],
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
        message_id = self._take(str(mail_id), until, lease, message_id, host)
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

    def revive(self, mail_id: str, now: datetime) -> bool:
        """Try one that was given up again."""
        if not storable(mail_id):
            return False
        return bool(self._session.do(self._text(_REVIVE), micros(now), micros(now), mail_id))


def forget_sent(session: Session, before: datetime, limit: int) -> int:
    """Delete mails that were sent before a moment; answers how many went."""
    return forget_ended(session, OutboxReader.TABLE, (MailState.SENT,), before, limit)
