"""A group of commands: one transaction, a savepoint each, and what to do when it does not end well.

A savepoint guards neighbours against refusals and constraint errors only. After any other error (a full disk, a
lost connection) the whole group is dead: it is undone and each command is run again by itself. An error from COMMIT
leaves it unknown whether the group took place; the head row's mark, a random token of the group, tells.
"""

import hmac
import json
import logging
import random
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tashika_server.application.ports import Clock, Command, Done, Ids, Outcome, Replay
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.storage.backend import Backend
from tashika_server.storage.cache import EntityCache
from tashika_server.storage.codec import micros, moment
from tashika_server.storage.errors import CommitUnknownError, LockedError, StorageError, StoreFaultError
from tashika_server.storage.head import Finisher, Head, read_head, take_ownership, write_counters
from tashika_server.storage.lists import Lists
from tashika_server.storage.pending import Pending
from tashika_server.storage.retention import REPLAY_DAYS
from tashika_server.storage.session import Session
from tashika_server.storage.statements import Statements
from tashika_server.storage.unit import Unit

LOGGER = logging.getLogger(__name__)

# A conflict (40001, 40P01) that comes back this often is a fault, not bad luck.
MAX_TRIES = 5
CONFLICT_PAUSE_SECONDS = 0.002
# Five tries in about three seconds: longer, and every caller's deadline is over anyway.
RECONNECT_PAUSE_SECONDS = 0.1
MARK_BYTES = 16
_SAVEPOINT = "command"

_FIND_REPLAY = (
    "SELECT digest, result_ids, revision, time FROM idempotency "
    "WHERE principal = ? AND method = ? AND request_id = ? AND time >= ?"
)
# A row past its 30 days that the daily clean-up has not met yet gives way.
_KEEP_REPLAY = (
    "INSERT INTO idempotency (principal, method, request_id, digest, result_ids, revision, time) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (principal, method, request_id) DO UPDATE SET "
    "digest = excluded.digest, result_ids = excluded.result_ids, revision = excluded.revision, time = excluded.time"
)


@dataclass(frozen=True, slots=True)
class Job:
    """A command that waits, and how its answer is delivered."""

    command: Command[Any]
    replay: Replay | None
    answer: Callable[["Outcome[Any] | BaseException"], None]
    abandoned: Callable[[], bool]


@dataclass(slots=True)
class _Ran:
    """A command that ran in the transaction under way. ``revision`` is negative until the group's end."""

    pending: Pending
    result_ids: tuple[str, ...]
    value: Any
    revision: int
    time: datetime
    replay: Replay | None = None
    replayed: bool = False

    def outcome(self, revisions: dict[int, int], time: datetime) -> Outcome[Any]:
        revision = revisions.get(self.revision, self.revision)
        return Outcome(
            revision, time if self.revision < 0 else self.time, self.result_ids, self.value, self.replayed
        )


class _GroupDeadError(Exception):
    """The group's transaction did not take place; ``again``: only because of a conflict.

    ``committing``: its COMMIT had begun, so that its bytes may be in the log on the disk.
    """

    def __init__(self, *, again: bool = False, committing: bool = False) -> None:
        super().__init__()
        self.again = again
        self.committing = committing


class _UnknownError(Exception):
    """It can't be told whether the group took place: the database can't be asked."""


@dataclass
class Tools:
    """What the writer's parts share."""

    backend: Backend
    statements: Statements
    lists: Lists
    cache: EntityCache
    clock: Clock
    ids: Ids
    owner: bytes = field(default_factory=lambda: secrets.token_bytes(MARK_BYTES))


class WriteConnection:
    """The writer's connection: opened when needed, thrown away after every doubt."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._session: Session | None = None
        self._last_time = 0
        self._changes = 0

    @property
    def standing(self) -> int | None:
        """A number that grows with each commit of commands; ``None`` while there is no connection.

        Also grows with each new connection: a COMMIT whose answer was lost has taken place by then, or never will.
        """
        return None if self._session is None else self._changes

    def changed(self) -> None:
        """Note a commit of commands, before any of them is answered."""
        self._changes += 1

    def session(self) -> Session:
        """An open connection. Raises StoreFaultError, LockedError.

        A new one first locks the head for a moment: a COMMIT of the lost connection that is still under way at
        the database has ended then, so that nothing is decided beside it.
        """
        if self._session is None:
            self._tools.backend.keep_lock()
            session = self._tools.backend.connect()
            try:
                session.begin(write=True)
                read_head(session, locked=True)
                session.do("ROLLBACK")
            except BaseException:
                session.close()
                raise
            self._changes += 1
            self._session = session
        return self._session

    def discard(self) -> None:
        """Undo what is open and close: a new connection starts from what is on the disk."""
        if self._session is not None:
            self._session.rollback()
            self._session.close()
            self._session = None

    def now(self) -> datetime:
        """The time, never before the last commit's."""
        return moment(max(micros(self._tools.clock.now()), self._last_time))

    def committed(self, time: datetime) -> None:
        """Remember the time of a commit."""
        self._last_time = max(self._last_time, micros(time))


