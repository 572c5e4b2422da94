"""What the gateway gives: plain records, without anything of the wire.

Choices are bare tokens (`IN_FORCE`), empty where not given; yen are integers; days are dates; moments are aware
datetimes; what is unset is None. Secrets are kept out of `repr`.
"""

import datetime
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

Day = datetime.date
Moment = datetime.datetime


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a server is. `log_verifier_key` is the key of its log as one line; `today` is Japan's day."""

    version: str
    demo: bool
    server_time: Moment | None
    today: Day | None
    log_origin: str
    log_verifier_key: str


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in."""

    session_id: str
    login_name: str
    name: str
    title: str
    roles: tuple[str, ...]
    organization: str
    organization_kind: str
    language: str
    must_change_password: bool
    expire_time: Moment | None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun, with its bearer token."""

    token: str = field(repr=False)
    session: Session


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a certificate (電子保証履歴). Size in bytes, digest in lower-case hexadecimal."""

    certificate_id: str
    version: int
    issue_date: Day | None
    issue_time: Moment | None
    pdf_sha256: str
    pdf_size_bytes: int


@dataclass(frozen=True, slots=True)
class OpenedCertificate:
    """A certificate opened with number and key. `envelope` are the signed bytes, from which it is shown;
    `chain` are PEM certificates, the signer's first; `versions` has the latest first.
    """

    contract_id: str
    contract_number: str
    version: int
    contract_state: str
    demo: bool
    pdf_sha256: str
    envelope: bytes
    statement_signature: bytes
    chain: tuple[str, ...]
    versions: tuple[VersionRow, ...]
    viewing_token: str = field(repr=False)
    viewing_token_expire_time: Moment | None


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What the register says of a file that it issued. `standing` is CURRENT, SUPERSEDED or ENDED; `bundle` is
    the issuance bundle as a file.
    """

    standing: str
    contract_number: str
    version: int
    current_version: int
    contract_state: str
    bundle: bytes
    check_time: Moment | None


@dataclass(frozen=True, slots=True)
class File:
    """A downloaded file whose size and SHA-256 are as the server announced."""

    name: str
    media_type: str
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list. `total_size` counts what fits the filter, up to 1,001 unless `total_size_exact`."""

    items: tuple[T, ...]
    next_page_token: str
    previous_page_token: str
    total_size: int
    total_size_exact: bool


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list: at most `size` items (1 to 200)."""

    size: int = 50
    token: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """Which contracts a list shows, and from where on; what is empty does not filter. Choices are bare tokens.

    `sort` is REGISTERED_TIME, NUMBER, UPDATED_TIME, WORKS_NAME, AMOUNT_YEN or PERIOD_END; `from_value` a value
    of it.
    """

    state: str = ""
    contract_number: str = ""
    sort: str = "REGISTERED_TIME"
    from_value: str = ""


@dataclass(frozen=True, slots=True)
class Registrant:
    """Who registered a contract, as person and company were on that day."""

    name: str
    company: str
    title: str


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A guarantee contract in a list (保証契約一覧)."""

    contract_id: str
    contract_number: str
    register_time: Moment | None
    registrant: Registrant
    state: str
    product: str
    form: str
    orderer_id: str
    section: str
    works_number: str
    works_name: str
    amount_yen: int | None
    period_end: Day | None
    pay_by: Day | None
    version: int
    update_time: Moment | None


@dataclass(frozen=True, slots=True)
class Works:
    """A works contract (請負契約) as entered."""

    works_id: str
    number: str
    name: str
    place: str
    kind: str
    orderer_id: str
    section: str
    price_yen: int | None
    notice_date: Day | None
    expected_contract_date: Day | None
    contract_date: Day | None
    initial_contract_date: Day | None
    period_start: Day | None
    period_end: Day | None
    low_bid: bool
    multi_year: bool


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The account that receives an advance."""

    bank: str
    branch: str
    account_kind: str
    account_number: str
    holder: str


@dataclass(frozen=True, slots=True)
class VentureMember:
    """A member of a joint venture; the share is in hundredths of a percent."""

    company: str
    address: str
    representative: str
    ratio_hundredths: int | None


@dataclass(frozen=True, slots=True)
class JointVenture:
    """A joint venture."""

    name: str
    members: tuple[VentureMember, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask about an application."""

    name: str
    telephone: str
    mail: str


@dataclass(frozen=True, slots=True)
class Application:
    """What a contractor asks for, or what a guarantor accepted."""

    guarantor_id: str
    branch: str
    product: str
    form: str
    works: Works | None
    amount_yen: int | None
    prepayment_planned: bool
    period_start: Day | None
    period_on_signing: bool
    period_end: Day | None
    fiscal_year: int | None
    planned_work_value_yen: int | None
    depositary: BankAccount | None
    joint_venture: JointVenture | None
    contact: Contact | None
    notice_mail: str


@dataclass(frozen=True, slots=True)
class Principal:
    """The contractor as it stands on the certificate."""

    company: str
    address: str
    representative: str
    corporate_number: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be corrected, at a field's path (empty: the whole)."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened to a certificate version after its issue, such as HANDED_IN."""

    kind: str
    version: int
    fact_time: Moment | None
    reported: bool
    channel: str
    note: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the terms are not what was applied for; the values are texts."""

    field: str
    application_value: str
    terms_value: str


@dataclass(frozen=True, slots=True)
class HandInAdvice:
    """How the orderer wants the key handed in."""

    channel: str
    section: str
    to: str
    subject: str
    body_items: tuple[str, ...]
    before: str
    phone_confirmation: bool
    other_documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A guarantee contract in full. `terms` is None before the acceptance; the balance is what is still owed."""

    contract_id: str
    contract_number: str
    state: str
    application: Application
    terms: Application | None
    registrant: Registrant
    register_time: Moment | None
    principal: Principal | None
    remarks: tuple[Remark, ...]
    refusal: str
    fee_yen: int | None
    pay_by: Day | None
    monthly_payer: bool
    balance_yen: int
    version: int
    facts: tuple[Fact, ...]
    submit_time: Moment | None
    issue_time: Moment | None
    lead_time_seconds: int | None
    update_time: Moment | None
    etag: str
    differences: tuple[Difference, ...]
    hand_in_advice: HandInAdvice | None
    first_open_time: Moment | None


@dataclass(frozen=True, slots=True)
class OrdererRow:
    """An orderer (発注者) in a list; `electronic` says that its latest policy accepts electronic guarantees."""

    orderer_id: str
    name: str
    prefecture: str
    electronic: bool
