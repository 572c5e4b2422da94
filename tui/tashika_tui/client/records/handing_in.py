"""The authentication key's way to the orderer, and what happened to a certificate afterwards."""

from dataclasses import dataclass, field

from tashika_tui.client.records.common import Moment


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened to a certificate version after its issue: HANDED_IN, OPENED_BY_KEY_HOLDER, RECEIVED,
    ACCEPTED_BY_ORDERER, CORRECTION_ASKED, PHONE_CONFIRMED, KEY_REISSUED, ORDERER_TOLD, MAIL_CONFIRMED or MAIL_FAILED.

    `generation` is that of the key under which it happened (KEY_REISSUED: the new one). `officer` is who at the orderer
    was spoken to. `reason` of a re-issue is LOST, LEAKED or empty. `mail_id` joins what became of a mail to its
    confirmation; `failure` says why it did not go out: REFUSED, UNREACHABLE, REPLACED, KEY_REISSUED or CHANGED.
    """

    kind: str
    version: int
    fact_time: Moment | None
    reported: bool
    channel: str
    note: str
    generation: int = 1
    to: str = ""
    officer: str = ""
    reason: str = ""
    by_guarantor: bool = False
    mail_id: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class KeyGeneration:
    """One key that a contract has had; only the last one opens. `revoke_time` is None for the valid one."""

    generation: int
    create_time: Moment | None
    revoke_time: Moment | None
    reason: str
    by_guarantor: bool
    first_open_time: Moment | None


@dataclass(frozen=True, slots=True)
class HandInMessage:
    """The message that hands a key in, in Japanese; the key comes between the two texts. `own_subject`: the orderer
    has set no subject line, so this one is the register's.
    """

    subject: str
    own_subject: bool
    text_before_key: str
    text_after_key: str


@dataclass(frozen=True, slots=True)
class HandInMail:
    """The one mail that holds a key, as it will go out, in Japanese; the key comes between the two texts.

    `reply_to` and `policy_to` (the address that the orderer's policy has) may be empty. `confirmation` confirms just
    this mail.
    """

    from_name: str
    from_address: str
    reply_to: str
    section: str
    to: str
    policy_to: str
    subject: str
    text_before_key: str
    text_after_key: str
    confirmation: str


@dataclass(frozen=True, slots=True)
class OrdererNotice:
    """What the guarantor tells the orderer after it issued a key anew, in Japanese; it holds no key."""

    section: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class HandInAdvice:
    """How the orderer wants this key handed in. `channel` is MAIL, WEB_FORM, FAX, MAIL_OR_FAX, PRINT, or empty:
    ask the section. `before` is CONTRACT_SIGNING, CONTRACT_VISIT, PREPAYMENT_REQUEST or empty.
    """

    channel: str
    section: str
    to: str
    subject: str
    body_items: tuple[str, ...]
    before: str
    phone_confirmation: bool
    other_documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandInRule:
    """A rule of an orderer's policy for handing in: as `HandInAdvice`, before the places in the subject are
    filled. Empty `products` and `section`: all; `version` is INITIAL, AMENDED, ANY or empty (as ANY).
    """

    products: tuple[str, ...]
    version: str
    section: str
    channel: str
    to: str
    subject: str
    body_items: tuple[str, ...]
    before: str
    phone_confirmation: bool
    other_documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """An authentication key (認証キー), 5 groups of 4 characters with hyphens. Each reading is recorded."""

    contract_number: str
    key: str = field(repr=False)
    generation: int
    create_time: Moment | None


@dataclass(frozen=True, slots=True)
class Opening:
    """One attempt to open, right or wrong; `peer` says where it came from, `generation` with which key it was right
    (0: wrong).
    """

    open_time: Moment | None
    success: bool
    peer: str
    generation: int = 0