class CommandGroups:
    """Runs groups of commands on the writer's thread."""

    def __init__(
        self, tools: Tools, connection: WriteConnection, committed: Callable[[int, int], None]
    ) -> None:
        self._tools = tools
        self._connection = connection
        self._committed = committed
        self._text = tools.statements.dialect.text
        self._revisions = (0, 0)

    def own(self) -> Head:
        """Write this server's name into the head; answers where the store stands."""
        session = self._connection.session()
        session.begin(write=True)
        head = read_head(session, locked=True)
        take_ownership(session, self._tools.owner)
        session.commit()
        self._connection.committed(moment(head.time))
        return head

    def run(self, jobs: Sequence[Job]) -> None:
        """Run and answer every job."""
        jobs = [job for job in jobs if not job.abandoned()]
        if not jobs:
            return
        for job, answer in zip(jobs, self._answers(jobs), strict=True):
            job.answer(answer)

    def _answers(self, jobs: Sequence[Job]) -> list[Outcome[Any] | BaseException]:
        try:
            return self._attempt(jobs)
        except _UnknownError:
            return [refuse(Reason.OUTCOME_UNKNOWN) for _ in jobs]
        except _GroupDeadError as dead:
            return [self._alone(job, dead.committing) for job in jobs]

    def _alone(self, job: Job, committing: bool) -> Outcome[Any] | BaseException:
        """Run one command by itself, again and again only while it meets conflicts.

        ``committing``: an earlier COMMIT failed in a way that a crash could still complete, so that a second
        failure must not be told as "nothing was written".
        """
        for attempt in range(MAX_TRIES):
            try:
                return self._attempt([job])[0]
            except _UnknownError:
                return refuse(Reason.OUTCOME_UNKNOWN)
            except _GroupDeadError as dead:
                committing = committing or dead.committing
                if not dead.again:
                    break
                # Whoever was in the way is given time to finish, each time more.
                time.sleep(CONFLICT_PAUSE_SECONDS * 2**attempt * (1 + random.random()))  # noqa: S311
        return refuse(Reason.OUTCOME_UNKNOWN if committing else Reason.STORE_UNAVAILABLE)

    # --- One transaction -----------------------------------------------------------------------------------------

    def _attempt(self, jobs: Sequence[Job]) -> list[Outcome[Any] | BaseException]:
        mark = secrets.token_bytes(MARK_BYTES)
        try:
            session = self._connection.session()
            now = self._connection.now()
            session.begin(write=True)
            results = [self._run(session, job, -1 - place, now) for place, job in enumerate(jobs)]
            ran = [result for result in results if isinstance(result, _Ran)]
            if not ran:
                session.rollback()
                return [result for result in results if isinstance(result, BaseException)]
            revisions, at = self._finish(session, ran, now, mark)
        except Exception as error:
            self._connection.discard()
            # Errors of this package name no values; of others only the class is safe to log.
            what = error if isinstance(error, StorageError) else type(error).__name__
            LOGGER.warning("a group of %d commands was undone: %s", len(jobs), what)
            raise _GroupDeadError(again=isinstance(error, StoreFaultError) and error.again) from error
        self._commit(session, mark)
        self._connection.committed(at)
        return [r.outcome(revisions, at) if isinstance(r, _Ran) else r for r in results]

    def _run(self, session: Session, job: Job, provisional: int, now: datetime) -> _Ran | BaseException:
        session.do("SAVEPOINT " + _SAVEPOINT)
        try:
            result = self._command(session, job, provisional, now)
        except StoreFaultError:
            raise
        except BaseException as error:  # a command's own fault, of whatever kind, is its caller's to hear
            self._undo(session)
            return error
        if session.failure is not None:
            failure = session.failure
            self._undo(session)
            return failure
        session.do("RELEASE SAVEPOINT " + _SAVEPOINT)
        return result

    @staticmethod
    def _undo(session: Session) -> None:
        """Undo one command, or give up the group where the transaction itself has suffered."""
        if isinstance(session.failure, StoreFaultError):
            raise session.failure
        if session.failure is None and not session.sound:
            raise StoreFaultError("the transaction ended by itself")
        session.rollback_to(_SAVEPOINT)

    def _command(self, session: Session, job: Job, provisional: int, now: datetime) -> _Ran:
        pending = Pending(provisional)
        if job.replay is not None:
            found = self._replayed(session, job.replay, pending, now)
            if found is not None:
                return found
        tools = self._tools
        unit = Unit(session, tools.statements, tools.lists, tools.cache, pending)
        done: Done[Any] = job.command(unit, now, tools.ids)
        if job.replay is not None:
            self._keep_replay(session, job.replay, done, provisional, now)
        return _Ran(pending, done.result_ids, done.value, provisional, now, replay=job.replay)

    def _replayed(self, session: Session, replay: Replay, pending: Pending, now: datetime) -> _Ran | None:
        oldest = micros(now - timedelta(days=REPLAY_DAYS))
        key = (replay.principal, replay.method, replay.request_id)
        row = session.one(self._text(_FIND_REPLAY), *key, oldest)
        if row is None:
            return None
        if not hmac.compare_digest(bytes(row[0]), replay.digest):
            raise refuse(Reason.REQUEST_ID_REUSED, "request_id")
        # A negative revision is that of a neighbour in this very group, whose commit is this one's too.
        return _Ran(pending, tuple(json.loads(row[1])), None, int(row[2]), moment(row[3]), replayed=True)

    def _keep_replay(
        self, session: Session, replay: Replay, done: Done[Any], provisional: int, now: datetime
    ) -> None:
        ids = json.dumps(list(done.result_ids), separators=(",", ":"))
        key = (replay.principal, replay.method, replay.request_id)
        session.do(self._text(_KEEP_REPLAY), *key, replay.digest, ids, provisional, micros(now))

    # --- Its end -------------------------------------------------------------------------------------------------

    def _finish(
        self, session: Session, ran: Sequence[_Ran], now: datetime, mark: bytes
    ) -> tuple[dict[int, int], datetime]:
        write_counters(session, [each.pending.counts for each in ran], self._text)
        head = read_head(session, locked=True)
        if head.owner != self._tools.owner:
            raise LockedError("another tashika-server has taken this database over; this one writes no more")
        finisher = Finisher(session, self._tools.statements, head, micros(now))
        revisions: dict[int, int] = {}
        for each in ran:
            if each.replayed:
                continue
            revisions[each.pending.provisional] = finisher.settle(each.pending)
            if each.replay is not None:
                key = (each.replay.principal, each.replay.method, each.replay.request_id)
                finisher.remember(key, revisions[each.pending.provisional])
        self._revisions = (head.revision, finisher.write(mark))
        return revisions, moment(finisher.time)

    def _commit(self, session: Session, mark: bytes) -> None:
        """COMMIT; where that fails, find out. Raises _GroupDeadError unless the group took place."""
        if not session.sound:
            self._connection.discard()
            raise _GroupDeadError
        try:
            session.commit()
        except CommitUnknownError as error:
            self._connection.discard()
            LOGGER.warning("COMMIT failed: %s", error)
            if error.certain:
                raise _GroupDeadError(again=True) from error
            if not self._took_place(mark):
                raise _GroupDeadError(committing=True) from error
        self._connection.changed()
        before, revision = self._revisions
        if revision != before:
            self._committed(before, revision)

    def _took_place(self, mark: bytes) -> bool:
        """Reconnect and read the group's mark in the head. Raises _UnknownError where the database is away."""
        for attempt in range(MAX_TRIES):
            try:
                session = self._connection.session()
                session.begin(write=True)
                found = hmac.compare_digest(read_head(session, locked=True).mark, mark)
                session.do("ROLLBACK")
            except StorageError as error:
                self._connection.discard()
                LOGGER.warning("whether a COMMIT took place can't be told yet: %s", error)
                time.sleep(RECONNECT_PAUSE_SECONDS * 2**attempt)
            else:
                return found
        raise _UnknownError
