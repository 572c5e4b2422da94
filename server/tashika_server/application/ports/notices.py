"""Notices: who is told of what in the client, and the outbox of mails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tashika_server.application.ports.records import ReadRecords, Records
from tashika_server.domain.key_mail import KeyMail, KeyMailDraft
from tashika_server.domain.mailing import Delivery, MailState
from tashika_server.domain.notices import Addressee, Notice, NoticeEvent, NoticeKind, NoticePreferences


@dataclass(frozen=True, slots=True)
class NoticeQuery:
    """A page of a person's notices, the newest first; ``oldest_first`` the other way round.

    ``after`` is the position to go on from, exclusive; ``backwards`` reads towards the start.
    """

    user_id: str
    unread_only: bool = False
    oldest_first: bool = False
    page_size: int = 50
    after: int | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page: notices in order, positions of the neighbouring pages (``None``: no more), how many there are (at most
    1,001; ``total_exact``: that is the whole count), and how many are unread in all."""

    items: tuple[Notice, ...]
    next_after: int | None
    previous_before: int | None
    total: int
    total_exact: bool
    unread: int


@dataclass(frozen=True, slots=True)
class UnreadCount:
    """How many notices of a person are unread since a change; changes are numbered in the order of their commits."""

    change: int
    user_id: str
    unread: int


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """Something that happened while number and key were tried, of which nobody is told yet."""

    event_id: str
    kind: NoticeKind
    contract_number: str
    time: datetime


class ReadNotices(Protocol):
    """Notices, and the counts of unread ones."""

    def page(self, query: NoticeQuery) -> NoticePage:
        """Give a page of a person's notices."""
        ...

    def unread(self, user_id: str) -> int:
        """Count a person's unread notices."""
        ...

    def last_change(self) -> int:
        """Give the number of the last change of anybody's count."""
        ...

    def changed(self, after: int, limit: int) -> Sequence[UnreadCount]:
        """Give the counts that changed after a change, in that order; fewer than ``limit``: there are no more."""
        ...

    def waiting(self, limit: int) -> Sequence[WaitingEvent]:
        """Give what happened while number and key were tried and of which nobody is told yet, the oldest first."""
        ...


class Notices(ReadNotices, Protocol):
    """Notices, to be written. They have no history: what they tell of has one."""

    def tell(self, event: NoticeEvent, notices: Mapping[str, str]) -> None:
        """Keep an event with a notice for each person (from user id to notice id), and nobody twice."""
        ...

    def drop(self, event_id: str) -> None:
        """Forget a waiting event that nobody is to be told of."""
        ...

    def mark_read(self, user_id: str, notice_ids: Sequence[str], now: datetime) -> Sequence[str]:
        """Mark a person's notices as read, and give the ids of those that are the person's."""
        ...

    def mark_all_read(self, user_id: str, up_to_notice_id: str, now: datetime) -> bool:
        """Mark a person's notices as read up to one of them; ``False`` where that is not the person's."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that one sender has claimed: nobody else sends it before ``lease_until``.

    ``message_id`` is the same at each attempt. ``attempts`` counts this one.
    """

    mail_id: str
    event: NoticeEvent
    addressee: Addressee
    message_id: str
    attempts: int
    first_time: datetime
    lease: str
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class KeyLetter:
    """The mail that hands a key in, as one sender has claimed and rendered it: the only one that holds a key."""

    mail: KeyMail
    draft: KeyMailDraft
    text: str = field(repr=False)
    message_id: str
    attempts: int
    first_time: datetime
    lease: str
    lease_until: datetime

    @property
    def mail_id(self) -> str:
        """Which mail it is."""
        return self.mail.mail_id


