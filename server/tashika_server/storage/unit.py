"""One look at the store (`View`), and one command's transaction (`Unit`)."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from tashika_server.application.ports import Change, ListQuery, Page
from tashika_server.domain.model import Organization, Works
from tashika_server.domain.monthly import MonthlyPayer
from tashika_server.domain.notices import NoticePreferences
from tashika_server.domain.policy import Orderer
from tashika_server.domain.tariff import Tariff
from tashika_server.storage import kinds
from tashika_server.storage.books import (
    CheckpointWriter,
    FeeReader,
    LogReader,
    OpeningReader,
    SessionReader,
    SessionWriter,
    ThrottleBook,
)
from tashika_server.storage.cache import EntityCache
from tashika_server.storage.feed import FeedReader
from tashika_server.storage.key_mails import KeyMailReader, KeyMailWriter
from tashika_server.storage.lead_times import LeadTimeReader
from tashika_server.storage.lists import Lists
from tashika_server.storage.notices import NoticeReader, NoticeWriter
from tashika_server.storage.outbox import OutboxReader, OutboxWriter
from tashika_server.storage.pending import Pending, PendingChange
from tashika_server.storage.records import (
    CertificateReader,
    CertificateWriter,
    ContractReader,
    ContractWriter,
    KeyReader,
    KeyWriter,
    Reader,
    SshKeyReader,
    SshKeyWriter,
    UserReader,
    UserWriter,
    Writer,
)
from tashika_server.storage.retention import forget
from tashika_server.storage.session import Session
from tashika_server.storage.statements import Statements

# The kind of an audit row whose subject is named by the use case.
OTHER_KIND = ""

_REVISION = "SELECT revision FROM head WHERE id = 1"
_SEQUENCE = (
    "INSERT INTO sequence (name, value) VALUES (?, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = sequence.value + 1 RETURNING value"
)


class View:
    """One consistent look at the store; only good within the call that it was given to."""

    def __init__(self, session: Session, statements: Statements, lists: Lists, cache: EntityCache) -> None:
        self._session = session
        self._statements = statements
        self._lists = lists
        self._cache = cache

    @cached_property
    def organizations(self) -> Reader[Organization]:
        """Organisations."""
        return Reader(self._session, self._statements, kinds.ORGANIZATION, self._cache)

    @cached_property
    def users(self) -> UserReader:
        """People."""
        return UserReader(self._session, self._statements, kinds.USER, self._cache)

    @cached_property
    def orderers(self) -> Reader[Orderer]:
        """Orderers and their policies."""
        return Reader(self._session, self._statements, kinds.ORDERER, self._cache)

    @cached_property
    def works(self) -> Reader[Works]:
        """Works contracts."""
        return Reader(self._session, self._statements, kinds.WORKS, self._cache)

    @cached_property
    def contracts(self) -> ContractReader:
        """Guarantee contracts."""
        return ContractReader(self._session, self._statements, kinds.CONTRACT, self._cache)

    @cached_property
    def certificates(self) -> CertificateReader:
        """Issued versions."""
        return CertificateReader(self._session, self._statements, kinds.CERTIFICATE, self._cache)

    @cached_property
    def keys(self) -> KeyReader:
        """Sealed keys."""
        return KeyReader(self._session, self._statements, kinds.SEALED_KEY, self._cache)

    @cached_property
    def ssh_keys(self) -> SshKeyReader:
        """Keys for signing in over SSH."""
        return SshKeyReader(self._session, self._statements, kinds.SSH_KEY, self._cache)

    @cached_property
    def sessions(self) -> SessionReader:
        """Signed-in people."""
        return SessionReader(self._session, self._statements)

    @cached_property
    def openings(self) -> OpeningReader:
        """Attempts to open."""
        return OpeningReader(self._session, self._statements)

    @cached_property
    def tariffs(self) -> Reader[Tariff]:
        """Tariffs, by the guarantor's id."""
        return Reader(self._session, self._statements, kinds.TARIFF, self._cache)

    @cached_property
    def payers(self) -> Reader[MonthlyPayer]:
        """Agreements about monthly payment."""
        return Reader(self._session, self._statements, kinds.MONTHLY_PAYER, self._cache)

    @cached_property
    def fees(self) -> FeeReader:
        """Entries of fees by their parties."""
        return FeeReader(self._session)

    @cached_property
    def feed(self) -> FeedReader:
        """What changed, by who sees it."""
        return FeedReader(self._session, self._cache)

    @cached_property
    def lead_times(self) -> LeadTimeReader:
        """How long contracts took."""
        return LeadTimeReader(self._session)

    @cached_property
    def preferences(self) -> Reader[NoticePreferences]:
        """What people want of notices."""
        return Reader(self._session, self._statements, kinds.PREFERENCES, self._cache)

    @cached_property
    def notices(self) -> NoticeReader:
        """Notices."""
        return NoticeReader(self._session)

    @cached_property
    def outbox(self) -> OutboxReader:
        """Mails."""
        return OutboxReader(self._session)

    @cached_property
    def key_mails(self) -> KeyMailReader:
        """Mails that hand keys in."""
        return KeyMailReader(self._session)

    @cached_property
    def log(self) -> LogReader:
        """The log of leaves."""
        return LogReader(self._session, self._statements)

    def revision(self) -> int:
        """The revision of the last commit."""
        row = self._session.one(_REVISION)
        return 0 if row is None else int(row[0])

    def list(self, query: ListQuery) -> Page:
        """A page of things."""
        return self._lists.page(self._session, self._cache, query, {})


