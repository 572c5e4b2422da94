from dataclasses import replace
from typing import Any

import pytest

from tashika_server.domain.fields import check_organization, check_user
from tashika_server.domain.form import is_corporate_number
from tashika_server.domain.model import Branch, Organization, OrganizationKind, Role, User
from tashika_server.domain.opening_hours import OpeningHours, Weekday, YearlyClosure
from tashika_server.domain.reasons import Reason
from tests.unit.domain.making import GUARANTOR, reasons

CONTRACTOR = Organization(
    "", OrganizationKind.CONTRACTOR, "株式会社髙﨑建設", address="千葉県柏市", representative="𠮷田 葛󠄁男"
)
_THIRTIETH_FEBRUARY = YearlyClosure((2, 1), (2, 30))
CITY = Organization("", OrganizationKind.ORDERER, "柏市", orderer_id="kashiwa")
PERSON = User(
    "", "org_1", "yamada.hanako", "山田 花子", "課長", "yamada@example.jp", frozenset({Role.CONTRACTOR})
)


@pytest.mark.parametrize(
    "organization", [CONTRACTOR, GUARANTOR, CITY, replace(CONTRACTOR, monthly_payer=True)]
)
def test_complete_organizations(organization: Organization) -> None:
    assert check_organization(organization) == []


@pytest.mark.parametrize(
    ("base", "changes", "reason", "field"),
    [
        (CONTRACTOR, {"name": ""}, Reason.FIELD_REQUIRED, "name"),
        (CONTRACTOR, {"name": "甲" * 201}, Reason.FIELD_TOO_LONG, "name"),
        (CONTRACTOR, {"address": ""}, Reason.FIELD_REQUIRED, "address"),
        (CONTRACTOR, {"representative": ""}, Reason.FIELD_REQUIRED, "representative"),
        (CONTRACTOR, {"corporate_number": "7000012050003"}, Reason.FIELD_FORMAT, "corporate_number"),
        (CONTRACTOR, {"telephone": "?"}, Reason.FIELD_FORMAT, "telephone"),
        (CONTRACTOR, {"guarantor_code": 1}, Reason.FIELD_NOT_ALLOWED, "guarantor_code"),
        (CONTRACTOR, {"orderer_id": "kashiwa"}, Reason.FIELD_NOT_ALLOWED, "orderer_id"),
        (CITY, {"orderer_id": ""}, Reason.FIELD_REQUIRED, "orderer_id"),
        (CITY, {"monthly_payer": True}, Reason.FIELD_NOT_ALLOWED, "monthly_payer"),
        (GUARANTOR, {"guarantor_kind": None}, Reason.FIELD_REQUIRED, "guarantor_kind"),
        (GUARANTOR, {"guarantor_code": None}, Reason.FIELD_REQUIRED, "guarantor_code"),
        (GUARANTOR, {"guarantor_code": 0}, Reason.AMOUNT_NOT_POSITIVE, "guarantor_code"),
        (GUARANTOR, {"guarantor_code": 100}, Reason.AMOUNT_TOO_LARGE, "guarantor_code"),
        (GUARANTOR, {"approval_from_yen": -1}, Reason.AMOUNT_NOT_POSITIVE, "approval_from_yen"),
        (GUARANTOR, {"terms_reference_prepayment": ""}, Reason.FIELD_REQUIRED, "terms_reference_prepayment"),
        (GUARANTOR, {"branches": (Branch(""),)}, Reason.FIELD_REQUIRED, "branches[0].name"),
        (GUARANTOR, {"branches": (Branch("本店"),) * 2}, Reason.ALREADY_EXISTS, "branches[1].name"),
        (
            GUARANTOR,
            {"branches": (Branch("本店", hours=OpeningHours(opens_minute=-1)),)},
            Reason.AMOUNT_NOT_POSITIVE,
            "branches[0].hours.opens_minute",
        ),
        (
            GUARANTOR,
            {"branches": (Branch("本店", hours=OpeningHours(closes_minute=540)),)},
            Reason.AMOUNT_NOT_POSITIVE,
            "branches[0].hours.closes_minute",
        ),
        (
            GUARANTOR,
            {"branches": (Branch("本店", hours=OpeningHours(closed_weekdays=frozenset(Weekday))),)},
            Reason.TOO_MANY_ITEMS,
            "branches[0].hours.closed_weekdays",
        ),
        (
            GUARANTOR,
            {"branches": (Branch("本店", hours=OpeningHours(yearly_closures=(_THIRTIETH_FEBRUARY,))),)},
            Reason.FIELD_FORMAT,
            "branches[0].hours.yearly_closures[0].last",
        ),
    ],
)
def test_faulty_organizations(
    base: Organization, changes: dict[str, Any], reason: Reason, field: str
) -> None:
    assert reasons(check_organization(replace(base, **changes))) == {(reason, f"organization.{field}")}


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"login_name": ""}, Reason.FIELD_REQUIRED, "login_name"),
        ({"login_name": "ab"}, Reason.FIELD_FORMAT, "login_name"),
        ({"login_name": "Yamada"}, Reason.FIELD_FORMAT, "login_name"),
        ({"login_name": "山田花子"}, Reason.FIELD_FORMAT, "login_name"),
        ({"login_name": "a" * 65}, Reason.FIELD_TOO_LONG, "login_name"),
        ({"name": ""}, Reason.FIELD_REQUIRED, "name"),
        ({"title": "長" * 101}, Reason.FIELD_TOO_LONG, "title"),
        ({"mail": "yamada"}, Reason.FIELD_FORMAT, "mail"),
        ({"roles": frozenset()}, Reason.FIELD_REQUIRED, "roles"),
    ],
)
def test_faulty_people(changes: dict[str, Any], reason: Reason, field: str) -> None:
    assert check_user(PERSON) == []
    assert reasons(check_user(replace(PERSON, **changes))) == {(reason, f"user.{field}")}


def test_the_check_digit_of_a_corporate_number() -> None:
    assert is_corporate_number("7000012050002")
    assert not any(is_corporate_number(f"{digit}000012050002") for digit in "012345689")
    assert not is_corporate_number("７000012050002")
    assert not is_corporate_number("700001205000")
