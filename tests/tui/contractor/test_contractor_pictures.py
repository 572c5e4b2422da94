"""How the contractor's screens look, in every variant."""

from dataclasses import replace
from pathlib import Path

from tashika_tui.client.fake import FakeRegister, World
from tests.tui.contractor.playing import contractor, reach, submitted, world
from tests.tui.snapshots import Variant, check, in_every_variant
from tests.tui.tiny import NOW


@in_every_variant
async def test_list_history_and_contents(tmp_path: Path, variant: Variant) -> None:
    held = world()
    contract = await submitted(held)
    guarantor = await FakeRegister.signed_in(held, "deputy")
    terms = replace(contract.application, amount_yen=3_000_000)
    request_id = "00000000-0000-4000-8000-000000000003"
    await guarantor.accept_contract(contract, 1000, request_id=request_id, terms=terms)
    async with contractor(
        tmp_path, held, size=variant.size, language=variant.language, theme=variant.theme
    ) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        check(hand, "contractor-list")
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        check(hand, "contractor-history")
        await hand.press("enter")
        await reach(hand, "CheckScreen")
        check(hand, "contractor-check")
        await hand.press("ctrl+d")
        await reach(hand, "ReportScreen")
        check(hand, "contractor-report")


@in_every_variant
async def test_keys_and_handing_in(tmp_path: Path, variant: Variant) -> None:
    async with contractor(
        tmp_path, size=variant.size, language=variant.language, theme=variant.theme
    ) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        check(hand, "contractor-keys")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        check(hand, "contractor-key")
        await hand.press("ctrl+n")
        await reach(hand, "HandInScreen")
        check(hand, "contractor-hand-in")
        await hand.press("f10")
        await reach(hand, "RecordScreen")
        check(hand, "contractor-record")


@in_every_variant
async def test_application(tmp_path: Path, variant: Variant) -> None:
    async with contractor(
        tmp_path, size=variant.size, language=variant.language, theme=variant.theme
    ) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("ctrl+y")
        await reach(hand, "ApplicationScreen")
        await hand.press("enter", "enter")
        await hand.until(lambda: "3,520,000" in hand.shown)
        await hand.settle()
        check(hand, "contractor-application-works")
        await hand.press("f7")
        await hand.until(lambda: "F10" in hand.shown and "8,800,000" in hand.shown)
        await hand.press("f6")
        await hand.settle()
        await hand.press("f6")
        await hand.settle()
        check(hand, "contractor-application-review")


@in_every_variant
async def test_advance(tmp_path: Path, variant: Variant) -> None:
    held = World(count=40, now=NOW, tariff=True)
    async with contractor(
        tmp_path, held, size=variant.size, language=variant.language, theme=variant.theme
    ) as hand:
        await hand.press("3")
        await reach(hand, "AdvanceList")
        check(hand, "contractor-advance-list")
        await hand.press("enter")
        await reach(hand, "AdvanceScreen")
        check(hand, "contractor-advance")
        await hand.press("f10")
        await hand.settle()
        check(hand, "contractor-advance-account")
        await hand.press("y")
        await reach(hand, "AdvanceRecordScreen")
        check(hand, "contractor-advance-record")
