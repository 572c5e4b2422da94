"""What Tashika keeps: guarantee contracts and the things around them. Amounts are whole yen, days are
Japan's.

A draft may lack fields: text is then empty, everything else ``None``. Nothing here decides; the rules do.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import auto, unique

from tashika_server.domain.facts import Fact as Fact
from tashika_server.domain.facts import FactKind as FactKind
from tashika_server.domain.facts import MailFailure as MailFailure
from tashika_server.domain.facts import ReissueReason as ReissueReason
from tashika_server.domain.fee_records import FICTIONAL_LABEL, AdvanceRequest, FeeBasis, ReceiptSent
from tashika_server.domain.opening_hours import OpeningHours
from tashika_server.domain.reasons import Token


@unique
class Product(Token):
    """What is guaranteed."""

    PERFORMANCE = auto()
    PREPAYMENT = auto()
    MIDTERM_PREPAYMENT = auto()


@unique
class Form(Token):
    """How the certificate is delivered; one form for one guarantee contract, amendments included."""

    ELECTRONIC = auto()
    PAPER = auto()


@unique
class GuarantorKind(Token):
    """Who guarantees. Only guarantee companies issue in this register."""

    GUARANTEE_COMPANY = auto()
    INSURER = auto()
    BANK = auto()


@unique
class OrganizationKind(Token):
    """What an organisation is to the register."""

    CONTRACTOR = auto()
    GUARANTOR = auto()
    ORDERER = auto()
    OPERATOR = auto()


@unique
class Role(Token):
    """What a person may do within the organisation."""

    CONTRACTOR = auto()
    UNDERWRITER = auto()
    APPROVER = auto()
    OFFICER = auto()
    OPERATOR = auto()


@unique
class ContractState(Token):
    """Where a guarantee contract stands."""

    DRAFT = auto()
    SUBMITTED = auto()
    RETURNED = auto()
    WITHDRAWN = auto()
    REFUSED = auto()
    PENDING_APPROVAL = auto()
    ACCEPTED = auto()
    LAPSED = auto()
    IN_FORCE = auto()
    EXPIRED = auto()
    DISCHARGED = auto()
    CANCELLED = auto()
    SETTLED = auto()


@unique
class FeeEntryKind(Token):
    """A row of the fee ledger: what is owed, what came in, what went back, and a charge that was taken back.

    ``REVERSAL`` undoes a charge whose acceptance was undone (returned, reported, withdrawn, lapsed).
    """

    CHARGE = auto()
    PAYMENT = auto()
    REFUND = auto()
    REVERSAL = auto()


@dataclass(frozen=True, slots=True)
class Branch:
    """An office of a guarantor. ``hours``: when it answers; None where nobody said."""

    name: str
    telephone: str = ""
    address: str = ""
    hours: OpeningHours | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """A contractor, a guarantor, an orderer's accounts, or the register's operator.

    ``guarantor_code`` (1 to 99) opens the numbers of a guarantor's contracts. ``approval_from_yen``: from
    this guaranteed amount on a second person must approve (0: always). ``monthly_payer``: this contractor
    pays the fees of a month in one sum (一括納付), so that issue does not wait for the payment; with every
    guarantor that has no agreement of its own with it (``monthly.MonthlyPayer``).
    """

    organization_id: str
    kind: OrganizationKind
    name: str
    kana: str = ""
    address: str = ""
    representative: str = ""
    corporate_number: str = ""
    telephone: str = ""
    orderer_id: str = ""
    guarantor_kind: GuarantorKind | None = None
    guarantor_code: int | None = None
    branches: tuple[Branch, ...] = ()
    approval_from_yen: int = 0
    terms_reference_performance: str = ""
    terms_reference_prepayment: str = ""
    monthly_payer: bool = False
    disabled: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class User:
    """A person of an organisation. ``password_hash`` is an encoded argon2id hash, never shown by any role."""

    user_id: str
    organization_id: str
    login_name: str
    name: str
    title: str = ""
    mail: str = ""
    roles: frozenset[Role] = frozenset()
    password_hash: str = ""
    must_change_password: bool = False
    disabled: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class SshKey:
    """A public key by which a person signs in over SSH; each key belongs to one person.

    ``public_key`` is its one line without a comment, ``fingerprint`` what ``ssh-keygen -l`` shows.
    """

    ssh_key_id: str
    user_id: str
    name: str
    public_key: str
    fingerprint: str
    created_time: datetime
    revision: int = 0


@dataclass(frozen=True, slots=True)
class WorksTerms:
    """A works contract (請負契約) as entered. The price includes tax."""

    number: str = ""
    name: str = ""
    place: str = ""
    kind: str = ""
    orderer_id: str = ""
    section: str = ""
    price_yen: int | None = None
    notice_date: date | None = None
    expected_contract_date: date | None = None
    contract_date: date | None = None
    initial_contract_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    low_bid: bool = False
    multi_year: bool = False


@dataclass(frozen=True, slots=True)
class Works:
    """A contractor's works contract, from which guarantee contracts take their snapshots."""

    works_id: str
    organization_id: str
    terms: WorksTerms
    revision: int = 0


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
    """A member of a joint venture. ``ratio_hundredths`` is its share in hundredths of a percent."""

    company: str = ""
    address: str = ""
    representative: str = ""
    ratio_hundredths: int | None = None


