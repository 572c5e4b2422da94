"""`tashika list` and `tashika get`."""

import stat
from pathlib import Path
from typing import Any

import grpc
import pytest

from tashika.v1 import contract_pb2, contract_service_pb2, hand_in_pb2, orderer_pb2, works_pb2
from tashika_formats.number import make_number
from tests.unit.formats.issued import NUMBER, issued
from tests.unit.tui.person import Person
from tests.unit.tui.register import CONTRACT_ID, NOTICE, FakeRegister, Refusal


def summary(sequence: int, **changes: Any) -> contract_pb2.ContractSummary:
    row = contract_pb2.ContractSummary(
        contract_id=CONTRACT_ID,
        contract_number=make_number(12, 2025, sequence),
        state="CONTRACT_STATE_IN_FORCE",
        product="PRODUCT_PREPAYMENT",
        amount_yen=51_480_000,
        works_name="見本橋架替工事",
        registrant={"name": "髙﨑 花子", "company": "株式会社𠮷田組", "title": "経理課長"},
    )
    row.register_time.FromJsonString("2025-12-25T15:30:00Z")
    row.MergeFrom(contract_pb2.ContractSummary(**changes))
    return row


@pytest.fixture
def listed(register: FakeRegister) -> FakeRegister:
    register.summaries = [summary(sequence) for sequence in range(1, 451)]
    answer = contract_service_pb2.GetContractResponse()
    answer.contract.contract_id = CONTRACT_ID
    answer.contract.contract_number = NUMBER
    answer.contract.state = contract_pb2.CONTRACT_STATE_ACCEPTED
    answer.contract.application.amount_yen = 51_480_000
    answer.contract.application.works.name = "見本橋架替工事"
    answer.contract.fee_yen = 100_000
    answer.contract.balance_yen = -5
    answer.contract.remarks.add(field="application.works.name", text="字が違います")
    answer.differences.add(field="amount_yen", application_value="1", terms_value="2")
    answer.hand_in_advice.channel = hand_in_pb2.HAND_IN_CHANNEL_MAIL
    answer.hand_in_advice.body_items.extend(
        [hand_in_pb2.HAND_IN_BODY_ITEM_CONTRACTOR, hand_in_pb2.HAND_IN_BODY_ITEM_WORKS_NAME]
    )
    answer.contract.facts.add(kind=1, version=1).fact_time.FromJsonString("2026-01-05T01:00:00Z")
    register.contract = answer
    return register


def test_the_list_has_the_five_columns_with_japans_day(clerk: Person, listed: FakeRegister) -> None:
    seen = clerk.types("list", "--limit", "1")
    head, row = seen.out.splitlines()
    assert head.split()[:5] == ["契約登録番号", "登録年月日", "登録者名", "登録者会社名", "登録者役職"]
    assert row.startswith(NUMBER)
    assert "令和7年12月26日" in row
    assert seen.err == "全450件のうち1件を表示しました。\n"


def test_pages_are_followed_up_to_the_limit(clerk: Person, listed: FakeRegister) -> None:
    seen = clerk.types("list", "contracts", "--limit", "430", "--json")
    assert len(seen.json["contracts"]) == 430
    assert [request.page_size for request in listed.asked("ListContracts")] == [200, 200, 30]
    assert seen.json["contracts"][0]["registrant"]["title"] == "経理課長"
    assert seen.json["contracts"][0]["register_time"] == "2025-12-25T15:30:00Z"
    assert seen.json["contracts"][0]["amount_yen"] == 51_480_000
    assert seen.json["total_size"] == 450


def test_an_empty_list_is_no_error(clerk: Person, register: FakeRegister) -> None:
    seen = clerk.types("list")
    assert (seen.code, seen.out) == (0, "")


def test_a_state_is_taken_in_any_case(clerk: Person, listed: FakeRegister) -> None:
    clerk.types("list", "--state", "pending-approval")
    assert listed.asked("ListContracts")[0].filter.state == contract_pb2.CONTRACT_STATE_PENDING_APPROVAL


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "certificates"],
        ["list", "--state", "OPEN"],
        ["list", "works", "--state", "IN_FORCE"],
        ["list", "--limit", "0"],
        ["list", "--limit", "x"],
        ["list", "contracts", "works"],
        ["get"],
        ["get", "contract"],
        ["get", "key", NUMBER],
        ["get", "certificate", NUMBER, "--json"],
        ["get", "contract", NUMBER, "--out", "x"],
        ["get", "notice", NUMBER, "--version", "1"],
        ["get", "certificate", NUMBER, "--version", "-1"],
    ],
)
def test_a_wrong_call_is_told_without_asking(
    clerk: Person, listed: FakeRegister, arguments: list[str]
) -> None:
    before = len(listed.calls)
    seen = clerk.types(*arguments)
    assert (seen.code, seen.out) == (2, "")
    assert len(seen.err.splitlines()) == 1
    assert len(listed.calls) == before


