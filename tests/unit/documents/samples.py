"""Statements and notices with invented companies, and the names that printers get wrong."""

import copy
from dataclasses import replace
from datetime import date
from typing import Any

from tashika_formats.key import make_key
from tashika_formats.statement import build_envelope
from tashika_server.documents.content import NoticeContent, NoticeContractor
from tashika_server.domain.handing_in import HandInAdvice

# 髙 and 﨑 outside of JIS X 0208, 𠮷 beyond U+FFFF, 葛 with two selectors, a compatibility ideograph that Unicode
# normalisation would change, circled and roman numbers, squared company marks, and a decomposed か with its mark.
RARE_COMPANY = "㈱髙﨑𠮷田葛\U000e0100葛\U000e0101神\ufa19濵①⑩Ⅲ㍿か\u3099"
RARE_REPRESENTATIVE = "代表取締役　𠮷之助・彅﨑"
LONG_NAME = (
    "柏駅東口周辺地区都市再生整備計画事業に伴う市道01023号線ほか3路線道路改良工事（その1・①工区）及びこれに附帯する"
    "排水施設整備工事、街路灯設置工事並びに無電柱化推進計画に基づく電線共同溝引込管等工事（令和7年度交付金事業）第Ⅲ期"
    "分その他"
)[:120]

_STATEMENT: dict[str, Any] = {
    "certificate_id": "crt_01jf0000000000000000000000",
    "contract_id": "con_01jf0000000000000000000000",
    "contract_number": "01250000012344",
    "version": 1,
    "product": "PERFORMANCE",
    "guaranteed_amount_yen": 12_870_000,
    "guarantee_period": {"from": "2025-12-26", "to": "2026-09-30"},
    "obligee": {"orderer_id": "kashiwa", "name": "柏市", "addressee": "柏市長", "section": "道路整備課"},
    "principal": {
        "company": "株式会社髙﨑建設",
        "address": "千葉県柏市柏五丁目10番1号",
        "representative": "代表取締役　𠮷田 葛\U000e0101男",
        "corporate_number": "7000012050002",
    },
    "works": {
        "number": "柏道整第7-123号",
        "name": "柏駅東口周辺道路改良工事（その1・①工区）",
        "place": "千葉県柏市柏一丁目地内",
        "kind": "CONSTRUCTION",
        "kind_name": "建設工事",
        "contract_date": "2025-12-26",
        "period": {"from": "2026-01-05", "to": "2026-09-30"},
        "price_yen": 128_700_000,
    },
    "guarantor": {
        "organization_id": "org_mihon",
        "name": "見本保証株式会社",
        "address": "東京都千代田区霞が関一丁目1番1号",
        "representative": "代表取締役社長　保証 花子",
        "branch": "千葉支店",
        "telephone": "043-000-0000",
    },
    "issue_date": "2025-12-26",
    "terms_reference": "公共工事履行保証約款（令和7年4月版）",
}


def plain() -> dict[str, Any]:
    """A contract guarantee; a fresh copy each time."""
    return copy.deepcopy(_STATEMENT)


def rare() -> dict[str, Any]:
    """A contractor with rare characters in the name."""
    statement = plain()
    statement["principal"]["company"] = RARE_COMPANY
    statement["principal"]["representative"] = RARE_REPRESENTATIVE
    return statement


def prepayment(members: int = 3) -> dict[str, Any]:
    """A prepayment guarantee of a joint venture."""
    statement = plain()
    statement["product"] = "PREPAYMENT"
    statement["guaranteed_amount_yen"] = statement["works"]["prepayment_yen"] = 51_480_000
    statement["works"]["fiscal_year"] = 2025
    statement["guarantee_period"] = {"from_signing": True, "to": "2026-09-30"}
    statement["depositary"] = {
        "bank": "東葛信用金庫",
        "branch": "柏支店",
        "account_kind": "別段預金",
        "account_number": "0012345",
        "holder": "髙﨑・𠮷田・神特定建設工事共同企業体",
    }
    statement["principal"]["joint_venture"] = {
        "name": "髙﨑・𠮷田・神特定建設工事共同企業体",
        "members": [
            {
                "company": f"第{number}建設株式会社",
                "address": "千葉県流山市平和台一丁目1番地の1",
                "representative": "代表取締役　流山 太郎",
                "ratio_percent_hundredths": 10_000 // members,
            }
            for number in range(1, members + 1)
        ],
    }
    return statement


def third_version() -> dict[str, Any]:
    """A later version with a long works name and a venture of eight: more than a page."""
    statement = prepayment(8)
    statement["version"] = 3
    statement["previous"] = {"version": 2, "statement_sha256": "5a" * 32}
    statement["works"]["name"] = LONG_NAME
    return statement


def envelope(statement: dict[str, Any]) -> bytes:
    """The canonical envelope."""
    return build_envelope(statement)


KEY = make_key(bytes(range(12)))


def notice() -> NoticeContent:
    """A notice whose orderer has not said how a key is handed in."""
    return NoticeContent(
        notice_date=date(2025, 12, 26),
        contract_number="01250000012344",
        key=KEY,
        version=1,
        product="PERFORMANCE",
        works_kind="CONSTRUCTION",
        works_name="柏駅東口周辺道路改良工事（その1・①工区）",
        works_number="柏道整第7-123号",
        orderer="柏市",
        addressee="柏市長",
        section="道路整備課",
        contractor=NoticeContractor(RARE_COMPANY, "千葉県柏市柏五丁目10番1号", RARE_REPRESENTATIVE),
        guaranteed_amount_yen=12_870_000,
        guarantee_to=date(2026, 9, 30),
        guarantor="見本保証株式会社",
    )


def notice_with_advice() -> NoticeContent:
    """A notice with all that a policy may say, and a works name of 120 characters."""
    advice = HandInAdvice(
        channel="MAIL",
        section="財政課契約管財係",
        to="keiyaku@city.example.jp",
        subject="【電子保証(前払金)】柏道整第7-123号",
        body_items=("CONTRACTOR", "CONTACT", "WORKS_NAME", "PRODUCT"),
        before="PREPAYMENT_REQUEST",
        phone_confirmation=True,
        other_documents=("前払金請求書", "工程表"),
    )
    return replace(
        notice(), hand_in=advice, works_name=LONG_NAME, product="PREPAYMENT", viewer="register.example.jp"
    )
