"""Time, ids, randomness, and who changed what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

E = TypeVar("E")


class Clock(Protocol):
    """The time, always aware and in UTC, to the microsecond."""

    def now(self) -> datetime:
        """Give the present moment."""
        ...


class Holidays(Protocol):
    """The national holidays of Japan."""

    def is_holiday(self, day: date) -> bool:
        """Whether a day is one, substitute holidays (振替休日) among them."""
        ...


class Ids(Protocol):
    """Fresh, time-ordered ids: a prefix, an underscore, 26 characters of Crockford base32."""

    def new(self, prefix: str) -> str:
        """Make an id such as ``con_01JD...``."""
        ...


class Randomness(Protocol):
    """Random bytes from a cryptographic generator."""

    def token(self, size: int) -> bytes:
        """Give ``size`` random bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """Who does what, for the history and the audit trail. ``action`` is a stable token such as ``contract.submit``.

    ``actor`` is a user id, or ``system`` for the daily job. ``peer`` is where the call came from, without port.
    """

    action: str
    actor: str
    organization_id: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry(Generic[E]):
    """One state that a thing was in: the revision and time of its commit, who and what, and the thing itself."""

    revision: int
    time: datetime
    action: str
    actor: str
    entity: E