class Unit:
    """One command's transaction: a savepoint in the group's. Reads see its own writes; history does not."""

    def __init__(
        self, session: Session, statements: Statements, lists: Lists, cache: EntityCache, pending: Pending
    ) -> None:
        self._session = session
        self._statements = statements
        self._lists = lists
        self._cache = cache
        self._pending = pending

    @cached_property
    def organizations(self) -> Writer[Organization]:
        """Organisations."""
        return Writer(self._session, self._statements, kinds.ORGANIZATION, self._cache, self._pending)

    @cached_property
    def users(self) -> UserWriter:
        """People."""
        return UserWriter(self._session, self._statements, kinds.USER, self._cache, self._pending)

    @cached_property
    def orderers(self) -> Writer[Orderer]:
        """Orderers and their policies."""
        return Writer(self._session, self._statements, kinds.ORDERER, self._cache, self._pending)

    @cached_property
    def works(self) -> Writer[Works]:
        """Works contracts."""
        return Writer(self._session, self._statements, kinds.WORKS, self._cache, self._pending)

    @cached_property
    def contracts(self) -> ContractWriter:
        """Guarantee contracts."""
        return ContractWriter(self._session, self._statements, kinds.CONTRACT, self._cache, self._pending)

    @cached_property
    def certificates(self) -> CertificateWriter:
        """Issued versions."""
        return CertificateWriter(
            self._session, self._statements, kinds.CERTIFICATE, self._cache, self._pending
        )

    @cached_property
    def keys(self) -> KeyWriter:
        """Sealed keys."""
        return KeyWriter(self._session, self._statements, kinds.SEALED_KEY, self._cache, self._pending)

    @cached_property
    def ssh_keys(self) -> SshKeyWriter:
        """Keys for signing in over SSH."""
        return SshKeyWriter(self._session, self._statements, kinds.SSH_KEY, self._cache, self._pending)

    @cached_property
    def sessions(self) -> SessionWriter:
        """Signed-in people."""
        return SessionWriter(self._session, self._statements, self._pending)

    @cached_property
    def openings(self) -> OpeningReader:
        """Attempts to open."""
        return OpeningReader(self._session, self._statements)

    @cached_property
    def tariffs(self) -> Writer[Tariff]:
        """Tariffs, by the guarantor's id."""
        return Writer(self._session, self._statements, kinds.TARIFF, self._cache, self._pending)

    @cached_property
    def payers(self) -> Writer[MonthlyPayer]:
        """Agreements about monthly payment."""
        return Writer(self._session, self._statements, kinds.MONTHLY_PAYER, self._cache, self._pending)

    @cached_property
    def fees(self) -> FeeReader:
        """Entries of fees by their parties."""
        return FeeReader(self._session)

    @cached_property
    def preferences(self) -> Writer[NoticePreferences]:
        """What people want of notices."""
        return Writer(self._session, self._statements, kinds.PREFERENCES, self._cache, self._pending)

    @cached_property
    def notices(self) -> NoticeWriter:
        """Notices."""
        return NoticeWriter(self._session, self.next_sequence)

    @cached_property
    def outbox(self) -> OutboxWriter:
        """Mails."""
        return OutboxWriter(self._session)

    @cached_property
    def key_mails(self) -> KeyMailWriter:
        """Mails that hand keys in."""
        return KeyMailWriter(self._session)

    @cached_property
    def log(self) -> CheckpointWriter:
        """The log of leaves, without this transaction's own."""
        return CheckpointWriter(self._session, self._statements)

    @cached_property
    def throttle(self) -> ThrottleBook:
        """Counters of failures."""
        return ThrottleBook(self._session, self._statements)

    def next_sequence(self, name: str) -> int:
        """The next number of a sequence, from 1."""
        row = self._session.one(self._statements.dialect.text(_SEQUENCE), name)
        assert row is not None  # RETURNING gives the row that was written
        return int(row[0])

    def audit(self, change: Change, subject: str, detail: Mapping[str, str | int] | None = None) -> None:
        """An audit row for what changes no record."""
        text = json.dumps(dict(detail or {}), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        text.encode()  # half a surrogate pair has no bytes, and is this command's own fault
        self._pending.changes.append(
            PendingChange(change, OTHER_KIND, subject, None, recorded=False, detail=text)
        )

    def forget(self, now: datetime) -> int:
        """Delete some of what is kept for a time only; answers how many rows went. Not part of the port."""
        return forget(self._session, now)

    def list(self, query: ListQuery) -> Page:
        """A page of things, this transaction's own writes included."""
        return self._lists.page(self._session, self._cache, query, self._pending.counts)
