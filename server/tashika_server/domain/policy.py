"""What an orderer asks for (発注者の取扱い): data, never code. Absent keys have the field's defaults and no
limit.
"""

from dataclasses import dataclass
from datetime import date
from enum import auto, unique

from tashika_server.domain.model import GuarantorKind, Product
from tashika_server.domain.reasons import Token


@unique
class SinceBasis(Token):
    """Which date decides whether the electronic form is accepted already."""

    CONTRACT_DATE = auto()
    NOTICE_DATE = auto()
    INITIAL_CONTRACT_DATE = auto()


@unique
class ThresholdBasis(Token):
    """What a price threshold is compared with. Only the contract price is known to the register."""

    CONTRACT_PRICE = auto()
    DESIGN_AMOUNT = auto()
    PLANNED_PRICE = auto()


@unique
class VersionScope(Token):
    """Which versions of a certificate a way of handing in is for."""

    INITIAL = auto()
    AMENDED = auto()
    ANY = auto()


@unique
class Channel(Token):
    """How the authentication key reaches the orderer. ``UNSPECIFIED``: ask the section."""

    UNSPECIFIED = auto()
    MAIL = auto()
    WEB_FORM = auto()
    FAX = auto()
    MAIL_OR_FAX = auto()
    PRINT = auto()


@unique
class BodyItem(Token):
    """What the message that hands in a key must say."""

    CONTRACTOR = auto()
    CONTACT = auto()
    WORKS_NAME = auto()
    PRODUCT = auto()


@unique
class Before(Token):
    """By when the key is to be handed in."""

    CONTRACT_SIGNING = auto()
    CONTRACT_VISIT = auto()
    PREPAYMENT_REQUEST = auto()


@dataclass(frozen=True, slots=True)
class ElectronicPolicy:
    """Where the electronic form is accepted."""

    products: frozenset[Product] = frozenset()
    works_kinds: frozenset[str] = frozenset()
    guarantor_kinds: frozenset[GuarantorKind] = frozenset()
    since: date | None = None
    since_basis: SinceBasis | None = None
    amendments_of_earlier_contracts: bool | None = None


@dataclass(frozen=True, slots=True)
class PrepaymentRule:
    """The advance for one kind of works. Percent of the contract price, yen, and days (both ends counted)."""

    rate_percent: int | None = None
    low_bid_rate_percent: int | None = None
    min_price_yen: int | None = None
    min_period_days: int | None = None
    threshold_basis: ThresholdBasis = ThresholdBasis.CONTRACT_PRICE
    round_down_to_yen: int | None = None
    cap_yen: int | None = None


@dataclass(frozen=True, slots=True)
class PrepaymentPolicy:
    """Rules by kind of works (works kind code to rule; ``None``: not offered), in the order of the file."""

    by_kind: tuple[tuple[str, PrepaymentRule | None], ...] = ()
    exclusive_with_part_payment: bool | None = None

    def has(self, kind: str) -> bool:
        """Say whether this policy speaks of the kind at all."""
        return any(code == kind for code, _ in self.by_kind)

    def rule(self, kind: str) -> PrepaymentRule | None:
        """Give the kind's rule; ``None`` where it is not offered or not mentioned (see ``has``)."""
        return next((rule for code, rule in self.by_kind if code == kind), None)


@dataclass(frozen=True, slots=True)
class PerformancePolicy:
    """The contract guarantee: minimum rates in percent of the contract price."""

    min_price_yen: int | None = None
    threshold_basis: ThresholdBasis = ThresholdBasis.CONTRACT_PRICE
    min_rate_percent: int | None = None
    low_bid_min_rate_percent: int | None = None


@dataclass(frozen=True, slots=True)
class AmendmentPolicy:
    """When a change of the works contract asks for a changed certificate."""

    price_ratio_percent: int | None = None
    term_change_needs_certificate: bool | None = None


@dataclass(frozen=True, slots=True)
class HandInRule:
    """How a key is handed in. ``subject`` may hold {works_number}, {works_name}, {product_name},
    {contractor_name}.
    """

    products: tuple[Product, ...] = ()
    version: VersionScope = VersionScope.ANY
    section: str = ""
    channel: Channel = Channel.UNSPECIFIED
    to: str = ""
    subject: str = ""
    body_items: tuple[BodyItem, ...] = ()
    before: Before | None = None
    phone_confirmation: bool = False
    other_documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the orderer (担当課), where it differs with its own addressee."""

    name: str
    to: str = ""
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of an orderer's policy, valid from a day on (``None``: always)."""

    valid_from: date | None = None
    electronic: ElectronicPolicy | None = None
    prepayment: PrepaymentPolicy | None = None
    midterm: PrepaymentPolicy | None = None
    performance: PerformancePolicy | None = None
    amendment: AmendmentPolicy | None = None
    payment_within_days: int | None = None
    hand_in: tuple[HandInRule, ...] = ()
    addressee: str = ""
    sections: tuple[Section, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy with its number, counted from 1 for each orderer; kept for good, since contracts refer to it."""

    version: int
    policy: Policy


@dataclass(frozen=True, slots=True)
class Orderer:
    """An orderer (発注者) with every version of its policy, the oldest first."""

    orderer_id: str
    name: str
    prefecture: str = ""
    kana: str = ""
    policies: tuple[PolicyVersion, ...] = ()
    revision: int = 0

    def version(self, number: int) -> PolicyVersion | None:
        """Give the policy version of that number, or ``None``."""
        return next((v for v in self.policies if v.version == number), None)
