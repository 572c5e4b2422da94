import json
from datetime import date
from typing import Any

import pytest

from tashika_server.domain.model import GuarantorKind, Product
from tashika_server.domain.policy import (
    AmendmentPolicy,
    Before,
    BodyItem,
    Channel,
    ElectronicPolicy,
    HandInRule,
    PerformancePolicy,
    Policy,
    PrepaymentPolicy,
    PrepaymentRule,
    Section,
    SinceBasis,
    ThresholdBasis,
    VersionScope,
)
from tashika_server.domain.policy_file import (
    MAX_VIOLATIONS,
    ParsedOrderer,
    check_policy,
    parse_policy_file,
    write_policy_file,
)
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.sample import orderers_json
from tests.unit.domain.every_key import EVERY_KEY

AS_READ = Policy(
    valid_from=date(2026, 4, 1),
    electronic=ElectronicPolicy(
        frozenset(Product),
        frozenset({"CONSTRUCTION", "MAINTENANCE"}),
        frozenset(GuarantorKind),
        date(2026, 5, 1),
        SinceBasis.INITIAL_CONTRACT_DATE,
        True,
    ),
    prepayment=PrepaymentPolicy(
        (
            (
                "CONSTRUCTION",
                PrepaymentRule(40, 20, 1_300_000, 50, ThresholdBasis.PLANNED_PRICE, 10_000, 100_000_000),
            ),
            ("CONSULTING", None),
            ("MAINTENANCE", PrepaymentRule()),
        )
    ),
    midterm=PrepaymentPolicy((("CONSTRUCTION", PrepaymentRule(20)),), False),
    performance=PerformancePolicy(5_000_000, ThresholdBasis.DESIGN_AMOUNT, 10, 30),
    amendment=AmendmentPolicy(125, False),
    payment_within_days=14,
    hand_in=(
        HandInRule(
            (Product.PREPAYMENT,),
            VersionScope.AMENDED,
            "財政課",
            Channel.MAIL_OR_FAX,
            "zaisei@example.jp",
            "【電子保証】{works_number} {works_name} {product_name} {contractor_name}",
            tuple(BodyItem),
            Before.CONTRACT_VISIT,
            True,
            ("請求書",),
        ),
        HandInRule(),
    ),
    addressee="全項目市長",
    sections=(Section("上下水道局", "suido@example.jp", "上下水道事業管理者"),),
    note="一行目\n二行目",
    sources=("http://example.jp/",),
)


def file_of(*orderers: Any) -> str:
    return json.dumps({"schema": "tashika-orderers/1", "orderers": list(orderers)})


def faults(text: str) -> list[tuple[str, str | int]]:
    with pytest.raises(RefusedError) as refused:
        parse_policy_file(text)
    assert {violation.reason for violation in refused.value.violations} == {Reason.POLICY_INVALID}
    return [(violation.field, violation.params["problem"]) for violation in refused.value.violations]


def test_every_key_is_read() -> None:
    (entry,) = parse_policy_file(file_of(EVERY_KEY))
    assert entry == ParsedOrderer("every-key", "全項目市", AS_READ, "千葉県", "ゼンコウモクシ")


def test_what_is_read_is_written_back() -> None:
    entries = parse_policy_file(file_of(EVERY_KEY, {"id": "bare", "name": "無規定町"}))
    assert parse_policy_file(write_policy_file(entries)) == entries
    assert json.loads(write_policy_file(entries))["orderers"][1] == {"id": "bare", "name": "無規定町"}


def test_every_real_orderer_is_read() -> None:
    entries = parse_policy_file(orderers_json())
    assert len(entries) == len(json.loads(orderers_json())["orderers"])
    assert parse_policy_file(write_policy_file(entries)) == entries
    assert [entry.orderer_id for entry in entries if check_policy(entry.policy)] == []


def test_null_is_not_offered_and_absent_is_not_said() -> None:
    toyoyama = next(e for e in parse_policy_file(orderers_json()) if e.orderer_id == "toyoyama")
    assert toyoyama.policy.prepayment is not None
    assert toyoyama.policy.prepayment.has("CONSULTING")
    assert toyoyama.policy.prepayment.rule("CONSULTING") is None
    assert not toyoyama.policy.prepayment.has("SERVICES")


