"""The end of a group of commands: the one head row is locked, and gives every change its place in the one order.

Revisions, places in the log, the link of the audit trail and the time of the commit are taken from the head while
it is locked, last of all locks, and so have no gaps and are seen in order. (A database's own sequences leave gaps
and show rows out of order.)
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tashika_formats import merkle
from tashika_server.storage.derived import FEED
from tashika_server.storage.errors import StoreFaultError
from tashika_server.storage.pending import CounterKey, Pending, PendingChange
from tashika_server.storage.session import Session, Value
from tashika_server.storage.statements import Statements

SALT_BYTES = 16
_AUDIT_LABEL = b"tashika-audit/1\0"

_READ = "SELECT revision, time, log_size, audit_size, audit_link, mark, owner FROM head WHERE id = 1"
_WRITE = "UPDATE head SET revision = ?, time = ?, log_size = ?, audit_size = ?, audit_link = ?, mark = ? WHERE id = 1"
_OWN = "UPDATE head SET owner = ? WHERE id = 1"
_COUNT = (
    "INSERT INTO counter (kind, scope, scope_id, bucket, count) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (kind, scope, scope_id, bucket) DO UPDATE SET count = counter.count + excluded.count"
)
_HISTORY = (
    "INSERT INTO history (revision, ordinal, kind, subject_id, time, action, actor, digest) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_PAYLOAD = "INSERT INTO payload (revision, ordinal, part, salt, data) VALUES (?, ?, ?, ?, ?)"
_AUDIT = (
    "INSERT INTO audit (position, revision, ordinal, time, action, actor, kind, subject_id, record_digest, "
    "detail_digest, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_LEAF = "INSERT INTO leaf (leaf_index, certificate_id, data) VALUES (?, ?, ?)"
_NODE = "INSERT INTO log_node (level, place, hash) VALUES (?, ?, ?)"
_READ_NODE = "SELECT hash FROM log_node WHERE level = ? AND place = ?"
_PLACE = "UPDATE certificate SET leaf_index = ? WHERE id = ?"
_REPLAY = (
    "UPDATE idempotency SET revision = ?, time = ? WHERE principal = ? AND method = ? AND request_id = ?"
)

ReplayKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the store stands: revision and time (microseconds) of the last commit, leaves, audit rows, last link."""

    revision: int
    time: int
    log_size: int
    audit_size: int
    audit_link: bytes
    mark: bytes
    owner: bytes


def read_head(session: Session, *, locked: bool) -> Head:
    """The head row; locked, nobody else's commit is still under way."""
    row = session.one(_READ + session.dialect.lock if locked else _READ)
    if row is None:
        raise StoreFaultError("the head row is missing; restore a backup")
    revision, time, log_size, audit_size, *tokens = row
    return Head(revision, time, log_size, audit_size, *(bytes(token) for token in tokens))


def take_ownership(session: Session, owner: bytes) -> None:
    """Write down which server may write: one that was cut off from its lock finds another name and stops."""
    session.do(session.dialect.text(_OWN), owner)


def payload_digest(salt: bytes, data: str) -> bytes:
    """The salted digest of a payload: nobody guesses what was erased."""
    return hashlib.sha256(salt + data.encode()).digest()


def audit_link(previous: bytes, row: Sequence[str | int | bytes]) -> bytes:
    """The next link of the audit chain, over the audit row without its link."""
    parts = [part.hex() if isinstance(part, bytes) else part for part in row]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(_AUDIT_LABEL + previous + text.encode()).digest()


class Finisher:
    """Completes one group."""

    def __init__(self, session: Session, statements: Statements, head: Head, now: int) -> None:
        self._session = session
        self._statements = statements
        self._text = statements.dialect.text
        self._revision = head.revision
        self._log_size = head.log_size
        self._audit_size = head.audit_size
        self._link = head.audit_link
        # Time never runs backwards here, whatever the machine's clock does.
        self.time = max(now, head.time)
        self._rows: dict[str, list[Sequence[Value]]] = {
            text: [] for text in (_HISTORY, _PAYLOAD, FEED, _AUDIT, _LEAF, _NODE, _PLACE)
        }
        self._nodes: dict[tuple[int, int], bytes] = {}

    def settle(self, pending: Pending) -> int:
        """Give a command's writes their places; answers its revision (the present one where it wrote nothing)."""
        if not pending.changes:
            return self._revision
        self._revision += 1
        for ordinal, change in enumerate(pending.changes):
            self._record(ordinal, change)
        for kind, entity_id in pending.touched:
            self._session.do(self._statements.records[kind].settle, self._revision, entity_id)
        for certificate_id, leaf in pending.leaves:
            self._append(certificate_id, leaf)
        return self._revision

    def _record(self, ordinal: int, pending: PendingChange) -> None:
        change = pending.change
        at = (self._revision, ordinal)
        named = (pending.kind, pending.subject_id)
        record_digest = b""
        if pending.snapshot is not None:
            record_digest = self._keep(at, "R", pending.snapshot)
        if pending.recorded:
            self._rows[_HISTORY].append((*at, *named, self.time, change.action, change.actor, record_digest))
        for organization_id, gone in pending.seen_by:
            self._rows[FEED].append((*at, organization_id, pending.subject_id, int(gone)))
        detail = json.dumps(
            {"organization_id": change.organization_id, "peer": change.peer, "detail": pending.detail},
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
        row = (
            self._audit_size,
            *at,
            self.time,
            change.action,
            change.actor,
            *named,
            record_digest,
            self._keep(at, "A", detail),
        )
        self._link = audit_link(self._link, row)
        self._rows[_AUDIT].append((*row, self._link))
        self._audit_size += 1

    def _keep(self, at: tuple[int, int], part: str, data: str) -> bytes:
        salt = secrets.token_bytes(SALT_BYTES)
        self._rows[_PAYLOAD].append((*at, part, salt, data))
        return payload_digest(salt, data)

    def _append(self, certificate_id: str, leaf: bytes) -> None:
        index = self._log_size
        for level, place, value in merkle.nodes_added_by(index, merkle.leaf_hash(leaf), self._node):
            self._nodes[(level, place)] = value
            self._rows[_NODE].append((level, place, value))
        self._rows[_LEAF].append((index, certificate_id, leaf))
        self._rows[_PLACE].append((index, certificate_id))
        self._log_size += 1

    def _node(self, level: int, place: int) -> bytes:
        known = self._nodes.get((level, place))
        if known is not None:
            return known
        row = self._session.one(self._text(_READ_NODE), level, place)
        if row is None:
            raise StoreFaultError(f"node {place} of level {level} of the log is missing; run fsck")
        return bytes(row[0])

    def remember(self, key: ReplayKey, revision: int) -> None:
        """Complete the row from which a repeated call is answered."""
        self._session.do(self._text(_REPLAY), revision, self.time, *key)

    def write(self, mark: bytes) -> int:
        """Write everything, the head last; answers the store's new revision."""
        for text, rows in self._rows.items():
            self._session.many(self._text(text), rows)
        self._session.do(
            self._text(_WRITE), self._revision, self.time, self._log_size, self._audit_size, self._link, mark
        )
        return self._revision


def write_counters(
    session: Session, counts: Sequence[dict[CounterKey, int]], text: Callable[[str], str]
) -> None:
    """Move the counters, in one fixed order, so that two servers never wait for each other in a ring."""
    sums: dict[CounterKey, int] = {}
    for each in counts:
        for key, step in each.items():
            sums[key] = sums.get(key, 0) + step
    session.many(text(_COUNT), [(*key, step) for key, step in sorted(sums.items()) if step])
