"""Opening with number and key: a group is one look-up of all pairs, one row for each attempt, one COMMIT.

An attempt never reads on its own: on the writer's thread it is in order with the revocation of keys, and every
answer, right or wrong, has gone through the same look-up and the same commit. The row is the attempt's own audit.

Failures are counted per peer and per contract number in fixed windows. The pair is checked first, so nobody's
failures lock out a right pair; over its limit a peer's failures are still counted but leave no row, so that a flood
fills no disk. Over the limit of a number its contractor and guarantor are told. A counter that can't be read or
written fails the whole attempt.
"""

import hmac
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tashika_server.application.ports import OpeningAttempt, OpeningResult, OpeningVerdict
from tashika_server.domain.model import Certificate
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.storage import kinds
from tashika_server.storage.cache import Contents, Stamp
from tashika_server.storage.codec import micros
from tashika_server.storage.errors import CommitUnknownError
from tashika_server.storage.group import Tools, WriteConnection
from tashika_server.storage.opening_events import OpeningEvents
from tashika_server.storage.records import storable
from tashika_server.storage.session import Session, Value

LOGGER = logging.getLogger(__name__)

Opened = tuple[str, int]

_LAST_ID = "SELECT max(id) FROM opening"
_ATTEMPT = "INSERT INTO opening (id, time, number, success, peer, generation) VALUES (?, ?, ?, ?, ?, ?)"
_FAILURES = "SELECT bucket, count FROM throttle WHERE window_start = ? AND bucket = ?"
_COUNT = (
    "INSERT INTO throttle (bucket, window_start, count) VALUES (?, ?, ?) "
    "ON CONFLICT (bucket, window_start) DO UPDATE SET count = throttle.count + excluded.count"
)


@dataclass(frozen=True, slots=True)
class ThrottleLimits:
    """How often a peer may fail, and how often a contract's key may be tried wrongly before people are told.

    Ten typing errors in ten minutes are more than an office makes; at ten guesses per window a key of 95 bits and
    a million peers stay out of reach for longer than there are records. Windows are fixed, so that a counter is
    one row and a restart forgets nothing. Twice a peer's limit for one number: more than one office has been trying,
    or one that did not stop when it was told to.
    """

    window_seconds: int = 600
    failures_per_peer: int = 10
    failures_per_number: int = 20


@dataclass(slots=True)
class OpeningJob:
    """An attempt that waits."""

    attempt: OpeningAttempt
    answer: Callable[[OpeningResult | BaseException], None]


