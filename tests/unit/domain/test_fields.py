from datetime import date
from typing import Any

import pytest

from tashika_server.domain.fields import (
    check_application_form,
    check_attachment,
    check_attachment_name,
    check_fee,
    check_password,
    check_remarks,
    check_text,
    check_works,
)
from tashika_server.domain.limits import MAX_YEN
from tashika_server.domain.model import Application, Contact, JointVenture, Remark, VentureMember, WorksTerms
from tashika_server.domain.reasons import Reason
from tests.unit.domain.making import performance, prepayment, reasons


@pytest.mark.parametrize("application", [Application(), prepayment(), performance()])
def test_empty_and_complete_applications_are_well_formed(application: Application) -> None:
    assert check_application_form(application) == []


@pytest.mark.parametrize("name", ["髙﨑𠮷田葛󠄁㈱①", "柏駅東口（その1・①工区）", "a" * 200])
def test_rare_names_pass(name: str) -> None:
    assert check_works(WorksTerms(name=name)) == []


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "工" * 201, Reason.FIELD_TOO_LONG),
        ("name", "工事\x00", Reason.FIELD_CHARACTER),
        ("name", "工事\n", Reason.FIELD_CHARACTER),
        ("name", "\ud842", Reason.FIELD_CHARACTER),
        ("name", "工事\u202e", Reason.FIELD_CHARACTER),
        ("name", "　工事", Reason.FIELD_FORMAT),
        ("number", "1" * 101, Reason.FIELD_TOO_LONG),
        ("place", "柏" * 201, Reason.FIELD_TOO_LONG),
        ("section", "課" * 201, Reason.FIELD_TOO_LONG),
        ("kind", "FOO", Reason.CHOICE_UNKNOWN),
        ("orderer_id", "柏", Reason.FIELD_FORMAT),
        ("price_yen", 0, Reason.AMOUNT_NOT_POSITIVE),
        ("price_yen", -1, Reason.AMOUNT_NOT_POSITIVE),
        ("price_yen", MAX_YEN + 1, Reason.AMOUNT_TOO_LARGE),
        ("notice_date", date(1988, 12, 31), Reason.DATE_OUT_OF_RANGE),
        ("expected_contract_date", date(25, 12, 26), Reason.DATE_OUT_OF_RANGE),
        ("contract_date", date(2201, 1, 1), Reason.DATE_OUT_OF_RANGE),
        ("initial_contract_date", date(9999, 12, 31), Reason.DATE_OUT_OF_RANGE),
        ("period_start", date(1, 1, 1), Reason.DATE_OUT_OF_RANGE),
        ("period_end", date(2201, 1, 1), Reason.DATE_OUT_OF_RANGE),
    ],
)
def test_malformed_works(field: str, value: Any, reason: Reason) -> None:
    assert reasons(check_works(WorksTerms(**{field: value}))) == {(reason, f"works.{field}")}


def test_kinds_that_a_policy_speaks_of_are_known() -> None:
    assert check_works(WorksTerms(kind="MAINTENANCE"), kinds=("CONSTRUCTION", "MAINTENANCE")) == []


def test_a_reversed_works_period() -> None:
    terms = WorksTerms(period_start=date(2026, 6, 2), period_end=date(2026, 6, 1))
    assert reasons(check_works(terms)) == {(Reason.PERIOD_REVERSED, "works.period_end")}


@pytest.mark.parametrize("earlier", ["notice_date", "initial_contract_date"])
def test_a_contract_follows_its_notice_and_a_change_its_first_signing(earlier: str) -> None:
    terms = WorksTerms(contract_date=date(2026, 6, 1), **{earlier: date(2026, 6, 2)})  # type: ignore[arg-type]
    assert reasons(check_works(terms)) == {(Reason.PERIOD_REVERSED, "works.contract_date")}


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"guarantor_id": "a b"}, "guarantor_id", Reason.FIELD_FORMAT),
        ({"works_id": "x" * 65}, "works_id", Reason.FIELD_TOO_LONG),
        ({"branch": "店" * 201}, "branch", Reason.FIELD_TOO_LONG),
        ({"amount_yen": 0}, "amount_yen", Reason.AMOUNT_NOT_POSITIVE),
        ({"amount_yen": 2**63}, "amount_yen", Reason.AMOUNT_TOO_LARGE),
        ({"planned_work_value_yen": -1}, "planned_work_value_yen", Reason.AMOUNT_NOT_POSITIVE),
        ({"period_start": date(1900, 1, 1)}, "period_start", Reason.DATE_OUT_OF_RANGE),
        ({"period_end": date(2026, 5, 1)}, "period_end", Reason.PERIOD_REVERSED),
        ({"period_on_signing": True}, "period_start", Reason.FIELD_NOT_ALLOWED),
        ({"fiscal_year": 26}, "fiscal_year", Reason.DATE_OUT_OF_RANGE),
        ({"notice_mail": "山田@example.jp"}, "notice_mail", Reason.FIELD_FORMAT),
        ({"notice_mail": "a@b"}, "notice_mail", Reason.FIELD_FORMAT),
        ({"notice_mail": "a@b.jp\n"}, "notice_mail", Reason.FIELD_CHARACTER),
        ({"notice_mail": "a" * 250 + "@b.jp"}, "notice_mail", Reason.FIELD_TOO_LONG),
        ({"contact": Contact(telephone="０４１２")}, "contact.telephone", Reason.FIELD_FORMAT),
        ({"contact": Contact(mail="@")}, "contact.mail", Reason.FIELD_FORMAT),
    ],
)
def test_malformed_applications(changes: dict[str, Any], field: str, reason: Reason) -> None:
    assert reasons(check_application_form(prepayment(**changes))) == {(reason, f"application.{field}")}


