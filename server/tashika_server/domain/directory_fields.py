"""Form checks of organisations, people and passwords."""

import unicodedata
from datetime import date

from tashika_server.domain import limits
from tashika_server.domain.form import Findings
from tashika_server.domain.model import GuarantorKind, Organization, OrganizationKind, User
from tashika_server.domain.opening_hours import MINUTES_A_DAY, OpeningHours, Weekday
from tashika_server.domain.reasons import Param, Reason, Violation

_ON_CERTIFICATES = (OrganizationKind.CONTRACTOR, OrganizationKind.GUARANTOR)


def check_organization(organization: Organization, prefix: str = "organization") -> list[Violation]:
    """List what is malformed or missing in an organisation.

    Contractors and guarantors stand on certificates, so they need address and representative. A guarantee
    company also needs its code (1 to 99) and the names of its terms, an orderer's organisation the orderer.
    """
    found = Findings(prefix)
    _check_common(found, organization)
    if organization.kind in _ON_CERTIFICATES:
        found.required("address", organization.address)
        found.required("representative", organization.representative)
    if organization.kind is OrganizationKind.GUARANTOR:
        _check_guarantor(found, organization)
    else:
        _refuse_filled(
            found, organization, ("guarantor_kind", "guarantor_code", "branches", "approval_from_yen")
        )
        _refuse_filled(found, organization, ("terms_reference_performance", "terms_reference_prepayment"))
    if organization.kind is OrganizationKind.ORDERER:
        found.required("orderer_id", organization.orderer_id)
    else:
        _refuse_filled(found, organization, ("orderer_id",))
    if organization.kind is not OrganizationKind.CONTRACTOR:
        _refuse_filled(found, organization, ("monthly_payer",))
    return found.violations


def check_user(user: User, prefix: str = "user") -> list[Violation]:
    """List what is malformed or missing in a person's account."""
    found = Findings(prefix)
    found.required("login_name", user.login_name)
    found.login_name("login_name", user.login_name)
    found.required("name", user.name)
    found.text("name", user.name, limits.SHORT)
    found.text("title", user.title, limits.SHORT)
    found.mail("mail", user.mail)
    found.required("roles", user.roles or None)
    return found.violations


def check_password(password: str, login_name: str, field: str = "password") -> list[Violation]:
    """List why a password is unsuitable: 12 to 128 characters, without the sign-in name, not one key held
    down.

    Letters of both widths and cases count as one, so that the name can't hide in full width. The password
    itself is in no violation.
    """
    folded = unicodedata.normalize("NFKC", password).casefold()
    problems: list[dict[str, Param]] = []
    if len(password) < limits.PASSWORD_MIN:
        problems.append({"problem": "TOO_SHORT", "minimum": limits.PASSWORD_MIN})
    if len(password) > limits.PASSWORD_MAX:
        problems.append({"problem": "TOO_LONG", "maximum": limits.PASSWORD_MAX})
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in password):
        problems.append({"problem": "CHARACTER"})
    name = unicodedata.normalize("NFKC", login_name).casefold()
    if len(name) >= limits.LOGIN_NAME_MIN and name in folded:
        problems.append({"problem": "CONTAINS_LOGIN_NAME"})
    if len(password) >= limits.PASSWORD_MIN and len(set(folded)) < limits.PASSWORD_DISTINCT:
        problems.append({"problem": "TOO_SIMPLE"})
    return [Violation(Reason.PASSWORD_UNSUITABLE, field, problem) for problem in problems]


def _check_common(found: Findings, organization: Organization) -> None:
    found.required("name", organization.name)
    found.text("name", organization.name, limits.NAME)
    found.text("kana", organization.kana, limits.NAME)
    found.text("address", organization.address, limits.ADDRESS)
    found.text("representative", organization.representative, limits.NAME)
    found.corporate_number("corporate_number", organization.corporate_number)
    found.telephone("telephone", organization.telephone)
    found.identifier("orderer_id", organization.orderer_id)
    found.text(
        "terms_reference_performance", organization.terms_reference_performance, limits.TERMS_REFERENCE
    )
    found.text("terms_reference_prepayment", organization.terms_reference_prepayment, limits.TERMS_REFERENCE)
    found.yen("approval_from_yen", organization.approval_from_yen, zero=True)
    if organization.guarantor_code is not None:
        found.count("guarantor_code", organization.guarantor_code, 99)


def _check_guarantor(found: Findings, organization: Organization) -> None:
    found.required("guarantor_kind", organization.guarantor_kind)
    if organization.guarantor_kind is GuarantorKind.GUARANTEE_COMPANY:
        found.required("guarantor_code", organization.guarantor_code)
        found.required("terms_reference_performance", organization.terms_reference_performance)
        found.required("terms_reference_prepayment", organization.terms_reference_prepayment)
    if len(organization.branches) > limits.MAX_BRANCHES:
        found.add(Reason.TOO_MANY_ITEMS, "branches", maximum=limits.MAX_BRANCHES)
    names: set[str] = set()
    for index, branch in enumerate(organization.branches[: limits.MAX_BRANCHES]):
        place = f"branches[{index}]"
        found.required(f"{place}.name", branch.name)
        found.text(f"{place}.name", branch.name, limits.NAME)
        found.telephone(f"{place}.telephone", branch.telephone)
        found.text(f"{place}.address", branch.address, limits.ADDRESS)
        if branch.hours is not None:
            _check_hours(found, f"{place}.hours", branch.hours)
        if branch.name and branch.name in names:
            found.add(Reason.ALREADY_EXISTS, f"{place}.name", value=branch.name)
        names.add(branch.name)


def _check_hours(found: Findings, place: str, hours: OpeningHours) -> None:
    found.count(f"{place}.opens_minute", hours.opens_minute, MINUTES_A_DAY - 1, least=0)
    found.count(f"{place}.closes_minute", hours.closes_minute, MINUTES_A_DAY, least=hours.opens_minute + 1)
    if len(hours.closed_weekdays) == len(Weekday):
        found.add(Reason.TOO_MANY_ITEMS, f"{place}.closed_weekdays", maximum=len(Weekday) - 1)
    for index, closure in enumerate(hours.yearly_closures):
        for name, (month, day) in (("first", closure.first), ("last", closure.last)):
            if not _is_day_of_a_year(month, day):
                found.add(
                    Reason.FIELD_FORMAT, f"{place}.yearly_closures[{index}].{name}", expected="DAY_OF_YEAR"
                )


def _is_day_of_a_year(month: int, day: int) -> bool:
    try:
        # A leap year: 29 February is a day of some years.
        date(2024, month, day)
    except ValueError:
        return False
    return True


def _refuse_filled(found: Findings, organization: Organization, fields: tuple[str, ...]) -> None:
    for field in fields:
        if getattr(organization, field):
            found.add(Reason.FIELD_NOT_ALLOWED, field, kind=organization.kind)
