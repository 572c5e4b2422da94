"""Answers that are lost on their way: what was asked for is done once, and the client finds out."""

from pathlib import Path

import pytest

from tashika_tui.client.fake.papers import small_pdf
from tests.tui.contractor.mishaps import (
    drafts,
    open_draft,
    open_new,
    retype_amount,
    screen_of,
    to_the_list,
)
from tests.tui.contractor.playing import contractor, drafted, reach, submitted, world
from tests.tui.running import Hand


async def test_a_draft_whose_answer_was_lost_is_not_made_twice(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        await open_new(hand)
        await retype_amount(hand, "1000000")
        held.faults.lose_answer = True
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        await hand.press("escape")
        await retype_amount(hand, "2000000")
        await hand.press("ctrl+s")
        await hand.until(lambda: [one.application.amount_yen for one in drafts(held)] == [2_000_000])
        await reach(hand, "ApplicationScreen")
        assert not screen_of(hand).unsaved()


async def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_draft(hand)
        await retype_amount(hand, "1000000")
        held.faults.lose_answer = True
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        await hand.press("escape")
        await retype_amount(hand, "2000000")
        await hand.press("ctrl+s")
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 2_000_000)
        await reach(hand, "ApplicationScreen")


def screen_changes_are_late(hand: Hand) -> None:
    """What the watch tells comes later than everything else here."""
    hand.app._tell = lambda event: None  # type: ignore[method-assign]
    hand.app._following._tell = lambda event: None


async def confirm_submission(hand: Hand) -> None:
    await hand.press("f10")
    await hand.until(lambda: "[5 添付・確認]" in hand.shown)
    await reach(hand, "ApplicationScreen")
    await hand.press("f10")
    await reach(hand, "TypedConfirm")
    await hand.paste("申込")
    await hand.press("enter")


@pytest.mark.parametrize("keys", [["right", "enter"], ["escape", "f10"]])
async def test_a_submission_whose_answer_was_lost_is_found_to_be_done(
    tmp_path: Path, keys: list[str]
) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_draft(hand)
        await hand.press("f10")
        await hand.until(lambda: "[5 添付・確認]" in hand.shown)
        await reach(hand, "ApplicationScreen")
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        held.faults.lose_answer = True
        await hand.paste("申込")
        await hand.press("enter")
        await reach(hand, "ErrorDialog")
        await hand.press(*keys)
        await reach(hand, "ContractList")
        await hand.until(lambda: held.contracts[draft.contract_id].contract_number in hand.shown)
    assert held.contracts[draft.contract_id].state == "SUBMITTED"


async def test_a_submission_that_did_not_arrive_is_asked_for_again(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await hand.press("f10")
        await hand.until(lambda: "[5 添付・確認]" in hand.shown)
        await reach(hand, "ApplicationScreen")
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        held.faults.offline = True
        await hand.paste("申込")
        await hand.press("enter")
        await reach(hand, "ErrorDialog")
        held.faults.offline = False
        await hand.press("right", "enter")
        await reach(hand, "TypedConfirm")
        await hand.paste("申込")
        await hand.press("enter")
        await reach(hand, "ContractList")
    assert held.contracts[draft.contract_id].state == "SUBMITTED"


async def test_new_works_whose_answer_was_lost_are_not_registered_twice(tmp_path: Path) -> None:
    held = world()
    before = set(held.works)
    async with contractor(tmp_path, held) as hand:
        await open_new(hand)
        await hand.press("left", "tab")
        await hand.paste("柏の葉公園園路改修工事")
        held.faults.lose_answer = True
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        await hand.press("escape")
        await hand.paste("（その二）")
        await hand.press("ctrl+s")
        await hand.until(lambda: bool(drafts(held)))
    made = [works.name for key, (_, works) in held.works.items() if key not in before]
    assert made == ["柏の葉公園園路改修工事（その二）"]


async def test_a_deletion_whose_answer_was_lost_is_done_once(tmp_path: Path) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_draft(hand)
        held.faults.lose_answer = True
        await hand.press("shift+f3", "y")
        await reach(hand, "ErrorDialog")
        await hand.press("right", "enter")
        await reach(hand, "Confirm")
        await hand.press("y")
        await reach(hand, "ContractList")
    assert not drafts(held)


async def test_a_document_whose_answer_was_lost_is_attached_once(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    path = tmp_path / "契約書.pdf"
    path.write_bytes(small_pdf("works contract"))
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_draft(hand)
        await hand.press("ctrl+t")
        await reach(hand, "TextDialog")
        held.faults.lose_answer = True
        await hand.paste(str(path))
        await hand.press("enter")
        await reach(hand, "ErrorDialog")
        await hand.press("right", "enter")
        await reach(hand, "TextDialog")
        # The place is still there.
        await hand.press("enter")
        await reach(hand, "ApplicationScreen")
        await hand.until(lambda: bool(held.contracts[draft.contract_id].attachments))
        await hand.until(lambda: "添付しました" in hand.words)
    assert [one.name for one in held.contracts[draft.contract_id].attachments] == ["契約書.pdf"]


async def open_record(hand: Hand) -> None:
    await hand.press("2")
    await reach(hand, "KeyList")
    await hand.press("enter")
    await reach(hand, "KeyDetail")
    await hand.press("ctrl+n")
    await reach(hand, "HandInScreen")
    await hand.press("f10")
    await reach(hand, "RecordScreen")


async def test_a_record_whose_answer_was_lost_is_recorded_once_even_if_it_was_changed(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_record(hand)
        held.faults.lose_answer = True
        await hand.press("right", "f10")
        await reach(hand, "ErrorDialog")
        await hand.press("escape", "tab", "tab", "tab")
        await hand.paste("窓口で渡した")
        await hand.press("f10")
        await reach(hand, "HandInScreen")
    facts = [fact for one in held.contracts.values() for fact in one.facts if fact.kind == "HANDED_IN"]
    assert len(facts) == 1


async def test_a_key_whose_answer_was_lost_is_issued_anew_once(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        for again in (False, True):
            if again:
                await hand.press("right", "enter")
            else:
                await hand.press("R")
            await reach(hand, "TypedConfirm")
            held.faults.lose_answer = not again
            await hand.paste("再発行")
            await hand.press("enter")
            await reach(hand, "KeyDetail" if again else "ErrorDialog")
        await hand.until(lambda: "発行しました" in hand.words)
    kinds = [fact.kind for one in held.contracts.values() for fact in one.facts]
    assert kinds.count("KEY_REISSUED") == 1


async def test_a_withdrawal_whose_answer_was_lost_is_done_once(tmp_path: Path) -> None:
    held = world()
    contract = await submitted(held)
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await to_the_list(hand)
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        held.faults.lose_answer = True
        for _ in range(2):
            await hand.press("ctrl+w")
            await reach(hand, "TypedConfirm")
            await hand.paste("取下げ")
            await hand.press("enter")
            await hand.until(
                lambda: type(hand.app.screen).__name__ == "ErrorDialog" or "取り下げました" in hand.words
            )
            if type(hand.app.screen).__name__ == "ErrorDialog":
                await hand.press("escape")
        await hand.until(lambda: "取り下げました" in hand.words)
    assert held.contracts[contract.contract_id].state == "WITHDRAWN"