@pytest.mark.parametrize("telephone", ["04-7167-1111", "0471671111", "+81-4-7167-1111", "(04)7167-1111"])
def test_telephone_numbers(telephone: str) -> None:
    assert check_application_form(prepayment(contact=Contact(telephone=telephone))) == []


def test_members_of_a_venture() -> None:
    members = (VentureMember("甲" * 201, ratio_hundredths=0), VentureMember("乙", ratio_hundredths=10_001))
    place = "application.joint_venture.members"
    assert reasons(check_application_form(prepayment(joint_venture=JointVenture("共同", members)))) == {
        (Reason.FIELD_TOO_LONG, f"{place}[0].company"),
        (Reason.AMOUNT_NOT_POSITIVE, f"{place}[0].ratio_hundredths"),
        (Reason.AMOUNT_TOO_LARGE, f"{place}[1].ratio_hundredths"),
    }
    crowd = JointVenture("共同", (VentureMember("甲"),) * 21)
    found = check_application_form(prepayment(joint_venture=crowd))
    assert reasons(found) == {(Reason.TOO_MANY_ITEMS, place)}


def test_the_character_is_named_with_its_place() -> None:
    (found,) = check_works(WorksTerms(name="工事\u200b"))
    assert found.params["position"] == 3
    assert str(found.params["character"]).startswith("U+200B")


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short-pass1", "TOO_SHORT"),
        ("x1y2z" * 26, "TOO_LONG"),
        ("my-yamada-password", "CONTAINS_LOGIN_NAME"),
        ("my-YAMADA-password", "CONTAINS_LOGIN_NAME"),
        ("my-ｙａｍａｄａ-password", "CONTAINS_LOGIN_NAME"),
        ("aaaaaaaaaaaaaaaa", "TOO_SIMPLE"),
        ("correct horse\x00battery", "CHARACTER"),
        ("correct horse \ud842 battery", "CHARACTER"),
    ],
)
def test_unsuitable_passwords(password: str, problem: str) -> None:
    found = check_password(password, "yamada", "new_password")
    assert [(v.reason, v.field, v.params["problem"]) for v in found] == [
        (Reason.PASSWORD_UNSUITABLE, "new_password", problem)
    ]


@pytest.mark.parametrize("password", ["correct horse battery", "正しい馬の電池とホチキス止め", "a1b2c" * 25])
def test_suitable_passwords(password: str) -> None:
    assert check_password(password, "yamada") == []


def test_no_violation_repeats_the_password() -> None:
    for password in ("yamada-secret-9", "s3cr3t", "ssssssssssssssss"):
        assert all(password not in str(violation) for violation in check_password(password, "yamada"))


def test_a_return_needs_remarks_with_words() -> None:
    assert reasons(check_remarks(())) == {(Reason.FIELD_REQUIRED, "remarks")}
    assert reasons(check_remarks((Remark("works.name", ""),))) == {(Reason.FIELD_REQUIRED, "remarks[0].text")}
    assert (
        check_remarks((Remark("", "全体に"), Remark("joint_venture.members[2].company", "一行目\n二行目")))
        == []
    )


@pytest.mark.parametrize("field", ["works name", "Works", ".works", "works.", "a" * 300, "名称", "a\n"])
def test_a_remark_points_at_a_field(field: str) -> None:
    assert {place for _, place in reasons(check_remarks((Remark(field, "誤り"),)))} == {"remarks[0].field"}


def test_remarks_are_limited() -> None:
    assert reasons(check_remarks((Remark("", "誤り"),) * 51)) == {(Reason.TOO_MANY_ITEMS, "remarks")}


def test_notes() -> None:
    assert check_text("", "note") == []
    assert check_text("一行目\n二行目", "note") == []
    assert reasons(check_text("", "note", required=True)) == {(Reason.FIELD_REQUIRED, "note")}
    assert reasons(check_text("あ" * 2001, "note")) == {(Reason.FIELD_TOO_LONG, "note")}


def test_a_fee_may_be_zero_but_no_money_moves_at_zero() -> None:
    assert check_fee(0, "fee_yen") == []
    assert reasons(check_fee(0, "amount_yen", positive=True)) == {(Reason.AMOUNT_NOT_POSITIVE, "amount_yen")}
    assert reasons(check_fee(-1, "fee_yen")) == {(Reason.AMOUNT_NOT_POSITIVE, "fee_yen")}


@pytest.mark.parametrize("name", ["契約書.pdf", "工事請負契約書（写し）.pdf", "a b.pdf"])
def test_names_of_attachments(name: str) -> None:
    assert check_attachment_name(name) == []


@pytest.mark.parametrize(
    "name", ["", "../etc/passwd", "a\\b.pdf", "..", "a\x00.pdf", "a:b", "あ" * 201, "a\u202efdp"]
)
def test_names_that_are_no_file_names(name: str) -> None:
    assert check_attachment_name(name) != []


def test_attachments_have_a_size() -> None:
    assert check_attachment("a.pdf", 20 * 1024 * 1024) == []
    assert reasons(check_attachment("a.pdf", 20 * 1024 * 1024 + 1)) == {
        (Reason.ATTACHMENT_TOO_LARGE, "attachment")
    }
