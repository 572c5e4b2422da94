"""How the guarantor's screens about fees look, in both languages, sizes and looks."""

from datetime import timedelta
from pathlib import Path

from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister
from tashika_tui.screens.guarantor.fees import FeeListScreen
from tashika_tui.screens.guarantor.monthly import MonthlyScreen
from tashika_tui.screens.guarantor.review import ReviewScreen
from tashika_tui.screens.guarantor.tariff import TariffScreen
from tests.tui.guarantor.playing import desk
from tests.tui.guarantor.test_guarantor_fees import accepted, applied, fill, world_of
from tests.tui.running import reach
from tests.tui.snapshots import in_both_languages, look

# Ids of requests, the same in each run.
INTENT = "00000000-0000-4000-8000-{:012d}"


@in_both_languages
async def test_accepting_for_another_fee(tmp_path: Path, language: str) -> None:
    world = world_of()
    [row] = await applied(world)
    async with desk(tmp_path, world, language=language, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.press("a")
        await hand.until(lambda: "13,730" in hand.shown)
        await look(hand, "guarantor-accept-proposal")
        await hand.paste("12345")
        await hand.press("f10")
        await look(hand, "guarantor-accept-other-fee")


@in_both_languages
async def test_unpaid_fees(tmp_path: Path, language: str) -> None:
    world = world_of()
    world.tick(timedelta(days=4))
    screen, now = FeeListScreen(), world.now
    async with desk(tmp_path, world, language=language, screen=screen, now=lambda: now) as hand:
        await hand.until(lambda: "1125" in hand.shown)
        await look(hand, "guarantor-fees-overdue")
        await hand.press("f6")
        await hand.until(lambda: "[>7" in hand.shown and "1125" in hand.shown)
        await look(hand, "guarantor-fees-soon")


@in_both_languages
async def test_a_month(tmp_path: Path, language: str) -> None:
    world = world_of()
    rows = await applied(world, 3)
    approver = await FakeRegister.signed_in(world, "approver")
    for row in rows:
        await approver.get_contract(row.contract_id)
    company = rows[0].organization_id
    await approver.set_monthly_payer(
        company, active=True, due_day=20, request_id=INTENT.format(1), note="覚書あり"
    )
    for row in rows:
        await accepted(world, row)
    await approver.record_monthly_payment(
        company, 15_000, world.today, request_id=INTENT.format(2), note="一括振込"
    )
    async with desk(tmp_path, world, "deputy", language=language, screen=MonthlyScreen()) as hand:
        await hand.until(lambda: "髙﨑建設" in hand.shown)
        await look(hand, "guarantor-monthly")
        await hand.press("M")
        await reach(hand, "PayerScreen")
        await look(hand, "guarantor-payer")
        await hand.press("escape")
        await hand.press("enter")
        await hand.until(lambda: rows[0].contract_number in hand.shown)
        await look(hand, "guarantor-statement")
        await hand.press("f")
        await reach(hand, "PaymentScreen")
        await look(hand, "guarantor-monthly-payment")


@in_both_languages
async def test_the_tariff(tmp_path: Path, language: str) -> None:
    world = world_of()
    async with desk(tmp_path, world, "approver", language=language, screen=TariffScreen()) as hand:
        await hand.until(lambda: "0.613%" in hand.shown)
        await look(hand, "guarantor-tariff")
        await hand.press("E")
        await reach(hand, "TariffEditScreen")
        await hand.press("tab", "tab", "tab", "tab", "tab", "down", "enter")
        await reach(hand, "BandScreen")
        await look(hand, "guarantor-tariff-band")
        await fill(hand, "over_yen", 4_000_000)
        await hand.press("f10")
        await reach(hand, "TariffEditScreen")
        await hand.press("f10")
        await reach(hand, "Confirm")
        await hand.press("y")
        await hand.until(lambda: "! 誤り" in hand.shown or "! wrong" in hand.shown)
        await look(hand, "guarantor-tariff-edit")


@in_both_languages
async def test_a_receipt(tmp_path: Path, language: str) -> None:
    world = world_of()
    [row] = await applied(world)
    contract = await accepted(world, row)
    register = await FakeRegister.signed_in(world, "underwriter")
    await register.record_fee(
        records.Ref(contract.contract_id), "PAYMENT", 14_000, world.today, request_id=INTENT.format(3)
    )
    async with desk(tmp_path, world, language=language, screen=ReviewScreen(row.contract_id)) as hand:
        await reach(hand, "ReviewScreen")
        await hand.press("end")
        await look(hand, "guarantor-review-fee")
        await hand.press("R")
        await reach(hand, "ReceiptScreen")
        await look(hand, "guarantor-receipt")
