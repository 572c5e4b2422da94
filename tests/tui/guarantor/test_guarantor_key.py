"""The guarantor issues a key anew after the handing in, and tells the orderer; and how long contracts took."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.records import Contract, Fact, Steps
from tashika_tui.screens.guarantor.key import KeyScreen
from tashika_tui.screens.guarantor.lead_times import LeadTimeScreen
from tashika_tui.screens.guarantor.review import ReviewScreen
from tests.tui.contractor.playing import in_force, reach, world
from tests.tui.guarantor.playing import desk, typed
from tests.tui.snapshots import in_both_languages, look


async def handed_in(held: World) -> Contract:
    """A contract whose key was handed in to 檜川市 half an hour after the issue."""
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    held.tick(timedelta(minutes=30))
    await register.record_hand_in(contract, 1, "MAIL", request_id=new_request_id())
    held.tick(timedelta(minutes=30))
    return contract


async def reissued(held: World) -> Contract:
    """The same with a second key, of which nobody at the orderer knows yet."""
    contract = await handed_in(held)
    register = await FakeRegister.signed_in(held, "deputy")
    seen = await register.get_contract(contract.contract_id)
    return await register.reissue_key(
        seen, request_id=new_request_id(), reason="LEAKED", note="別の課に送られた"
    )


def finished(held: World, like: Contract, days: int, minutes: tuple[int, int, int, int]) -> None:
    """Another contract that took its steps some days ago, each so many minutes after the one before."""
    moments = [held.now - timedelta(days=days)]
    for step in minutes:
        moments.append(moments[-1] + timedelta(minutes=step))
    submitted, accepted, paid, issued, handed = moments
    contract_id = held.new_id("con")
    held.contracts[contract_id] = replace(
        like,
        contract_id=contract_id,
        facts=(Fact("HANDED_IN", 1, handed, False, "MAIL", ""),),
        steps=Steps(submitted, None, accepted, None, paid, issued, handed),
    )


async def test_before_the_handing_in_there_is_nothing_to_do_here(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    async with desk(tmp_path, held, screen=ReviewScreen(contract.contract_id)) as hand:
        await hand.press("K")
        await reach(hand, "KeyScreen")
        assert "受注者が再発行します" in hand.words
        await hand.press("R", "t")
        assert type(hand.app.screen).__name__ == "KeyScreen"


async def test_after_it_a_reason_and_a_typed_word_make_another_key(tmp_path: Path) -> None:
    held = world()
    contract = await handed_in(held)
    register = await FakeRegister.signed_in(held, "contractor")
    old = (await register.get_key(contract.contract_id)).key
    async with desk(tmp_path, held, screen=KeyScreen(contract.contract_id)) as hand:
        await reach(hand, "KeyScreen")
        await hand.press("R")
        await reach(hand, "ReissueScreen")
        await hand.press("f10")
        assert type(hand.app.screen).__name__ == "ReissueScreen"
        await hand.press("right", "right", "f10")
        await hand.until(lambda: type(hand.app.screen).__name__ == "TypedConfirm")
        await typed(hand, "再発行")
        await reach(hand, "KeyScreen")
        await hand.until(lambda: "発注者に伝え、tで記録してください" in hand.words)
        new = (await register.get_key(contract.contract_id)).key
        assert new != old and new not in hand.shown
    kept = await register.get_contract(contract.contract_id)
    assert (kept.facts[-1].kind, kept.facts[-1].reason) == ("KEY_REISSUED", "LEAKED")


async def test_what_to_tell_the_orderer_is_copied_and_then_recorded(tmp_path: Path) -> None:
    held = world()
    contract = await reissued(held)
    async with desk(tmp_path, held, screen=KeyScreen(contract.contract_id)) as hand:
        await reach(hand, "KeyScreen")
        await hand.press("1")
        assert hand.app.clipboard == "keiyaku@city.hinokawa.example.jp"
        await hand.press("2")
        assert hand.app.clipboard.endswith(contract.contract_number)
        await hand.press("3")
        assert "再発行しました（理由　漏えい）" in hand.app.clipboard
        await hand.press("t")
        await reach(hand, "ToldScreen")
        await hand.paste("契約課　大野")
        await hand.press("f10")
        await reach(hand, "KeyScreen")
        await hand.press("pagedown")
        await hand.until(lambda: "契約課　大野" in hand.shown)
        assert "tで記録してください" not in hand.words
    register = await FakeRegister.signed_in(held, "contractor")
    kept = await register.get_contract(contract.contract_id)
    assert (kept.facts[-1].kind, kept.facts[-1].officer) == ("ORDERER_TOLD", "契約課　大野")


async def test_both_parties_see_with_which_key_it_was_opened(tmp_path: Path) -> None:
    held = world()
    contract = await in_force(held)
    register = await FakeRegister.signed_in(held, "contractor")
    await FakeRegister(held).open_certificate(
        contract.contract_number, (await register.get_key(contract.contract_id)).key
    )
    desk_register = await FakeRegister.signed_in(held, "deputy")
    seen = await desk_register.get_contract(contract.contract_id)
    await desk_register.reissue_key(seen, request_id=new_request_id(), reason="LOST")
    await FakeRegister(held).open_certificate(
        contract.contract_number, (await register.get_key(contract.contract_id)).key
    )
    async with desk(tmp_path, held, screen=KeyScreen(contract.contract_id)) as hand:
        await reach(hand, "KeyScreen")
        await hand.press("ctrl+k")
        await reach(hand, "OpeningsScreen")
        assert "閲覧（2回目のキー）" in hand.words


async def test_lead_times_show_shares_and_bars_of_the_period_that_is_chosen(tmp_path: Path) -> None:
    held = world()
    contract = await handed_in(held)
    finished(held, held.contracts[contract.contract_id], 40, (30, 30, 30, 30))
    async with desk(tmp_path, held, screen=LeadTimeScreen()) as hand:
        await reach(hand, "LeadTimeScreen")
        assert "当日中:1件のうち1件（100%）" in hand.words
        assert "3時間未満" in hand.words
        await hand.press("s")
        await hand.press("down", "down", "enter")
        await hand.until(lambda: "2件のうち2件" in hand.words)
        await hand.press("f6")
        await hand.until(lambda: "申込みから承諾（" in hand.words)
        await hand.press("s")
        await hand.press("down", "down", "enter")
        await reach(hand, "PeriodScreen")
        await hand.press("ctrl+u")
        await hand.paste("2024-01-01")
        await hand.press("f10")
        assert "1年以内で指定してください" in hand.words
        await hand.press("escape")


@in_both_languages
async def test_pictures_of_a_key_issued_anew(tmp_path: Path, language: str) -> None:
    held = world()
    contract = await reissued(held)
    async with desk(tmp_path, held, screen=KeyScreen(contract.contract_id), language=language) as hand:
        await reach(hand, "KeyScreen")
        await look(hand, "guarantor-key")
        await hand.press("t")
        await reach(hand, "ToldScreen")
        await look(hand, "guarantor-told")


@in_both_languages
async def test_a_picture_of_issuing_it_anew(tmp_path: Path, language: str) -> None:
    held = world()
    contract = await handed_in(held)
    async with desk(tmp_path, held, screen=KeyScreen(contract.contract_id), language=language) as hand:
        await reach(hand, "KeyScreen")
        await hand.press("R")
        await reach(hand, "ReissueScreen")
        await look(hand, "guarantor-reissue")


@in_both_languages
async def test_pictures_of_lead_times(tmp_path: Path, language: str) -> None:
    held = world()
    like = held.contracts[(await handed_in(held)).contract_id]
    for days, minutes in enumerate(
        (
            (20, 30, 5, 25),
            (45, 120, 4, 60),
            (15, 700, 8, 240),
            (90, 4000, 10, 30),
            (10, 10, 3, 12),
            (30, 60, 6, 300),
        )
    ):
        finished(held, like, days + 1, minutes)
    async with desk(tmp_path, held, screen=LeadTimeScreen(), language=language) as hand:
        await reach(hand, "LeadTimeScreen")
        await look(hand, "guarantor-lead-times")
        await hand.press("s")
        await hand.press(*["down"] * 4, "enter")
        await reach(hand, "PeriodScreen")
        await look(hand, "guarantor-period")
