"""What is derived from records and history, made from nothing: for tables that are older than it."""

from collections.abc import Iterator
from typing import Any, Final

from tashika_formats.search import grams
from tashika_server.storage import kinds
from tashika_server.storage.errors import CodecError
from tashika_server.storage.kinds import Kind, audience
from tashika_server.storage.searching import SEARCHED, SearchIndex
from tashika_server.storage.session import Row, Session

PAGE_ROWS: Final = 500

_RECORDS = "SELECT id, revision, payload FROM {table} WHERE id > ? ORDER BY id LIMIT ?"
# Each contract's history in its order, by the index on subjects.
_HISTORY = (
    "SELECT h.subject_id, h.revision, h.ordinal, h.digest, p.data FROM history h "
    "LEFT JOIN payload p ON p.revision = h.revision AND p.ordinal = h.ordinal AND p.part = 'R' "
    "WHERE h.kind = ? AND (h.subject_id, h.revision, h.ordinal) > (?, ?, ?) "
    "ORDER BY h.subject_id, h.revision, h.ordinal LIMIT ?"
)
_TEXTS = "SELECT kind, id, folded FROM search_text WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?"
_ADD_GRAM = "INSERT INTO search_gram (kind, gram, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
FEED: Final = (
    "INSERT INTO contract_feed (revision, ordinal, organization_id, contract_id, gone) VALUES (?, ?, ?, ?, ?)"
)

FeedRow = tuple[int, int, str, str, int]


def fill_search(session: Session) -> None:
    """Make everything that was kept before searchable. Orderers come first: contracts are found by their names."""
    index = SearchIndex(session)
    for kind in sorted(kinds.KINDS, key=lambda each: each is not kinds.ORDERER):
        if kind.name in SEARCHED:
            for entity in _entities(session, kind):
                index.put(kind, entity)


def widen_search(session: Session) -> None:
    """Put what was searchable before under the longer grams of its numbers too."""
    key = ("", "")
    while True:
        rows = session.all(session.dialect.text(_TEXTS), *key, PAGE_ROWS)
        session.many(
            session.dialect.text(_ADD_GRAM),
            [
                (kind, gram, name)
                for kind, name, text in rows
                for gram in sorted(grams(text))
                if len(gram) > 2
            ],
        )
        if len(rows) < PAGE_ROWS:
            return
        key = (rows[-1][0], rows[-1][1])


def fill_feed(session: Session) -> None:
    """Tell from the history who saw which change."""
    rows: list[FeedRow] = []
    for row in feed_rows(session):
        rows.append(row)
        if len(rows) == PAGE_ROWS:
            session.many(session.dialect.text(FEED), rows)
            rows = []
    session.many(session.dialect.text(FEED), rows)


def feed_rows(session: Session) -> Iterator[FeedRow]:
    """The rows of the feed as the history has them, by contract.

    A snapshot that was erased, or can't be read, is taken for one that the same organisations saw as before it.
    """
    subject, seen = "", frozenset[str]()
    for contract_id, revision, ordinal, digest, data in _history(session):
        if contract_id != subject:
            subject, seen = contract_id, frozenset()
        now = frozenset[str]() if not bytes(digest) else _audience(data, seen)
        for organization_id in sorted(seen | now):
            yield revision, ordinal, organization_id, contract_id, int(organization_id not in now)
        seen = now


def _audience(data: str | None, seen: frozenset[str]) -> frozenset[str]:
    if data is None:
        return seen
    try:
        return audience(kinds.CONTRACT, kinds.CONTRACT.row(kinds.CONTRACT.codec.decode(data)))
    except CodecError:
        return seen


def _history(session: Session) -> Iterator[Row]:
    key: tuple[str, int, int] = ("", -1, -1)
    while True:
        rows = session.all(session.dialect.text(_HISTORY), kinds.CONTRACT.name, *key, PAGE_ROWS)
        yield from rows
        if len(rows) < PAGE_ROWS:
            return
        key = (rows[-1][0], rows[-1][1], rows[-1][2])


def _entities(session: Session, kind: Kind[Any]) -> Iterator[Any]:
    table: Any = kind.table
    text = session.dialect.text(_RECORDS.format(table=table._meta.table_name))
    last = ""
    while True:
        rows = session.all(text, last, PAGE_ROWS)
        for row in rows:
            yield kind.codec.decode(row[2], revision=row[1])
        if len(rows) < PAGE_ROWS:
            return
        last = rows[-1][0]
