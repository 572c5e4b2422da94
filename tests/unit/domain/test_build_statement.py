from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tashika_formats.statement import validate_statement
from tashika_server.domain.model import Application, JointVenture, VentureMember
from tashika_server.domain.policy import Orderer, Policy, Section
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.domain.statement import addressee, build_statement, statement_texts
from tests.unit.domain.making import (
    ELECTRONIC,
    GUARANTOR,
    ORDERER,
    TODAY,
    accepted,
    draft,
    multi_year,
    paid,
    performance,
    prepayment,
    submitted,
)

CERTIFICATE = "crt_01jd0000000000000000000000"
CONTRACT = "con_01jd0000000000000000000000"


def stated(application: Application, **changes: Any) -> dict[str, Any]:
    contract = replace(paid(accepted(submitted(draft(application)))), contract_id=CONTRACT)
    arguments: dict[str, Any] = {
        "orderer": ORDERER,
        "policy": ELECTRONIC,
        "guarantor": GUARANTOR,
        "certificate_id": CERTIFICATE,
        "version": 1,
        "issue_date": TODAY,
        **changes,
    }
    return build_statement(contract, **arguments)


def test_a_prepayment_guarantee_in_full() -> None:
    assert stated(prepayment(works_contract_date=TODAY, works_low_bid=True)) == {
        "certificate_id": CERTIFICATE,
        "contract_id": CONTRACT,
        "contract_number": "01260000000017",
        "version": 1,
        "product": "PREPAYMENT",
        "guaranteed_amount_yen": 40_000_000,
        "guarantee_period": {"from": "2026-05-20", "to": "2027-02-26"},
        "obligee": {"orderer_id": "kashiwa", "name": "柏市", "addressee": "柏市長", "section": "道路整備課"},
        "principal": {
            "company": "株式会社髙﨑建設",
            "address": "千葉県柏市柏五丁目10番1号",
            "representative": "代表取締役　𠮷田 葛󠄁男",
        },
        "works": {
            "number": "第2026-0123号",
            "name": "柏駅東口周辺道路改良工事",
            "place": "千葉県柏市柏一丁目地内",
            "kind": "CONSTRUCTION",
            "kind_name": "建設工事",
            "contract_date": "2026-05-11",
            "period": {"from": "2026-06-01", "to": "2027-02-26"},
            "price_yen": 100_000_000,
            "prepayment_yen": 40_000_000,
            "low_bid": True,
        },
        "depositary": {
            "bank": "見本銀行",
            "branch": "柏支店",
            "account_kind": "普通",
            "account_number": "1234567",
            "holder": "株式会社髙﨑建設",
        },
        "guarantor": {
            "organization_id": "org_guarantor",
            "name": "見本保証株式会社",
            "address": "東京都千代田区見本町一丁目1番1号",
            "representative": "代表取締役社長　保証 花子",
            "branch": "千葉支店",
            "telephone": "043-000-0000",
        },
        "issue_date": "2026-05-11",
        "terms_reference": "前払金保証約款（見本）",
    }


def test_a_contract_guarantee_may_begin_on_signing_and_leaves_out_what_is_unknown() -> None:
    statement = stated(performance(works_number="", works_section="", works_period_start=None))
    assert statement["guarantee_period"] == {"from_signing": True, "to": "2027-02-26"}
    assert "depositary" not in statement
    assert "section" not in statement["obligee"]
    assert not {"number", "contract_date", "prepayment_yen", "fiscal_year", "low_bid"} & set(
        statement["works"]
    )
    assert statement["works"]["period"] == {"to": "2027-02-26"}
    assert statement["terms_reference"] == "契約保証約款（見本）"


@pytest.mark.parametrize(
    "application",
    [
        prepayment(),
        performance(),
        multi_year(),
        prepayment(
            joint_venture=JointVenture(
                "甲・乙共同企業体",
                (VentureMember("甲", ratio_hundredths=6_000), VentureMember("乙", "柏市", "乙山", 4_000)),
            )
        ),
    ],
)
def test_every_statement_has_the_agreed_form(application: Application) -> None:
    validate_statement(stated(application))


def test_a_later_version_names_the_one_before() -> None:
    statement = stated(prepayment(), version=2, previous=(1, "0" * 64))
    assert statement["previous"] == {"version": 1, "statement_sha256": "0" * 64}
    validate_statement(statement)


def test_the_terms_and_not_the_application_are_certified() -> None:
    terms = prepayment(amount_yen=39_000_000)
    contract = replace(accepted(terms=terms), contract_id=CONTRACT)
    statement = build_statement(
        contract,
        orderer=ORDERER,
        policy=ELECTRONIC,
        guarantor=GUARANTOR,
        certificate_id=CERTIFICATE,
        version=1,
        issue_date=TODAY,
    )
    assert statement["guaranteed_amount_yen"] == 39_000_000


def test_nothing_is_certified_before_the_acceptance() -> None:
    with pytest.raises(RefusedError) as refused:
        build_statement(
            submitted(),
            orderer=ORDERER,
            policy=ELECTRONIC,
            guarantor=GUARANTOR,
            certificate_id=CERTIFICATE,
            version=1,
            issue_date=TODAY,
        )
    assert refused.value.reason is Reason.NOT_ISSUED


def test_a_certificate_refers_to_terms() -> None:
    with pytest.raises(RefusedError) as refused:
        stated(prepayment(), guarantor=replace(GUARANTOR, terms_reference_prepayment=""))
    assert refused.value.reason is Reason.FIELD_REQUIRED


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("柏市", "柏市長"),
        ("豊山町", "豊山町長"),
        ("千代田区", "千代田区長"),
        ("見本村", "見本村長"),
        ("滋賀県", "滋賀県知事"),
        ("東京都", "東京都知事"),
        ("北海道", "北海道知事"),
        ("見本広域事務組合", "見本広域事務組合"),
    ],
)
def test_the_addressee_is_the_head_of_the_body(name: str, head: str) -> None:
    assert addressee(Orderer("x", name), Policy(), "") == head


def test_a_policy_and_a_section_name_their_own_addressee() -> None:
    sections = (Section("水道部", addressee="上下水道事業管理者"), Section("道路課"))
    policy = Policy(addressee="柏市契約担当者", sections=sections)
    assert addressee(ORDERER, policy, "水道部") == "上下水道事業管理者"
    assert addressee(ORDERER, policy, "道路課") == "柏市契約担当者"
    assert addressee(ORDERER, policy, "") == "柏市契約担当者"


def test_every_text_is_found_for_the_fonts() -> None:
    texts = statement_texts(stated(prepayment(works_contract_date=date(2026, 5, 1))))
    assert texts["statement.principal.representative"] == "代表取締役　𠮷田 葛󠄁男"
    assert texts["statement.depositary.holder"] == "株式会社髙﨑建設"
    venture = JointVenture(
        "甲・乙", (VentureMember("甲", ratio_hundredths=1), VentureMember("乙", ratio_hundredths=9_999))
    )
    texts = statement_texts(stated(prepayment(joint_venture=venture)))
    assert texts["statement.principal.joint_venture.members[1].company"] == "乙"