def test_versions_of_one_orderer_stand_side_by_side() -> None:
    versions = [{"id": "a", "name": "甲市"}, {"id": "a", "name": "甲市", "valid_from": "2026-04-01"}]
    assert len(parse_policy_file(file_of(*versions))) == 2
    assert faults(file_of(*versions, versions[1])) == [("orderers[2].id", "DUPLICATE")]


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        ({"nmae": "x"}, "nmae", "UNKNOWN_KEY"),
        ({"id": "Kashiwa"}, "id", "WRONG_FORM"),
        ({"name": ""}, "name", "TEXT_EMPTY"),
        ({"name": "甲" * 201}, "name", "TEXT_TOO_LONG"),
        ({"name": "甲\u202e市"}, "name", "TEXT_CHARACTER"),
        ({"name": "\ud842"}, "name", "TEXT_CHARACTER"),
        ({"name": " 甲市"}, "name", "TEXT_EDGE_SPACE"),
        ({"name": 1}, "name", "WRONG_TYPE"),
        ({"valid_from": "2026-02-30"}, "valid_from", "WRONG_DATE"),
        ({"valid_from": "20260401"}, "valid_from", "WRONG_DATE"),
        ({"valid_from": "0025-12-26"}, "valid_from", "OUT_OF_RANGE"),
        ({"valid_from": 2026}, "valid_from", "WRONG_TYPE"),
        ({"electronic": None}, "electronic", "WRONG_TYPE"),
        ({"electronic": {}}, "electronic", "EMPTY"),
        ({"electronic": {"products": []}}, "electronic.products", "WRONG_LENGTH"),
        ({"electronic": {"products": ["PERFORMANCE"] * 2}}, "electronic.products", "DUPLICATE"),
        ({"electronic": {"products": ["PERFORMENCE"]}}, "electronic.products[0]", "UNKNOWN_TOKEN"),
        ({"electronic": {"products": [{}]}}, "electronic.products[0]", "UNKNOWN_TOKEN"),
        ({"electronic": {"works_kinds": ["construction"]}}, "electronic.works_kinds[0]", "WRONG_FORM"),
        ({"electronic": {"since_basis": "TODAY"}}, "electronic.since_basis", "UNKNOWN_TOKEN"),
        ({"prepayment": {"construction": None}}, "prepayment.construction", "UNKNOWN_KEY"),
        (
            {"prepayment": {"exclusive_with_part_payment": True}},
            "prepayment.exclusive_with_part_payment",
            "UNKNOWN_KEY",
        ),
        (
            {"prepayment": {"SERVICES": {"rate_percent": 0}}},
            "prepayment.SERVICES.rate_percent",
            "OUT_OF_RANGE",
        ),
        (
            {"prepayment": {"SERVICES": {"rate_percent": 101}}},
            "prepayment.SERVICES.rate_percent",
            "OUT_OF_RANGE",
        ),
        (
            {"prepayment": {"SERVICES": {"rate_percent": 40.0}}},
            "prepayment.SERVICES.rate_percent",
            "WRONG_TYPE",
        ),
        (
            {"prepayment": {"SERVICES": {"rate_percent": True}}},
            "prepayment.SERVICES.rate_percent",
            "WRONG_TYPE",
        ),
        ({"prepayment": {"SERVICES": {"cap_yen": -1}}}, "prepayment.SERVICES.cap_yen", "OUT_OF_RANGE"),
        (
            {"prepayment": {"SERVICES": {"cap_yen": 10**13 + 1}}},
            "prepayment.SERVICES.cap_yen",
            "OUT_OF_RANGE",
        ),
        ({"performance": {"min_price_yen": -1}}, "performance.min_price_yen", "OUT_OF_RANGE"),
        ({"amendment": {"price_ratio": 125}}, "amendment.price_ratio", "UNKNOWN_KEY"),
        ({"hand_in": [{"channel": "PIGEON"}]}, "hand_in[0].channel", "UNKNOWN_TOKEN"),
        ({"hand_in": [{"subject": "{key}"}]}, "hand_in[0].subject", "WRONG_FORM"),
        ({"hand_in": [{"subject": "{works_name"}]}, "hand_in[0].subject", "WRONG_FORM"),
        ({"sections": [{"to": "x"}]}, "sections[0].name", "MISSING"),
        ({"sections": [{"name": "課"}, {"name": "課"}]}, "sections[1].name", "DUPLICATE"),
        ({"sources": "http://example.jp/"}, "sources", "WRONG_TYPE"),
    ],
)
def test_each_fault_is_named_with_its_place(change: dict[str, Any], place: str, problem: str) -> None:
    text = file_of({"id": "a", "name": "甲市", **change})
    assert faults(text) == [(f"orderers[0].{place}", problem)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("", "NOT_JSON")]),
        ("{", [("", "NOT_JSON")]),
        ("[" * 100_000, [("", "NOT_JSON")]),
        ('{"schema": NaN}', [("", "NOT_JSON")]),
        ('{"schema": "a", "schema": "b"}', [("", "NOT_JSON")]),
        ('{"schema": ' + "1" * 5_000 + "}", [("", "NOT_JSON")]),
        ("[]", [("", "WRONG_TYPE"), ("schema", "UNKNOWN_TOKEN"), ("orderers", "MISSING")]),
        (
            '{"schema": "tashika-orderers/2", "orderers": [{"id": "a", "name": "b"}]}',
            [("schema", "UNKNOWN_TOKEN")],
        ),
        ('{"schema": "tashika-orderers/1", "orderers": []}', [("orderers", "WRONG_LENGTH")]),
    ],
)
def test_what_is_no_policy_file_is_refused(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


def test_a_byte_order_mark_of_an_editor_does_no_harm() -> None:
    assert len(parse_policy_file("\ufeff" + file_of(EVERY_KEY))) == 1


def test_all_faults_come_at_once_and_the_rest_is_counted() -> None:
    three = faults(file_of({"id": "A", "name": 1, "x": 2}))
    assert three == [
        ("orderers[0].id", "WRONG_FORM"),
        ("orderers[0].name", "WRONG_TYPE"),
        ("orderers[0].x", "UNKNOWN_KEY"),
    ]
    many = file_of(*[{"id": f"a{index}", "name": 1} for index in range(MAX_VIOLATIONS + 5)])
    with pytest.raises(RefusedError) as refused:
        parse_policy_file(many)
    assert len(refused.value.violations) == MAX_VIOLATIONS + 1
    assert refused.value.violations[-1].params == {"problem": "MORE", "count": 5}


def test_a_policy_from_elsewhere_is_held_to_the_same_rules() -> None:
    assert check_policy(AS_READ) == []
    wrong = Policy(prepayment=PrepaymentPolicy((("CONSTRUCTION", PrepaymentRule(rate_percent=0)),)))
    assert [v.field for v in check_policy(wrong, "policy")] == ["policy.prepayment.CONSTRUCTION.rate_percent"]
    twice = Policy(prepayment=PrepaymentPolicy((("SERVICES", None), ("SERVICES", PrepaymentRule()))))
    assert [v.params["problem"] for v in check_policy(twice)] == ["NOT_IN_NORMAL_FORM"]
