"""Sessions, attempts to open, the log and the counters of failures: what has no history of its own."""

from collections.abc import Sequence
from datetime import datetime

from tashika_server.application.ports import Change, OpeningRow
from tashika_server.domain.model import Session as SignedIn
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.storage.codec import micros, moment
from tashika_server.storage.errors import ConstraintError
from tashika_server.storage.pending import Pending, PendingChange
from tashika_server.storage.records import storable
from tashika_server.storage.session import Row, Session
from tashika_server.storage.statements import Statements

SESSION_KIND = "session"

_ADD_SESSION = (
    "INSERT INTO session (id, user_id, secret_hash, created_time, last_used_time, expires_time, language) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
# Calls of one session may reach the store out of order; the idle time only moves on.
_TOUCH_SESSION = "UPDATE session SET last_used_time = ? WHERE id = ? AND last_used_time < ?"
_DELETE_SESSION = "DELETE FROM session WHERE id = ?"
_SESSIONS_OF_USER = "SELECT id FROM session WHERE user_id = ? ORDER BY id"
_DELETE_OF_USER = "DELETE FROM session WHERE user_id = ?"

# Two ranges of one index: right and wrong attempts, each from its newest.
_OPENINGS = (
    "SELECT id, time, success, peer, generation FROM opening WHERE number = ? AND success = ? "
    "ORDER BY id DESC LIMIT ?"
)
_FIRST_SUCCESS = "SELECT time FROM opening WHERE number = ? AND success = 1 ORDER BY id LIMIT 1"
# A certificate is opened some ten times, so that looking through these is next to nothing.
_FIRST_WITH_KEY = (
    "SELECT time FROM opening WHERE number = ? AND success = 1 AND generation = ? ORDER BY id LIMIT 1"
)

_LOG_SIZE = "SELECT log_size FROM head WHERE id = 1"
_NODE = "SELECT hash FROM log_node WHERE level = ? AND place = ?"
_LEAF = "SELECT data FROM leaf WHERE leaf_index = ?"
_CHECKPOINT = "SELECT note FROM checkpoint WHERE id = 1"
# An older checkpoint never replaces a newer one.
_PUT_CHECKPOINT = (
    "INSERT INTO checkpoint (id, size, note) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE "
    "SET size = excluded.size, note = excluded.note WHERE excluded.size >= checkpoint.size"
)

_FAILURES = "SELECT count FROM throttle WHERE bucket = ? AND window_start = ?"
_ADD_FAILURE = (
    "INSERT INTO throttle (bucket, window_start, count) VALUES (?, ?, 1) "
    "ON CONFLICT (bucket, window_start) DO UPDATE SET count = throttle.count + 1 RETURNING count"
)


class SessionReader:
    """Signed-in people."""

    def __init__(self, session: Session, statements: Statements) -> None:
        self._session = session
        self._statements = statements

    def get(self, session_id: str) -> SignedIn | None:
        """A session, also one that is past its time."""
        if not storable(session_id):
            return None
        row = self._session.one(self._statements.session_get, session_id)
        return None if row is None else _signed_in(row)


def _signed_in(row: Row) -> SignedIn:
    return SignedIn(row[0], row[1], bytes(row[2]), moment(row[3]), moment(row[4]), moment(row[5]), row[6])


class SessionWriter(SessionReader):
    """Signed-in people, to be written; signing in and out is audited."""

    def __init__(self, session: Session, statements: Statements, pending: Pending) -> None:
        super().__init__(session, statements)
        self._pending = pending

    def _do(self, sql: str, *values: object) -> int:
        return self._session.do(self._statements.dialect.text(sql), *values)

    def add(self, session: SignedIn, change: Change) -> None:
        """Remember a new session. Raises RefusedError(ALREADY_EXISTS)."""
        times = [micros(at) for at in (session.created_time, session.last_used_time, session.expires_time)]
        try:
            self._do(
                _ADD_SESSION,
                session.session_id,
                session.user_id,
                session.secret_hash,
                *times,
                session.language,
            )
        except ConstraintError as error:
            raise refuse(Reason.ALREADY_EXISTS, error.column) from error
        self._audit(session.session_id, change)

    def touch(self, session_id: str, last_used_time: datetime) -> None:
        """Move the idle time on."""
        if storable(session_id):
            used = micros(last_used_time)
            self._do(_TOUCH_SESSION, used, session_id, used)

    def delete(self, session_id: str, change: Change) -> None:
        """Forget a session; one that is not there needs no forgetting, and no audit row."""
        if storable(session_id) and self._do(_DELETE_SESSION, session_id):
            self._audit(session_id, change)

    def delete_of_user(self, user_id: str, change: Change) -> None:
        """Forget every session of a person, with an audit row for each."""
        if not storable(user_id):
            return
        rows = self._session.all(self._statements.dialect.text(_SESSIONS_OF_USER), user_id)
        self._do(_DELETE_OF_USER, user_id)
        for row in rows:
            self._audit(row[0], change)

    def _audit(self, session_id: str, change: Change) -> None:
        self._pending.changes.append(PendingChange(change, SESSION_KIND, session_id, None, recorded=False))


class OpeningReader:
    """Attempts to open."""

    def __init__(self, session: Session, statements: Statements) -> None:
        self._session = session
        self._text = statements.dialect.text

    def of_number(self, number: str, limit: int) -> Sequence[OpeningRow]:
        """The latest attempts, the newest first."""
        if not storable(number) or limit <= 0:
            return ()
        sql = self._text(_OPENINGS)
        rows = [row for success in (0, 1) for row in self._session.all(sql, number, success, limit)]
        rows.sort(key=lambda row: -int(row[0]))
        return tuple(
            OpeningRow(moment(row[1]), bool(row[2]), row[3], int(row[4]) if row[2] else 0)
            for row in rows[:limit]
        )

    def first_success(self, number: str, generation: int | None = None) -> datetime | None:
        """The first opening by a holder of the key, or of the key of that generation."""
        if not storable(number):
            return None
        if generation is None:
            row = self._session.one(self._text(_FIRST_SUCCESS), number)
        else:
            row = self._session.one(self._text(_FIRST_WITH_KEY), number, generation)
        return None if row is None else moment(row[0])


class LogReader:
    """The log of leaves."""

    def __init__(self, session: Session, statements: Statements) -> None:
        self._session = session
        self._text = statements.dialect.text

    def size(self) -> int:
        """How many leaves there are."""
        row = self._session.one(self._text(_LOG_SIZE))
        return 0 if row is None else int(row[0])

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree. Raises LookupError where it is not complete."""
        row = self._session.one(self._text(_NODE), level, index)
        if row is None:
            raise LookupError(f"the log has no complete subtree {index} of level {level}")
        return bytes(row[0])

    def leaf(self, index: int) -> bytes | None:
        """A leaf's bytes."""
        row = self._session.one(self._text(_LEAF), index)
        return None if row is None else bytes(row[0])

    def checkpoint(self) -> str | None:
        """The latest signed checkpoint."""
        row = self._session.one(self._text(_CHECKPOINT))
        return None if row is None else str(row[0])


class CheckpointWriter(LogReader):
    """The log, for the signer of checkpoints."""

    def put_checkpoint(self, size: int, note: str) -> None:
        """Keep a checkpoint. Raises ValueError for a tree that is larger than the log."""
        if not 0 <= size <= self.size():
            raise ValueError("a checkpoint can't be of more leaves than there are")
        self._session.do(self._text(_PUT_CHECKPOINT), size, note)


class ThrottleBook:
    """Failures per bucket and window."""

    def __init__(self, session: Session, statements: Statements) -> None:
        self._session = session
        self._text = statements.dialect.text

    def count(self, bucket: bytes, window_start: datetime) -> int:
        """The failures in a window."""
        row = self._session.one(self._text(_FAILURES), bucket, micros(window_start))
        return 0 if row is None else int(row[0])

    def add(self, bucket: bytes, window_start: datetime) -> int:
        """One more failure; answers the sum."""
        row = self._session.one(self._text(_ADD_FAILURE), bucket, micros(window_start))
        assert row is not None  # RETURNING gives the row that was written
        return int(row[0])
