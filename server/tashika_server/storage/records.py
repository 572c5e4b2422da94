"""Records of each kind: read by anyone with a connection, written within a unit of work."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from tashika_server.application.ports import Change, HistoryEntry
from tashika_server.domain.model import Certificate, Contract, SealedKey, SshKey, User
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.storage import kinds
from tashika_server.storage.cache import EntityCache
from tashika_server.storage.codec import moment
from tashika_server.storage.errors import ConstraintError
from tashika_server.storage.kinds import Kind, audience
from tashika_server.storage.pending import Pending, PendingChange
from tashika_server.storage.searching import SearchIndex
from tashika_server.storage.session import Row, Session, Value
from tashika_server.storage.statements import Statements

E = TypeVar("E")

_HISTORY = (
    "SELECT h.revision, h.time, h.action, h.actor, p.data FROM history h "
    "JOIN payload p ON p.revision = h.revision AND p.ordinal = h.ordinal AND p.part = 'R' "
    "WHERE h.kind = ? AND h.subject_id = ? ORDER BY h.revision, h.ordinal"
)
# The latest entry up to a revision; a deletion has no payload, and then the thing was not there.
_AT = (
    "SELECT h.revision, p.data FROM history h "
    "LEFT JOIN payload p ON p.revision = h.revision AND p.ordinal = h.ordinal AND p.part = 'R' "
    "WHERE h.kind = ? AND h.subject_id = ? AND h.revision <= ? ORDER BY h.revision DESC, h.ordinal DESC LIMIT 1"
)
_DUE = {
    day: f"SELECT id FROM contract WHERE state = ? AND {day} <> '' AND {day} < ? ORDER BY {day}, id LIMIT ?"  # noqa: S608
    for day in ("pay_by", "period_end")
}
_LEAF_INDEX = "SELECT leaf_index FROM leaf WHERE certificate_id = ?"


def storable(text: str) -> bool:
    """Whether a text can be in a column at all; looking for one that can't finds nothing, on every store."""
    # Ids and numbers are ASCII, and this is asked for each of them.
    if text.isascii():
        return "\0" not in text
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class Reader(Generic[E]):
    """Records of one kind, to be read. ``locked``: a row that is read stays as it is until COMMIT."""

    def __init__(
        self,
        session: Session,
        statements: Statements,
        kind: Kind[E],
        cache: EntityCache,
        locked: bool = False,
    ) -> None:
        self._session = session
        self._statements = statements
        self._kind = kind
        self._cache = cache
        self._locked = locked
        texts = statements.records[kind.name]
        self._get = texts.get_locked if locked else texts.get

    def get(self, entity_id: str) -> E | None:
        """The thing as it is."""
        return self._find(self._get, entity_id)

    def at(self, entity_id: str, revision: int) -> E | None:
        """The thing as it was at a revision of the store."""
        if not storable(entity_id):
            return None
        row = self._session.one(self._statements.dialect.text(_AT), self._kind.name, entity_id, revision)
        if row is None or row[1] is None:
            return None
        return self._kind.codec.decode(row[1], revision=row[0], **self._place(entity_id))

    def history(self, entity_id: str) -> Sequence[HistoryEntry[E]]:
        """Every state of the thing, the oldest first; in a unit of work those that are committed."""
        if not storable(entity_id):
            return ()
        place = self._place(entity_id)
        rows = self._session.all(self._statements.dialect.text(_HISTORY), self._kind.name, entity_id)
        return tuple(
            HistoryEntry(row[0], moment(row[1]), row[2], row[3], self._decode(row[4], row[0], place))
            for row in rows
        )

    def _decode(self, payload: str, revision: int, place: dict[str, int]) -> E:
        return self._kind.codec.decode(payload, revision=revision, **place)

    def _place(self, entity_id: str) -> dict[str, int]:
        """A certificate's snapshot was taken before its place in the log was known."""
        if not self._kind.placed:
            return {}
        row = self._session.one(self._statements.dialect.text(_LEAF_INDEX), entity_id)
        return {} if row is None else {"leaf_index": int(row[0])}

    def _find(self, sql: str, *values: str | int) -> E | None:
        if any(isinstance(value, str) and not storable(value) for value in values):
            return None
        row = self._session.one(
            sql + self._statements.dialect.lock if self._wants_lock(sql) else sql, *values
        )
        return None if row is None else self._load(row)

    def _wants_lock(self, sql: str) -> bool:
        return self._locked and sql is not self._get

    def _load(self, row: Row) -> E:
        return self._cache.load(self._kind, row)