@dataclass(frozen=True, slots=True)
class ClaimedKeyMail:
    """A mail with a key that one sender has claimed, before anything is rendered."""

    mail: KeyMail
    message_id: str
    attempts: int
    first_time: datetime
    lease: str
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail as the operator sees it. ``kind`` is that of a notice, or ``KEY`` for one that hands a key in.
    ``first_time``: since when it waits; ``reason``: why it was not sent.
    """

    mail_id: str
    state: MailState
    kind: str
    contract_number: str
    address: str
    attempts: int
    first_time: datetime
    next_time: datetime
    reason: str


class ReadOutbox(Protocol):
    """The mails that are to be sent, were sent, or could not be."""

    def next_time(self) -> datetime | None:
        """Give the moment at which the next mail is due; ``None`` where none waits."""
        ...

    def counts(self) -> Mapping[MailState, int]:
        """Count the mails that wait and those that were given up, by state."""
        ...

    def rows(self, state: MailState, limit: int) -> Sequence[MailRow]:
        """Give the mails in a state, the next one due first."""
        ...


class Outbox(ReadOutbox, Protocol):
    """The outbox, to be written. A mail is there once for an event and a receiver."""

    def put(self, mail_id: str, event: NoticeEvent, addressee: Addressee) -> None:
        """Keep a mail to be sent, unless there is one for this event and receiver."""
        ...

    def claim(self, now: datetime, until: datetime, lease: str, host: str) -> Letter | None:
        """Take the mail that is due first, for one sender until a moment; ``None`` where none is due.

        ``host`` is the right side of its Message-ID, which stays as it was at the first claim.
        """
        ...

    def sent(self, mail_id: str, lease: str, now: datetime) -> bool:
        """Note that the mail server has it; ``False`` where another sender has claimed it meanwhile."""
        ...

    def postpone(
        self, mail_id: str, lease: str, next_time: datetime, reason: str, *, counted: bool = True
    ) -> bool:
        """Let it wait until a moment; not ``counted``: as if it had not been tried."""
        ...

    def bury(self, mail_id: str, lease: str, now: datetime, reason: str) -> bool:
        """Give it up."""
        ...

    def revive(self, mail_id: str, now: datetime) -> bool:
        """Try one that was given up again, as if it were new; ``False`` where there is no such mail."""
        ...


class ReadKeyMails(Protocol):
    """The mails that hand keys in: references alone."""

    def next_time(self) -> datetime | None:
        """Give the moment at which the next one is due; ``None`` where none waits."""
        ...

    def counts(self) -> Mapping[MailState, int]:
        """Count them by state."""
        ...

    def rows(self, state: MailState, limit: int) -> Sequence[MailRow]:
        """Give those in a state, the next one due first."""
        ...


class KeyMails(ReadKeyMails, Protocol):
    """The mails that hand keys in, to be written."""

    def put(self, mail: KeyMail, now: datetime) -> None:
        """Keep one to be sent."""
        ...

    def drop(self, contract_id: str) -> None:
        """Forget those of a contract that wait."""
        ...

    def claim(self, now: datetime, until: datetime, lease: str, host: str) -> ClaimedKeyMail | None:
        """Take the one that is due first, for one sender until a moment; as for ``Outbox``."""
        ...

    def sent(self, mail_id: str, lease: str, now: datetime) -> bool:
        """Note that the mail server has it."""
        ...

    def postpone(
        self, mail_id: str, lease: str, next_time: datetime, reason: str, *, counted: bool = True
    ) -> bool:
        """Let it wait until a moment; as for ``Outbox``."""
        ...

    def bury(self, mail_id: str, lease: str, now: datetime, reason: str) -> bool:
        """Give it up; ``False`` where it was given up already, or another sender has claimed it meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Handover:
    """What became of handing a mail over. ``reason``: the server's own words, or ours, without any secret.

    ``doubtful``: the server hung up after the whole mail and before its answer, so that it may have taken it.
    """

    delivery: Delivery
    reason: str = ""
    doubtful: bool = False


class MailLine(Protocol):
    """One connection to the mail server, made when a mail is handed over, and made again where it was lost."""

    async def hand_over(self, letter: Letter | KeyLetter) -> Handover:
        """Hand a mail over. Never raises for what the server does."""
        ...

    def cut(self) -> None:
        """Hang up at once: a handing over that is under way ends within moments, with what is known of it by then."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class Mailer(Protocol):
    """The way to the mail server."""

    @property
    def address(self) -> str:
        """The address that mails come from."""
        ...

    @property
    def host(self) -> str:
        """The domain that mails come from, for Message-IDs."""
        ...

    @property
    def longest_seconds(self) -> float:
        """How long a handing over can take at most."""
        ...

    def line(self) -> MailLine:
        """Give a connection that is not made yet."""
        ...


ReadPreferences = ReadRecords[NoticePreferences]
"""What people chose, by user id."""

Preferences = Records[NoticePreferences]
"""What people chose, to be written."""
