"""Fees on the guarantor's desk: proposals, receipts, what is unpaid, months, and the tariff."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.screens.guarantor.fees import FeeListScreen
from tashika_tui.screens.guarantor.monthly import MonthlyScreen
from tashika_tui.screens.guarantor.review import ReviewScreen
from tashika_tui.screens.guarantor.tariff import TariffScreen
from tashika_tui.widgets.words import Say
from tests.tui.guarantor.playing import desk
from tests.tui.running import Hand
from tests.tui.tiny import NOW

FICTIONAL = "架空の料率"


def world_of(count: int = 200) -> World:
    return World(count=count, now=NOW, tariff=True)


def fresh() -> str:
    return str(uuid.uuid4())


async def applied(world: World, count: int = 1) -> list[records.ContractRow]:
    """Applications of the contractor that has people here."""
    register = await FakeRegister.signed_in(world, "contractor")
    wanted = records.ContractFilter(state="SUBMITTED", orderer_id="kashiwa")
    return list((await register.list_contracts(wanted, records.PageRequest(size=count))).items)


async def accepted(world: World, row: records.ContractRow) -> records.Contract:
    register = await FakeRegister.signed_in(world, "underwriter")
    basis = await register.quote_fee(row.contract_id)
    assert basis is not None
    return await register.accept_contract(records.Ref(row.contract_id), basis.fee_yen, request_id=fresh())


def contract_of(world: World, row: records.ContractRow) -> records.Contract:
    contract = world.contract(row.contract_id)
    assert contract is not None
    return contract


def sums(hand: Hand) -> str:
    """The sums below a statement, which a message that goes by may cover."""
    return hand.app.screen.query_one("#sums", Say).shown


async def fill(hand: Hand, name: str, value: object) -> None:
    """Types into a field of the form that is shown."""
    form = hand.app.screen.query_one("Form")
    form.type(name, value)  # type: ignore[attr-defined]
    await hand.settle()


async def test_the_tariffs_fee_is_proposed_and_called_fictional(tmp_path: Path) -> None:
    world = world_of()
    [row] = await applied(world)
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.press("a")
        await hand.until(lambda: f"料率表による保証料金13,730円（{FICTIONAL}）" in hand.words)
        assert "2,240,000円の0.613%＝13,730円（10円未満切捨て）" in hand.words
        await hand.press("f10")
        await hand.until(lambda: "承諾しますか" in hand.words)
        assert f"保証料　金 13,730 円（{FICTIONAL}）" in hand.shown
        await hand.press("y")
        await hand.until(lambda: contract_of(world, row).state == "ACCEPTED")
        done = contract_of(world, row)
        assert (done.fee_yen, done.fee_note) == (13_730, "")
        assert done.fee_basis is not None and done.fee_basis.label == FICTIONAL
        await hand.press("end")
        await hand.until(lambda: "保証料の計算" in hand.words and "差引13,730円" in hand.words)


async def test_another_fee_is_typed_over_it_and_needs_its_reason(tmp_path: Path) -> None:
    world = world_of()
    [row] = await applied(world)
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.press("a")
        await hand.until(lambda: "13,730" in hand.shown)
        assert "料率表と異なる理由" not in hand.words
        await hand.paste("12345")
        await hand.press("f10")
        await hand.until(lambda: "!料率表と異なる理由:入力してください" in hand.words)
        await hand.paste("継続契約のため減額")
        await hand.press("f10")
        await hand.until(lambda: "料率表による額は金13,730円です" in hand.words)
        await hand.press("y")
        await hand.until(lambda: contract_of(world, row).state == "ACCEPTED")
        assert (contract_of(world, row).fee_yen, contract_of(world, row).fee_note) == (
            12_345,
            "継続契約のため減額",
        )


async def test_the_proposal_follows_the_amount_until_a_fee_is_typed(tmp_path: Path) -> None:
    world = world_of()
    [row] = await applied(world)
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.press("a")
        await hand.until(lambda: "13,730" in hand.shown)
        await fill(hand, "amount_yen", 3_000_000)
        await hand.until(lambda: "3,000,000円の0.613%＝18,390円" in hand.words)
        assert hand.app.screen.query_one("Form").values["fee_yen"] == 18_390  # type: ignore[attr-defined]
        await fill(hand, "fee_yen", 20_000)
        await fill(hand, "amount_yen", 2_500_000)
        await hand.until(lambda: "2,500,000円の0.613%＝15,320円" in hand.words)
        assert hand.app.screen.query_one("Form").values["fee_yen"] == 20_000  # type: ignore[attr-defined]


async def test_too_much_is_told_before_it_is_booked_and_listed_to_be_refunded(tmp_path: Path) -> None:
    world = world_of()
    [row] = await applied(world)
    await accepted(world, row)
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "納付を待っています" in hand.words)
        await hand.press("f")
        await fill(hand, "amount_yen", 14_000)
        await hand.press("f10")
        await hand.until(lambda: "未納額より270円多い入金です" in hand.words)
        await hand.press("y")
        await hand.until(lambda: contract_of(world, row).balance_yen == -270)
        await hand.press("escape")
        await hand.app.push_screen(FeeListScreen())
        await hand.press("shift+f6")
        await hand.until(lambda: "[>過納<]" in hand.words and row.contract_number in hand.shown)
        await hand.until(lambda: f"過納額270円（返金してください）（{FICTIONAL}）" in hand.words)


async def test_a_receipt_is_recorded_once(tmp_path: Path) -> None:
    world = world_of()
    [row] = await applied(world)
    contract = await accepted(world, row)
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "納付を待っています" in hand.words)
        assert "R" not in hand.app.screen.active_bindings
        register = await FakeRegister.signed_in(world, "deputy")
        await register.record_fee(contract, "PAYMENT", contract.balance_yen, world.today, request_id=fresh())
        await hand.until(lambda: "R" in hand.app.screen.active_bindings)
        await hand.press("R")
        await hand.until(lambda: "送付した担当者" in hand.words and "中村一郎" in hand.words)
        await hand.press("f10")
        await hand.until(lambda: "領収証の送付を記録しますか" in hand.words)
        await hand.press("y")
        await hand.until(lambda: contract_of(world, row).receipt_sent is not None)
        await hand.until(lambda: "R" not in hand.app.screen.active_bindings)
        receipt = contract_of(world, row).receipt_sent
        assert receipt is not None
        assert (receipt.day, receipt.officer) == (world.today, "中村 一郎")


async def test_fees_are_listed_by_days(tmp_path: Path) -> None:
    world = world_of()
    async with desk(tmp_path, world, screen=FeeListScreen()) as hand:
        await hand.until(lambda: "当てはまる保証契約はありません" in hand.words)
        await hand.press("f6")
        await hand.until(lambda: "[>7日以内<]" in hand.words and "あと" in hand.words)
        assert f"[{FICTIONAL}]" in hand.shown
        near = hand.app.screen.query_one("PagedList").row  # type: ignore[attr-defined]
        assert near is not None and near.fee_due_date is not None
        days = (near.fee_due_date - world.today).days
        assert (f"あと{days}日" if days else "本日まで") in hand.words
        world.tick(timedelta(days=20))
        await hand.press("shift+f6")
        await hand.until(lambda: "失効" in hand.words and "[>期限超過<]" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: isinstance(hand.app.screen, ReviewScreen))


async def test_a_contractor_is_made_a_monthly_payer_and_pays_in_one_sum(tmp_path: Path) -> None:
    world = world_of()
    first, second = await applied(world, 2)
    async with desk(tmp_path, world, "deputy", screen=ReviewScreen(first.contract_id)) as hand:
        await hand.until(lambda: "審査してください" in hand.words)
        await hand.press("M")
        await hand.until(lambda: "翌月の納付日" in hand.words)
        await fill(hand, "due_day", 32)
        await hand.press("f10")
        await hand.until(lambda: "1から31までの数字" in hand.words)
        await fill(hand, "due_day", 20)
        await hand.press("f10")
        await hand.until(lambda: "一括納付の取決めを登録しますか" in hand.words)
        await hand.press("y")
        await hand.until(lambda: len(world.payers) == 1)
        fees = [(await accepted(world, row)).balance_yen for row in (first, second)]
        await hand.until(lambda: "u" in hand.app.screen.active_bindings)
        await hand.app.push_screen(MonthlyScreen())
        await hand.until(lambda: "翌月20日" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: "令和8年1月分" in hand.words and first.contract_number in hand.shown)
        assert sums(hand).endswith(f"当月残高 {sum(fees):,} 円  納付期限 令和8年2月20日")
        assert f"[{FICTIONAL}]" in hand.shown
        await hand.press("f")
        await fill(hand, "amount_yen", fees[0] + 100)
        await hand.press("f10")
        await hand.until(lambda: "納付期限の早い保証契約から順に" in hand.words)
        await hand.press("y")
        await hand.until(lambda: f"当月残高 {fees[1] - 100:,} 円" in sums(hand))
        balances = {contract_of(world, row).balance_yen for row in (first, second)}
        assert balances == {0, fees[1] - 100}
        await hand.press("shift+f6")
        await hand.until(lambda: "令和7年12月分" in hand.words)
        assert "この月に記帳されたものはありません" in hand.words
        await hand.press("f6")
        await hand.until(lambda: "令和8年1月分" in hand.words)
        assert "f6" not in hand.app.screen.active_bindings
        await hand.press("ctrl+o")
        await hand.until(lambda: "保存先" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: (tmp_path / "fee-statement-2026-01.pdf").exists())


async def test_more_than_is_owed_is_not_shared_out(tmp_path: Path) -> None:
    world = world_of()
    [row] = await applied(world)
    approver = await FakeRegister.signed_in(world, "approver")
    # Nobody knows a contractor that has not applied; opening its application makes it known.
    await approver.get_contract(row.contract_id)
    await approver.set_monthly_payer(row.organization_id, active=True, due_day=31, request_id=fresh())
    contract = await accepted(world, row)
    async with desk(tmp_path, world, screen=MonthlyScreen()) as hand:
        await hand.press("enter")
        await hand.until(lambda: row.contract_number in hand.shown)
        await hand.press("f")
        await fill(hand, "amount_yen", contract.balance_yen + 1)
        await hand.press("f10")
        await hand.press("y")
        await hand.until(lambda: "入力に誤りが1か所" in hand.words)
        assert contract_of(world, row).balance_yen == contract.balance_yen
        assert "M" not in hand.app.screen.active_bindings


async def test_a_fee_sheet_is_saved_once_the_fee_is_told(tmp_path: Path) -> None:
    world = world_of()
    [row] = await applied(world)
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "審査してください" in hand.words)
        assert "F" not in hand.app.screen.active_bindings
        await accepted(world, row)
        await hand.until(lambda: "F" in hand.app.screen.active_bindings)
        await hand.press("ctrl+v")
        name = f"{row.contract_number}-fee-sheet.pdf"
        await hand.until(lambda: "保存先" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: (tmp_path / name).exists())


async def test_a_tariff_is_changed_band_by_band_and_told_where_it_is_wrong(tmp_path: Path) -> None:
    world = world_of()
    guarantor_id = next(iter(world.guarantors))
    async with desk(tmp_path, world, "approver", screen=TariffScreen()) as hand:
        await hand.until(
            lambda: f"適用中見本料率表（第1版、令和6年12月1日から適用）[{FICTIONAL}]" in hand.words
        )
        assert "500万円を超え5,000万円以下" in hand.words
        await hand.press("E")
        await hand.until(lambda: "料率表の改定" in hand.words)
        await hand.press("tab", "tab", "tab", "tab", "tab", "down", "enter")
        await hand.until(lambda: "5,000,000" in hand.shown and "487" in hand.shown)
        await fill(hand, "over_yen", 4_000_000)
        await fill(hand, "rate_per_100000", 480)
        await hand.until(lambda: "400万円を超え5,000万円以下:0.480%" in hand.words)
        await hand.press("f10")
        await hand.until(lambda: "400万円を超え5,000万円以下0.480%" in hand.words)
        await hand.press("f10")
        await hand.until(lambda: "令和8年1月16日から適用しますか" in hand.words)
        await hand.press("y")
        await hand.until(lambda: "!誤り" in hand.words and "!料率表の区分が重なっています" in hand.words)
        assert len(world.tariffs[guarantor_id].versions) == 1
        await hand.press("enter")
        await fill(hand, "over_yen", 5_000_000)
        await hand.press("f10")
        await hand.until(lambda: "!誤り" not in hand.words and "500万円を超え" in hand.words)
        await hand.press("f10")
        await hand.press("y")
        await hand.until(lambda: len(world.tariffs[guarantor_id].versions) == 2)
        await hand.until(lambda: "適用前見本料率表（第2版、令和8年1月16日から適用）" in hand.words)
        await hand.press("shift+f6")
        await hand.until(lambda: "適用中見本料率表（第1版" in hand.words)
        band = world.tariffs[guarantor_id].versions[1].table.bands[1]
        assert (band.over_yen, band.up_to_yen, band.rate_per_100000) == (5_000_000, 50_000_000, 480)


async def test_bands_are_added_and_removed_and_unsaved_ones_are_asked_about(tmp_path: Path) -> None:
    world = world_of()
    async with desk(tmp_path, world, "approver", screen=TariffScreen()) as hand:
        await hand.press("E")
        await hand.press("tab", "tab", "tab", "tab", "tab", "delete")
        await hand.until(lambda: "1/5件" in hand.words)
        await hand.press("n")
        await hand.until(lambda: "料率（10万分の1）" in hand.words)
        await fill(hand, "product", "MIDTERM_PREPAYMENT")
        await fill(hand, "rate_per_100000", 0)
        await hand.press("f10")
        await hand.until(lambda: "1以上の数字" in hand.words)
        await fill(hand, "rate_per_100000", 250)
        await hand.press("f10")
        await hand.until(lambda: "/6件" in hand.words and "中間前払金" in hand.words)
        await hand.press("escape")
        await hand.until(lambda: "保存していない入力があります" in hand.words)


@pytest.mark.parametrize("who", ["underwriter"])
async def test_an_underwriter_reads_the_tariff_and_sets_none(tmp_path: Path, who: str) -> None:
    async with desk(tmp_path, world_of(), who, screen=TariffScreen()) as hand:
        await hand.until(lambda: "適用中" in hand.words)
        assert "E" not in hand.app.screen.active_bindings


async def test_a_guarantor_without_a_tariff_enters_fees_and_can_set_one(tmp_path: Path) -> None:
    world = World(count=200, now=NOW)
    [row] = await applied(world)
    async with desk(tmp_path, world, "deputy", screen=ReviewScreen(row.contract_id)) as hand:
        await hand.press("a")
        await hand.until(lambda: "適用できる料率表がありません" in hand.words)
        await hand.press("escape")
        await hand.app.push_screen(TariffScreen())
        await hand.until(lambda: "料率表はまだありません" in hand.words)
        await hand.press("E")
        await fill(hand, "name", "新しい料率表")
        await hand.press("f10")
        await hand.until(lambda: "区分がありません" in hand.words)