class Writer(Reader[E]):
    """Records of one kind, to be written: each write is pending history until the group's end."""

    def __init__(
        self, session: Session, statements: Statements, kind: Kind[E], cache: EntityCache, pending: Pending
    ) -> None:
        super().__init__(session, statements, kind, cache, locked=True)
        self._pending = pending
        self._index = SearchIndex(session)
        self._texts = statements.records[kind.name]

    def add(self, entity: E, change: Change) -> None:
        """Insert. Raises RefusedError(ALREADY_EXISTS) where a unique value is taken."""
        entity_id, row = self._kind.identify(entity), self._kind.row(entity)
        payload = self._kind.codec.encode(entity)
        values = [row[name] for name in self._kind.column_names]
        place = [-1] if self._kind.placed else []
        self._write(self._texts.insert, entity_id, self._pending.provisional, payload, *values, *place)
        self._index.put(self._kind, entity)
        self._pending.count(self._kind.counters(row), +1)
        self._note(entity_id, change, payload, self._seen_by(frozenset(), self._audience(row)))

    def save(self, entity: E, change: Change) -> None:
        """Replace. Raises RefusedError: NOT_FOUND, or ETAG_MISMATCH where it was not read in this transaction."""
        entity_id, row = self._kind.identify(entity), self._kind.row(entity)
        payload = self._kind.codec.encode(entity)
        before = self._before(entity_id)
        if before["revision"] not in (getattr(entity, "revision", None), self._pending.provisional):
            raise refuse(Reason.ETAG_MISMATCH)
        values = [row[name] for name in self._kind.column_names]
        self._write(self._texts.update, self._pending.provisional, payload, *values, entity_id)
        self._index.put(self._kind, entity)
        self._pending.count(self._kind.counters(before), -1)
        self._pending.count(self._kind.counters(row), +1)
        self._note(entity_id, change, payload, self._seen_by(self._audience(before), self._audience(row)))

    def delete(self, entity_id: str, change: Change) -> None:
        """Remove from the present. Raises RefusedError(NOT_FOUND)."""
        before = self._before(entity_id)
        self._session.do(self._texts.delete, entity_id)
        self._index.remove(self._kind, entity_id)
        self._pending.count(self._kind.counters(before), -1)
        seen_by = self._seen_by(self._audience(before), frozenset())
        self._pending.changes.append(
            PendingChange(change, self._kind.name, entity_id, None, recorded=True, seen_by=seen_by)
        )
        self._pending.touched.pop((self._kind.name, entity_id), None)

    def _audience(self, row: Mapping[str, Value]) -> frozenset[str]:
        return audience(self._kind, row) if self._kind.watched else frozenset()

    @staticmethod
    def _seen_by(before: frozenset[str], after: frozenset[str]) -> tuple[tuple[str, bool], ...]:
        return tuple((each, each not in after) for each in sorted(before | after))

    def _note(
        self, entity_id: str, change: Change, payload: str, seen_by: tuple[tuple[str, bool], ...]
    ) -> None:
        self._pending.changes.append(
            PendingChange(change, self._kind.name, entity_id, payload, recorded=True, seen_by=seen_by)
        )
        self._pending.touched[(self._kind.name, entity_id)] = None

    def _before(self, entity_id: str) -> dict[str, Any]:
        row = self._session.one(self._texts.before, entity_id) if storable(entity_id) else None
        if row is None:
            raise refuse(Reason.NOT_FOUND)
        names = ("revision", *self._kind.scopes, *((self._kind.bucket,) if self._kind.bucket else ()))
        return dict(zip(names, row, strict=True))

    def _write(self, sql: str, *values: object) -> None:
        try:
            self._session.do(sql, *values)
        except ConstraintError as error:
            if not error.column:
                raise
            raise refuse(Reason.ALREADY_EXISTS, error.column) from error


