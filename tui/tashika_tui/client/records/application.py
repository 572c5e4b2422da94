"""Works contracts, and what a contractor applies for. Everything may be left out of a draft."""

from dataclasses import dataclass

from tashika_tui.client.records.common import Day


@dataclass(frozen=True, slots=True)
class Works:
    """A works contract (請負契約) as entered. `etag` goes back with the next update; it is empty within an
    application, where the works are a snapshot.
    """

    works_id: str = ""
    number: str = ""
    name: str = ""
    place: str = ""
    kind: str = ""
    orderer_id: str = ""
    section: str = ""
    price_yen: int | None = None
    notice_date: Day | None = None
    expected_contract_date: Day | None = None
    contract_date: Day | None = None
    initial_contract_date: Day | None = None
    period_start: Day | None = None
    period_end: Day | None = None
    low_bid: bool = False
    multi_year: bool = False
    etag: str = ""


@dataclass(frozen=True, slots=True)
class WorksFilter:
    """Which works contracts a list shows, and from where on; what is empty does not filter.

    `search` are words, each of them part of the name or the number, in any width, case and kana. `sort` is
    NAME, NUMBER, PRICE_YEN or PERIOD_END; `from_value` a value of it.
    """

    orderer_id: str = ""
    kind: str = ""
    sort: str = "NAME"
    from_value: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The account that receives an advance (前払金専用口座)."""

    bank: str = ""
    branch: str = ""
    account_kind: str = ""
    account_number: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class VentureMember:
    """A member of a joint venture; the share is in hundredths of a percent."""

    company: str = ""
    address: str = ""
    representative: str = ""
    ratio_hundredths: int | None = None


@dataclass(frozen=True, slots=True)
class JointVenture:
    """A joint venture (共同企業体), the representing member first."""

    name: str = ""
    members: tuple[VentureMember, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask about an application."""

    name: str = ""
    telephone: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """What a contractor asks for, or what a guarantor accepted.

    `product` is PERFORMANCE, PREPAYMENT or MIDTERM_PREPAYMENT; `form` is ELECTRONIC or PAPER. The works
    contract is named by `works.works_id`: of a contractor's application the server reads nothing else of
    `works` and takes its own snapshot.
    """

    guarantor_id: str = ""
    branch: str = ""
    product: str = ""
    form: str = ""
    works: Works | None = None
    amount_yen: int | None = None
    prepayment_planned: bool = False
    period_start: Day | None = None
    period_on_signing: bool = False
    period_end: Day | None = None
    fiscal_year: int | None = None
    planned_work_value_yen: int | None = None
    depositary: BankAccount | None = None
    joint_venture: JointVenture | None = None
    contact: Contact | None = None
    notice_mail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause against an application, or one thing worth a look: reason, the field's path
    (`application.works.price_yen`; may be empty), a sentence, and what the sentence quotes, by name.
    """

    reason: str
    field: str
    sentence: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """The judgement of an application. It can be submitted where there are no `violations`.

    The amount is to lie between `minimum_yen` and `maximum_yen` (None: no bound, or not known yet) and be a
    multiple of `round_down_to_yen`. `policy_version` None: the orderer has no policy.
    """

    violations: tuple[Finding, ...]
    cautions: tuple[Finding, ...]
    minimum_yen: int | None
    maximum_yen: int | None
    round_down_to_yen: int
    policy_version: int | None
