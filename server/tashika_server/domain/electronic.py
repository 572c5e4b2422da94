"""Whether an orderer accepts the electronic form for a case. The paper form is always possible.

Without the policy's part ``electronic`` nothing is accepted. A list that is absent within it restricts
nothing, as whatever a policy leaves out; an empty list or an empty part can't be written, since it could be
read both ways.
"""

from datetime import date

from tashika_server.domain.model import GuarantorKind, Product, WorksTerms
from tashika_server.domain.policy import ElectronicPolicy, SinceBasis
from tashika_server.domain.policy_choice import DecisiveDate, PolicyChoice, contract_date
from tashika_server.domain.reasons import Reason, Violation


def check_electronic(
    choice: PolicyChoice,
    works: WorksTerms,
    product: Product | None,
    guarantor_kind: GuarantorKind | None,
    prefix: str = "application",
) -> list[Violation]:
    """List why the electronic form is not accepted; what is not entered yet is not judged."""
    place = f"{prefix}.form"
    if choice.valid_from is not None:
        return [Violation(Reason.POLICY_NOT_VALID_YET, place, {"valid_from": choice.valid_from.isoformat()})]
    electronic = choice.policy.electronic
    if electronic is None:
        return [Violation(Reason.ELECTRONIC_NOT_ACCEPTED, place)]
    violations = []
    if product is not None and electronic.products and product not in electronic.products:
        params = {"product": product.value, "allowed": _listed(electronic.products)}
        violations.append(Violation(Reason.ELECTRONIC_PRODUCT_NOT_ACCEPTED, place, params))
    if works.kind and electronic.works_kinds and works.kind not in electronic.works_kinds:
        params = {"works_kind": works.kind, "allowed": _listed(electronic.works_kinds)}
        violations.append(Violation(Reason.ELECTRONIC_WORKS_KIND_NOT_ACCEPTED, place, params))
    kinds = electronic.guarantor_kinds
    if guarantor_kind is not None and kinds and guarantor_kind not in kinds:
        params = {"guarantor_kind": guarantor_kind.value, "allowed": _listed(kinds)}
        violations.append(Violation(Reason.ELECTRONIC_GUARANTOR_KIND_NOT_ACCEPTED, place, params))
    if electronic.since is not None:
        violations.extend(_check_since(electronic, electronic.since, works, prefix))
    return violations


def since_date(electronic: ElectronicPolicy, works: WorksTerms) -> DecisiveDate | None:
    """Give the date that ``since`` is compared with; ``None`` where it is not known. Basis by default:
    contract date.

    An initial contract date is not needed before the works contract is signed: the contract to be signed is
    the initial one then. Once it is signed, only the contractor knows whether it has been changed since.
    """
    if electronic.since_basis is SinceBasis.NOTICE_DATE:
        return DecisiveDate(works.notice_date, "notice_date") if works.notice_date is not None else None
    if electronic.since_basis is SinceBasis.INITIAL_CONTRACT_DATE:
        if works.initial_contract_date is not None:
            return DecisiveDate(works.initial_contract_date, "initial_contract_date")
        return contract_date(works) if works.contract_date is None else None
    return contract_date(works)


def _check_since(
    electronic: ElectronicPolicy, since: date, works: WorksTerms, prefix: str
) -> list[Violation]:
    decisive = since_date(electronic, works)
    if decisive is None:
        field = _date_to_enter(electronic, works)
        params = {"date_field": field, "since": since.isoformat()}
        return [Violation(Reason.ELECTRONIC_BASIS_DATE_UNKNOWN, f"{prefix}.works.{field}", params)]
    if decisive.day >= since:
        return []
    params = {"since": since.isoformat(), "date_field": decisive.field, "date": decisive.day.isoformat()}
    return [Violation(Reason.ELECTRONIC_NOT_YET_ACCEPTED, f"{prefix}.works.{decisive.field}", params)]


def _date_to_enter(electronic: ElectronicPolicy, works: WorksTerms) -> str:
    if electronic.since_basis is SinceBasis.NOTICE_DATE:
        return "notice_date"
    if electronic.since_basis is SinceBasis.INITIAL_CONTRACT_DATE and works.contract_date is not None:
        return "initial_contract_date"
    return "expected_contract_date"


def _listed(tokens: frozenset[Product] | frozenset[GuarantorKind] | frozenset[str]) -> str:
    return ", ".join(sorted(str(token) for token in tokens))
