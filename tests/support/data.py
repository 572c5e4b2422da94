"""Realistic Japanese data. Every company, person, bank and telephone number is invented."""

import hashlib
from datetime import date, timedelta
from typing import Any

from google.type.date_pb2 import Date

from tashika.v1 import application_pb2, product_pb2, tariff_pb2, works_pb2
from tashika_server.domain.calendar import fiscal_year

PERFORMANCE = product_pb2.PRODUCT_PERFORMANCE
PREPAYMENT = product_pb2.PRODUCT_PREPAYMENT
MIDTERM = product_pb2.PRODUCT_MIDTERM_PREPAYMENT
ELECTRONIC = product_pb2.FORM_ELECTRONIC
PAPER = product_pb2.FORM_PAPER

PRICE_YEN = 55_000_000
RARE_NAMES = "髙﨑𠮷田葛\U000e0100㈱①"
"""Characters that files and fonts lose easily: 髙 and 﨑, one beyond the BMP, one with a variation selector."""


def day(value: date) -> Date:
    """A calendar day's message."""
    return Date(year=value.year, month=value.month, day=value.day)


def works_terms(today: date, **changes: Any) -> works_pb2.WorksTerms:
    """Works of 柏市 that were signed today; ``None`` takes a field away."""
    values: dict[str, Any] = {
        "number": "道整第１２号",
        "name": f"市道０１－２３号線道路改良工事（{RARE_NAMES}工区）",
        "place": "千葉県柏市あけぼの一丁目地先",
        "kind": "CONSTRUCTION",
        "orderer_id": "kashiwa",
        "section": "道路整備課",
        "price_yen": PRICE_YEN,
        "notice_date": day(today - timedelta(days=30)),
        "expected_contract_date": day(today),
        "contract_date": day(today),
        "initial_contract_date": day(today),
        "period_start": day(today),
        "period_end": day(today + timedelta(days=120)),
    }
    return works_pb2.WorksTerms(**_changed(values, changes))


def application(
    today: date, *, guarantor_id: str, works_id: str, product: product_pb2.Product, **changes: Any
) -> application_pb2.Application:
    """An application that can be submitted; ``None`` takes a field away."""
    values: dict[str, Any] = {
        "guarantor_id": guarantor_id,
        "branch": "千葉支店",
        "product": product,
        "form": ELECTRONIC,
        "works_id": works_id,
        "amount_yen": PRICE_YEN // 10 if product == PERFORMANCE else PRICE_YEN * 4 // 10,
        "prepayment_planned": product == PERFORMANCE,
        "period_start": day(today),
        "period_end": day(today + timedelta(days=120)),
        "depositary": None if product == PERFORMANCE else depositary(),
        "contact": application_pb2.Contact(
            name="葛\U000e0100城 花子", telephone="04-7000-0000", mail="hanako@takasaki.example.jp"
        ),
        "notice_mail": "keiri@takasaki.example.jp",
    }
    return application_pb2.Application(**_changed(values, changes))


def multi_year(today: date) -> tuple[works_pb2.WorksTerms, dict[str, Any]]:
    """Works over two fiscal years, and what the application for this year's advance has beside the usual."""
    year = fiscal_year(today)
    end_of_year = date(year + 1, 3, 31)
    terms = works_terms(today, multi_year=True, period_end=day(date(year + 2, 3, 15)))
    changes = {"fiscal_year": year, "planned_work_value_yen": 20_000_000, "amount_yen": 8_000_000}
    return terms, changes | {"period_end": day(end_of_year)}


def tariff_table(valid_from: date, **changes: Any) -> tariff_pb2.TariffTable:
    """A fictional tariff whose bands are whole; ``None`` takes a field away."""
    values: dict[str, Any] = {
        "name": "見本料率表",
        "valid_from": day(valid_from),
        "rounding": tariff_pb2.FEE_ROUNDING_DOWN,
        "round_to_yen": 10,
        "bands": [
            tariff_pb2.TariffBand(
                product=PERFORMANCE, up_to_yen=10_000_000, rate_per_100000=400, minimum_fee_yen=3_000
            ),
            tariff_pb2.TariffBand(product=PERFORMANCE, over_yen=10_000_000, rate_per_100000=350),
            tariff_pb2.TariffBand(product=PREPAYMENT, rate_per_100000=300, minimum_fee_yen=3_000),
        ],
        "fictional": True,
    }
    return tariff_pb2.TariffTable(**_changed(values, changes))


def depositary() -> application_pb2.BankAccount:
    """An account for an advance."""
    return application_pb2.BankAccount(
        bank="みずべ銀行", branch="柏支店", account_kind="普通", account_number="1234567", holder="㈱髙﨑建設"
    )


def joint_venture(*shares: int) -> application_pb2.JointVenture:
    """A joint venture with these shares, in hundredths of a percent."""
    companies = ("㈱髙﨑建設", "𠮷田土木㈱", "あけぼの道路㈱")
    members = [
        application_pb2.VentureMember(
            company=company,
            address="千葉県柏市",
            representative="代表取締役　𠮷田 葛\U000e0100男",
            ratio_hundredths=share,
        )
        for company, share in zip(companies, shares, strict=False)
    ]
    return application_pb2.JointVenture(name="髙﨑・𠮷田特定建設工事共同企業体", members=members)


def pdf(text: str = "works contract") -> bytes:
    """A small PDF; another text gives other bytes."""
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    )
    body += f"% {hashlib.sha256(text.encode()).hexdigest()}\n".encode()
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _changed(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (values | changes).items() if value is not None}
