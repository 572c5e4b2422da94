"""The store: one writer, many readers.

A *command* is a function of a unit of work, the time and an id source. It runs on the store's one writer inside a
transaction that it shares with its neighbours, may be run twice (after a failure that was not its own), and so
has no effects of its own but through the unit of work. What it raises undoes all that it did.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from tashika_server.application.ports.basics import Change, Ids
from tashika_server.application.ports.feed import Feed
from tashika_server.application.ports.lists import ListQuery, Page
from tashika_server.application.ports.notices import (
    KeyMails,
    Notices,
    Outbox,
    Preferences,
    ReadKeyMails,
    ReadNotices,
    ReadOutbox,
    ReadPreferences,
)
from tashika_server.application.ports.records import (
    Certificates,
    CheckpointLog,
    Contracts,
    FeeBook,
    Keys,
    Openings,
    ReadCertificates,
    ReadContracts,
    ReadKeys,
    ReadLeadTimes,
    ReadLog,
    ReadRecords,
    ReadSessions,
    ReadSshKeys,
    ReadUsers,
    Records,
    Sessions,
    SshKeys,
    Throttle,
    Users,
)
from tashika_server.domain.model import Certificate, Contract, Organization, Works
from tashika_server.domain.monthly import MonthlyPayer
from tashika_server.domain.policy import Orderer
from tashika_server.domain.tariff import Tariff

T = TypeVar("T")


class ReadView(Protocol):
    """One consistent look at the store."""

    @property
    def organizations(self) -> ReadRecords[Organization]: ...
    @property
    def users(self) -> ReadUsers: ...
    @property
    def orderers(self) -> ReadRecords[Orderer]: ...
    @property
    def works(self) -> ReadRecords[Works]: ...
    @property
    def contracts(self) -> ReadContracts: ...
    @property
    def certificates(self) -> ReadCertificates: ...
    @property
    def keys(self) -> ReadKeys: ...
    @property
    def ssh_keys(self) -> ReadSshKeys: ...
    @property
    def sessions(self) -> ReadSessions: ...
    @property
    def openings(self) -> Openings: ...
    @property
    def tariffs(self) -> ReadRecords[Tariff]: ...
    @property
    def payers(self) -> ReadRecords[MonthlyPayer]: ...
    @property
    def fees(self) -> FeeBook: ...
    @property
    def feed(self) -> Feed: ...
    @property
    def lead_times(self) -> ReadLeadTimes: ...
    @property
    def preferences(self) -> ReadPreferences: ...
    @property
    def notices(self) -> ReadNotices: ...
    @property
    def outbox(self) -> ReadOutbox: ...
    @property
    def key_mails(self) -> ReadKeyMails: ...
    @property
    def log(self) -> ReadLog: ...

    def revision(self) -> int:
        """Give the revision of the last commit."""
        ...

    def list(self, query: ListQuery) -> Page:
        """Give a page of things; see ``ListQuery``."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Reads see its own writes; the revision of its writes is known after the commit only."""

    @property
    def organizations(self) -> Records[Organization]: ...
    @property
    def users(self) -> Users: ...
    @property
    def orderers(self) -> Records[Orderer]: ...
    @property
    def works(self) -> Records[Works]: ...
    @property
    def contracts(self) -> Contracts: ...
    @property
    def certificates(self) -> Certificates: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def ssh_keys(self) -> SshKeys: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def openings(self) -> Openings: ...
    @property
    def tariffs(self) -> Records[Tariff]: ...
    @property
    def payers(self) -> Records[MonthlyPayer]: ...
    @property
    def fees(self) -> FeeBook: ...
    @property
    def preferences(self) -> Preferences: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def key_mails(self) -> KeyMails: ...
    @property
    def log(self) -> CheckpointLog: ...
    @property
    def throttle(self) -> Throttle: ...

    def next_sequence(self, name: str) -> int:
        """Take the next number of a sequence, from 1. Numbers of undone transactions may come again."""
        ...

    def audit(self, change: Change, subject: str, detail: Mapping[str, str | int] | None = None) -> None:
        """Write an audit row for what changes no record, such as a key that was read."""
        ...

    def list(self, query: ListQuery) -> Page:
        """Give a page of things."""
        ...


@dataclass(frozen=True, slots=True)
class Replay:
    """What makes a repeated call recognisable: unique by principal, method and request id, kept for 30 days.

    ``digest`` is an HMAC of the request without its secrets; another digest for the same triple is refused
    with ``REQUEST_ID_REUSED``.
    """

    principal: str
    method: str
    request_id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a command led to, after COMMIT.

    ``revision`` is the store's revision that holds the command's writes (unchanged where it wrote nothing).
    ``result_ids`` is what the command returned as the names of the things that it changed; after a replay only
    these and the revision are there, and ``value`` is ``None``.
    """

    revision: int
    time: datetime
    result_ids: tuple[str, ...]
    value: T | None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What a command returns: its value, and the ids from which a repeated call's answer is built again."""

    value: T
    result_ids: tuple[str, ...] = ()


Command = Callable[[UnitOfWork, datetime, Ids], Done[T]]


class OpeningVerdict(StrEnum):
    """What became of an attempt to open."""

    OPENED = "OPENED"
    WRONG = "WRONG"
    THROTTLED = "THROTTLED"


@dataclass(frozen=True, slots=True)
class OpeningAttempt:
    """A number and the digest of number and key, from a peer.

    ``peer`` is for people (address or /64). ``buckets`` gives the digests of the peer and of the number for the
    counters of failures; it is asked for wrong pairs only, on the writer's thread.
    """

    number: str
    digest: bytes
    peer: str
    buckets: Callable[[], tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class OpeningResult:
    """The verdict; for a right pair also the contract, every version of its certificate, the key's generation."""

    verdict: OpeningVerdict
    time: datetime
    contract: Contract | None = None
    certificates: tuple[Certificate, ...] = ()
    generation: int = 0
    retry_after_seconds: int = 0


class Store(Protocol):
    """The register's memory: one writer, many readers."""

    async def run(self, command: Command[T], replay: Replay | None = None) -> Outcome[T]:
        """Run a command and answer after COMMIT.

        Raises what the command raised; ``RefusedError`` with STORE_UNAVAILABLE where the store failed and nothing
        was written, and with OUTCOME_UNKNOWN where it can't be told whether it was.
        """
        ...

    async def replayed(self, replay: Replay) -> Outcome[object] | None:
        """Look up an earlier answer to this call, before preparing anything costly for it.

        Raises ``RefusedError(REQUEST_ID_REUSED)`` where the id was used with another body.
        """
        ...

    async def read(self, query: Callable[[ReadView], T], *, slow: bool = False) -> T:
        """Look at the store in one read transaction; ``slow`` keeps lists apart from look-ups by id."""
        ...

    def standing(self) -> int | None:
        """Give a number that every command's commit changes before the command is answered.

        What was read after this gave a number is still so while it gives the same one. ``None``: it can't be told
        for now, since the outcome of a commit is not known.
        """
        ...

    async def open(self, attempt: OpeningAttempt) -> OpeningResult:
        """Try a number and key. The attempt is on disk, right or wrong, before this answers."""
        ...

    def after_commit(self, watcher: Callable[[int], None]) -> None:
        """Call ``watcher`` with the new revision after each commit that changed something, from any thread.

        It only wakes, and may be late or left out: whoever must miss nothing asks for the revision as well.
        """
        ...

    async def forget(self) -> int:
        """Remove answers to repeated calls, counters of failures and sessions whose time is over; say how many."""
        ...

    async def close(self) -> None:
        """Finish what is queued and close."""
        ...
