"""Guarantee contracts: rows of a list, and one in full."""

from dataclasses import dataclass
from typing import Protocol

from tashika_tui.client.records.application import Application
from tashika_tui.client.records.common import Day, Moment
from tashika_tui.client.records.handing_in import (
    Fact,
    HandInAdvice,
    HandInMessage,
    KeyGeneration,
    OrdererNotice,
)
from tashika_tui.client.records.people import Registrant

# The states of a guarantee contract, in the order of its life.
STATES = (
    "DRAFT",
    "SUBMITTED",
    "RETURNED",
    "WITHDRAWN",
    "REFUSED",
    "PENDING_APPROVAL",
    "ACCEPTED",
    "LAPSED",
    "IN_FORCE",
    "EXPIRED",
    "DISCHARGED",
    "CANCELLED",
    "SETTLED",
)


class Known(Protocol):
    """A contract as the caller last read it: what a change is decided on. `Contract` and `Ref` are ones."""

    @property
    def contract_id(self) -> str:
        """`con_` and 26 characters."""

    @property
    def etag(self) -> str:
        """The server refuses the change (ETAG_MISMATCH) if the contract has another one; empty: unchecked."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A contract by its id, with an etag where one is known."""

    contract_id: str
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """Which contracts a list shows, and from where on; what is empty does not filter. Choices are bare tokens.

    `search` are words, each of them part of the number, the works' name or number, the orderer's name or the
    contractor's, in any width, case and kana.
    `sort` is REGISTERED_TIME, NUMBER, UPDATED_TIME, WORKS_NAME, AMOUNT_YEN or PERIOD_END; `from_value` a value
    of it as text: a moment as RFC 3339, a day as YYYY-MM-DD, yen as digits; not together with `from_end`.
    """

    state: str = ""
    contract_number: str = ""
    sort: str = "REGISTERED_TIME"
    from_value: str = ""
    product: str = ""
    form: str = ""
    orderer_id: str = ""
    guarantor_id: str = ""
    works_id: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A guarantee contract in a list (保証契約一覧). Amount and period are the terms' once there are any."""

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
    guarantor_id: str = ""
    organization_id: str = ""
    works_id: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """The contractor as it stands on the certificate."""

    company: str
    address: str
    representative: str
    corporate_number: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be corrected, at a field's path (`application.works.name`; empty: the whole)."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the terms are not what was applied for; the values are texts."""

    field: str
    application_value: str
    terms_value: str


@dataclass(frozen=True, slots=True)
class FeeEntry:
    """A row of the fee ledger. `kind` is CHARGE, PAYMENT, REFUND or REVERSAL and gives the sign; yen are
    positive.
    """

    entry_id: str
    kind: str
    amount_yen: int
    day: Day | None
    record_time: Moment | None
    user_id: str
    note: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that came with the application; the digest is SHA-256 in lower-case hexadecimal."""

    attachment_id: str
    name: str
    size_bytes: int
    sha256: str
    attach_time: Moment | None


@dataclass(frozen=True, slots=True)
class PaperIssue:
    """The issue of a paper certificate, as the guarantor recorded it."""

    day: Day | None
    certificate_reference: str
    record_time: Moment | None


@dataclass(frozen=True, slots=True)
class Steps:
    """When each step was last taken; None: not yet."""

    submit_time: Moment | None = None
    return_time: Moment | None = None
    accept_time: Moment | None = None
    approve_time: Moment | None = None
    pay_time: Moment | None = None
    issue_time: Moment | None = None
    hand_in_time: Moment | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A guarantee contract in full. `terms` is None before the acceptance; the balance is what is still owed.

    `differences`, `hand_in_advice`, `first_open_time` and the last three come with reading it only; as the answer to a
    change they are empty. `keys` are all that it has had, the first first.
    """

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
    differences: tuple[Difference, ...] = ()
    hand_in_advice: HandInAdvice | None = None
    first_open_time: Moment | None = None
    organization_id: str = ""
    guarantor_id: str = ""
    policy_version: int | None = None
    ledger: tuple[FeeEntry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    accepted_by: str = ""
    approved_by: str = ""
    paper_issue: PaperIssue | None = None
    steps: Steps = Steps()
    hand_in_message: HandInMessage | None = None
    keys: tuple[KeyGeneration, ...] = ()
    orderer_notice: OrdererNotice | None = None