@dataclass(frozen=True, slots=True)
class JointVenture:
    """A joint venture (共同企業体); the shares of its members add up to 100 percent."""

    name: str = ""
    members: tuple[VentureMember, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the guarantor and the orderer ask about this application."""

    name: str = ""
    telephone: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """What a contractor asks for, and with the same shape what a guarantor accepts as the terms.

    ``amount_yen`` is the guaranteed amount; for a prepayment it is the advance itself. ``period_on_signing``:
    the guarantee starts when the works contract is signed. ``fiscal_year`` (western year of its 1 April) and
    ``planned_work_value_yen`` (出来高予定額 of that year) are asked for with multi-year works only. ``works``
    is the server's snapshot of the works contract ``works_id``.
    """

    guarantor_id: str = ""
    branch: str = ""
    product: Product | None = None
    form: Form | None = None
    works_id: str = ""
    works: WorksTerms = WorksTerms()
    amount_yen: int | None = None
    prepayment_planned: bool = False
    period_start: date | None = None
    period_on_signing: bool = False
    period_end: date | None = None
    fiscal_year: int | None = None
    planned_work_value_yen: int | None = None
    depositary: BankAccount | None = None
    joint_venture: JointVenture | None = None
    contact: Contact = Contact()
    notice_mail: str = ""


@dataclass(frozen=True, slots=True)
class Registrant:
    """Who registered a contract, as that person and company were on that day (登録者名, 会社名, 役職)."""

    user_id: str
    name: str
    company: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """The contractor as it stands on the certificate, as it was on the day of submission."""

    company: str
    address: str = ""
    representative: str = ""
    corporate_number: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark about one field (path as in ``Violation``; empty: the whole), for a return or a reported
    error.
    """

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class FeeEntry:
    """A row of a contract's fee ledger; ``amount_yen`` is positive, its kind gives the sign.

    ``fictional``: it belongs to a fee that a fictional tariff gave.
    """

    entry_id: str
    kind: FeeEntryKind
    amount_yen: int
    day: date
    recorded_time: datetime
    user_id: str
    note: str = ""
    fictional: bool = False

    @property
    def label(self) -> str:
        """What must stand beside it wherever it shows; empty where the fee is a real one."""
        return FICTIONAL_LABEL if self.fictional else ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that came with the application."""

    attachment_id: str
    name: str
    size_bytes: int
    sha256: str
    added_time: datetime
    user_id: str


@dataclass(frozen=True, slots=True)
class PaperIssue:
    """The issue of a paper certificate, recorded by the guarantor; there is no key."""

    day: date
    certificate_reference: str
    recorded_time: datetime
    user_id: str


@dataclass(frozen=True, slots=True)
class StepTimes:
    """When each step of the contract was last taken; the lead time runs from submission to handing in.

    ``first_issued`` is the issue of the first version, whatever was amended later. ``handed_in`` is unset again while
    a key that was issued anew is not handed in.
    """

    submitted: datetime | None = None
    returned: datetime | None = None
    accepted: datetime | None = None
    approved: datetime | None = None
    paid: datetime | None = None
    issued: datetime | None = None
    handed_in: datetime | None = None
    first_issued: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A guarantee contract (保証契約) from draft to its end.

    ``number`` is given at the first submission. ``application`` is what the contractor submitted, ``terms``
    what the guarantor accepted. ``policy_version`` names the version of the orderer's policy that the last
    submission was judged by. ``pay_by`` is the last day for the fee; ``monthly_due`` that of a monthly payer, for
    whom nothing lapses. ``fee_basis`` is how the tariff gives the fee, ``None`` where no tariff did; ``fee_note``
    says why it is another one. ``slot`` is taken by one live contract at a time. ``revision`` is the store's, 0
    before the first save.
    """

    contract_id: str
    organization_id: str
    guarantor_id: str
    application: Application
    registrant: Registrant
    registered_time: datetime
    state: ContractState = ContractState.DRAFT
    number: str = ""
    terms: Application | None = None
    principal: Principal | None = None
    policy_version: int | None = None
    remarks: tuple[Remark, ...] = ()
    refusal: str = ""
    fee_yen: int | None = None
    pay_by: date | None = None
    monthly_payer: bool = False
    ledger: tuple[FeeEntry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    accepted_by: str = ""
    approved_by: str = ""
    version: int = 0
    paper_issue: PaperIssue | None = None
    facts: tuple[Fact, ...] = ()
    steps: StepTimes = StepTimes()
    slot: str | None = None
    updated_time: datetime | None = None
    fee_basis: FeeBasis | None = None
    fee_note: str = ""
    monthly_due: date | None = None
    receipt: ReceiptSent | None = None
    advance_requests: tuple[AdvanceRequest, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """An issued version of an electronic certificate (電子証書).

    ``envelope`` is the canonical statement that was signed, ``statement_signature`` its detached signature,
    ``chain`` the signer's certificates in PEM, leaf first. ``pdf_sha256`` names the blob. ``salt`` hides the
    record behind the public leaf. ``leaf_index`` is the store's, -1 before it is known.
    """

    certificate_id: str
    contract_id: str
    contract_number: str
    version: int
    organization_id: str
    guarantor_id: str
    orderer_id: str
    product: Product
    issued_time: datetime
    issue_date: date
    envelope: bytes
    statement_signature: bytes
    chain: tuple[str, ...]
    pdf_sha256: str
    pdf_size_bytes: int
    record: bytes
    salt: bytes
    leaf: bytes
    leaf_index: int = -1
    demo: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class SealedKey:
    """An authentication key at rest: encrypted for the contractor, digested for opening."""

    key_id: str
    contract_id: str
    contract_number: str
    generation: int
    created_time: datetime
    ciphertext: bytes
    nonce: bytes
    wrapped_data_key: bytes
    secret_version: int
    digest: bytes
    revoked_time: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person. Only a hash of the token's secret is kept."""

    session_id: str
    user_id: str
    secret_hash: bytes
    created_time: datetime
    last_used_time: datetime
    expires_time: datetime
    language: str = "ja"
