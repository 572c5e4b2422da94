"""What goes into fee sheets, statements and requests for the advance: plain frozen values, made from the contract."""

from dataclasses import dataclass
from datetime import date

from tashika_server.documents.content import NoticeContractor
from tashika_server.domain.advance import AdvanceTerms
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fee_records import FeeBasis
from tashika_server.domain.ledger import balance_yen, fee_due, is_fictional
from tashika_server.domain.model import (
    Application,
    Contract,
    FeeEntry,
    Organization,
    Product,
    WorksTerms,
)
from tashika_server.domain.monthly import FeeStatement


@dataclass(frozen=True, slots=True)
class Issuer:
    """The guarantor as the sender of a sheet. `contact` is the branch and its telephone."""

    name: str
    address: str
    representative: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class FeeSheetContent:
    """Everything that a fee sheet (保証料計算書) says. Texts keep their exact code points.

    `fictional`: a fictional tariff gave the fee, and the sheet says so. `due` is the last day for what is owed.
    """

    sheet_date: date
    contract_number: str
    contractor: NoticeContractor
    guarantor: Issuer
    orderer: str
    terms: Application
    fee_yen: int
    balance_yen: int
    ledger: tuple[FeeEntry, ...]
    accepted_on: date | None = None
    due: date | None = None
    monthly: bool = False
    basis: FeeBasis | None = None
    fee_note: str = ""
    fictional: bool = False
    demo: bool = False

    @property
    def works(self) -> WorksTerms:
        """The works contract."""
        return self.terms.works


@dataclass(frozen=True, slots=True)
class StatementContent:
    """Everything that a month's statement (一括納付明細書) says."""

    sheet_date: date
    statement: FeeStatement
    contractor: NoticeContractor
    guarantor: Issuer
    demo: bool = False


@dataclass(frozen=True, slots=True)
class AdvanceContent:
    """Everything that a request for the advance (前払金請求書) says. `copy`: of one that was handed in (控え)."""

    request_date: date
    contract_number: str
    contractor: NoticeContractor
    guarantor: str
    said: AdvanceTerms
    copy: bool = False
    demo: bool = False

    @property
    def title(self) -> str:
        """What the document is called."""
        midterm = self.said.terms.product is Product.MIDTERM_PREPAYMENT
        return "中間前払金請求書" if midterm else "前払金請求書"


def fee_sheet_content(
    contract: Contract, guarantor: Organization, orderer_name: str, day: date, *, demo: bool
) -> FeeSheetContent:
    """The fee sheet of a contract whose fee is told."""
    assert contract.terms is not None and contract.fee_yen is not None
    accepted = contract.steps.accepted
    return FeeSheetContent(
        sheet_date=day,
        contract_number=contract.number,
        contractor=contractor_of(contract),
        guarantor=issuer_of(guarantor, contract.terms.branch),
        orderer=orderer_name,
        terms=contract.terms,
        fee_yen=contract.fee_yen,
        balance_yen=balance_yen(contract.ledger),
        ledger=contract.ledger,
        accepted_on=japan_day(accepted) if accepted is not None else None,
        due=fee_due(contract),
        monthly=contract.monthly_payer,
        basis=contract.fee_basis,
        fee_note=contract.fee_note,
        fictional=is_fictional(contract.ledger)
        or (contract.fee_basis is not None and contract.fee_basis.fictional),
        demo=demo,
    )


def statement_content(
    statement: FeeStatement, guarantor: Organization, contractor: Organization, day: date, *, demo: bool
) -> StatementContent:
    """The statement of a month."""
    receiver = NoticeContractor(contractor.name, contractor.address, contractor.representative)
    return StatementContent(day, statement, receiver, issuer_of(guarantor, ""), demo=demo)


def advance_content(
    contract: Contract, guarantor: Organization, said: AdvanceTerms, day: date, *, copy: bool, demo: bool
) -> AdvanceContent:
    """A request for the advance."""
    return AdvanceContent(
        request_date=day,
        contract_number=contract.number,
        contractor=contractor_of(contract),
        guarantor=guarantor.name,
        said=said,
        copy=copy,
        demo=demo,
    )


def contractor_of(contract: Contract) -> NoticeContractor:
    """The contractor as it was on the day of the submission, with the contact that it gave."""
    terms = contract.terms or contract.application
    principal, venture, contact = contract.principal, terms.joint_venture, terms.contact
    return NoticeContractor(
        company=principal.company if principal is not None else contract.registrant.company,
        address=principal.address if principal is not None else "",
        representative=principal.representative if principal is not None else "",
        contact="　".join(part for part in (contact.name, contact.telephone) if part),
        joint_venture=venture.name if venture is not None else "",
    )


def issuer_of(guarantor: Organization, branch_name: str) -> Issuer:
    """The guarantor with the branch that a contract names."""
    branch = next((each for each in guarantor.branches if each.name == branch_name), None)
    telephone = (branch.telephone if branch is not None else "") or guarantor.telephone
    contact = "　".join(part for part in (branch_name, telephone) if part)
    return Issuer(guarantor.name, guarantor.address, guarantor.representative, contact)
