"""Policies of invented orderers: one that uses every key, and one for each way to say no."""

import json
from typing import Any

EVERY_KEY: dict[str, Any] = {
    "id": "hinokawa",
    "name": "檜川市",
    "kana": "ひのかわし",
    "prefecture": "架空県",
    "valid_from": "2024-04-01",
    "addressee": "檜川市長",
    "electronic": {
        "products": ["PERFORMANCE", "PREPAYMENT"],
        "works_kinds": ["CONSTRUCTION", "CONSULTING", "SERVICES"],
        "guarantor_kinds": ["GUARANTEE_COMPANY"],
        "since": "2025-04-01",
        "since_basis": "NOTICE_DATE",
        "amendments_of_earlier_contracts": False,
    },
    "prepayment": {
        "CONSTRUCTION": {
            "rate_percent": 40,
            "low_bid_rate_percent": 20,
            "min_price_yen": 2_000_000,
            "min_period_days": 30,
            "threshold_basis": "CONTRACT_PRICE",
            "round_down_to_yen": 100_000,
            "cap_yen": 300_000_000,
        },
        "CONSULTING": {"rate_percent": 30, "threshold_basis": "PLANNED_PRICE", "min_price_yen": 1_000_000},
        "SERVICES": None,
    },
    "midterm": {
        "CONSTRUCTION": {"rate_percent": 20, "round_down_to_yen": 100_000},
        "CONSULTING": None,
        "exclusive_with_part_payment": True,
    },
    "performance": {
        "min_price_yen": 1_300_000,
        "threshold_basis": "CONTRACT_PRICE",
        "min_rate_percent": 10,
        "low_bid_min_rate_percent": 30,
    },
    "amendment": {"price_ratio_percent": 125, "term_change_needs_certificate": True},
    "payment_within_days": 14,
    "hand_in": [
        {
            "products": ["PERFORMANCE", "PREPAYMENT"],
            "version": "INITIAL",
            "section": "契約課",
            "channel": "MAIL",
            "to": "keiyaku@city.hinokawa.example.jp",
            "subject": "認証キー {works_number} {works_name} {product_name} {contractor_name}",
            "body_items": ["CONTRACTOR", "CONTACT", "WORKS_NAME", "PRODUCT"],
            "before": "CONTRACT_VISIT",
            "phone_confirmation": True,
            "other_documents": ["工程表", "現場代理人届"],
        },
        {"version": "AMENDED", "channel": "WEB_FORM", "to": "https://city.hinokawa.example.jp/form"},
        {"version": "ANY", "channel": "MAIL_OR_FAX", "before": "PREPAYMENT_REQUEST"},
    ],
    "sections": [
        {"name": "契約課", "to": "keiyaku@city.hinokawa.example.jp"},
        {
            "name": "上下水道局",
            "to": "suido@city.hinokawa.example.jp",
            "addressee": "檜川市上下水道事業管理者",
        },
    ],
    "note": "架空の発注者",
    "sources": ["invented"],
}

_ALL = {"products": ["PERFORMANCE", "PREPAYMENT"]}

INVENTED: tuple[dict[str, Any], ...] = (
    EVERY_KEY,
    {"id": "paper-only", "name": "紙町", "addressee": "紙町長"},
    {"id": "advance-only", "name": "前金市", "electronic": {"products": ["PREPAYMENT"]}},
    {"id": "construction-only", "name": "工事市", "electronic": {"works_kinds": ["CONSTRUCTION"]}},
    {"id": "insurers-only", "name": "損保市", "electronic": {"guarantor_kinds": ["INSURER"]}},
    {"id": "not-yet", "name": "未来市", "electronic": {**_ALL, "since": "2150-04-01"}},
    {"id": "valid-later", "name": "後日市", "valid_from": "2150-04-01", "electronic": _ALL},
    {"id": "no-advance", "name": "無前払町", "electronic": _ALL, "prepayment": {"CONSTRUCTION": None}},
)


def policy_file(*orderers: dict[str, Any]) -> str:
    """A policy file with these orderers."""
    return json.dumps({"schema": "tashika-orderers/1", "orderers": list(orderers)}, ensure_ascii=False)