class OpeningGroups:
    """Runs groups of attempts on the writer's thread."""

    def __init__(self, tools: Tools, connection: WriteConnection, limits: ThrottleLimits) -> None:
        self._tools = tools
        self._connection = connection
        self._limits = limits
        self._next_id: int | None = None
        self._events = OpeningEvents(tools.statements.dialect)
        dialect = tools.statements.dialect
        self._text = dialect.text
        # What an unknown number is compared with; the result is thrown away, the time is the same.
        self._dummy = secrets.token_bytes(32)
        listed = dialect.in_list
        self._pairs = dialect.text(
            f"SELECT live_number, digest, contract_id, generation FROM sealed_key WHERE {listed('live_number')} "  # noqa: S608
            "AND live_number IS NOT NULL"
        )
        # Where contents stand: what is known at these revisions needs no payload, which is most of a row.
        self._stamps = dialect.text(
            "SELECT c.id, c.revision, e.revision, e.leaf_index FROM contract c "  # noqa: S608
            f"LEFT JOIN certificate e ON e.contract_id = c.id WHERE {listed('c.id')} ORDER BY c.id, e.version"
        )
        self._contracts = dialect.text(f"SELECT id, revision, payload FROM contract WHERE {listed('id')}")  # noqa: S608
        self._certificates = dialect.text(
            "SELECT contract_id, revision, payload, leaf_index FROM certificate "  # noqa: S608
            f"WHERE {listed('contract_id')} ORDER BY contract_id, version"
        )

    def run(self, jobs: Sequence[OpeningJob]) -> None:
        """Answer every attempt, also for whoever has hung up: else guesses could hide by not waiting.

        After a fault each is tried again by itself; where only the answer to COMMIT was lost, a row may then be
        there twice, but never not at all.
        """
        try:
            results: list[OpeningResult | BaseException] = list(self._attempt([job.attempt for job in jobs]))
        except Exception as error:
            self._failed(error)
            results = [self._alone(job.attempt) for job in jobs]
        for job, result in zip(jobs, results, strict=True):
            job.answer(result)

    def _alone(self, attempt: OpeningAttempt) -> OpeningResult | BaseException:
        try:
            return self._attempt([attempt])[0]
        except CommitUnknownError as error:
            self._failed(error)
            return refuse(Reason.OUTCOME_UNKNOWN)
        except Exception as error:
            self._failed(error)
            return refuse(Reason.STORE_UNAVAILABLE)

    def _failed(self, error: Exception) -> None:
        self._connection.discard()
        self._next_id = None
        self._events.undone()
        LOGGER.warning("a group of openings was undone: %s", type(error).__name__)

    def _attempt(self, attempts: Sequence[OpeningAttempt]) -> list[OpeningResult]:
        session = self._connection.session()
        now = self._connection.now()
        session.begin(write=True)
        opened = self._opened(session, attempts)
        verdicts, guessed = self._verdicts(session, attempts, opened, now)
        contents = self._contents(session, {found[0] for found in opened if found})
        first = self._events.first_openings(
            session,
            [(each.number, found[1]) for each, found in zip(attempts, opened, strict=True) if found],
        )
        self._record(session, attempts, verdicts, opened, now)
        self._events.keep(session, first, guessed, now)
        if not session.sound:
            raise CommitUnknownError("the transaction ended by itself", certain=True)
        session.commit()
        self._connection.committed(now)
        self._events.committed()
        retry = self._seconds_left(now) if OpeningVerdict.THROTTLED in verdicts else 0
        return [
            OpeningResult(verdict, now, *contents[found[0]], generation=found[1])
            if found
            else OpeningResult(
                verdict, now, retry_after_seconds=retry if verdict is OpeningVerdict.THROTTLED else 0
            )
            for verdict, found in zip(verdicts, opened, strict=True)
        ]

    def _opened(self, session: Session, attempts: Sequence[OpeningAttempt]) -> list["Opened | None"]:
        """For each attempt the contract and the key's generation that the pair opens."""
        numbers = sorted({each.number for each in attempts if storable(each.number)})
        rows = session.all(self._pairs, self._tools.statements.dialect.list_parameter(numbers))
        keys = {row[0]: (bytes(row[1]), (str(row[2]), int(row[3]))) for row in rows}
        opened: list[Opened | None] = []
        for each in attempts:
            digest, found = keys.get(each.number, (self._dummy, ("", 0)))
            right = hmac.compare_digest(digest, each.digest)
            opened.append(found if right and found[0] else None)
        return opened

    def _contents(self, session: Session, contract_ids: set[str]) -> dict[str, Contents]:
        if not contract_ids:
            return {}
        cache, wanted = self._tools.cache, self._tools.statements.dialect.list_parameter(sorted(contract_ids))
        revisions: dict[str, tuple[int, list[tuple[int, int]]]] = {}
        for contract_id, revision, *version in session.all(self._stamps, wanted):
            placed = revisions.setdefault(contract_id, (revision, []))[1]
            if version[0] is not None:
                placed.append((version[0], version[1]))
        contents: dict[str, Contents] = {}
        unknown: dict[str, Stamp] = {}
        for contract_id, (revision, placed) in revisions.items():
            stamp = (revision, tuple(placed))
            found = cache.contents(contract_id, stamp)
            if found is None:
                unknown[contract_id] = stamp
            else:
                contents[contract_id] = found
        for contract_id, read in self._read_contents(session, set(unknown)).items():
            contents[contract_id] = read
            cache.keep_contents(contract_id, unknown[contract_id], read)
        return contents

    def _read_contents(self, session: Session, contract_ids: set[str]) -> dict[str, Contents]:
        if not contract_ids:
            return {}
        cache, wanted = self._tools.cache, self._tools.statements.dialect.list_parameter(sorted(contract_ids))
        versions: dict[str, list[Certificate]] = {each: [] for each in contract_ids}
        for row in session.all(self._certificates, wanted):
            versions[row[0]].append(cache.load(kinds.CERTIFICATE, row[1:]))
        rows = session.all(self._contracts, wanted)
        return {row[0]: (cache.load(kinds.CONTRACT, row[1:]), tuple(versions[row[0]])) for row in rows}

    # --- Failures ------------------------------------------------------------------------------------------------

    def _verdicts(
        self,
        session: Session,
        attempts: Sequence[OpeningAttempt],
        opened: Sequence[Opened | None],
        now: datetime,
    ) -> tuple[list[OpeningVerdict], set[str]]:
        """Verdicts in the order of arrival, counting failures as they come; and the numbers now at their limit."""
        if all(opened):
            return [OpeningVerdict.OPENED] * len(opened), set()
        start = self._window_start(now)
        # Only failures are counted, so only they need their buckets.
        buckets = {place: attempts[place].buckets() for place, found in enumerate(opened) if not found}
        counted = {bucket for pair in buckets.values() for bucket in pair}
        before = {bucket: self._failures(session, bucket, start) for bucket in sorted(counted)}
        added: dict[bytes, int] = {}
        verdicts = []
        for place, found in enumerate(opened):
            if found:
                verdicts.append(OpeningVerdict.OPENED)
                continue
            for bucket in buckets[place]:
                added[bucket] = added.get(bucket, 0) + 1
            peer = buckets[place][0]
            count = before[peer] + added[peer]
            over = count > self._limits.failures_per_peer
            verdicts.append(OpeningVerdict.THROTTLED if over else OpeningVerdict.WRONG)
        session.many(self._text(_COUNT), [(bucket, start, n) for bucket, n in sorted(added.items())])
        limit = self._limits.failures_per_number
        guessed = {
            attempts[place].number
            for place, (_, number) in buckets.items()
            if before[number] < limit <= before[number] + added[number] and storable(attempts[place].number)
        }
        return verdicts, guessed

    def _failures(self, session: Session, bucket: bytes, start: int) -> int:
        row = session.one(self._text(_FAILURES), start, bucket)
        return 0 if row is None else int(row[1])

    def _window_start(self, now: datetime) -> int:
        window = self._limits.window_seconds * 1_000_000
        return micros(now) // window * window

    def _seconds_left(self, now: datetime) -> int:
        end = self._window_start(now) + self._limits.window_seconds * 1_000_000
        return max(1, -(-(end - micros(now)) // 1_000_000))

    # --- The rows ------------------------------------------------------------------------------------------------

    def _record(
        self,
        session: Session,
        attempts: Sequence[OpeningAttempt],
        verdicts: Sequence[OpeningVerdict],
        opened: Sequence[Opened | None],
        now: datetime,
    ) -> None:
        """One row for each attempt that is not over the limit. Ids are given here: one server writes them."""
        if self._next_id is None:
            last = session.one(_LAST_ID)
            self._next_id = 1 if last is None or last[0] is None else int(last[0]) + 1
        time = micros(now)
        rows: list[tuple[Value, ...]] = []
        for attempt, verdict, found in zip(attempts, verdicts, opened, strict=True):
            if verdict is not OpeningVerdict.THROTTLED:
                # Of a wrong attempt nothing is kept that would tell a revoked key from a wrong one.
                success, generation = (1, found[1]) if found is not None else (0, 0)
                rows.append((self._next_id, time, attempt.number, success, attempt.peer, generation))
                self._next_id += 1
        session.many(self._text(_ATTEMPT), rows)
