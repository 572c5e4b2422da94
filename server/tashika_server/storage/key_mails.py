"""The mails that hand keys in: references to a contract, a version and a receiver, never a key or a text."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tashika_server.application.ports import ClaimedKeyMail, MailRow
from tashika_server.domain.key_mail import KeyMail
from tashika_server.domain.mailing import MailState
from tashika_server.storage.codec import micros, moment
from tashika_server.storage.mail_queue import MailQueue, forget_ended
from tashika_server.storage.session import Session

KIND: Final = "KEY"
"""What the operator reads in place of a notice's kind."""

_COLUMNS: Final = "id, contract_id, version, generation, address, confirmation, user_id"
_PUT: Final = (
    f"INSERT INTO key_mail ({_COLUMNS}, state, attempts, first_time, time, lease, message_id, reason) "  # noqa: S608
    "VALUES (?, ?, ?, ?, ?, ?, ?, 'PENDING', 0, ?, ?, '', '', '')"
)
_DROP: Final = "DELETE FROM key_mail WHERE contract_id = ? AND state = 'PENDING'"
_DUE: Final = (
    f"SELECT {_COLUMNS}, attempts, first_time, message_id FROM key_mail "  # noqa: S608
    "WHERE state = 'PENDING' AND time <= ? ORDER BY time, id LIMIT 1"
)
_ROWS: Final = (
    "SELECT m.id, m.state, c.number, m.address, m.attempts, m.first_time, m.time, m.reason "
    "FROM key_mail m JOIN contract c ON c.id = m.contract_id WHERE m.state = ? ORDER BY m.time, m.id LIMIT ?"
)


class KeyMailReader(MailQueue):
    """The mails that hand keys in, to be read."""

    TABLE = "key_mail"

    def rows(self, state: MailState, limit: int) -> Sequence[MailRow]:
        """The mails in a state."""
        return tuple(
            MailRow(
                mail_id=row[0],
                state=MailState(row[1]),
                kind=KIND,
                contract_number=row[2],
                address=row[3],
                attempts=int(row[4]),
                first_time=moment(row[5]),
                next_time=moment(row[6]),
                reason=row[7],
            )
            for row in self._session.all(self._text(_ROWS), state.value, limit)
        )


class KeyMailWriter(KeyMailReader):
    """The mails that hand keys in, to be written."""

    def put(self, mail: KeyMail, now: datetime) -> None:
        """Keep one to be sent."""
        time = micros(now)
        self._session.do(
            self._text(_PUT),
            mail.mail_id,
            mail.contract_id,
            mail.version,
            mail.generation,
            mail.address,
            mail.confirmation,
            mail.user_id,
            time,
            time,
        )

    def drop(self, contract_id: str) -> None:
        """Forget those of a contract that wait; its facts tell why."""
        self._session.do(self._text(_DROP), contract_id)

    def claim(self, now: datetime, until: datetime, lease: str, host: str) -> ClaimedKeyMail | None:
        """Take the one that is due first."""
        row = self._session.one(self._text(_DUE) + self._session.dialect.lock, micros(now))
        if row is None:
            return None
        mail = KeyMail(row[0], row[1], int(row[2]), int(row[3]), row[4], bytes(row[5]), row[6])
        message_id = self._take(mail.mail_id, until, lease, row[9], host)
        return ClaimedKeyMail(mail, message_id, int(row[7]) + 1, moment(row[8]), lease, until)


def forget_key_mails(session: Session, before: datetime, limit: int) -> int:
    """Delete what was sent or given up before a moment; the contract's facts tell of it. Answers how many went."""
    return forget_ended(session, KeyMailReader.TABLE, (MailState.SENT, MailState.DEAD), before, limit)
