"""Things with every field filled, so that a forgotten field shows. All names are invented."""

from datetime import UTC, date, datetime

from tashika_server.domain import model as m
from tashika_server.domain.fee_records import AdvanceRequest, FeeBasis, FeeRounding, ReceiptSent

NOW = datetime(2026, 4, 1, 1, 2, 3, 456789, tzinfo=UTC)
DAY = date(2026, 4, 1)


def an_id(prefix: str) -> str:
    return f"{prefix}_01JD0000000000000000000000"


WORKS = m.WorksTerms(
    number="第12号",
    name="市道01-23号線道路改良工事",
    place="柏市あけぼの",
    kind="CONSTRUCTION",
    orderer_id="kashiwa",
    section="道路整備課",
    price_yen=55_000_000,
    notice_date=DAY,
    expected_contract_date=DAY,
    contract_date=DAY,
    initial_contract_date=DAY,
    period_start=DAY,
    period_end=date(2027, 3, 31),
    low_bid=True,
    multi_year=True,
)

APPLICATION = m.Application(
    guarantor_id=an_id("org"),
    branch="東京支店",
    product=m.Product.PREPAYMENT,
    form=m.Form.ELECTRONIC,
    works_id=an_id("wrk"),
    works=WORKS,
    amount_yen=22_000_000,
    prepayment_planned=True,
    period_start=DAY,
    period_on_signing=True,
    period_end=date(2027, 3, 31),
    fiscal_year=2026,
    planned_work_value_yen=30_000_000,
    depositary=m.BankAccount("みずべ銀行", "柏支店", "普通", "1234567", "(株)髙﨑建設"),
    joint_venture=m.JointVenture(
        "髙﨑・𠮷田共同企業体", (m.VentureMember("(株)髙﨑建設", "柏市", "髙﨑 一", 10_000),)
    ),
    contact=m.Contact("葛󠄁城 花子", "04-0000-0000", "hanako@example.jp"),
    notice_mail="keiri@example.jp",
)


def _fact(kind: m.FactKind, generation: int) -> m.Fact:
    """A fact that says more than any can."""
    return m.Fact(
        kind,
        1,
        datetime(2026, 4, 1, 2, tzinfo=UTC),
        an_id("usr"),
        True,
        "MAIL",
        "送付済",
        generation,
        "keiyaku@city.example.jp",
        "契約課　大野",
        "LEAKED",
        True,
        an_id("mil"),
        "REFUSED",
    )


BASIS = FeeBasis(
    *(2, "見本料率表", DAY, True, 22_000_000, 10_000_000, 300, 66_000, 3_000, 66_000),
    *(FeeRounding.DOWN, 10, 50_000_000),
)
WITHDRAWN = AdvanceRequest(
    *(DAY, 22_000_000, DAY, NOW, an_id("usr"), DAY, "窓口"),
    *(NOW, an_id("usr"), "返却されたため"),
)
REQUEST = AdvanceRequest(DAY, 22_000_000, DAY, NOW, an_id("usr"), DAY, "窓口")

CONTRACT = m.Contract(
    contract_id=an_id("con"),
    organization_id=an_id("org"),
    guarantor_id=an_id("org"),
    application=APPLICATION,
    registrant=m.Registrant(an_id("usr"), "葛󠄁城 花子", "(株)髙﨑建設", "経理部長"),
    registered_time=NOW,
    state=m.ContractState.ACCEPTED,
    number="01260000000017",
    terms=APPLICATION,
    principal=m.Principal("(株)髙﨑建設", "柏市", "代表取締役　髙﨑 一", "1234567890123"),
    policy_version=3,
    remarks=(m.Remark("application.works.name", "工事名をご確認ください"),),
    refusal="なし",
    fee_yen=12_345,
    pay_by=date(2026, 4, 15),
    monthly_payer=True,
    ledger=(m.FeeEntry(an_id("fee"), m.FeeEntryKind.CHARGE, 12_345, DAY, NOW, an_id("usr"), "保証料", True),),
    attachments=(m.Attachment(an_id("att"), "契約書.pdf", 1000, "0" * 64, NOW, an_id("usr")),),
    accepted_by=an_id("usr"),
    approved_by=an_id("usr"),
    version=1,
    paper_issue=m.PaperIssue(DAY, "P-1", NOW, an_id("usr")),
    facts=(_fact(m.FactKind.HANDED_IN, 1), _fact(m.FactKind.KEY_REISSUED, 2)),
    steps=m.StepTimes(NOW, NOW, NOW, NOW, NOW, NOW, NOW),
    updated_time=NOW,
    fee_basis=BASIS,
    fee_note="継続割引",
    monthly_due=date(2026, 5, 31),
    receipt=ReceiptSent(DAY, "中村 一郎", NOW, an_id("usr"), "簡易書留"),
    advance_requests=(REQUEST,),
    revision=7,
)

STATEMENT: dict[str, object] = {
    "certificate_id": an_id("crt"),
    "contract_id": an_id("con"),
    "contract_number": "01260000000017",
    "version": 2,
    "product": "PREPAYMENT",
    "guaranteed_amount_yen": 22_000_000,
    "guarantee_period": {"from": "2026-04-01", "to": "2027-03-31"},
    "obligee": {"orderer_id": "kashiwa", "name": "柏市", "addressee": "柏市長", "section": "道路整備課"},
    "principal": {
        "company": "(株)髙﨑建設",
        "address": "柏市",
        "representative": "代表取締役　髙﨑 一",
        "corporate_number": "1234567890123",
        "joint_venture": {
            "name": "髙﨑・𠮷田共同企業体",
            "members": [
                {
                    "company": "(株)髙﨑建設",
                    "address": "柏市",
                    "representative": "髙﨑 一",
                    "ratio_percent_hundredths": 10_000,
                }
            ],
        },
    },
    "works": {
        "number": "第12号",
        "name": "市道01-23号線道路改良工事",
        "place": "柏市あけぼの",
        "kind": "CONSTRUCTION",
        "kind_name": "建設工事",
        "contract_date": "2026-04-01",
        "period": {"from": "2026-04-01", "to": "2027-03-31"},
        "price_yen": 55_000_000,
        "prepayment_yen": 22_000_000,
        "fiscal_year": 2026,
        "low_bid": True,
    },
    "depositary": {
        "bank": "みずべ銀行",
        "branch": "柏支店",
        "account_kind": "普通",
        "account_number": "1234567",
        "holder": "(株)髙﨑建設",
    },
    "guarantor": {
        "organization_id": an_id("org"),
        "name": "あさひ保証(株)",
        "address": "東京都",
        "representative": "代表取締役　葛󠄁城 一",
        "branch": "東京支店",
        "telephone": "03-0000-0000",
    },
    "issue_date": "2026-04-01",
    "terms_reference": "前払金保証約款",
    "previous": {"version": 1, "statement_sha256": "ab" * 32},
}
