"""Who is told of what: the table of notices, who among the people gets one, and which address gets a mail.

A notice says which guarantee contract, what happened and what to do next. It never holds a key, a document or an
amount: mails lie in the clear on many machines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import auto, unique
from typing import Final

from tashika_server.domain.model import Contract, ContractState, FactKind, MailFailure, Role, User
from tashika_server.domain.reasons import Token

LANGUAGES: Final = ("ja", "en")


@unique
class NoticeKind(Token):
    """What happened.

    ``ISSUED`` is 電子保証発行完了. ``OPENED``: a holder of the key opened the certificate for the first time.
    ``KEY_GUESSING``: number and key were tried wrongly so often that somebody may be guessing. ``KEY_MAIL_FAILED``:
    the mail that was to hand a key in did not go out.
    """

    ISSUED = auto()
    ACCEPTED = auto()
    RETURNED = auto()
    REFUSED = auto()
    HANDED_IN = auto()
    OPENED = auto()
    KEY_REISSUED = auto()
    KEY_GUESSING = auto()
    KEY_MAIL_FAILED = auto()


@unique
class Party(Token):
    """As what somebody is told: the contractor's people, or the guarantor's."""

    CONTRACTOR = auto()
    GUARANTOR = auto()


_BOTH: Final = frozenset({Party.CONTRACTOR, Party.GUARANTOR})
_CONTRACTOR: Final = frozenset({Party.CONTRACTOR})

TOLD: Final[Mapping[NoticeKind, frozenset[Party]]] = {
    NoticeKind.ISSUED: _CONTRACTOR,
    NoticeKind.ACCEPTED: _CONTRACTOR,
    NoticeKind.RETURNED: _CONTRACTOR,
    NoticeKind.REFUSED: _CONTRACTOR,
    NoticeKind.HANDED_IN: _BOTH,
    NoticeKind.OPENED: _BOTH,
    NoticeKind.KEY_REISSUED: _BOTH,
    NoticeKind.KEY_GUESSING: _BOTH,
    NoticeKind.KEY_MAIL_FAILED: _CONTRACTOR,
}
"""The whole table: which party is told of what."""

_ROLES: Final = {
    Party.CONTRACTOR: frozenset({Role.CONTRACTOR}),
    Party.GUARANTOR: frozenset({Role.UNDERWRITER, Role.APPROVER}),
}

_BY_STATE: Final = {
    ContractState.ACCEPTED: NoticeKind.ACCEPTED,
    ContractState.RETURNED: NoticeKind.RETURNED,
    ContractState.REFUSED: NoticeKind.REFUSED,
}


@dataclass(frozen=True, slots=True)
class NoticeEvent:
    """What happened to a contract, with what a notice says of it, as it was at that moment."""

    event_id: str
    kind: NoticeKind
    contract_id: str
    contract_number: str
    works_name: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """An event as one person is told of it; ``read_time`` is unset while it is unread."""

    notice_id: str
    event: NoticeEvent
    read_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticePreferences:
    """In which language a person gets mails, and the kinds of notices of which the person wants none.

    The notice in the client is always there. ``revision`` is the store's, 0 before anything was chosen.
    """

    user_id: str
    language: str = "ja"
    no_mail: frozenset[NoticeKind] = frozenset()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A person who is told, and as what."""

    user: User
    party: Party
    preferences: NoticePreferences


@dataclass(frozen=True, slots=True)
class Addressee:
    """An address that gets a mail. ``receiver`` is the address with its case folded: the same for the same mailbox,
    so that nobody gets an event twice.
    """

    receiver: str
    address: str
    language: str
    party: Party


def happened(before: Contract, after: Contract) -> tuple[NoticeKind, ...]:
    """Give what is told of a change of a contract.

    An acceptance that still waits for its approval is told with the approval; a paper certificate has no notice:
    it arrives by itself.
    """
    kinds = []
    if after.state is not before.state and after.state in _BY_STATE:
        kinds.append(_BY_STATE[after.state])
    if after.version > before.version:
        kinds.append(NoticeKind.ISSUED)
    if _count(after, FactKind.HANDED_IN) > _count(before, FactKind.HANDED_IN):
        kinds.append(NoticeKind.HANDED_IN)
    if _count(after, FactKind.KEY_REISSUED) > _count(before, FactKind.KEY_REISSUED):
        kinds.append(NoticeKind.KEY_REISSUED)
    if _lost_mails(after) > _lost_mails(before):
        kinds.append(NoticeKind.KEY_MAIL_FAILED)
    return tuple(kinds)


def kinds_for(roles: frozenset[Role]) -> tuple[NoticeKind, ...]:
    """Give the kinds of notices that a person with these roles can get, in the table's order."""
    parties = {party for party, held in _ROLES.items() if held & roles}
    return tuple(kind for kind in NoticeKind if TOLD[kind] & parties)


def may_be_told(user: User, party: Party) -> bool:
    """Say whether a person works here, and sees contracts as this party."""
    return not user.disabled and bool(user.roles & _ROLES[party])


def handlers(contract: Contract) -> tuple[str, ...]:
    """Give the ids of the guarantor's people whose contract this is: who accepted it, and who approved that.

    A guarantor has hundreds of people and thousands of contracts a day: each is told of their own alone.
    """
    return tuple(dict.fromkeys(each for each in (contract.accepted_by, contract.approved_by) if each))


def mails_for(kind: NoticeKind, told: Iterable[Told], notice_mail: str) -> tuple[Addressee, ...]:
    """Give the addresses that get a mail, each once: the people who want one, then the application's notice address.

    The notice address speaks for the contractor and is in Japanese; one that is a person's own as well gets what the
    person gets, and where the person wants no mail it gets its own all the same: the application asked for it.
    """
    found: dict[str, Addressee] = {}
    for each in told:
        if each.user.mail and kind not in each.preferences.no_mail:
            addressee = _addressee(each.user.mail, each.preferences.language, each.party)
            found.setdefault(addressee.receiver, addressee)
    if notice_mail and Party.CONTRACTOR in TOLD[kind]:
        addressee = _addressee(notice_mail, LANGUAGES[0], Party.CONTRACTOR)
        found.setdefault(addressee.receiver, addressee)
    return tuple(found.values())


def notice_mail_of(contract: Contract) -> str:
    """Give the notice address of the application, as it was accepted where it was."""
    return (contract.terms or contract.application).notice_mail


def works_name_of(contract: Contract) -> str:
    """Give the name of the works, as it was accepted where it was."""
    return (contract.terms or contract.application).works.name


def _addressee(address: str, language: str, party: Party) -> Addressee:
    # A mailbox whose name differs in case alone exists in theory (RFC 5321 section 2.4), and nowhere else.
    return Addressee(address.casefold(), address, language, party)


def _count(contract: Contract, kind: FactKind) -> int:
    return sum(fact.kind is kind for fact in contract.facts)


def _lost_mails(contract: Contract) -> int:
    """The mails that did not go out although the contractor still wanted them to."""
    wanted = {MailFailure.REFUSED, MailFailure.UNREACHABLE, MailFailure.CHANGED}
    return sum(fact.kind is FactKind.MAIL_FAILED and fact.failure in wanted for fact in contract.facts)
