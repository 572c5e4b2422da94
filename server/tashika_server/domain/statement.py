"""The statement that a guarantor signs, from an accepted contract."""

from collections.abc import Iterator, Mapping
from datetime import date

from tashika_formats.canonical import JsonValue
from tashika_server.domain.model import (
    Application,
    BankAccount,
    Contract,
    JointVenture,
    Organization,
    Principal,
    Product,
    WorksTerms,
)
from tashika_server.domain.policy import Orderer, Policy
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.domain.works_kinds import kind_name

Record = dict[str, JsonValue]

# Who represents a local body (Local Autonomy Act, articles 139 to 147): a governor or a mayor.
_HEAD_OF = {
    "都": "知事",
    "道": "知事",
    "府": "知事",
    "県": "知事",
    "市": "長",
    "区": "長",
    "町": "長",
    "村": "長",
}


def build_statement(
    contract: Contract,
    *,
    orderer: Orderer,
    policy: Policy,
    guarantor: Organization,
    certificate_id: str,
    version: int,
    issue_date: date,
    previous: tuple[int, str] | None = None,
) -> Record:
    """Give the statement of a certificate version. What is not known is left out; names keep their code
    points.

    ``policy`` is the version that the contract keeps. ``previous`` names the version before and the SHA-256
    (lower case hexadecimal) of its statement. Refuses NOT_ISSUED for a contract without accepted terms, and
    FIELD_REQUIRED where the guarantor has no terms (約款) to refer to.
    """
    terms, principal = contract.terms, contract.principal
    if terms is None or principal is None or terms.product is None or terms.amount_yen is None:
        raise refuse(Reason.NOT_ISSUED, state=contract.state)
    statement = _filled(
        certificate_id=certificate_id,
        contract_id=contract.contract_id,
        contract_number=contract.number,
        version=version,
        product=terms.product.value,
        guaranteed_amount_yen=terms.amount_yen,
        guarantee_period=_guarantee_period(terms),
        obligee=_obligee(orderer, policy, terms.works),
        principal=_principal(principal, terms.joint_venture),
        works=_works(terms),
        depositary=_depositary(terms.depositary),
        guarantor=_guarantor(guarantor, terms),
        issue_date=issue_date.isoformat(),
        terms_reference=_terms_reference(guarantor, terms.product),
    )
    if previous is not None:
        statement["previous"] = {"version": previous[0], "statement_sha256": previous[1]}
    return statement


def statement_texts(statement: Mapping[str, JsonValue]) -> dict[str, str]:
    """Give every text of a statement by its path (``statement.works.name``), to be checked against the fonts."""
    return dict(_texts(dict(statement), "statement"))


def addressee(orderer: Orderer, policy: Policy, section: str) -> str:
    """Give the addressee of a certificate (柏市長), without the 様 that a document adds.

    The section's own (上下水道事業管理者), else the policy's, else the head that a local body of this name
    has; of any other body the name itself.
    """
    own = next((known.addressee for known in policy.sections if known.name == section and section), "")
    return own or policy.addressee or orderer.name + _HEAD_OF.get(orderer.name[-1:], "")


def _guarantee_period(terms: Application) -> Record:
    period = _filled(to=_iso(terms.period_end))
    if terms.period_on_signing:
        period["from_signing"] = True
    elif terms.period_start is not None:
        period["from"] = terms.period_start.isoformat()
    return period


def _obligee(orderer: Orderer, policy: Policy, works: WorksTerms) -> Record:
    return _filled(
        orderer_id=orderer.orderer_id,
        name=orderer.name,
        addressee=addressee(orderer, policy, works.section),
        section=works.section,
    )


def _principal(principal: Principal, venture: JointVenture | None) -> Record:
    record = _filled(
        company=principal.company,
        address=principal.address,
        representative=principal.representative,
        corporate_number=principal.corporate_number,
    )
    if venture is not None:
        members: list[JsonValue] = [
            _filled(
                company=member.company,
                address=member.address,
                representative=member.representative,
                ratio_percent_hundredths=member.ratio_hundredths,
            )
            for member in venture.members
        ]
        record["joint_venture"] = {"name": venture.name, "members": members}
    return record


def _works(terms: Application) -> Record:
    works = terms.works
    period = _filled(to=_iso(works.period_end))
    if works.period_start is not None:
        period["from"] = works.period_start.isoformat()
    return _filled(
        number=works.number,
        name=works.name,
        place=works.place,
        kind=works.kind,
        kind_name=kind_name(works.kind),
        contract_date=_iso(works.contract_date),
        period=period,
        price_yen=works.price_yen,
        prepayment_yen=terms.amount_yen if terms.product is Product.PREPAYMENT else None,
        fiscal_year=terms.fiscal_year,
        low_bid=works.low_bid or None,
    )


def _depositary(account: BankAccount | None) -> Record | None:
    if account is None or account == BankAccount():
        return None
    return _filled(
        bank=account.bank,
        branch=account.branch,
        account_kind=account.account_kind,
        account_number=account.account_number,
        holder=account.holder,
    )


def _guarantor(guarantor: Organization, terms: Application) -> Record:
    branch = next((known for known in guarantor.branches if known.name == terms.branch), None)
    telephone = branch.telephone if branch is not None else ""
    return _filled(
        organization_id=guarantor.organization_id,
        name=guarantor.name,
        address=guarantor.address,
        representative=guarantor.representative,
        branch=terms.branch,
        telephone=telephone or guarantor.telephone,
    )


def _terms_reference(guarantor: Organization, product: Product) -> str:
    field = "terms_reference_performance" if product is Product.PERFORMANCE else "terms_reference_prepayment"
    reference: str = getattr(guarantor, field)
    if not reference:
        raise refuse(Reason.FIELD_REQUIRED, f"guarantor.{field}")
    return reference


def _filled(**values: "JsonValue | None") -> Record:
    return {key: value for key, value in values.items() if value is not None and value != ""}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _texts(value: JsonValue, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, f"{path}.{key}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts(part, f"{path}[{index}]")
