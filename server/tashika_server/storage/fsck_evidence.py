"""Checks of what is only ever appended: history, audit trail, the log and its checkpoint."""

from collections.abc import Iterator
from typing import Any

from tashika_formats import merkle
from tashika_formats.checkpoint import parse_checkpoint_text, parse_note
from tashika_formats.errors import FormatError
from tashika_server.storage.errors import CodecError
from tashika_server.storage.findings import Finding, Problem
from tashika_server.storage.fsck_records import PAGE_ROWS, rows_of
from tashika_server.storage.head import audit_link, payload_digest, read_head
from tashika_server.storage.kinds import CERTIFICATE, KINDS
from tashika_server.storage.session import Row, Session

_HISTORY = (
    "SELECT h.revision, h.ordinal, h.kind, h.subject_id, h.digest, p.salt, p.data, a.record_digest "
    "FROM history h LEFT JOIN payload p ON p.revision = h.revision AND p.ordinal = h.ordinal AND p.part = 'R' "
    "LEFT JOIN audit a ON a.revision = h.revision AND a.ordinal = h.ordinal AND a.kind = h.kind "
    "AND a.subject_id = h.subject_id WHERE (h.revision, h.ordinal) > (?, ?) ORDER BY h.revision, h.ordinal LIMIT ?"
)
_AUDIT = (
    "SELECT a.position, a.revision, a.ordinal, a.time, a.action, a.actor, a.kind, a.subject_id, a.record_digest, "
    "a.detail_digest, a.link, p.salt, p.data FROM audit a LEFT JOIN payload p ON p.revision = a.revision "
    "AND p.ordinal = a.ordinal AND p.part = 'A' WHERE a.position > ? ORDER BY a.position LIMIT ?"
)
_LEAVES = "SELECT leaf_index, certificate_id, data FROM leaf WHERE leaf_index > ? ORDER BY leaf_index LIMIT ?"
_NODES = "SELECT place, hash FROM log_node WHERE level = ? AND place > ? ORDER BY place LIMIT ?"
_LAST = (
    "SELECT h.revision, h.digest, p.data FROM history h "
    "LEFT JOIN payload p ON p.revision = h.revision AND p.ordinal = h.ordinal AND p.part = 'R' "
    "WHERE h.kind = ? AND h.subject_id = ? ORDER BY h.revision DESC, h.ordinal DESC LIMIT 1"
)
_LIVING = (
    "SELECT count(*) FROM history h WHERE h.kind = ? AND length(h.digest) > 0 AND NOT EXISTS ("
    "SELECT 1 FROM history n WHERE n.kind = h.kind AND n.subject_id = h.subject_id "
    "AND (n.revision, n.ordinal) > (h.revision, h.ordinal))"
)
_NODE = "SELECT hash FROM log_node WHERE level = ? AND place = ?"


def _bytes(value: Any) -> bytes:
    return b"" if value is None else bytes(value)


def _pages(session: Session, sql: str, *key: int) -> Iterator[Row]:
    """The rows of a keyset query whose first columns are its key."""
    width = len(key)
    while True:
        rows = session.all(session.dialect.text(sql), *key, PAGE_ROWS)
        yield from rows
        if len(rows) < PAGE_ROWS:
            return
        key = tuple(rows[-1][:width])


# --- History -----------------------------------------------------------------------------------------------------


def check_history(session: Session) -> Iterator[Finding]:
    """Every payload has its digest and its audit row, and each record is what its last entry says."""
    for revision, ordinal, kind, subject, digest, salt, data, audited in _pages(session, _HISTORY, -1, -1):
        where = f"{kind} {subject} {revision}/{ordinal}"
        if _bytes(digest) and (data is None or payload_digest(_bytes(salt), data) != _bytes(digest)):
            yield Finding(Problem.PAYLOAD_WRONG, where)
        if audited is None or _bytes(audited) != _bytes(digest):
            yield Finding(Problem.AUDIT_BROKEN, where, "the change has no audit row of its own")
    for each in KINDS:
        count = 0
        for entity_id, row in rows_of(session, each):
            count += 1
            last = session.one(session.dialect.text(_LAST), each.name, entity_id)
            if last is None or (last[0], last[2]) != (row[0], row[1]):
                yield Finding(Problem.HISTORY_DIFFERS, entity_id)
        living = session.one(session.dialect.text(_LIVING), each.name)
        if living is not None and int(living[0]) != count:
            yield Finding(Problem.HISTORY_DIFFERS, each.name, f"{living[0]} in the history, {count} records")


