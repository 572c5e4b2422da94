"""Realistic Japanese sample data. Every company, person, bank, telephone number and works contract is invented."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tashika_tui.client.records import (
    Branch,
    ElectronicRule,
    Guarantor,
    HandInRule,
    Orderer,
    OrdererPolicy,
    OrdererSection,
    Works,
)

GUARANTOR_CODE = 11
COMPANY = "㈱髙﨑建設"
OTHER_COMPANIES = ("𠮷田土木㈱", "あけぼの道路㈱", "有限会社みずべ造園", "㈱葛󠄀城測量設計", "つくし橋梁㈱")
REGISTRANTS = (("髙﨑 花子", "契約部長"), ("葛󠄀城 太郎", "主任"), ("𠮷田 次郎", "工事課長"))
ORDERER_IDS = ("kashiwa", "hinokawa")
SECTIONS = ("道路整備課", "契約課", "上下水道局")

PLACES = tuple(
    sorted(
        f"{town}{part}"
        for town in (
            "あけぼの",
            "みどり台",
            "つくし野",
            "新富町",
            "若葉町",
            "豊四季台",
            "大津ケ丘",
            "手賀の杜",
        )
        for part in ("一丁目地先", "二丁目地先", "三丁目地先", "四丁目地先", "五丁目地先")
    )
)
WORKS_NAMES = tuple(
    sorted(
        (
            "道路改良工事",
            "橋梁補修工事",
            "下水道管渠布設工事",
            "公園整備工事",
            "小学校校舎大規模改修工事（建築）",
            "測量設計業務委託",
            "配水管更新工事",
            "舗装修繕工事（その２）",
            "庁舎清掃業務委託",
            "河川護岸改修工事",
        )
    )
)
ALL_WORKS_NAMES = tuple(place + name for place in PLACES for name in WORKS_NAMES)
"""Every place with every kind of works, in the order of their characters' codes."""

GUARANTOR_NAME = "東陽建設業保証株式会社"
TERMS_REFERENCES = {
    "PERFORMANCE": "契約保証約款（令和６年４月１日）",
    "PREPAYMENT": "前払金保証約款（令和６年４月１日）",
}


@dataclass(frozen=True)
class Rates:
    """What an orderer's policy says of amounts: percents and yen, by works kind; without a kind no advance."""

    advance_percent: dict[str, int] = field(default_factory=lambda: {"CONSTRUCTION": 40, "CONSULTING": 30})
    low_bid_advance_percent: int | None = None
    least_price_yen: int = 0
    least_days: int = 0
    round_down_to_yen: int = 1
    cap_yen: int | None = None
    performance_percent: int = 10
    performance_least_price_yen: int = 0


def works(today: date) -> tuple[Works, ...]:
    """Works contracts without a guarantee: some to be signed soon, some signed already."""
    return tuple(
        Works(
            number=f"道整第{number:02d}号" if number % 3 else "",
            name=f"{PLACES[number * 3]}{name}",
            place=f"千葉県柏市{PLACES[number * 3]}",
            kind="SERVICES" if "清掃" in name else "CONSULTING" if "測量" in name else "CONSTRUCTION",
            orderer_id=ORDERER_IDS[number % len(ORDERER_IDS)],
            section=SECTIONS[number % len(SECTIONS)],
            price_yen=8_800_000 + number * 13_200_000,
            notice_date=today - timedelta(days=40 + number),
            expected_contract_date=today + timedelta(days=number),
            contract_date=today - timedelta(days=number) if number % 2 else None,
            period_start=today + timedelta(days=7),
            period_end=today + timedelta(days=120 + 30 * number),
            low_bid=number == 4,
        )
        for number, name in enumerate(WORKS_NAMES)
    )


def guarantors() -> tuple[Guarantor, ...]:
    """The guarantors; the last is an insurer, which issues nothing here."""
    branches = (
        Branch("千葉支店", "043-000-0000", "千葉県千葉市中央区架空１"),
        Branch("東京支店", "03-0000-0001", "東京都千代田区架空２"),
    )
    return (
        _guarantor(1, GUARANTOR_NAME, "とうよう", "GUARANTEE_COMPANY", branches, 10_000_000),
        _guarantor(2, "つくし保証株式会社", "つくし", "GUARANTEE_COMPANY", (), 0),
        _guarantor(3, "ひかり損害保険株式会社", "ひかり", "INSURER", (), 0),
    )


def _guarantor(
    place: int, name: str, kana: str, kind: str, branches: tuple[Branch, ...], approval_from_yen: int
) -> Guarantor:
    return Guarantor(
        organization_id=f"org_{'0' * 24}G{place}",
        name=name,
        kana=kana,
        kind=kind,
        address="東京都千代田区架空町一丁目２番３号",
        representative="取締役社長　中村 花子",
        telephone="03-0000-0000",
        branches=branches,
        approval_from_yen=approval_from_yen,
        disabled=False,
    )


def orderers() -> tuple[tuple[Orderer, Rates], ...]:
    """The orderers with what they say of amounts."""
    return (
        (_orderer("kashiwa", "柏市", "かしわし", "千葉県", _kashiwa()), Rates()),
        (
            _orderer("hinokawa", "檜川市", "ひのかわし", "架空県", _hinokawa()),
            Rates(
                {"CONSTRUCTION": 40, "CONSULTING": 30}, 20, 2_000_000, 30, 100_000, 300_000_000, 10, 1_300_000
            ),
        ),
        (_orderer("paper-only", "紙町", "かみまち", "架空県", _policy("紙町長")), Rates()),
    )


def _orderer(orderer_id: str, name: str, kana: str, prefecture: str, policy: OrdererPolicy) -> Orderer:
    return Orderer(orderer_id, name, prefecture, kana, (policy,), "1")


def _policy(
    addressee: str,
    electronic: ElectronicRule | None = None,
    hand_in: tuple[HandInRule, ...] = (),
    sections: tuple[OrdererSection, ...] = (),
) -> OrdererPolicy:
    return OrdererPolicy(1, None, addressee, electronic, sections, hand_in, None, "", ())


def _kashiwa() -> OrdererPolicy:
    rules = tuple(
        HandInRule((product,), "ANY", "", "", "", "", (), before, False, ())
        for product, before in (("PERFORMANCE", "CONTRACT_SIGNING"), ("PREPAYMENT", "PREPAYMENT_REQUEST"))
    )
    return _policy("柏市長", _electronic(), rules)


def _hinokawa() -> OrdererPolicy:
    mail = HandInRule(
        products=("PERFORMANCE", "PREPAYMENT"),
        version="INITIAL",
        section="契約課",
        channel="MAIL",
        to="keiyaku@city.hinokawa.example.jp",
        subject="認証キー {works_number} {works_name} {product_name} {contractor_name}",
        body_items=("CONTRACTOR", "CONTACT", "WORKS_NAME", "PRODUCT"),
        before="CONTRACT_VISIT",
        phone_confirmation=True,
        other_documents=("工程表", "現場代理人届"),
    )
    sections = (
        OrdererSection("契約課", "keiyaku@city.hinokawa.example.jp", ""),
        OrdererSection("上下水道局", "suido@city.hinokawa.example.jp", "檜川市上下水道事業管理者"),
    )
    return _policy("檜川市長", _electronic(), (mail,), sections)


def _electronic() -> ElectronicRule:
    kinds = ("CONSTRUCTION", "CONSULTING", "SERVICES")
    return ElectronicRule(("PERFORMANCE", "PREPAYMENT"), kinds, ("GUARANTEE_COMPANY",), None, "")
