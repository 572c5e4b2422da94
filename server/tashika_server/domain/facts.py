"""What happened to an issued certificate: dated facts, which are only ever added to."""

from dataclasses import dataclass
from datetime import datetime
from enum import auto, unique

from tashika_server.domain.reasons import Token


@unique
class FactKind(Token):
    """What happened to a certificate version after its issue; dated facts, none of which needs the one
    before.

    ``PHONE_CONFIRMED``: the contractor called the orderer about a handing in. ``KEY_REISSUED``: a new key took the
    place of the one before. ``ORDERER_TOLD``: the guarantor told the orderer of that. ``MAIL_CONFIRMED``: the
    contractor confirmed the mail that hands the key in; ``MAIL_FAILED``: it did not reach the mail server.
    """

    HANDED_IN = auto()
    OPENED_BY_KEY_HOLDER = auto()
    RECEIVED = auto()
    ACCEPTED_BY_ORDERER = auto()
    CORRECTION_ASKED = auto()
    PHONE_CONFIRMED = auto()
    KEY_REISSUED = auto()
    ORDERER_TOLD = auto()
    MAIL_CONFIRMED = auto()
    MAIL_FAILED = auto()


@unique
class ReissueReason(Token):
    """Why a key is issued anew (再発行): nobody has it any more, or somebody has it who must not."""

    LOST = auto()
    LEAKED = auto()


@unique
class MailFailure(Token):
    """Why a mail that hands a key in did not go out.

    ``REFUSED``: the mail server refuses the mail or its address for good. ``UNREACHABLE``: no mail server took it
    within a day. ``REPLACED``: another mail was confirmed. ``KEY_REISSUED``: its key opens nothing any more.
    ``CHANGED``: it would say something else than what was confirmed.
    """

    REFUSED = auto()
    UNREACHABLE = auto()
    REPLACED = auto()
    KEY_REISSUED = auto()
    CHANGED = auto()


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated fact about a certificate version, under one generation of its key.

    ``channel`` and ``to`` describe a handing in and a mail, ``officer`` is who at the orderer was spoken to.
    ``reason`` (a token of ``ReissueReason``) and ``by_guarantor`` belong to a re-issue, whose ``generation`` is the
    new key's. ``mail_id`` joins what became of a mail to its confirmation, ``failure`` (a token of ``MailFailure``)
    says why it did not go out.
    """

    kind: FactKind
    version: int
    time: datetime
    user_id: str = ""
    reported: bool = False
    channel: str = ""
    note: str = ""
    generation: int = 1
    to: str = ""
    officer: str = ""
    reason: str = ""
    by_guarantor: bool = False
    mail_id: str = ""
    failure: str = ""
