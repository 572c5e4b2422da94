"""The records of the store, by kind: what is read, and what a unit of work writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from tashika_server.application.ports.basics import Change, HistoryEntry
from tashika_server.domain.lead_time import Leg, Spread
from tashika_server.domain.model import Certificate, Contract, SealedKey, Session, SshKey, User

E = TypeVar("E")


class ReadRecords(Protocol[E]):
    """Things of one kind, read by id."""

    def get(self, entity_id: str) -> E | None:
        """Give the thing as it is; in a unit of work it is locked until the end of the transaction."""
        ...

    def at(self, entity_id: str, revision: int) -> E | None:
        """Give the thing as it was at that revision of the store (its latest history entry up to there)."""
        ...

    def history(self, entity_id: str) -> Sequence[HistoryEntry[E]]:
        """Give every state of the thing, the oldest first."""
        ...


class Records(ReadRecords[E], Protocol[E]):
    """Things of one kind, read and written. Each write appends to the history and the audit trail."""

    def add(self, entity: E, change: Change) -> None:
        """Insert a new thing. Raises ``RefusedError(ALREADY_EXISTS)`` where a unique value is taken."""
        ...

    def save(self, entity: E, change: Change) -> None:
        """Replace a thing that was read in this unit of work."""
        ...

    def delete(self, entity_id: str, change: Change) -> None:
        """Remove a thing from the present; its history stays."""
        ...


class ReadUsers(ReadRecords[User], Protocol):
    """People."""

    def by_login_name(self, login_name: str) -> User | None:
        """Find a person by the name that they sign in with."""
        ...

    def of_organization(self, organization_id: str) -> Sequence[User]:
        """Give the people of an organisation, by the names that they sign in with."""
        ...


class Users(Records[User], ReadUsers, Protocol):
    """People, to be written."""


class ReadContracts(ReadRecords[Contract], Protocol):
    """Guarantee contracts."""

    def by_number(self, number: str) -> Contract | None:
        """Find a contract by its guarantee contract number."""
        ...

    def by_slot(self, slot: str) -> Contract | None:
        """Find the live contract that holds a slot (works, product, fiscal year)."""
        ...

    def due(self, today_iso: str, limit: int) -> Sequence[str]:
        """Give ids of contracts whose lapse or expiry by that day is not recorded yet: ACCEPTED with ``pay_by``
        before it, IN_FORCE with the guarantee period's end before it."""
        ...


class Contracts(Records[Contract], ReadContracts, Protocol):
    """Guarantee contracts, to be written. Counters follow each write."""


class ReadCertificates(ReadRecords[Certificate], Protocol):
    """Issued certificate versions."""

    def version(self, contract_id: str, version: int) -> Certificate | None:
        """Give a version of a contract's certificate."""
        ...

    def of_contract(self, contract_id: str) -> Sequence[Certificate]:
        """Give every version of a contract's certificate, the first first."""
        ...

    def by_pdf_sha256(self, sha256: str) -> Certificate | None:
        """Find the certificate whose issued file has this digest (lower-case hexadecimal)."""
        ...


class Certificates(Records[Certificate], ReadCertificates, Protocol):
    """Issued certificate versions; ``add`` also appends the leaf to the log."""


class ReadKeys(Protocol):
    """Sealed authentication keys."""

    def current(self, contract_id: str) -> SealedKey | None:
        """Give the contract's key that is not revoked."""
        ...


class Keys(Records[SealedKey], ReadKeys, Protocol):
    """Sealed authentication keys, to be written."""


class ReadSshKeys(ReadRecords[SshKey], Protocol):
    """Public keys for signing in over SSH."""

    def by_fingerprint(self, fingerprint: str) -> SshKey | None:
        """Find a key, whoever's it is."""
        ...

    def of_user(self, user_id: str) -> Sequence[SshKey]:
        """Give a person's keys, the oldest first."""
        ...


class SshKeys(Records[SshKey], ReadSshKeys, Protocol):
    """Public keys, to be written."""


class ReadSessions(Protocol):
    """Signed-in people."""

    def get(self, session_id: str) -> Session | None:
        """Give a session, also one that is past its time."""
        ...


class Sessions(ReadSessions, Protocol):
    """Signed-in people, to be written. Sessions have no history; signing in and out is audited."""

    def add(self, session: Session, change: Change) -> None:
        """Remember a new session."""
        ...

    def touch(self, session_id: str, last_used_time: datetime) -> None:
        """Move the idle time on; not audited."""
        ...

    def delete(self, session_id: str, change: Change) -> None:
        """Forget a session."""
        ...

    def delete_of_user(self, user_id: str, change: Change) -> None:
        """Forget every session of a person."""
        ...


class Openings(Protocol):
    """Attempts to open a certificate with number and key, right and wrong ones."""

    def of_number(self, number: str, limit: int) -> Sequence["OpeningRow"]:
        """Give the latest attempts for a contract number, the newest first."""
        ...

    def first_success(self, number: str, generation: int | None = None) -> datetime | None:
        """Give the time of the first opening by a holder of the key, or of the key of that generation alone."""
        ...


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """One attempt. ``peer`` is an address or /64 prefix, shortened for people to read. ``generation`` is that of the
    key that opened; 0 for a wrong attempt, whatever was wrong about it.
    """

    time: datetime
    success: bool
    peer: str
    generation: int = 0


class ReadLeadTimes(Protocol):
    """How long contracts took from the application to the handing in."""

    def spreads(self, guarantor_id: str, begin: datetime, end: datetime) -> Mapping[Leg, Spread]:
        """Give for each leg how long it took for the guarantor's contracts for which it ended from ``begin`` up to,
        and without, ``end``."""
        ...


class ReadLog(Protocol):
    """The register's log of leaves, as far as it is committed."""

    def size(self) -> int:
        """Count the leaves."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """Give the hash of a complete subtree: ``index`` counts subtrees of ``2**level`` leaves."""
        ...

    def leaf(self, index: int) -> bytes | None:
        """Give a leaf's bytes."""
        ...

    def checkpoint(self) -> str | None:
        """Give the latest signed checkpoint (a signed note)."""
        ...


class CheckpointLog(ReadLog, Protocol):
    """The log, to which the signer of checkpoints adds."""

    def put_checkpoint(self, size: int, note: str) -> None:
        """Keep a signed checkpoint of a tree of that size."""
        ...


class Throttle(Protocol):
    """Counters of failures in fixed windows; the buckets are digests, so that no peer is told from the store."""

    def count(self, bucket: bytes, window_start: datetime) -> int:
        """Give the failures in a bucket's window."""
        ...

    def add(self, bucket: bytes, window_start: datetime) -> int:
        """Count one more failure and give the sum."""
        ...
