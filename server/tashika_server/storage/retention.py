"""What is forgotten in time: answers to repeated calls, windows of failures, sessions that are over, notices, mails.

Records, their history, the audit trail, attempts and the log are not touched here: what a notice told of is there.
"""

from datetime import datetime, timedelta
from typing import Final

from tashika_server.storage.codec import micros
from tashika_server.storage.key_mails import forget_key_mails
from tashika_server.storage.notices import forget_notices
from tashika_server.storage.outbox import forget_sent
from tashika_server.storage.session import Session

# AIP-155: how long a repeated call is recognised.
REPLAY_DAYS: Final = 30
# A step is one command among others in its group: a thousand rows take some milliseconds.
STEP_ROWS: Final = 1_000
# Windows are minutes long; a day of them is there for whoever looks into an attack.
THROTTLE_DAYS: Final = 1
# A session past its end answers "expired" for a while, and not "unknown".
SESSION_DAYS: Final = 7
# A notice is of use until the works are done and the papers of their year are filed.
NOTICE_DAYS: Final = 400
# An event takes half a dozen rows with it.
STEP_EVENTS: Final = 200
# Long enough to answer "was the mail sent?"; the notice stays in the client.
SENT_MAIL_DAYS: Final = 90

_IDEMPOTENCY: Final = (
    "DELETE FROM idempotency WHERE (principal, method, request_id) IN "
    "(SELECT principal, method, request_id FROM idempotency WHERE time < ? ORDER BY time LIMIT ?)"
)
_THROTTLE: Final = (
    "DELETE FROM throttle WHERE (bucket, window_start) IN "
    "(SELECT bucket, window_start FROM throttle WHERE window_start < ? ORDER BY window_start LIMIT ?)"
)
_SESSIONS: Final = (
    "DELETE FROM session WHERE id IN "
    "(SELECT id FROM session WHERE expires_time < ? ORDER BY expires_time LIMIT ?)"
)
_RULES: Final = ((_IDEMPOTENCY, REPLAY_DAYS), (_THROTTLE, THROTTLE_DAYS), (_SESSIONS, SESSION_DAYS))


def forget(session: Session, now: datetime) -> int:
    """Delete what is over, at most ``STEP_ROWS`` rows of each; answers how many went (0: all done)."""
    text = session.dialect.text
    gone = sum(
        session.do(text(statement), micros(now - timedelta(days=days)), STEP_ROWS)
        for statement, days in _RULES
    )
    for forget_mails in (forget_sent, forget_key_mails):
        gone += forget_mails(session, now - timedelta(days=SENT_MAIL_DAYS), STEP_ROWS)
    return gone + forget_notices(session, now - timedelta(days=NOTICE_DAYS), STEP_EVENTS)
