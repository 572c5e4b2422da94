"""前払金請求, and what the contractor sees of fees."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.records import Contract, ContractFilter, ContractRow, PageRequest
from tests.tui.contractor.playing import contractor, reach
from tests.tui.running import Hand
from tests.tui.tiny import NOW

FICTIONAL = "架空の料率"


def world_of() -> World:
    return World(count=40, now=NOW, tariff=True)


async def in_force(held: World) -> Contract:
    """The prepayment guarantee at the top of the list."""
    register = await FakeRegister.signed_in(held, "contractor")
    wanted = ContractFilter(state="IN_FORCE", product="PREPAYMENT")
    page = await register.list_contracts(wanted, PageRequest(size=1, descending=True))
    return await register.get_contract(page.items[0].contract_id)


async def opened(hand: Hand) -> None:
    """From the menu to the request of the first guarantee."""
    await hand.press("3")
    await reach(hand, "AdvanceList")
    await hand.press("enter")
    await reach(hand, "AdvanceScreen")


def kept(held: World, contract: Contract) -> Contract:
    found = held.contract(contract.contract_id)
    assert found is not None
    return found


async def test_the_request_is_made_once_the_account_is_checked_and_recorded_once(tmp_path: Path) -> None:
    held = world_of()
    contract = await in_force(held)
    name = f"{contract.contract_number}-advance-request.pdf"
    async with contractor(tmp_path, held) as hand:
        await opened(hand)
        assert "柏市長様" in hand.words or "檜川市" in hand.words
        assert "一緒に提出するもの" in hand.words
        await hand.press("ctrl+o")
        await reach(hand, "Confirm")
        account = ("みずべ銀行  柏支店", "普通  1234567", "名義  ㈱髙﨑建設")
        assert [line for line in account if line not in hand.shown] == []
        await hand.press("n")
        assert "保存先" not in hand.words
        await hand.press("ctrl+o")
        await hand.press("y")
        await hand.until(lambda: "保存先" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: (tmp_path / name).exists())
        await hand.press("f10")
        await reach(hand, "AdvanceRecordScreen")
        await hand.press("f10")
        await hand.until(lambda: len(kept(held, contract).advance_requests) == 1)
        await reach(hand, "AdvanceScreen")
        await hand.until(lambda: "令和8年1月15日に提出しました" in hand.words)
        assert "f10" not in hand.app.screen.active_bindings
        await hand.press("escape")
        await reach(hand, "AdvanceList")
        await hand.until(lambda: "令和8年1月15日" in hand.words)


async def test_a_copy_is_had_and_a_request_that_came_back_is_withdrawn(tmp_path: Path) -> None:
    held = world_of()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    await register.record_advance_request(
        contract, held.today, request_id="00000000-0000-4000-8000-000000000005"
    )
    name = f"{contract.contract_number}-advance-request-copy.pdf"
    async with contractor(tmp_path, held) as hand:
        await opened(hand)
        await hand.press("ctrl+o")
        await hand.until(lambda: "保存先" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: (tmp_path / name).exists())
        await hand.press("ctrl+w")
        await hand.paste("押印漏れで返却")
        await hand.press("enter")
        await hand.until(lambda: "前払金の請求を取り下げますか" in hand.words)
        await hand.press("y")
        await hand.until(lambda: kept(held, contract).advance_requests[0].withdrawal == "押印漏れで返却")
        await reach(hand, "AdvanceScreen")
        await hand.until(lambda: "取下げ（押印漏れで返却）" in hand.words)
        assert hand.app.screen.active_bindings["f10"].enabled


async def test_the_day_of_the_works_contract_is_asked_for_where_nobody_knows_it(tmp_path: Path) -> None:
    held = world_of()
    contract = await in_force(held)
    terms = contract.terms
    assert terms is not None and terms.works is not None
    unsigned = replace(terms, works=replace(terms.works, contract_date=None))
    held.contracts[contract.contract_id] = replace(contract, terms=unsigned)
    async with contractor(tmp_path, held) as hand:
        await opened(hand)
        assert "保証に契約日がありません" in hand.words
        await hand.press("ctrl+o")
        await hand.press("y")
        await hand.until(lambda: "請負契約の日" in hand.words)
        await hand.paste("R7.12.32")
        await hand.press("enter")
        await hand.until(lambda: "エラー" in hand.words)
        await hand.press("enter")
        await hand.press("ctrl+o")
        await hand.until(lambda: "請負契約の日" in hand.words)
        await hand.paste("R7.12.1")
        await hand.press("enter")
        await hand.until(lambda: "保存先" in hand.words)
        await hand.press("enter")
        await hand.press("f10")
        await reach(hand, "AdvanceRecordScreen")
        await hand.press("f10")
        await hand.until(lambda: len(kept(held, contract).advance_requests) == 1)
        signed = kept(held, contract).advance_requests[0].contract_date
        assert signed is not None and signed.isoformat() == "2025-12-01"


async def test_the_expected_day_and_the_orderers_papers_are_shown(tmp_path: Path) -> None:
    held = world_of()
    contract = await in_force(held)
    assert contract.application.works is not None
    orderer, rates = held.orderers[contract.application.works.orderer_id]
    rule = replace(
        orderer.policies[-1].hand_in[0], products=(), section="", other_documents=("請求書の写し",)
    )
    policy = replace(orderer.policies[-1], payment_within_days=14, hand_in=(rule,))
    held.orderers[orderer.orderer_id] = (replace(orderer, policies=(policy,)), rates)
    async with contractor(tmp_path, held) as hand:
        await opened(hand)
        await hand.until(lambda: "令和8年1月29日（請求から14日以内）" in hand.words)
        assert "2請求書の写し" in hand.words
        await hand.press("f10")
        await hand.press("y")
        await reach(hand, "AdvanceRecordScreen")
        await hand.press("f10")
        await hand.until(lambda: "支払の予定は令和8年1月29日までです" in hand.words)
        assert kept(held, contract).advance_requests[0].expected_payment_date == held.today + timedelta(14)


async def test_the_contractor_saves_the_fee_sheet_and_reads_the_ledger(tmp_path: Path) -> None:
    held = world_of()
    contract = await in_force(held)
    name = f"{contract.contract_number}-fee-sheet.pdf"
    async with contractor(tmp_path, held) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("/")
        await hand.paste(contract.contract_number)
        await hand.press("enter")
        await hand.until(lambda: "/1件" in hand.words or "1of1" in hand.words)
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        await hand.press("ctrl+v")
        await hand.until(lambda: "保存先" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: (tmp_path / name).exists())
        assert "u" not in hand.app.screen.active_bindings
        await hand.press("i")
        await reach(hand, "DetailsScreen")
        await hand.press("pagedown")
        await hand.until(lambda: "保証料の計算" in hand.words and f"（{FICTIONAL}）" in hand.words)
        await hand.press("pagedown")
        await hand.until(lambda: "差引0円" in hand.words)


async def monthly(held: World) -> tuple[ContractRow, int]:
    """A guarantee of somebody who pays by the month, and its fee in yen."""
    register = await FakeRegister.signed_in(held, "contractor")
    wanted = ContractFilter(state="SUBMITTED", orderer_id="kashiwa")
    row = (await register.list_contracts(wanted, PageRequest(size=1))).items[0]
    guarantor = await FakeRegister.signed_in(held, "deputy")
    application = await guarantor.get_contract(row.contract_id)
    ids = [f"00000000-0000-4000-8000-00000000001{number}" for number in range(2)]
    await guarantor.set_monthly_payer(row.organization_id, active=True, due_day=31, request_id=ids[0])
    basis = await guarantor.quote_fee(row.contract_id)
    assert basis is not None
    await guarantor.accept_contract(application, basis.fee_yen, request_id=ids[1])
    return row, basis.fee_yen


async def to_the_statement(hand: Hand, row: ContractRow) -> None:
    await hand.press("1")
    await reach(hand, "ContractList")
    await hand.press("/")
    await hand.paste(row.contract_number)
    await hand.press("enter")
    await hand.until(lambda: "/1件" in hand.words or "1of1" in hand.words)
    await hand.press("enter")
    await reach(hand, "HistoryScreen")
    await hand.press("u")
    await reach(hand, "StatementScreen")


async def test_a_monthly_payer_reads_the_statement(tmp_path: Path) -> None:
    held = world_of()
    row, fee_yen = await monthly(held)
    async with contractor(tmp_path, held) as hand:
        await to_the_statement(hand, row)
        await hand.until(lambda: f"当月残高{fee_yen:,}円納付期限令和8年2月28日" in hand.words)
        assert f"[{FICTIONAL}]" in hand.shown
        assert "f" not in hand.app.screen.active_bindings