def test_works_and_orderers_are_listed(clerk: Person, register: FakeRegister) -> None:
    register.works = [works_pb2.Works(works_id="wrk_1", terms={"name": "見本橋架替工事", "price_yen": 1_000})]
    register.orderers = [
        orderer_pb2.Orderer(orderer_id="mihon", name="見本市", policies=[{"policy": {"electronic": {}}}])
    ]
    assert "金 1,000 円" in clerk.types("list", "works").out
    assert clerk.types("list", "orderers").out.splitlines()[1].split() == ["mihon", "見本市", "あり"]


def test_names_can_not_break_the_table_or_the_terminal(clerk: Person, register: FakeRegister) -> None:
    register.summaries = [summary(1, works_name="a\x1b[2J\nb\u202e"), summary(2, works_name="普通")]
    seen = clerk.types("list")
    assert len(seen.out.splitlines()) == 3
    assert "a<U+001B>[2J<U+000A>b<U+202E>" in seen.out
    json = clerk.types("list", "--json")
    assert json.json["contracts"][0]["works_name"] == "a\x1b[2J\nb\u202e"
    assert "\x1b" not in json.out
    assert "\u202e" not in json.out


def test_a_state_of_a_newer_server_stands_for_itself(clerk: Person, register: FakeRegister) -> None:
    register.summaries = [summary(1, state=99)]
    assert "UNKNOWN_99" in clerk.types("list").out


def test_a_contract_is_shown_with_what_is_open(clerk: Person, listed: FakeRegister) -> None:
    seen = clerk.types("get", "contract", NUMBER)
    assert seen.code == 0, seen.err
    for text in (
        "見本橋架替工事",
        "字が違います",
        "保証金額  ",
        "申込み: 金 1 円、承諾: 金 2 円",
        "-5 円",
        "電子メール",
        "受注者名、工事名",
        "認証キーの提出",
    ):
        assert text in seen.out
    assert clerk.types("get", "contract", NUMBER, "--json").json["contract"]["fee_yen"] == 100_000


def test_a_number_that_the_caller_may_not_see_is_refused(clerk: Person, listed: FakeRegister) -> None:
    seen = clerk.types("get", "contract", make_number(12, 2025, 999))
    assert seen.code == 3
    assert listed.asked("GetContract") == []


def test_a_typing_error_in_the_number_is_told_without_asking(clerk: Person, listed: FakeRegister) -> None:
    assert clerk.types("get", "contract", "123").code == 4
    assert listed.asked("ListContracts") == []


def test_a_pdf_goes_to_a_pipe_as_it_is(clerk: Person, listed: FakeRegister) -> None:
    seen = clerk.types("get", "certificate", NUMBER, "--version", "1")
    assert (seen.code, seen.out, seen.binary) == (0, "", issued().pdf)
    assert listed.asked("DownloadCertificate")[0].version == 1


def test_a_pdf_does_not_go_to_a_terminal(clerk: Person, listed: FakeRegister) -> None:
    clerk.output_is_terminal = True
    seen = clerk.types("get", "notice", NUMBER)
    assert (seen.code, seen.binary) == (2, b"")
    assert "--out" in seen.err


def test_a_notice_is_saved_for_the_owner_alone(clerk: Person, listed: FakeRegister, tmp_path: Path) -> None:
    target = tmp_path / "notice.pdf"
    seen = clerk.types("get", "notice", NUMBER, "--out", str(target))
    assert seen.code == 0
    assert target.read_bytes() == NOTICE
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert clerk.types("get", "notice", NUMBER, "--out", str(target)).code == 2
    assert clerk.types("get", "notice", NUMBER, "--force", "--out", str(target)).code == 0


def test_a_refusal_of_a_download_leaves_no_file(clerk: Person, listed: FakeRegister, tmp_path: Path) -> None:
    listed.spoil_download = lambda data: data[:-1]
    assert clerk.types("get", "notice", NUMBER, "--out", str(tmp_path / "a.pdf")).code == 5
    listed.refuse = Refusal(grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED", "できません。")
    assert clerk.types("get", "notice", NUMBER, "--out", str(tmp_path / "a.pdf")).code == 3
    assert not (tmp_path / "a.pdf").exists()
