"""The feed: which changes of contracts an organisation sees, read in the order of their commits."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from tashika_server.application.ports import FeedEntry, FeedPage
from tashika_server.domain.model import Contract
from tashika_server.storage import kinds
from tashika_server.storage.cache import EntityCache
from tashika_server.storage.codec import moment
from tashika_server.storage.records import storable
from tashika_server.storage.session import Row, Session

_COLUMNS: Final = (
    "SELECT f.organization_id, f.revision, f.contract_id, f.gone, h.time, h.action, p.data FROM contract_feed f "
    "JOIN history h ON h.revision = f.revision AND h.ordinal = f.ordinal "
    "LEFT JOIN payload p ON p.revision = f.revision AND p.ordinal = f.ordinal AND p.part = 'R' "
)
OF_ORGANIZATION: Final = (
    _COLUMNS + "WHERE f.organization_id = ? AND f.revision > ? ORDER BY f.revision, f.ordinal LIMIT ?"
)
OF_ORGANIZATION_AT: Final = _COLUMNS + "WHERE f.organization_id = ? AND f.revision = ? ORDER BY f.ordinal"
OF_ALL: Final = _COLUMNS + "WHERE f.revision > ? ORDER BY f.revision, f.ordinal, f.organization_id LIMIT ?"
OF_ALL_AT: Final = _COLUMNS + "WHERE f.revision = ? ORDER BY f.ordinal, f.organization_id"
BEHIND: Final = (
    "SELECT count(*) FROM ("
    "SELECT 1 FROM contract_feed f WHERE f.organization_id = ? AND f.revision > ? LIMIT ?) AS n"
)
_HEAD: Final = "SELECT revision FROM head WHERE id = 1"


class FeedReader:
    """The feed, to be read."""

    def __init__(self, session: Session, cache: EntityCache) -> None:
        self._session = session
        self._cache = cache
        self._text = session.dialect.text

    def of_organization(self, organization_id: str, after: int, limit: int) -> Sequence[FeedEntry]:
        """An organisation's changes after a revision; the last revision is whole."""
        if not storable(organization_id):
            return ()
        rows = self._session.all(self._text(OF_ORGANIZATION), organization_id, after, limit)
        if len(rows) == limit:
            last = rows[-1][1]
            rest = self._session.all(self._text(OF_ORGANIZATION_AT), organization_id, last)
            rows = [*(row for row in rows if row[1] < last), *rest]
        return self._entries(rows)

    def after(self, revision: int, limit: int, organization_ids: Collection[str]) -> FeedPage:
        """The next changes for any of the organisations."""
        rows = self._session.all(self._text(OF_ALL), revision, limit)
        more = len(rows) >= limit
        if more:
            upto = rows[-1][1]
            rest = self._session.all(self._text(OF_ALL_AT), upto)
            rows = [*(row for row in rows if row[1] < upto), *rest]
        else:
            head = self._session.one(_HEAD)
            upto = revision if head is None else max(revision, int(head[0]))
        return FeedPage(self._entries(row for row in rows if row[0] in organization_ids), upto, more)

    def behind(self, organization_id: str, after: int, limit: int) -> int:
        """How many changes an organisation has after a revision, at most ``limit``."""
        if not storable(organization_id):
            return 0
        row = self._session.one(self._text(BEHIND), organization_id, after, limit)
        return 0 if row is None else int(row[0])

    def _entries(self, rows: Iterable[Row]) -> tuple[FeedEntry, ...]:
        entries = []
        for organization_id, revision, contract_id, gone, time, action, data in rows:
            contract: Contract | None = None
            if not gone and data is not None:
                contract = self._cache.load(kinds.CONTRACT, (revision, data))
            entries.append(FeedEntry(organization_id, revision, moment(time), action, contract_id, contract))
        return tuple(entries)