class UserReader(Reader[User]):
    """People."""

    def by_login_name(self, login_name: str) -> User | None:
        """The person who signs in with this name."""
        return self._find(self._statements.user_by_login_name, login_name)

    def of_organization(self, organization_id: str) -> Sequence[User]:
        """The people of an organisation, by the names that they sign in with."""
        if not storable(organization_id):
            return ()
        rows = self._session.all(self._statements.users_of_organization, organization_id)
        return tuple(self._load(row) for row in rows)


class ContractReader(Reader[Contract]):
    """Guarantee contracts."""

    def by_number(self, number: str) -> Contract | None:
        """The contract with this number; a draft has none."""
        return self._find(self._statements.contract_by_number, number)

    def by_slot(self, slot: str) -> Contract | None:
        """The live contract that holds a slot."""
        return self._find(self._statements.contract_by_slot, slot)

    def due(self, today_iso: str, limit: int) -> Sequence[str]:
        """Ids of contracts whose day has passed although their recorded state does not say so yet."""
        text = self._statements.dialect.text
        found: list[str] = []
        for state, day in (("ACCEPTED", "pay_by"), ("IN_FORCE", "period_end")):
            left = max(0, limit - len(found))
            found += [row[0] for row in self._session.all(text(_DUE[day]), state, today_iso, left)]
        return tuple(found)


class CertificateReader(Reader[Certificate]):
    """Issued versions."""

    def version(self, contract_id: str, version: int) -> Certificate | None:
        """A version of a contract's certificate."""
        return self._find(self._statements.certificate_version, contract_id, version)

    def of_contract(self, contract_id: str) -> Sequence[Certificate]:
        """Every version, the first first."""
        if not storable(contract_id):
            return ()
        rows = self._session.all(self._statements.certificates_of_contract, contract_id)
        return tuple(self._load(row) for row in rows)

    def by_pdf_sha256(self, sha256: str) -> Certificate | None:
        """The certificate whose issued file has this digest."""
        return self._find(self._statements.certificate_by_pdf, sha256)


class KeyReader(Reader[SealedKey]):
    """Sealed keys."""

    def current(self, contract_id: str) -> SealedKey | None:
        """The contract's key that is not revoked."""
        return self._find(self._statements.key_current, contract_id)


class SshKeyReader(Reader[SshKey]):
    """Keys for signing in over SSH."""

    def by_fingerprint(self, fingerprint: str) -> SshKey | None:
        """The key with this fingerprint."""
        return self._find(self._statements.ssh_key_by_fingerprint, fingerprint)

    def of_user(self, user_id: str) -> Sequence[SshKey]:
        """A person's keys, the oldest first, as ids are in the order of time."""
        if not storable(user_id):
            return ()
        rows = self._session.all(self._statements.ssh_keys_of_user, user_id)
        return tuple(self._load(row) for row in rows)


class UserWriter(Writer[User], UserReader):
    """People, to be written."""


class ContractWriter(Writer[Contract], ContractReader):
    """Guarantee contracts, to be written."""


class KeyWriter(Writer[SealedKey], KeyReader):
    """Sealed keys, to be written."""


class SshKeyWriter(Writer[SshKey], SshKeyReader):
    """Keys for signing in over SSH, to be written."""


class CertificateWriter(Writer[Certificate], CertificateReader):
    """Issued versions, to be written; each new one is a leaf of the log."""

    def add(self, entity: Certificate, change: Change) -> None:
        """Insert, and append the leaf at the group's end."""
        super().add(entity, change)
        self._pending.leaves.append((kinds.CERTIFICATE.identify(entity), entity.leaf))
