"""The authentication key's way to the orderer, and what happened to a certificate afterwards."""

from dataclasses import dataclass, field

from tashika_tui.client.records.common import Moment


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened to a certificate version after its issue: HANDED_IN, OPENED_BY_KEY_HOLDER, RECEIVED,
    ACCEPTED_BY_ORDERER or CORRECTION_ASKED.
    """

    kind: str
    version: int
    fact_time: Moment | None
    reported: bool
    channel: str
    note: str


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
    """One attempt to open, right or wrong; `peer` says where it came from."""

    open_time: Moment | None
    success: bool
    peer: str
