"""An invented orderer's entry in a policy file that uses every key."""

from typing import Any

EVERY_KEY: dict[str, Any] = {
    "id": "every-key",
    "name": "全項目市",
    "kana": "ゼンコウモクシ",
    "prefecture": "千葉県",
    "valid_from": "2026-04-01",
    "electronic": {
        "products": ["PERFORMANCE", "PREPAYMENT", "MIDTERM_PREPAYMENT"],
        "works_kinds": ["CONSTRUCTION", "MAINTENANCE"],
        "guarantor_kinds": ["GUARANTEE_COMPANY", "INSURER", "BANK"],
        "since": "2026-05-01",
        "since_basis": "INITIAL_CONTRACT_DATE",
        "amendments_of_earlier_contracts": True,
    },
    "prepayment": {
        "CONSTRUCTION": {
            "rate_percent": 40,
            "low_bid_rate_percent": 20,
            "min_price_yen": 1_300_000,
            "min_period_days": 50,
            "threshold_basis": "PLANNED_PRICE",
            "round_down_to_yen": 10_000,
            "cap_yen": 100_000_000,
        },
        "CONSULTING": None,
        "MAINTENANCE": {},
    },
    "midterm": {"CONSTRUCTION": {"rate_percent": 20}, "exclusive_with_part_payment": False},
    "performance": {
        "min_price_yen": 5_000_000,
        "threshold_basis": "DESIGN_AMOUNT",
        "min_rate_percent": 10,
        "low_bid_min_rate_percent": 30,
    },
    "amendment": {"price_ratio_percent": 125, "term_change_needs_certificate": False},
    "payment_within_days": 14,
    "hand_in": [
        {
            "products": ["PREPAYMENT"],
            "version": "AMENDED",
            "section": "財政課",
            "channel": "MAIL_OR_FAX",
            "to": "zaisei@example.jp",
            "subject": "【電子保証】{works_number} {works_name} {product_name} {contractor_name}",
            "body_items": ["CONTRACTOR", "CONTACT", "WORKS_NAME", "PRODUCT"],
            "before": "CONTRACT_VISIT",
            "phone_confirmation": True,
            "other_documents": ["請求書"],
        },
        {},
    ],
    "addressee": "全項目市長",
    "sections": [{"name": "上下水道局", "to": "suido@example.jp", "addressee": "上下水道事業管理者"}],
    "note": "一行目\n二行目",
    "sources": ["http://example.jp/"],
}