# --- Audit -------------------------------------------------------------------------------------------------------


def check_audit(session: Session) -> Iterator[Finding]:
    """The chain of the audit trail, from its first row to the head."""
    head = read_head(session, locked=False)
    link, expected = b"", 0
    for row in _pages(session, _AUDIT, -1):
        position = int(row[0])
        plain = [_bytes(part) if isinstance(part, bytes | memoryview) else part for part in row[:11]]
        link = audit_link(link, plain[:10])
        if position != expected or link != plain[10]:
            yield Finding(Problem.AUDIT_BROKEN, str(position))
            link = _bytes(row[10])
        if row[12] is None or payload_digest(_bytes(row[11]), row[12]) != plain[9]:
            yield Finding(Problem.PAYLOAD_WRONG, f"audit {position}")
        expected = position + 1
    if (expected, link) != (head.audit_size, head.audit_link):
        yield Finding(Problem.AUDIT_BROKEN, "head", f"{expected} rows, {head.audit_size} in the head")


# --- Log ---------------------------------------------------------------------------------------------------------


def check_log(session: Session) -> Iterator[Finding]:
    """Certificates and leaves belong to each other one by one, and the tree over the leaves is the one stored."""
    size = read_head(session, locked=False).log_size
    held: dict[str, tuple[int, bytes]] = {}
    for entity_id, row in rows_of(session, CERTIFICATE):
        try:
            held[entity_id] = (row[2], CERTIFICATE.codec.decode(row[1]).leaf)
        except CodecError:
            held[entity_id] = (row[2], b"")
    tree: dict[tuple[int, int], bytes] = {}
    expected = 0
    for index, certificate_id, data in _pages(session, _LEAVES, -1):
        if held.pop(certificate_id, None) != (index, _bytes(data)):
            yield Finding(Problem.LEAF_WRONG, certificate_id, f"leaf {index}")
        if index != expected:
            yield Finding(Problem.LOG_BROKEN, f"leaf {index}", "leaves are missing before it")
            return
        for level, place, value in merkle.nodes_added_by(
            index, merkle.leaf_hash(_bytes(data)), lambda level, place: tree[(level, place)]
        ):
            tree[(level, place)] = value
        expected = index + 1
    for certificate_id in sorted(held):
        yield Finding(Problem.LEAF_WRONG, certificate_id, "no leaf in the log")
    if expected != size:
        yield Finding(Problem.LOG_BROKEN, "head", f"{expected} leaves, {size} in the head")
    yield from _nodes(session, tree)


def _nodes(session: Session, tree: dict[tuple[int, int], bytes]) -> Iterator[Finding]:
    levels = session.one("SELECT max(level) FROM log_node")
    highest = -1 if levels is None or levels[0] is None else int(levels[0])
    for level in range(highest + 1):
        last = -1
        while rows := session.all(session.dialect.text(_NODES), level, last, PAGE_ROWS):
            for place, value in rows:
                if tree.pop((level, place), None) != _bytes(value):
                    yield Finding(Problem.LOG_BROKEN, f"node {level}/{place}")
            last = rows[-1][0]
    for level, place in sorted(tree):
        yield Finding(Problem.LOG_BROKEN, f"node {level}/{place}", "missing")


def check_checkpoint(session: Session) -> Iterator[Finding]:
    """The last signed checkpoint is of this log. Its signature is checked by whoever has the public key."""
    row = session.one("SELECT size, note FROM checkpoint WHERE id = 1")
    if row is not None and _checkpoint_of(session, str(row[1])) != row[0]:
        yield Finding(Problem.CHECKPOINT_WRONG, f"size {row[0]}")


def check_kept_checkpoint(session: Session, note: str) -> Iterator[Finding]:
    """The checkpoint that is kept outside the store is of this log: else an older store was put back."""
    if _checkpoint_of(session, note) is None:
        yield Finding(Problem.ROLLED_BACK, "checkpoint")


def _checkpoint_of(session: Session, note: str) -> int | None:
    """The size of a checkpoint, or None for one that is not of this log."""

    def node(level: int, place: int) -> bytes:
        found = session.one(session.dialect.text(_NODE), level, place)
        if found is None:
            raise LookupError
        return _bytes(found[0])

    try:
        checkpoint = parse_checkpoint_text(parse_note(note.encode()).text)
        return checkpoint.size if merkle.root(checkpoint.size, node) == checkpoint.root else None
    except (FormatError, LookupError):
        return None
